"""The `packgen` program: exit codes, and every error as one line on stderr."""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import signal
import sys
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the program."""

    DONE = 0
    ERROR = 1  # a PackgenError, or a machine that gives no more
    USAGE = 2  # wrong options; click's own
    INTERRUPTED = 130  # Ctrl-C


# What Python and torch say where memory is short.
NO_MEMORY = ("can't start new thread", "can't allocate memory", "bad_alloc", "failed to map segment")
FULL = (errno.ENOSPC, errno.EIO, errno.EFBIG)  # of what is written and has no name: the output


def main() -> None:
    """Run the program and exit."""
    # A closed pipe (packgen … | head) ends the program quietly, as every Unix tool does.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    codecs.register_error("packgen", printable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError):  # where a pipe was put in the place of a file that began
                stream.reconfigure(errors="packgen")
    try:
        code = _run()
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    if code == Exit.INTERRUPTED:  # typer answers Ctrl-C inside a command with this code
        _complain("interrupted; no file is left half written")
        _flush()
        os._exit(Exit.INTERRUPTED)  # worker threads may still be rendering
    if trouble := _flush():
        _complain(trouble)
        code = Exit.ERROR
    sys.exit(code)


def _run() -> int:
    """Run the command that was asked for; its exit code."""
    # Imported here, where Ctrl-C is answered and memory may turn out to be short.
    try:
        import typer

        from packgen.cli.app import app
        from packgen.errors import PackgenError

        try:
            code = app(prog_name="packgen", standalone_mode=False)
        except PackgenError as error:
            _complain(str(error))
            return Exit.ERROR
        except typer.TyperException as error:
            message = error.format_message().rstrip(".")
            if message:  # none where the help itself was the answer
                _complain(f"{message}; see packgen --help")
            return Exit.USAGE
        except typer.Abort:
            return Exit.INTERRUPTED
    except (MemoryError, RuntimeError, ImportError, OSError) as error:
        if lacks_memory(error):
            _complain(
                "out of memory; close other programs, or give fewer --workers where the command has them"
            )
        elif isinstance(error, OSError) and error.errno in FULL and error.filename is None:
            _flush()
            _complain(f"cannot print the result: {error.strerror}")
        else:
            raise
        return Exit.ERROR
    return code if isinstance(code, int) else Exit.DONE


def lacks_memory(error: Exception) -> bool:
    """Whether an error says that the system gives no more memory.

    >>> lacks_memory(RuntimeError("can't start new thread")), lacks_memory(RuntimeError("a bug"))
    (True, False)
    """
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    return isinstance(error, MemoryError) or any(words in str(error) for words in NO_MEMORY)


def printable(error: UnicodeError) -> tuple[str | bytes, int]:
    """What is printed for letters that the output's encoding lacks: a file name's own bytes, else an escape."""
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.lookup_error("backslashreplace")(error)


def _flush() -> str:
    """Write out what was printed; why that cannot be done, or nothing."""
    if sys.stdout is None:  # closed by whoever started the program
        return ""
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        return f"cannot print the result: {error.strerror}"
    return ""


def _complain(message: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"packgen: {' '.join(message.split())}\n")
        sys.stderr.flush()
