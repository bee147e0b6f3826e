"""From a programmed MIDI loop to a played one.

`smf` holds the bytes, `tempo` the clock, `midi` knows notes and `notemaps` which drum a note is; `humanize` plays them, `basesounds`
casts each drum, `performance` renders every stroke, `mixing`, `pianoroll` and `recording` write it all down.
"""
