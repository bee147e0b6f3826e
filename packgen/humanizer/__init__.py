"""From a programmed MIDI loop to a played one.

`smf` holds the bytes, `tempo` the clock, `midi` knows notes and `notemaps` which drum a note is; `humanize` plays
them; `palette` and `basesounds` cast each drum, `straying` says how far its hits lie apart, `performance` renders
every stroke; `mixing`, `pianoroll` and `recording` write it all down.
"""
