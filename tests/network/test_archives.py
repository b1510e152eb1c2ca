"""Damage is told from a computer that is short of something, and nothing is read before it is measured."""

from __future__ import annotations

import errno
import io
import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.network.archives import CrowdedArchive, load_arrays, open_archive, read_member, reading

PATH = Path("somewhere/weights.npz")


class TestReading:
    @pytest.mark.parametrize(
        "error",
        [
            MemoryError(),
            OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
            OSError(errno.EIO, os.strerror(errno.EIO)),
            PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
        ],
        ids=repr,
    )
    def test_shortage_is_no_damage(self, error: Exception):
        """The file may be whole; the sentence gives the reason."""
        with pytest.raises(UnknownRun) as caught, reading(PATH):
            raise error
        assert caught.value.code == "run_not_readable"
        assert caught.value.details["reason"]

    def test_file_that_is_gone_is_unknown(self):
        """Somebody has deleted it."""
        with pytest.raises(UnknownRun, match="run_unknown"), reading(PATH):
            PATH.read_bytes()

    @pytest.mark.parametrize(
        "error", [ValueError("x"), zipfile.BadZipFile("x"), EOFError("x"), KeyError("x"), struct.error("x")]
    )
    def test_content_that_cannot_be_parsed_is_damage(self, error: Exception):
        """The error names the file, and is the one that was asked for."""
        with pytest.raises(DamagedRun) as caught, reading(PATH, damage="checkpoints_unreadable"):
            raise error
        assert caught.value.code == "checkpoints_unreadable"
        assert caught.value.details["file"] == str(PATH)

    @pytest.mark.parametrize(
        "error", [AttributeError("x"), KeyboardInterrupt(), AssertionError("x")], ids=repr
    )
    def test_defect_of_the_app_is_neither(self, error: BaseException):
        """No run is moved away because of a mistake in a program."""
        with pytest.raises(type(error)), reading(PATH):
            raise error


class TestArrays:
    def test_arrays_come_in_the_order_that_is_asked_for(self, tmp_path: Path):
        """Of any type that is no object."""
        path = tmp_path / "arrays.npz"
        np.savez(path, b=np.arange(3), a=np.ones((2, 2), np.float16))
        first, second = load_arrays(path, [["a"], ["a", "b"]], 1000).values()
        assert (first.shape, first.dtype, second.tolist()) == ((2, 2), np.float16, [0, 1, 2])

    def test_file_that_is_too_large_is_not_even_read(self, tmp_path: Path):
        """A terabyte in which nothing is written takes no room on the disk, but would in memory."""
        path = tmp_path / "arrays.npz"
        with path.open("wb") as file:
            file.truncate(2**40)
        with pytest.raises(ValueError, match="> 1000 bytes"):
            load_arrays(path, [["a"]], 1000)

    def test_arrays_that_unpack_to_too_much_are_not_unpacked(self, tmp_path: Path):
        """What is announced counts, for all of them together."""
        path = tmp_path / "arrays.npz"
        np.savez_compressed(path, a=np.zeros(600, np.uint8), b=np.zeros(600, np.uint8))
        with pytest.raises(ValueError, match="> 1000 bytes"):
            load_arrays(path, [["a", "b"]], 1000)

    def test_header_that_announces_more_than_there_is_takes_no_memory(self, tmp_path: Path):
        """Otherwise a damaged file would look like a shortage of memory."""
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }\n"
        path = tmp_path / "arrays.npz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
        with pytest.raises(ValueError, match="1099511627776"):
            load_arrays(path, [["a"]], 1000)


class TestArchive:
    def test_member_comes_back(self):
        """Whole, under its name."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a", b"content")
        with open_archive(packed) as archive:
            assert read_member(archive, archive.getinfo("a")) == b"content"

    def test_crowd_is_told_apart(self):
        """Its directory is not read."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for number in range(3000):
                archive.writestr(str(number), b"")
        with pytest.raises(CrowdedArchive):
            open_archive(packed)
