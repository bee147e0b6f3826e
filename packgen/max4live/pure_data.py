"""The Pure Data patch: the device's controls with free software (Pd 0.53, no externals).

A .pd file is lines of objects, numbered in order, then lines of connections between those numbers. Sliders and
buttons listen to names (packgen-p1, packgen-random, …), so other patches can drive them.
"""

from __future__ import annotations

from packgen.classes import CLASS_NAMES, DRUM_CLASSES

PORT = 9100
SOUND, HISTORY, CELLS = "packgen-sound", "packgen-history", 8
CELL = 17  # pixels a side of a radio's cell: the column of classes must end where the patch's inside begins
COLOURS = "#fcfcfc #000000 #000000"


def _slider(name: str, label: str, low: float, high: float, start: float) -> str:
    # The position of a slider is stored in hundredths of a pixel along its 127 steps.
    position = round((start - low) / (high - low) * 12700)
    return f"hsl 128 15 {low} {high} 0 1 {name}-out {name} {label} -2 -8 0 10 {COLOURS} {position} 1"


def _button(name: str, label: str) -> str:
    return f"bng 18 250 50 0 {name}-out {name} {label} 22 9 0 10 {COLOURS}"


def _radio(kind: str, name: str, label: str, cells: int, start: int = 0) -> str:
    return f"{kind} {CELL} 1 1 {cells} {name}-out {name} {label} 0 -8 0 10 {COLOURS} {start}"


