"""The device: what stands where, and what is connected to what.

After figure 5 of the paper: an XY pad over P1 and P2, a fine knob P3, a range selector, a class menu, and the
waveform with its start and end. Names that begin with three dashes are private to each copy of the device.
"""

from __future__ import annotations

from packgen.classes import CLASS_NAMES
from packgen.max4live import LAUNCHER
from packgen.max4live.boxes import Box, Rect, message, parameter, show

WIDTH = 640.0
HEIGHT = 169.0  # pixels: what Live gives a device
PORT, REPLY_PORT = 9100, 9101
DETAIL = 1000  # steps of the pad from its middle to an edge


def _float(kind: str, name: str, place: Rect, low: float, high: float, start: float, unit: int = 1) -> Box:
    """A number or a dial. Units as Live counts them: 1 is a plain number, 5 percent."""
    more = parameter(name, 0, mmin=low, mmax=high, initial_enable=1, initial=[start], unitstyle=unit)
    return show(kind, place, **more)


def _button(name: str, place: Rect) -> Box:
    return show("live.text", place, mode=0, text=name, **parameter(name, 2, enum=["off", "on"], mmax=1))


def _label(text: str, place: Rect, right: bool = False) -> Box:
    return show("live.comment", place, text=text, **({"textjustification": 2} if right else {}))


SHOWN: dict[str, Box] = {
    "title": _label("packgen", (556, 4, 76, 18), right=True),
    "pad_label": _label("P1 across, P2 up", (6, 4, 134, 18)),
    "pad": show(
        "pictslider",
        (8, 24, 120, 120),
        leftvalue=-DETAIL,
        rightvalue=DETAIL,
        bottomvalue=-DETAIL,
        topvalue=DETAIL,
        jump=1,
        parameter_enable=0,
    ),
    "p1": _float("live.numbox", "P1", (8, 148, 58, 15), -1, 1, 0),
    "p2": _float("live.numbox", "P2", (70, 148, 58, 15), -1, 1, 0),
    "class_label": _label("Class", (140, 4, 60, 18)),
    "class": show(
        "live.menu",
        (142, 24, 108, 16),
        **parameter("Class", 2, enum=list(CLASS_NAMES), mmax=len(CLASS_NAMES) - 1, initial_enable=1, initial=[0]),
    ),
    "range_label": _label("Range in deviations", (140, 44, 110, 18)),
    "range": show(
        "live.tab",
        (142, 62, 108, 18),
        num_lines_presentation=1,
        **parameter("Range", 2, enum=["1", "2", "3", "4"], mmax=3, initial_enable=1, initial=[1]),
    ),
    "fine": _float("live.dial", "P3 fine", (146, 86, 44, 48), -1, 1, 0),
    "amount": _float("live.dial", "Amount", (202, 86, 44, 48), 0, 100, 30, unit=5),
    "random": _button("Random", (142, 144, 51, 19)),
    "vary": _button("Vary", (199, 144, 51, 19)),
    "sound_label": _label("Sound", (260, 4, 60, 18)),
    "wave": show("waveform~", (262, 24, 370, 92), buffername="---pg", setmode=1, labels=0, setunit=0),
    "start_label": _label("Start", (260, 121, 34, 18)),
    "start": _float("live.numbox", "Start", (294, 122, 48, 15), 0, 100, 0, unit=5),
    "end_label": _label("End", (350, 121, 28, 18)),
    "end": _float("live.numbox", "End", (378, 122, 48, 15), 0, 100, 100, unit=5),
    "audition": show(
        "live.text",
        (438, 120, 128, 19),
        mode=1,
        text="Audition off",
        texton="Audition new sounds",
        **parameter("Audition", 2, enum=["off", "on"], mmax=1, initial_enable=1, initial=[1]),
    ),
    "play": _button("Play", (574, 120, 58, 19)),
    "history_label": _label("History", (260, 144, 44, 18)),
    "history": show("umenu", (304, 143, 122, 20), items=["none"], parameter_enable=0),
    "status": _label("starting", (438, 144, 194, 18)),
}  # fmt: skip

