"""Files: whole, private, never written twice, bounded, gone at the end."""

from __future__ import annotations

import resource
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from packgen.errors import ServerError, WriteError
from packgen.server.files import Folder, Ring

TONE = (np.sin(np.arange(4000) / 10) / 2).astype(np.float32)


def test_the_folder_is_private_and_goes_with_all_in_it(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.path.stat().st_mode & 0o777 == 0o700
    Ring(folder).write(TONE, 44100)
    folder.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = Ring(Folder(tmp_path)).write(TONE, 44100)
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == 44100
    np.testing.assert_allclose(samples, TONE, atol=2**-23)


def test_only_the_newest_stay_and_no_name_comes_twice(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    ring = Ring(folder, keep=3, min_age=0.0)
    paths = [ring.write(TONE, 44100) for _ in range(10)]
    assert len(set(paths)) == 10
    assert sorted(folder.path.iterdir()) == paths[-3:]
    ring.clear()
    assert list(folder.path.iterdir()) == []


def test_young_files_stay_however_many(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    ring = Ring(folder, keep=3, min_age=60.0)
    paths = [ring.write(TONE, 44100) for _ in range(10)]
    assert sorted(folder.path.iterdir()) == paths


def test_a_vanished_folder_is_made_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    shutil.rmtree(folder.path)
    assert Ring(folder).write(TONE, 44100).is_file()
    assert folder.path.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_again_is_said(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    shutil.rmtree(folder.path)
    folder.path.write_text("a file in its place")
    with pytest.raises(ServerError, match=r"cannot write a sound into .*: free space there"):
        Ring(folder).write(TONE, 44100)


def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))  # writing more fails, as on a full disk
    try:
        with pytest.raises(ServerError, match=r"cannot write a sound .*free space"):
            Ring(folder).write(TONE, 44100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(folder.path.iterdir()) == []
    assert Ring(folder).write(TONE, 44100).is_file()


def test_a_parent_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="cannot make a folder in"):
        Folder(tmp_path / "none")
