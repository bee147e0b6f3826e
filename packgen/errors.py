"""Errors that a person, a file or a packet can cause: one line each, with the way out."""

from __future__ import annotations


class PackgenError(Exception):
    """Base of all errors whose message is meant for the person at the keyboard.

    The message is one line: what is wrong, with what, and what to do about it.
    """


class ClassNameError(PackgenError):
    """A drum class that does not exist was asked for."""


class PresetError(PackgenError):
    """A preset is missing, or a key in it is wrong."""


class WeightsError(PackgenError):
    """A weight file is missing, damaged, or holds another network than expected."""


class AudioError(PackgenError):
    """A sound file cannot be read, or holds nothing that could be a drum hit."""


class CorpusError(PackgenError):
    """A training corpus is missing, empty or inconsistent."""


class OutputError(PackgenError):
    """A result cannot be written where it was asked for."""


class RecipeError(PackgenError):
    """Options that contradict each other or are out of range."""


class PackError(PackgenError):
    """A pack on disk is damaged, incomplete or of an unknown schema."""


class MidiError(PackgenError):
    """A MIDI file or a note map cannot be used."""


class ServerError(PackgenError):
    """The server cannot start, or a request is wrong."""


class WorkerError(PackgenError):
    """A process that renders beside others was killed."""


class ClusterError(PackgenError):
    """Machines that are to help cannot be reached, or do not fit together."""


class NoSound(Exception):
    """A latent code gave no sound: silence, an empty mask, or values that are not finite. Draw again.

    Not a PackgenError: whoever renders answers it with another draw, and no user ever sees it.
    """