HIDDEN: dict[str, Box] = {
    # Pad and its two numbers follow each other; only the numbers send.
    "pad_x": Box(f"* {1 / DETAIL}"),
    "pad_y": Box(f"* {1 / DETAIL}"),
    "show_x": Box(f"expr int($f1*{DETAIL})"),
    "show_y": Box(f"expr int($f1*{DETAIL})"),
    "show_xy": Box("pak 0 0"),
    "set_pad": Box("prepend set"),
    # Range: the tab's index 0 … 3 means 1 … 4 deviations.
    "deviations": Box("expr $i1+1."),
    "spread": Box("t b b b f f f"),
    "scale_1": Box("* 2."),
    "scale_2": Box("* 2."),
    "scale_3": Box("* 2."),
    # generate id class p1 p2 p3; at most 50 a second, the last one never lost.
    "point": Box("pak kick 0. 0. 0."),
    "limit": Box("speedlim 20"),
    "split": Box("t b l"),
    "fields": Box("unpack kick 0. 0. 0."),
    "number": Box("counter 0 1 999999"),
    "request": Box("pack 0 kick 0. 0. 0."),
    "generate": Box("prepend /packgen/generate"),
    # random id class; ids of their own range, so that history tells sounds apart
    "random_press": Box("t b"),
    "random_number": Box("counter 0 1000001 1999999"),
    "random_request": Box("pack 0 kick"),
    "random_send": Box("prepend /packgen/random"),
    # vary id amount
    "vary_press": Box("t b"),
    "vary_number": Box("counter 0 2000001 2999999"),
    "vary_request": Box("pack 0 0.3"),
    "vary_amount": Box("* 0.01"),
    "vary_send": Box("prepend /packgen/vary"),
    # recall id earlier-id
    "recalled": Box("unpack 0 kick"),
    "recall_split": Box("t b i"),
    "recall_number": Box("counter 0 3000001 3999999"),
    "recall_request": Box("pack 0 0"),
    "recall_send": Box("prepend /packgen/recall"),
    # The network
    "send": Box(f"udpsend 127.0.0.1 {PORT}"),
    "receive": Box(f"udpreceive {REPLY_PORT} @defer 1"),
    "answers": Box("route /packgen/loaded /packgen/error /packgen/pong"),
    "loaded": Box("t l l"),
    "sound": Box("unpack 0 s 0 0 0. s 0. 0. 0. 0"),
    "length": Box("expr 1000.*$i1/$i2"),
    "read": Box("prepend replace"),
    "buffer": Box("buffer~ ---pg"),
    # Start and end: percent of the sound in the parameters, milliseconds in the waveform and the player
    "new_length": Box("t f f f f"),
    "start_ms": Box("expr $f1*0.01*$f2"),
    "end_ms": Box("expr $f1*0.01*$f2"),
    "start_percent": Box("expr 100.*$f1/($f2+0.001)"),
    "end_percent": Box("expr 100.*$f1/($f2+0.001)"),
    "start_set": Box("prepend set"),
    "end_set": Box("prepend set"),
    "start_hold": Box("f 0."),
    "end_hold": Box("f 1000."),
    # A buffer that was read: keep its start and end, play it if wanted
    "was_read": Box("t b b"),
    "wave_set": message("set ---pg"),
    "auto": Box("gate 1"),
    # Playing
    "note": Box("notein"),
    "on": Box("stripnote"),
    "velocity": Box("expr ($f1/127.)*($f1/127.)"),
    "note_press": Box("t b"),
    "plain": Box("t b 1."),
    "hit": Box("t b b"),
    "segment": Box("pack 0. 1000."),
    "begin": Box("prepend start"),
    "player": Box("play~ ---pg"),
    "level": Box("*~ 1."),
    "out": Box("plugout~"),
    # History: a sound that stayed for 0.4 s is worth an entry; at most 16
    "last": Box("zl.reg"),
    "settled": Box("delay 400"),
    "stayed": Box("unpack 0 s 0 0 0. s"),
    "entry": Box("pack 0 kick"),
    "entry_split": Box("t b b l"),
    "insert": Box("prepend insert 0"),
    "cut": message("delete 16"),
    "newest": message("set 0"),
    # The server: launched by node.script, asked every two seconds, missed after ten
    "loaded_device": Box("live.thisdevice"),
    "started": Box("t b b b 1"),
    "clear": message("clear"),
    "node": Box(f"node.script {LAUNCHER} @autostart 1 @watch 0"),
    "node_says": Box("route port status"),
    "node_port": Box("t b i i"),
    "port": Box("prepend port"),
    "tick": Box("metro 2000"),
    "reply_port": Box(f"i {REPLY_PORT}"),
    "ping": Box("prepend /packgen/ping"),
    "alive": Box("t b b"),
    "missed": Box("delay 10000"),
    "up": message("1"),
    "down": message("0"),
    "state": Box("change -1"),
    "turned": Box("sel 1 0"),
    "ready": Box("t b b"),
    "say_ready": message("set server ready"),
    "say_missing": message("set no server: run packgen serve"),
    "error": Box("unpack 0 s"),
    "say": Box("prepend set"),
}

