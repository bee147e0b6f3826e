"""XML, zip, tar.gz and gzip, the same bytes each time: fixed times, owners and order; files stream from disk."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from packgen.errors import PackError
from packgen.files.atomic import atomic_file

Member = tuple[str, bytes | Path]  # of an archive: its name there, and its content or the file that holds it

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that zip can say
FILE_MODE = 0o644
MOST_SHRUNK = 50  # times: one that shrank more holds no drums
STORED = 0  # of gzip: audio shrinks by a tenth, and a large pack should not wait for it


def write_zip(path: Path, entries: Iterable[Member], compression: int = zipfile.ZIP_STORED) -> None:
    """Write a zip atomically. WAVs are best stored: players map them, and they hardly shrink.

    Raises:
        PackError: if a file cannot be read.
        OutputError: if the archive cannot be written.
    """
    with atomic_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, ZIP_EPOCH)
            info.compress_type, info.create_system, info.external_attr = compression, 3, FILE_MODE << 16
            info.file_size = _size(content)
            with archive.open(info, "w") as target, _open(content) as source:
                shutil.copyfileobj(source, target, 1 << 20)


def incomplete(archive: zipfile.ZipFile, wanted: Iterable[str]) -> Iterator[str]:
    """What is wrong with a zip, a line each: an entry that is damaged, and wanted ones that are not there."""
    if (damaged := archive.testzip()) is not None:
        yield f"{damaged}: damaged inside the archive"
    held = set(archive.namelist())
    yield from (f"{name}: not in the archive" for name in wanted if name not in held)


def check_size(path: Path, sizes: Iterable[int]) -> None:
    """Whether what is packed in an archive has the size of drums: they hardly shrink.

    Raises:
        ValueError: if it is more than `MOST_SHRUNK` times the archive.
    """
    if sum(sizes) > MOST_SHRUNK * path.stat().st_size:
        raise ValueError(f"unpacks to more than {MOST_SHRUNK} times its size")


def sized(path: Path, archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """The members of a packed tar, held to `check_size` as they come: there is no list of them to look at first."""
    total = 0
    for member in archive:
        total += member.size
        check_size(path, [total])
        yield member


def write_tar_gz(path: Path, entries: Iterable[Member]) -> None:
    """Write a tar.gz atomically; raises as `write_zip`."""
    with (
        atomic_file(path) as file,
        gzip.GzipFile("", "wb", STORED, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for name, content in entries:
            info = tarfile.TarInfo(name)  # times, owner and group are 0
            info.size, info.mode = _size(content), FILE_MODE
            with _open(content) as source:
                archive.addfile(info, source)


def xml_bytes(root: ET.Element) -> bytes:
    """A whole XML file, indented; other characters than ASCII become references, which every parser reads."""
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode").encode("ascii", "xmlcharrefreplace")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text + b"\n"


def gzipped(data: bytes) -> bytes:
    """Gzip without time or name; `gzip.compress` would also write which system made it."""
    buffer = io.BytesIO()
    with gzip.GzipFile("", "wb", fileobj=buffer, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()


def _open(content: bytes | Path) -> io.BufferedIOBase:
    if isinstance(content, bytes):
        return io.BytesIO(content)
    try:
        return content.open("rb")
    except OSError as error:
        raise PackError(
            f"{content}: the sample cannot be read ({error.strerror}); render the pack again"
        ) from error


def _size(content: bytes | Path) -> int:
    return len(content) if isinstance(content, bytes) else content.stat().st_size
