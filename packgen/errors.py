"""Errors that a person, a file or a packet can cause: one line each, with the way out."""

from __future__ import annotations


class PackgenError(Exception):
    """Base of all errors whose message is meant for the person at the keyboard.

    The message is one line: what is wrong, with what, and what to do about it.

    Attributes:
        hint: what to do about it in the options of the command that was called, which adds it to the message.
    """

    hint = ""

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}; {self.hint}" if self.hint else message


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


class WriteError(OutputError):
    """The system does not let it be written: a full disk, a read-only folder, a file where a folder should be."""


class OccupiedError(OutputError):
    """Something stands there that is not to be replaced."""


class UnfinishedError(OutputError):
    """The unfinished pack of an interrupted run stands there."""


class InUseError(OutputError):
    """Another process writes there."""


class RecipeError(PackgenError):
    """Options that contradict each other or are out of range."""


class PackError(PackgenError):
    """A pack on disk is damaged, incomplete or of an unknown schema."""


class MidiError(PackgenError):
    """A MIDI file or a note map cannot be used."""


class NoNotesError(MidiError):
    """A MIDI file has no drum note where it was looked for."""


class ServerError(PackgenError):
    """The server cannot start, or a request is wrong."""


class PortInUseError(ServerError):
    """Another program listens on the port."""


class WorkerError(PackgenError):
    """A process that renders beside others was killed."""


class ClusterError(PackgenError):
    """Machines that are to help cannot be reached, or do not fit together."""


class NoSound(Exception):
    """A latent code gave no sound: silence, an empty mask, or values that are not finite. Draw again.

    Not a PackgenError: whoever renders answers it with another draw, and no user ever sees it.
    """