LINES: tuple[str, ...] = (
    "pad:0 pad_x", "pad:1 pad_y", "pad_x p1", "pad_y p2",
    "p1 show_x", "p2 show_y", "show_x show_xy:0", "show_y show_xy:1", "show_xy set_pad", "set_pad pad",
    "p1 scale_1", "p2 scale_2", "fine scale_3",
    "range deviations", "deviations spread",
    "spread:5 scale_1:1", "spread:4 scale_2:1", "spread:3 scale_3:1",
    "spread:2 fine", "spread:1 p2", "spread:0 p1",
    "class:1 point:0", "scale_1 point:1", "scale_2 point:2", "scale_3 point:3",
    "point limit", "limit split", "split:1 fields", "split:0 number",
    "fields:0 request:1", "fields:1 request:2", "fields:2 request:3", "fields:3 request:4",
    "number request:0", "request generate", "generate send",
    "random random_press", "random_press random_number", "class:1 random_request:1",
    "random_number random_request:0", "random_request random_send", "random_send send",
    "vary vary_press", "vary_press vary_number", "amount vary_amount", "vary_amount vary_request:1",
    "vary_number vary_request:0", "vary_request vary_send", "vary_send send",
    "history:1 recalled", "recalled:0 recall_split", "recall_split:1 recall_request:1",
    "recall_split:0 recall_number", "recall_number recall_request:0", "recall_request recall_send",
    "recall_send send",
    "receive answers", "answers:0 loaded", "answers:1 error", "answers:2 alive",
    "loaded:1 last:1", "loaded:0 sound",
    "sound:3 length:1", "sound:2 length:0", "length new_length", "sound:1 read", "read buffer",
    "new_length:3 start_ms:1", "new_length:2 end_ms:1", "new_length:1 start_percent:1",
    "new_length:0 end_percent:1",
    "start start_ms", "end end_ms", "start_ms start_hold:1", "end_ms end_hold:1",
    "start_ms wave:2", "end_ms wave:3",
    "wave:2 start_percent", "wave:3 end_percent", "start_percent start_set", "end_percent end_set",
    "start_set start", "end_set end", "wave:2 start_hold:1", "wave:3 end_hold:1",
    "buffer:1 was_read", "was_read:1 end", "was_read:1 start", "was_read:0 auto:1", "audition auto:0",
    "auto plain", "play plain", "plain:1 level:1", "plain:0 hit",
    "note:0 on:0", "note:1 on:1", "on:1 velocity", "velocity level:1", "on:0 note_press", "note_press hit",
    "hit:1 end_hold", "hit:0 start_hold", "end_hold segment:1", "start_hold segment:0",
    "segment begin", "begin player", "player:0 level:0", "level out:0", "level out:1",
    "was_read:0 settled", "settled last:0", "last:0 stayed",
    "stayed:5 entry:1", "stayed:0 entry:0", "entry entry_split",
    "entry_split:2 insert", "insert history", "entry_split:1 cut", "cut history",
    "entry_split:0 newest", "newest history",
    "loaded_device started", "started:3 tick", "started:2 clear", "clear history", "started:1 wave_set",
    "wave_set wave", "started:0 missed",
    "node:0 node_says", "node_says:0 node_port", "node_port:2 port", "port receive",
    "node_port:1 reply_port:1", "node_port:0 reply_port:0", "node_says:1 say",
    "tick reply_port:0", "reply_port ping", "ping send",
    "alive:1 missed", "alive:0 up", "up state", "missed down", "down state", "state turned",
    "turned:0 ready", "ready:1 say_ready", "say_ready status", "ready:0 point:0",
    "turned:1 say_missing", "say_missing status",
    "error:1 say", "say status",
)  # fmt: skip

BOXES = {**SHOWN, **HIDDEN}
