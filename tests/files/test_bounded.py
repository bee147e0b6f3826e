"""Files from outside: what is larger than it may be, and what is no file, costs neither memory nor time."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from pathlib import Path

import pytest

from packgen.files.bounded import read_file, read_stream, sha256_of


def test_a_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)
    assert read_file(path, 100) == b"x" * 100
    with pytest.raises(ValueError, match="larger than 1 MB"):
        read_file(path, 99)
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none", 100)
    assert sha256_of(path) == hashlib.sha256(b"x" * 100).hexdigest()


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        for read in (lambda p: read_file(p, 100), sha256_of):
            with pytest.raises(OSError, match="is no file"):
                read(path)


def test_a_bomb_is_unpacked_no_further_than_its_bound() -> None:
    bomb = io.BytesIO(gzip.compress(bytes(10**7)))
    with gzip.open(bomb) as file:
        with pytest.raises(ValueError, match="larger than"):
            read_stream(file, 1000)
        assert file.tell() <= 10**5