# name -> x, y, what is typed. Objects, unless the text begins with "msg", "text" or "symbolatom".
BOXES: dict[str, tuple[int, int, str]] = {
    "title": (20, 10, "text packgen: start 'packgen serve' \\, turn DSP on \\, then move a slider or play MIDI notes."),
    "class": (20, 60, _radio("vradio", "packgen-class", "class", len(CLASS_NAMES))),
    **{f"word_{n}": (44, 60 + CELL * n, f"text {drum.title}") for n, drum in enumerate(DRUM_CLASSES)},
    "p1": (150, 60, _slider("packgen-p1", "P1", -1, 1, 0)),
    "p2": (150, 100, _slider("packgen-p2", "P2", -1, 1, 0)),
    "p3": (150, 140, _slider("packgen-p3", "P3_fine", -1, 1, 0)),
    "range": (150, 180, _radio("hradio", "packgen-range", "range_1_2_3_4_deviations", 4, 1)),
    "amount": (150, 220, _slider("packgen-amount", "amount", 0, 1, 0.3)),
    "random": (300, 60, _button("packgen-random", "random")),
    "vary": (300, 100, _button("packgen-vary", "vary")),
    "play": (300, 140, _button("packgen-play", "play")),
    "audition": (300, 180, f"tgl 18 1 packgen-audition-out packgen-audition audition 22 9 0 10 {COLOURS} 1 1"),
    "start": (400, 220, _slider("packgen-start", "start", 0, 1, 0)),
    "end": (560, 220, _slider("packgen-end", "end", 0, 1, 1)),
    "history": (400, 260, _radio("hradio", "packgen-recall", "history", CELLS)),
    "status": (150, 260, "symbolatom 32 0 0 1 server packgen-status -"),
    # Coordinates: -1 … 1 times the range
    "deviations": (20, 320, "+ 1"),
    "spread": (20, 345, "t b b b f f f"),
    "hold_1": (20, 375, "f"), "hold_2": (80, 375, "f"), "hold_3": (140, 375, "f"),
    "scale_1": (20, 400, "* 2"), "scale_2": (80, 400, "* 2"), "scale_3": (140, 400, "* 2"),
    "hot_1": (20, 425, "t b f"), "hot_2": (80, 425, "t b f"), "hot_3": (140, 425, "t b f"),
    "point": (20, 455, "pack f f f f"),
    # generate id class p1 p2 p3
    "split": (20, 480, "t b l"),
    "fields": (90, 505, "unpack f f f f"),
    "number": (20, 505, "f 1"), "next": (50, 505, "+ 1"),
    "request": (20, 535, "pack f f f f f"),
    "generate": (20, 560, "oscformat packgen generate"),
    # random id class
    "random_class": (250, 345, "f"), "random_press": (250, 320, "t b b"),
    "random_number": (250, 375, "f 1e+06"), "random_next": (310, 375, "+ 1"),
    "random_request": (250, 400, "pack f f"), "random_send": (250, 425, "oscformat packgen random"),
    # vary id amount
    "vary_number": (250, 465, "f 2e+06"), "vary_next": (310, 465, "+ 1"),
    "vary_request": (250, 490, "pack f 0.3"), "vary_send": (250, 515, "oscformat packgen vary"),
    # recall id earlier-id
    "recall_read": (450, 320, f"tabread {HISTORY}"), "recall_split": (450, 345, "t b f"),
    "recall_number": (450, 370, "f 3e+06"), "recall_next": (510, 370, "+ 1"),
    "recall_request": (450, 395, "pack f f"), "recall_send": (450, 420, "oscformat packgen recall"),
    # The network. Answers come back to the socket's own port, so it listens nowhere else.
    "load": (20, 620, "loadbang"), "connect": (20, 645, f"msg connect 127.0.0.1 {PORT}"),
    "elsewhere": (220, 645, "r packgen-connect"), "reconnect": (220, 670, "t a b"),
    "disconnect": (260, 695, "msg disconnect"),
    "prefix": (20, 670, "list prepend send"), "trim": (20, 695, "list trim"),
    "socket": (20, 720, "netsend -u -b"),
    "parse": (90, 745, "oscparse"), "parsed": (90, 770, "list trim"),
    "ours": (90, 795, "route packgen"), "answers": (90, 820, "route loaded error pong"),
    "sound": (90, 850, "unpack f s f f f s f f f f"),
    "read": (180, 880, f"msg read -resize \\$1 {SOUND}"), "soundfiler": (180, 905, "soundfiler"),
    "was_read": (180, 930, "t b b f"), "length": (300, 930, "f"), "tell": (240, 960, "s packgen-frames"),
    "tell_id": (90, 880, "s packgen-loaded"),
    # Playing: onset and length in samples
    "auto": (180, 960, "spigot"),
    "plain": (180, 985, "t b b"), "full": (260, 985, "msg 1"),
    "hit": (180, 1015, "t b b b b"), "begin": (250, 1040, "f"), "again": (190, 1040, "f"), "stop": (310, 1040, "f 1"),
    "onset": (250, 1070, "*"), "span": (310, 1070, "-"), "size": (310, 1095, "*"),
    "segment": (250, 1120, "pack f f"), "player": (250, 1145, f"tabplay~ {SOUND}"),
    "level": (250, 1170, "*~ 1"), "out": (250, 1195, "dac~"),
    "note": (450, 930, "notein"), "on": (450, 955, "stripnote"), "velocity": (510, 980, "/ 127"),
    "square": (510, 1005, "t f f"), "squared": (510, 1030, "*"), "pressed": (450, 980, "t b"),
    # History: a sound that stayed for 0.4 s is worth a cell
    "last": (450, 850, "f"), "settled": (530, 850, "delay 400"),
    "cell": (600, 850, "f"), "following": (640, 850, "+ 1"), "around": (680, 850, f"mod {CELLS}"),
    "keep": (450, 880, f"tabwrite {HISTORY}"), "cells": (600, 900, f"table {HISTORY} {CELLS}"),
    "cell_split": (600, 875, "t b f f"), "lit": (680, 875, "msg set \\$1"),
    # The server: asked every two seconds, missed after five
    "tick": (450, 620, "metro 2000"), "ask": (450, 645, "list"), "ping": (450, 670, "oscformat packgen ping"),
    "on_one": (450, 595, "msg 1"),
    "alive": (450, 720, "t b b"), "missed": (560, 745, "delay 5000"),
    "up": (450, 745, "msg 1"), "down": (560, 770, "msg 0"), "state": (450, 770, "change -1"),
    "turned": (450, 795, "sel 1 0"), "ready": (450, 820, "t b b"),
    "say_ready": (560, 795, "msg symbol ready"), "say_missing": (560, 820, "msg symbol no_server"),
    "error": (350, 850, "unpack f s"), "say": (350, 875, "symbol"),
    "show": (350, 900, "s packgen-status"),
}  # fmt: skip

