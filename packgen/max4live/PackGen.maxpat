{
 "patcher": {
  "fileversion": 1,
  "appversion": {
   "major": 8,
   "minor": 5,
   "revision": 5,
   "architecture": "x64",
   "modernui": 1
  },
  "classnamespace": "box",
  "rect": [
   50.0,
   80.0,
   1180.0,
   860.0
  ],
  "openinpresentation": 1,
  "default_fontsize": 10.0,
  "default_fontname": "Arial Bold",
  "gridsize": [
   8.0,
   8.0
  ],
  "devicewidth": 640.0,
  "boxes": [
   {
    "box": {
     "id": "title",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      20.0,
      20.0,
      76,
      18
     ],
     "text": "packgen",
     "textjustification": 2,
     "presentation": 1,
     "presentation_rect": [
      556,
      4,
      76,
      18
     ]
    }
   },
   {
    "box": {
     "id": "pad_label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      310.0,
      20.0,
      134,
      18
     ],
     "text": "P1 across, P2 up",
     "presentation": 1,
     "presentation_rect": [
      6,
      4,
      134,
      18
     ]
    }
   },
   {
    "box": {
     "id": "pad",
     "maxclass": "pictslider",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "int",
      "int"
     ],
     "patching_rect": [
      600.0,
      20.0,
      120,
      120
     ],
     "leftvalue": -1000,
     "rightvalue": 1000,
     "bottomvalue": -1000,
     "topvalue": 1000,
     "jump": 1,
     "parameter_enable": 0,
     "presentation": 1,
     "presentation_rect": [
      8,
      24,
      120,
      120
     ]
    }
   },
   {
    "box": {
     "id": "p1",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "float"
     ],
     "patching_rect": [
      890.0,
      20.0,
      58,
      15
     ],
     "varname": "P1",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "P1",
       "parameter_shortname": "P1",
       "parameter_type": 0,
       "parameter_mmin": -1,
       "parameter_mmax": 1,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        0
       ],
       "parameter_unitstyle": 1
      }
     },
     "presentation": 1,
     "presentation_rect": [
      8,
      148,
      58,
      15
     ]
    }
   },
   {
    "box": {
     "id": "p2",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "float"
     ],
     "patching_rect": [
      20.0,
      56.0,
      58,
      15
     ],
     "varname": "P2",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "P2",
       "parameter_shortname": "P2",
       "parameter_type": 0,
       "parameter_mmin": -1,
       "parameter_mmax": 1,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        0
       ],
       "parameter_unitstyle": 1
      }
     },
     "presentation": 1,
     "presentation_rect": [
      70,
      148,
      58,
      15
     ]
    }
   },
   {
    "box": {
     "id": "class_label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      310.0,
      56.0,
      60,
      18
     ],
     "text": "Class",
     "presentation": 1,
     "presentation_rect": [
      140,
      4,
      60,
      18
     ]
    }
   },
   {
    "box": {
     "id": "class",
     "maxclass": "live.menu",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      "float"
     ],
     "patching_rect": [
      600.0,
      56.0,
      108,
      16
     ],
     "varname": "Class",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "Class",
       "parameter_shortname": "Class",
       "parameter_type": 2,
       "parameter_enum": [
        "kick",
        "clap",
        "snare",
        "open_hat",
        "closed_hat",
        "tom",
        "conga",
        "bongo",
        "tambourine",
        "shaker",
        "snap",
        "crash",
        "ride",
        "rim",
        "cowbell"
       ],
       "parameter_mmax": 14,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        0
       ]
      }
     },
     "presentation": 1,
     "presentation_rect": [
      142,
      24,
      108,
      16
     ]
    }
   },
   {
    "box": {
     "id": "range_label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      890.0,
      56.0,
      110,
      18
     ],
     "text": "Range in deviations",
     "presentation": 1,
     "presentation_rect": [
      140,
      44,
      110,
      18
     ]
    }
   },
   {
    "box": {
     "id": "range",
     "maxclass": "live.tab",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      "float"
     ],
     "patching_rect": [
      20.0,
      92.0,
      108,
      18
     ],
     "num_lines_presentation": 1,
     "varname": "Range",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "Range",
       "parameter_shortname": "Range",
       "parameter_type": 2,
       "parameter_enum": [
        "1",
        "2",
        "3",
        "4"
       ],
       "parameter_mmax": 3,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        1
       ]
      }
     },
     "presentation": 1,
     "presentation_rect": [
      142,
      62,
      108,
      18
     ]
    }
   },
   {
    "box": {
     "id": "fine",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "float"
     ],
     "patching_rect": [
      310.0,
      92.0,
      44,
      48
     ],
     "varname": "P3 fine",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "P3 fine",
       "parameter_shortname": "P3 fine",
       "parameter_type": 0,
       "parameter_mmin": -1,
       "parameter_mmax": 1,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        0
       ],
       "parameter_unitstyle": 1
      }
     },
     "presentation": 1,
     "presentation_rect": [
      146,
      86,
      44,
      48
     ]
    }
   },
   {
    "box": {
     "id": "amount",
     "maxclass": "live.dial",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "float"
     ],
     "patching_rect": [
      600.0,
      92.0,
      44,
      48
     ],
     "varname": "Amount",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "Amount",
       "parameter_shortname": "Amount",
       "parameter_type": 0,
       "parameter_mmin": 0,
       "parameter_mmax": 100,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        30
       ],
       "parameter_unitstyle": 5
      }
     },
     "presentation": 1,
     "presentation_rect": [
      202,
      86,
      44,
      48
     ]
    }
   },
   {
    "box": {
     "id": "random",
     "maxclass": "live.text",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      92.0,
      51,
      19
     ],
     "mode": 0,
     "text": "Random",
     "varname": "Random",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "Random",
       "parameter_shortname": "Random",
       "parameter_type": 2,
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_mmax": 1
      }
     },
     "presentation": 1,
     "presentation_rect": [
      142,
      144,
      51,
      19
     ]
    }
   },
   {
    "box": {
     "id": "vary",
     "maxclass": "live.text",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      128.0,
      51,
      19
     ],
     "mode": 0,
     "text": "Vary",
     "varname": "Vary",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "Vary",
       "parameter_shortname": "Vary",
       "parameter_type": 2,
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_mmax": 1
      }
     },
     "presentation": 1,
     "presentation_rect": [
      199,
      144,
      51,
      19
     ]
    }
   },
   {
    "box": {
     "id": "sound_label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      310.0,
      128.0,
      60,
      18
     ],
     "text": "Sound",
     "presentation": 1,
     "presentation_rect": [
      260,
      4,
      60,
      18
     ]
    }
   },
   {
    "box": {
     "id": "wave",
     "maxclass": "waveform~",
     "numinlets": 5,
     "numoutlets": 6,
     "outlettype": [
      "float",
      "float",
      "float",
      "float",
      "list",
      ""
     ],
     "patching_rect": [
      600.0,
      128.0,
      370,
      92
     ],
     "buffername": "---pg",
     "setmode": 1,
     "labels": 0,
     "setunit": 0,
     "presentation": 1,
     "presentation_rect": [
      262,
      24,
      370,
      92
     ]
    }
   },
   {
    "box": {
     "id": "start_label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      890.0,
      128.0,
      34,
      18
     ],
     "text": "Start",
     "presentation": 1,
     "presentation_rect": [
      260,
      121,
      34,
      18
     ]
    }
   },
   {
    "box": {
     "id": "start",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "float"
     ],
     "patching_rect": [
      20.0,
      164.0,
      48,
      15
     ],
     "varname": "Start",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "Start",
       "parameter_shortname": "Start",
       "parameter_type": 0,
       "parameter_mmin": 0,
       "parameter_mmax": 100,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        0
       ],
       "parameter_unitstyle": 5
      }
     },
     "presentation": 1,
     "presentation_rect": [
      294,
      122,
      48,
      15
     ]
    }
   },
   {
    "box": {
     "id": "end_label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      310.0,
      164.0,
      28,
      18
     ],
     "text": "End",
     "presentation": 1,
     "presentation_rect": [
      350,
      121,
      28,
      18
     ]
    }
   },
   {
    "box": {
     "id": "end",
     "maxclass": "live.numbox",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      "float"
     ],
     "patching_rect": [
      600.0,
      164.0,
      48,
      15
     ],
     "varname": "End",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "End",
       "parameter_shortname": "End",
       "parameter_type": 0,
       "parameter_mmin": 0,
       "parameter_mmax": 100,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        100
       ],
       "parameter_unitstyle": 5
      }
     },
     "presentation": 1,
     "presentation_rect": [
      378,
      122,
      48,
      15
     ]
    }
   },
   {
    "box": {
     "id": "audition",
     "maxclass": "live.text",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      164.0,
      128,
      19
     ],
     "mode": 1,
     "text": "Audition off",
     "texton": "Audition new sounds",
     "varname": "Audition",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "Audition",
       "parameter_shortname": "Audition",
       "parameter_type": 2,
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_mmax": 1,
       "parameter_initial_enable": 1,
       "parameter_initial": [
        1
       ]
      }
     },
     "presentation": 1,
     "presentation_rect": [
      438,
      120,
      128,
      19
     ]
    }
   },
   {
    "box": {
     "id": "play",
     "maxclass": "live.text",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      200.0,
      58,
      19
     ],
     "mode": 0,
     "text": "Play",
     "varname": "Play",
     "parameter_enable": 1,
     "parameter_mappable": 1,
     "saved_attribute_attributes": {
      "valueof": {
       "parameter_longname": "Play",
       "parameter_shortname": "Play",
       "parameter_type": 2,
       "parameter_enum": [
        "off",
        "on"
       ],
       "parameter_mmax": 1
      }
     },
     "presentation": 1,
     "presentation_rect": [
      574,
      120,
      58,
      19
     ]
    }
   },
   {
    "box": {
     "id": "history_label",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      310.0,
      200.0,
      44,
      18
     ],
     "text": "History",
     "presentation": 1,
     "presentation_rect": [
      260,
      144,
      44,
      18
     ]
    }
   },
   {
    "box": {
     "id": "history",
     "maxclass": "umenu",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "int",
      "",
      ""
     ],
     "patching_rect": [
      600.0,
      200.0,
      122,
      20
     ],
     "items": [
      "none"
     ],
     "parameter_enable": 0,
     "presentation": 1,
     "presentation_rect": [
      304,
      143,
      122,
      20
     ]
    }
   },
   {
    "box": {
     "id": "status",
     "maxclass": "live.comment",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      890.0,
      200.0,
      194,
      18
     ],
     "text": "starting",
     "presentation": 1,
     "presentation_rect": [
      438,
      144,
      194,
      18
     ]
    }
   },
   {
    "box": {
     "id": "pad_x",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      20.0,
      236.0,
      60.0,
      20.0
     ],
     "text": "* 0.001"
    }
   },
   {
    "box": {
     "id": "pad_y",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      310.0,
      236.0,
      60.0,
      20.0
     ],
     "text": "* 0.001"
    }
   },
   {
    "box": {
     "id": "show_x",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      236.0,
      129.0,
      20.0
     ],
     "text": "expr int($f1*1000)"
    }
   },
   {
    "box": {
     "id": "show_y",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      236.0,
      129.0,
      20.0
     ],
     "text": "expr int($f1*1000)"
    }
   },
   {
    "box": {
     "id": "show_xy",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      272.0,
      60.0,
      20.0
     ],
     "text": "pak 0 0"
    }
   },
   {
    "box": {
     "id": "set_pad",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      272.0,
      83.5,
      20.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "deviations",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      272.0,
      83.5,
      20.0
     ],
     "text": "expr $i1+1."
    }
   },
   {
    "box": {
     "id": "spread",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 6,
     "outlettype": [
      "",
      "",
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      272.0,
      96.5,
      20.0
     ],
     "text": "t b b b f f f"
    }
   },
   {
    "box": {
     "id": "scale_1",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      20.0,
      308.0,
      60.0,
      20.0
     ],
     "text": "* 2."
    }
   },
   {
    "box": {
     "id": "scale_2",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      310.0,
      308.0,
      60.0,
      20.0
     ],
     "text": "* 2."
    }
   },
   {
    "box": {
     "id": "scale_3",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      600.0,
      308.0,
      60.0,
      20.0
     ],
     "text": "* 2."
    }
   },
   {
    "box": {
     "id": "point",
     "maxclass": "newobj",
     "numinlets": 4,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      308.0,
      122.5,
      20.0
     ],
     "text": "pak kick 0. 0. 0."
    }
   },
   {
    "box": {
     "id": "limit",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      344.0,
      83.5,
      20.0
     ],
     "text": "speedlim 20"
    }
   },
   {
    "box": {
     "id": "split",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      310.0,
      344.0,
      60.0,
      20.0
     ],
     "text": "t b l"
    }
   },
   {
    "box": {
     "id": "fields",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 4,
     "outlettype": [
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      600.0,
      344.0,
      142.0,
      20.0
     ],
     "text": "unpack kick 0. 0. 0."
    }
   },
   {
    "box": {
     "id": "number",
     "maxclass": "newobj",
     "numinlets": 5,
     "numoutlets": 4,
     "outlettype": [
      "int",
      "",
      "",
      "int"
     ],
     "patching_rect": [
      890.0,
      344.0,
      129.0,
      20.0
     ],
     "text": "counter 0 1 999999"
    }
   },
   {
    "box": {
     "id": "request",
     "maxclass": "newobj",
     "numinlets": 5,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      380.0,
      142.0,
      20.0
     ],
     "text": "pack 0 kick 0. 0. 0."
    }
   },
   {
    "box": {
     "id": "generate",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      380.0,
      174.5,
      20.0
     ],
     "text": "prepend /packgen/generate"
    }
   },
   {
    "box": {
     "id": "random_press",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      380.0,
      60.0,
      20.0
     ],
     "text": "t b"
    }
   },
   {
    "box": {
     "id": "random_number",
     "maxclass": "newobj",
     "numinlets": 5,
     "numoutlets": 4,
     "outlettype": [
      "int",
      "",
      "",
      "int"
     ],
     "patching_rect": [
      890.0,
      380.0,
      174.5,
      20.0
     ],
     "text": "counter 0 1000001 1999999"
    }
   },
   {
    "box": {
     "id": "random_request",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      416.0,
      83.5,
      20.0
     ],
     "text": "pack 0 kick"
    }
   },
   {
    "box": {
     "id": "random_send",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      416.0,
      161.5,
      20.0
     ],
     "text": "prepend /packgen/random"
    }
   },
   {
    "box": {
     "id": "vary_press",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      416.0,
      60.0,
      20.0
     ],
     "text": "t b"
    }
   },
   {
    "box": {
     "id": "vary_number",
     "maxclass": "newobj",
     "numinlets": 5,
     "numoutlets": 4,
     "outlettype": [
      "int",
      "",
      "",
      "int"
     ],
     "patching_rect": [
      890.0,
      416.0,
      174.5,
      20.0
     ],
     "text": "counter 0 2000001 2999999"
    }
   },
   {
    "box": {
     "id": "vary_request",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      452.0,
      77.0,
      20.0
     ],
     "text": "pack 0 0.3"
    }
   },
   {
    "box": {
     "id": "vary_amount",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      310.0,
      452.0,
      60.0,
      20.0
     ],
     "text": "* 0.01"
    }
   },
   {
    "box": {
     "id": "vary_send",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      452.0,
      148.5,
      20.0
     ],
     "text": "prepend /packgen/vary"
    }
   },
   {
    "box": {
     "id": "recalled",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      452.0,
      96.5,
      20.0
     ],
     "text": "unpack 0 kick"
    }
   },
   {
    "box": {
     "id": "recall_split",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      488.0,
      60.0,
      20.0
     ],
     "text": "t b i"
    }
   },
   {
    "box": {
     "id": "recall_number",
     "maxclass": "newobj",
     "numinlets": 5,
     "numoutlets": 4,
     "outlettype": [
      "int",
      "",
      "",
      "int"
     ],
     "patching_rect": [
      310.0,
      488.0,
      174.5,
      20.0
     ],
     "text": "counter 0 3000001 3999999"
    }
   },
   {
    "box": {
     "id": "recall_request",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      488.0,
      64.0,
      20.0
     ],
     "text": "pack 0 0"
    }
   },
   {
    "box": {
     "id": "recall_send",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      488.0,
      161.5,
      20.0
     ],
     "text": "prepend /packgen/recall"
    }
   },
   {
    "box": {
     "id": "send",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 0,
     "outlettype": [],
     "patching_rect": [
      20.0,
      524.0,
      155.0,
      20.0
     ],
     "text": "udpsend 127.0.0.1 9100"
    }
   },
   {
    "box": {
     "id": "receive",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      524.0,
      168.0,
      20.0
     ],
     "text": "udpreceive 9101 @defer 1"
    }
   },
   {
    "box": {
     "id": "answers",
     "maxclass": "newobj",
     "numinlets": 4,
     "numoutlets": 4,
     "outlettype": [
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      600.0,
      524.0,
      337.0,
      20.0
     ],
     "text": "route /packgen/loaded /packgen/error /packgen/pong"
    }
   },
   {
    "box": {
     "id": "loaded",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      524.0,
      60.0,
      20.0
     ],
     "text": "t l l"
    }
   },
   {
    "box": {
     "id": "sound",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 10,
     "outlettype": [
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      560.0,
      207.0,
      20.0
     ],
     "text": "unpack 0 s 0 0 0. s 0. 0. 0. 0"
    }
   },
   {
    "box": {
     "id": "length",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      560.0,
      129.0,
      20.0
     ],
     "text": "expr 1000.*$i1/$i2"
    }
   },
   {
    "box": {
     "id": "read",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      560.0,
      109.5,
      20.0
     ],
     "text": "prepend replace"
    }
   },
   {
    "box": {
     "id": "buffer",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "float",
      "bang"
     ],
     "patching_rect": [
      890.0,
      560.0,
      96.5,
      20.0
     ],
     "text": "buffer~ ---pg"
    }
   },
   {
    "box": {
     "id": "new_length",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 4,
     "outlettype": [
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      596.0,
      70.5,
      20.0
     ],
     "text": "t f f f f"
    }
   },
   {
    "box": {
     "id": "start_ms",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      596.0,
      122.5,
      20.0
     ],
     "text": "expr $f1*0.01*$f2"
    }
   },
   {
    "box": {
     "id": "end_ms",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      596.0,
      122.5,
      20.0
     ],
     "text": "expr $f1*0.01*$f2"
    }
   },
   {
    "box": {
     "id": "start_percent",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      596.0,
      174.5,
      20.0
     ],
     "text": "expr 100.*$f1/($f2+0.001)"
    }
   },
   {
    "box": {
     "id": "end_percent",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      632.0,
      174.5,
      20.0
     ],
     "text": "expr 100.*$f1/($f2+0.001)"
    }
   },
   {
    "box": {
     "id": "start_set",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      632.0,
      83.5,
      20.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "end_set",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      632.0,
      83.5,
      20.0
     ],
     "text": "prepend set"
    }
   },
   {
    "box": {
     "id": "start_hold",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      890.0,
      632.0,
      60.0,
      20.0
     ],
     "text": "f 0."
    }
   },
   {
    "box": {
     "id": "end_hold",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "float"
     ],
     "patching_rect": [
      20.0,
      668.0,
      60.0,
      20.0
     ],
     "text": "f 1000."
    }
   },
   {
    "box": {
     "id": "was_read",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      310.0,
      668.0,
      60.0,
      20.0
     ],
     "text": "t b b"
    }
   },
   {
    "box": {
     "id": "wave_set",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      668.0,
      70.5,
      20.0
     ],
     "text": "set ---pg"
    }
   },
   {
    "box": {
     "id": "auto",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      668.0,
      60.0,
      20.0
     ],
     "text": "gate 1"
    }
   },
   {
    "box": {
     "id": "note",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "int",
      "int",
      "int"
     ],
     "patching_rect": [
      20.0,
      704.0,
      60.0,
      20.0
     ],
     "text": "notein"
    }
   },
   {
    "box": {
     "id": "on",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "int",
      "int"
     ],
     "patching_rect": [
      310.0,
      704.0,
      70.5,
      20.0
     ],
     "text": "stripnote"
    }
   },
   {
    "box": {
     "id": "velocity",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      704.0,
      181.0,
      20.0
     ],
     "text": "expr ($f1/127.)*($f1/127.)"
    }
   },
   {
    "box": {
     "id": "note_press",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      704.0,
      60.0,
      20.0
     ],
     "text": "t b"
    }
   },
   {
    "box": {
     "id": "plain",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      740.0,
      60.0,
      20.0
     ],
     "text": "t b 1."
    }
   },
   {
    "box": {
     "id": "hit",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      310.0,
      740.0,
      60.0,
      20.0
     ],
     "text": "t b b"
    }
   },
   {
    "box": {
     "id": "segment",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      740.0,
      96.5,
      20.0
     ],
     "text": "pack 0. 1000."
    }
   },
   {
    "box": {
     "id": "begin",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      740.0,
      96.5,
      20.0
     ],
     "text": "prepend start"
    }
   },
   {
    "box": {
     "id": "player",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "signal",
      "bang"
     ],
     "patching_rect": [
      20.0,
      776.0,
      83.5,
      20.0
     ],
     "text": "play~ ---pg"
    }
   },
   {
    "box": {
     "id": "level",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "signal"
     ],
     "patching_rect": [
      310.0,
      776.0,
      60.0,
      20.0
     ],
     "text": "*~ 1."
    }
   },
   {
    "box": {
     "id": "out",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "signal",
      "signal"
     ],
     "patching_rect": [
      600.0,
      776.0,
      64.0,
      20.0
     ],
     "text": "plugout~"
    }
   },
   {
    "box": {
     "id": "last",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      776.0,
      60.0,
      20.0
     ],
     "text": "zl.reg"
    }
   },
   {
    "box": {
     "id": "settled",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "bang"
     ],
     "patching_rect": [
      20.0,
      812.0,
      70.5,
      20.0
     ],
     "text": "delay 400"
    }
   },
   {
    "box": {
     "id": "stayed",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 6,
     "outlettype": [
      "",
      "",
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      310.0,
      812.0,
      135.5,
      20.0
     ],
     "text": "unpack 0 s 0 0 0. s"
    }
   },
   {
    "box": {
     "id": "entry",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      812.0,
      83.5,
      20.0
     ],
     "text": "pack 0 kick"
    }
   },
   {
    "box": {
     "id": "entry_split",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      812.0,
      60.0,
      20.0
     ],
     "text": "t b b l"
    }
   },
   {
    "box": {
     "id": "insert",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      848.0,
      116.0,
      20.0
     ],
     "text": "prepend insert 0"
    }
   },
   {
    "box": {
     "id": "cut",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      848.0,
      70.5,
      20.0
     ],
     "text": "delete 16"
    }
   },
   {
    "box": {
     "id": "newest",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      600.0,
      848.0,
      60.0,
      20.0
     ],
     "text": "set 0"
    }
   },
   {
    "box": {
     "id": "loaded_device",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "bang",
      "int",
      "int"
     ],
     "patching_rect": [
      890.0,
      848.0,
      109.5,
      20.0
     ],
     "text": "live.thisdevice"
    }
   },
   {
    "box": {
     "id": "started",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 4,
     "outlettype": [
      "",
      "",
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      884.0,
      70.5,
      20.0
     ],
     "text": "t b b b 1"
    }
   },
   {
    "box": {
     "id": "clear",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      884.0,
      60.0,
      20.0
     ],
     "text": "clear"
    }
   },
   {
    "box": {
     "id": "node",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      600.0,
      884.0,
      356.5,
      20.0
     ],
     "text": "node.script packgen-launcher.js @autostart 1 @watch 0"
    }
   },
   {
    "box": {
     "id": "node_says",
     "maxclass": "newobj",
     "numinlets": 3,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      884.0,
      122.5,
      20.0
     ],
     "text": "route port status"
    }
   },
   {
    "box": {
     "id": "node_port",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      ""
     ],
     "patching_rect": [
      20.0,
      920.0,
      60.0,
      20.0
     ],
     "text": "t b i i"
    }
   },
   {
    "box": {
     "id": "port",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      920.0,
      90.0,
      20.0
     ],
     "text": "prepend port"
    }
   },
   {
    "box": {
     "id": "tick",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "bang"
     ],
     "patching_rect": [
      600.0,
      920.0,
      77.0,
      20.0
     ],
     "text": "metro 2000"
    }
   },
   {
    "box": {
     "id": "reply_port",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "int"
     ],
     "patching_rect": [
      890.0,
      920.0,
      60.0,
      20.0
     ],
     "text": "i 9101"
    }
   },
   {
    "box": {
     "id": "ping",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      956.0,
      148.5,
      20.0
     ],
     "text": "prepend /packgen/ping"
    }
   },
   {
    "box": {
     "id": "alive",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      310.0,
      956.0,
      60.0,
      20.0
     ],
     "text": "t b b"
    }
   },
   {
    "box": {
     "id": "missed",
     "maxclass": "newobj",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      "bang"
     ],
     "patching_rect": [
      600.0,
      956.0,
      83.5,
      20.0
     ],
     "text": "delay 10000"
    }
   },
   {
    "box": {
     "id": "up",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      956.0,
      60.0,
      20.0
     ],
     "text": "1"
    }
   },
   {
    "box": {
     "id": "down",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      992.0,
      60.0,
      20.0
     ],
     "text": "0"
    }
   },
   {
    "box": {
     "id": "state",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 3,
     "outlettype": [
      "",
      "int",
      "int"
     ],
     "patching_rect": [
      310.0,
      992.0,
      70.5,
      20.0
     ],
     "text": "change -1"
    }
   },
   {
    "box": {
     "id": "turned",
     "maxclass": "newobj",
     "numinlets": 3,
     "numoutlets": 3,
     "outlettype": [
      "",
      "",
      ""
     ],
     "patching_rect": [
      600.0,
      992.0,
      60.0,
      20.0
     ],
     "text": "sel 1 0"
    }
   },
   {
    "box": {
     "id": "ready",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      890.0,
      992.0,
      60.0,
      20.0
     ],
     "text": "t b b"
    }
   },
   {
    "box": {
     "id": "say_ready",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      20.0,
      1028.0,
      116.0,
      20.0
     ],
     "text": "set server ready"
    }
   },
   {
    "box": {
     "id": "say_missing",
     "maxclass": "message",
     "numinlets": 2,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      310.0,
      1028.0,
      220.0,
      20.0
     ],
     "text": "set no server: run packgen serve"
    }
   },
   {
    "box": {
     "id": "error",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 2,
     "outlettype": [
      "",
      ""
     ],
     "patching_rect": [
      600.0,
      1028.0,
      77.0,
      20.0
     ],
     "text": "unpack 0 s"
    }
   },
   {
    "box": {
     "id": "say",
     "maxclass": "newobj",
     "numinlets": 1,
     "numoutlets": 1,
     "outlettype": [
      ""
     ],
     "patching_rect": [
      890.0,
      1028.0,
      83.5,
      20.0
     ],
     "text": "prepend set"
    }
   }
  ],
  "lines": [
   {
    "patchline": {
     "source": [
      "pad",
      0
     ],
     "destination": [
      "pad_x",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "pad",
      1
     ],
     "destination": [
      "pad_y",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "pad_x",
      0
     ],
     "destination": [
      "p1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "pad_y",
      0
     ],
     "destination": [
      "p2",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "p1",
      0
     ],
     "destination": [
      "show_x",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "p2",
      0
     ],
     "destination": [
      "show_y",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "show_x",
      0
     ],
     "destination": [
      "show_xy",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "show_y",
      0
     ],
     "destination": [
      "show_xy",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "show_xy",
      0
     ],
     "destination": [
      "set_pad",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "set_pad",
      0
     ],
     "destination": [
      "pad",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "p1",
      0
     ],
     "destination": [
      "scale_1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "p2",
      0
     ],
     "destination": [
      "scale_2",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "fine",
      0
     ],
     "destination": [
      "scale_3",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "range",
      0
     ],
     "destination": [
      "deviations",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "deviations",
      0
     ],
     "destination": [
      "spread",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "spread",
      5
     ],
     "destination": [
      "scale_1",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "spread",
      4
     ],
     "destination": [
      "scale_2",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "spread",
      3
     ],
     "destination": [
      "scale_3",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "spread",
      2
     ],
     "destination": [
      "fine",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "spread",
      1
     ],
     "destination": [
      "p2",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "spread",
      0
     ],
     "destination": [
      "p1",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "class",
      1
     ],
     "destination": [
      "point",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "scale_1",
      0
     ],
     "destination": [
      "point",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "scale_2",
      0
     ],
     "destination": [
      "point",
      2
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "scale_3",
      0
     ],
     "destination": [
      "point",
      3
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "point",
      0
     ],
     "destination": [
      "limit",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "limit",
      0
     ],
     "destination": [
      "split",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "split",
      1
     ],
     "destination": [
      "fields",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "split",
      0
     ],
     "destination": [
      "number",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "fields",
      0
     ],
     "destination": [
      "request",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "fields",
      1
     ],
     "destination": [
      "request",
      2
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "fields",
      2
     ],
     "destination": [
      "request",
      3
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "fields",
      3
     ],
     "destination": [
      "request",
      4
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "number",
      0
     ],
     "destination": [
      "request",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "request",
      0
     ],
     "destination": [
      "generate",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "generate",
      0
     ],
     "destination": [
      "send",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "random",
      0
     ],
     "destination": [
      "random_press",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "random_press",
      0
     ],
     "destination": [
      "random_number",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "class",
      1
     ],
     "destination": [
      "random_request",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "random_number",
      0
     ],
     "destination": [
      "random_request",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "random_request",
      0
     ],
     "destination": [
      "random_send",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "random_send",
      0
     ],
     "destination": [
      "send",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "vary",
      0
     ],
     "destination": [
      "vary_press",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "vary_press",
      0
     ],
     "destination": [
      "vary_number",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "amount",
      0
     ],
     "destination": [
      "vary_amount",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "vary_amount",
      0
     ],
     "destination": [
      "vary_request",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "vary_number",
      0
     ],
     "destination": [
      "vary_request",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "vary_request",
      0
     ],
     "destination": [
      "vary_send",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "vary_send",
      0
     ],
     "destination": [
      "send",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "history",
      1
     ],
     "destination": [
      "recalled",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "recalled",
      0
     ],
     "destination": [
      "recall_split",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "recall_split",
      1
     ],
     "destination": [
      "recall_request",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "recall_split",
      0
     ],
     "destination": [
      "recall_number",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "recall_number",
      0
     ],
     "destination": [
      "recall_request",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "recall_request",
      0
     ],
     "destination": [
      "recall_send",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "recall_send",
      0
     ],
     "destination": [
      "send",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "receive",
      0
     ],
     "destination": [
      "answers",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "answers",
      0
     ],
     "destination": [
      "loaded",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "answers",
      1
     ],
     "destination": [
      "error",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "answers",
      2
     ],
     "destination": [
      "alive",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "loaded",
      1
     ],
     "destination": [
      "last",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "loaded",
      0
     ],
     "destination": [
      "sound",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "sound",
      3
     ],
     "destination": [
      "length",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "sound",
      2
     ],
     "destination": [
      "length",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "length",
      0
     ],
     "destination": [
      "new_length",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "sound",
      1
     ],
     "destination": [
      "read",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "read",
      0
     ],
     "destination": [
      "buffer",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "new_length",
      3
     ],
     "destination": [
      "start_ms",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "new_length",
      2
     ],
     "destination": [
      "end_ms",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "new_length",
      1
     ],
     "destination": [
      "start_percent",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "new_length",
      0
     ],
     "destination": [
      "end_percent",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "start",
      0
     ],
     "destination": [
      "start_ms",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "end",
      0
     ],
     "destination": [
      "end_ms",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "start_ms",
      0
     ],
     "destination": [
      "start_hold",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "end_ms",
      0
     ],
     "destination": [
      "end_hold",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "start_ms",
      0
     ],
     "destination": [
      "wave",
      2
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "end_ms",
      0
     ],
     "destination": [
      "wave",
      3
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "wave",
      2
     ],
     "destination": [
      "start_percent",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "wave",
      3
     ],
     "destination": [
      "end_percent",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "start_percent",
      0
     ],
     "destination": [
      "start_set",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "end_percent",
      0
     ],
     "destination": [
      "end_set",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "start_set",
      0
     ],
     "destination": [
      "start",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "end_set",
      0
     ],
     "destination": [
      "end",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "wave",
      2
     ],
     "destination": [
      "start_hold",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "wave",
      3
     ],
     "destination": [
      "end_hold",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "buffer",
      1
     ],
     "destination": [
      "was_read",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "was_read",
      1
     ],
     "destination": [
      "end",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "was_read",
      1
     ],
     "destination": [
      "start",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "was_read",
      0
     ],
     "destination": [
      "auto",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "audition",
      0
     ],
     "destination": [
      "auto",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "auto",
      0
     ],
     "destination": [
      "plain",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "play",
      0
     ],
     "destination": [
      "plain",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "plain",
      1
     ],
     "destination": [
      "level",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "plain",
      0
     ],
     "destination": [
      "hit",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "note",
      0
     ],
     "destination": [
      "on",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "note",
      1
     ],
     "destination": [
      "on",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "on",
      1
     ],
     "destination": [
      "velocity",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "velocity",
      0
     ],
     "destination": [
      "level",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "on",
      0
     ],
     "destination": [
      "note_press",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "note_press",
      0
     ],
     "destination": [
      "hit",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "hit",
      1
     ],
     "destination": [
      "end_hold",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "hit",
      0
     ],
     "destination": [
      "start_hold",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "end_hold",
      0
     ],
     "destination": [
      "segment",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "start_hold",
      0
     ],
     "destination": [
      "segment",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "segment",
      0
     ],
     "destination": [
      "begin",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "begin",
      0
     ],
     "destination": [
      "player",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "player",
      0
     ],
     "destination": [
      "level",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "level",
      0
     ],
     "destination": [
      "out",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "level",
      0
     ],
     "destination": [
      "out",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "was_read",
      0
     ],
     "destination": [
      "settled",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "settled",
      0
     ],
     "destination": [
      "last",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "last",
      0
     ],
     "destination": [
      "stayed",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "stayed",
      5
     ],
     "destination": [
      "entry",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "stayed",
      0
     ],
     "destination": [
      "entry",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "entry",
      0
     ],
     "destination": [
      "entry_split",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "entry_split",
      2
     ],
     "destination": [
      "insert",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "insert",
      0
     ],
     "destination": [
      "history",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "entry_split",
      1
     ],
     "destination": [
      "cut",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "cut",
      0
     ],
     "destination": [
      "history",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "entry_split",
      0
     ],
     "destination": [
      "newest",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "newest",
      0
     ],
     "destination": [
      "history",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "loaded_device",
      0
     ],
     "destination": [
      "started",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "started",
      3
     ],
     "destination": [
      "tick",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "started",
      2
     ],
     "destination": [
      "clear",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "clear",
      0
     ],
     "destination": [
      "history",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "started",
      1
     ],
     "destination": [
      "wave_set",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "wave_set",
      0
     ],
     "destination": [
      "wave",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "started",
      0
     ],
     "destination": [
      "missed",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "node",
      0
     ],
     "destination": [
      "node_says",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "node_says",
      0
     ],
     "destination": [
      "node_port",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "node_port",
      2
     ],
     "destination": [
      "port",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "port",
      0
     ],
     "destination": [
      "receive",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "node_port",
      1
     ],
     "destination": [
      "reply_port",
      1
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "node_port",
      0
     ],
     "destination": [
      "reply_port",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "node_says",
      1
     ],
     "destination": [
      "say",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "tick",
      0
     ],
     "destination": [
      "reply_port",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "reply_port",
      0
     ],
     "destination": [
      "ping",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "ping",
      0
     ],
     "destination": [
      "send",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "alive",
      1
     ],
     "destination": [
      "missed",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "alive",
      0
     ],
     "destination": [
      "up",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "up",
      0
     ],
     "destination": [
      "state",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "missed",
      0
     ],
     "destination": [
      "down",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "down",
      0
     ],
     "destination": [
      "state",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "state",
      0
     ],
     "destination": [
      "turned",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "turned",
      0
     ],
     "destination": [
      "ready",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "ready",
      1
     ],
     "destination": [
      "say_ready",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "say_ready",
      0
     ],
     "destination": [
      "status",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "ready",
      0
     ],
     "destination": [
      "point",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "turned",
      1
     ],
     "destination": [
      "say_missing",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "say_missing",
      0
     ],
     "destination": [
      "status",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "error",
      1
     ],
     "destination": [
      "say",
      0
     ]
    }
   },
   {
    "patchline": {
     "source": [
      "say",
      0
     ],
     "destination": [
      "status",
      0
     ]
    }
   }
  ],
  "dependency_cache": [],
  "autosave": 0
 }
}
