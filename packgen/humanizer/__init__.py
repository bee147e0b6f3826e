"""From a programmed MIDI loop to a played one; `run` is the whole way.

`midi` reads notes, over `smf` (the bytes), `tempo` (the clock) and `notemaps` (which drum a note is). `groove` plays
them, `sources` and `casting` give each drum its base sound, `calibration` measures how far its hits may lie apart, and
`performance` renders every stroke. `mixing`, `pianoroll` and `recording` write it all down.
"""