LINES: tuple[str, ...] = (
    "class point:0", "class random_class:1",
    "p1 hold_1", "p2 hold_2", "p3 hold_3", "hold_1 scale_1", "hold_2 scale_2", "hold_3 scale_3",
    "range deviations", "deviations spread", "spread:5 scale_1:1", "spread:4 scale_2:1", "spread:3 scale_3:1",
    "spread:2 hold_3", "spread:1 hold_2", "spread:0 hold_1",
    "scale_1 hot_1", "scale_2 hot_2", "scale_3 hot_3",
    "hot_1:1 point:1", "hot_2:1 point:2", "hot_3:1 point:3", "hot_1:0 point:0", "hot_2:0 point:0", "hot_3:0 point:0",
    "point split", "split:1 fields", "split:0 number",
    "fields:0 request:1", "fields:1 request:2", "fields:2 request:3", "fields:3 request:4",
    "number next", "next number:1", "number request:0", "request generate", "generate prefix",
    "random random_press", "random_press:1 random_class", "random_class random_request:1",
    "random_press:0 random_number", "random_number random_next", "random_next random_number:1",
    "random_number random_request:0", "random_request random_send", "random_send prefix",
    "amount vary_request:1", "vary vary_number", "vary_number vary_next", "vary_next vary_number:1",
    "vary_number vary_request:0", "vary_request vary_send", "vary_send prefix",
    "history recall_read", "recall_read recall_split", "recall_split:1 recall_request:1",
    "recall_split:0 recall_number", "recall_number recall_next", "recall_next recall_number:1",
    "recall_number recall_request:0", "recall_request recall_send", "recall_send prefix",
    "load connect", "connect socket", "elsewhere reconnect", "reconnect:1 disconnect", "disconnect socket",
    "reconnect:0 socket", "prefix trim", "trim socket",
    "socket:1 parse", "parse parsed", "parsed ours", "ours:0 answers",
    "answers:0 sound", "answers:1 error", "answers:2 alive",
    "sound:0 last:1", "sound:0 tell_id", "sound:1 read", "read soundfiler", "soundfiler:0 was_read",
    "was_read:2 length:1", "was_read:2 tell", "was_read:1 settled", "was_read:0 auto", "audition auto:1",
    "auto plain", "play plain", "plain:1 full", "full level:1", "plain:0 hit",
    "start begin:1", "start again:1", "end stop:1", "hit:3 length", "length onset:1", "length size:1",
    "hit:2 begin", "begin span:1", "hit:1 stop", "stop span", "span size", "size segment:1",
    "hit:0 again", "again onset",
    "note:0 on:0", "note:1 on:1", "on:1 velocity", "velocity square", "square:1 squared:1", "square:0 squared:0",
    "squared level:1", "on:0 pressed", "pressed hit",
    "onset segment:0", "segment player", "player level", "level out:0", "level out:1",
    "settled cell", "cell cell_split", "cell_split:2 lit", "lit history", "cell_split:1 keep:1",
    "cell_split:0 last", "last keep:0", "cell following", "following around", "around cell:1",
    "load on_one", "on_one tick", "tick ask", "ask ping", "ping prefix",
    "alive:1 missed", "alive:0 up", "up state", "missed down", "down state", "state turned",
    "turned:0 ready", "ready:1 say_ready", "ready:0 point:0", "say_ready show", "turned:1 say_missing",
    "say_missing show", "load missed", "error:1 say", "say show",
)  # fmt: skip


def patch() -> str:
    """The text of the .pd file."""
    lines = ["#N canvas 60 40 760 320 12"]
    for x, y, text in BOXES.values():
        kind, _, rest = text.partition(" ")
        lines.append(f"#X {kind} {x} {y} {rest}" if kind in KINDS else f"#X obj {x} {y} {text}")
    lines += GRAPH
    numbers = {name: number for number, name in enumerate(BOXES)}
    for line in LINES:
        (source, outlet), (target, inlet) = (_end(end) for end in line.split())
        lines.append(f"#X connect {numbers[source]} {outlet} {numbers[target]} {inlet}")
    return "".join(f"{line};\n" for line in lines)


def _end(text: str) -> tuple[str, int]:
    name, _, port = text.partition(":")
    return name, int(port or 0)


KINDS = ("msg", "text", "symbolatom")
# The waveform: an array in a graph on the parent. It comes last, so that no object's number changes.
GRAPH = (
    "#N canvas 0 0 450 278 (subpatch) 0",
    f"#X array {SOUND} 100 float 2",
    "#X coords 0 1 99 -1 320 130 1 0 0",
    "#X restore 400 60 graph",
)
