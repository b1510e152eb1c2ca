"""How much is kept: looked up on the disk whenever it is asked, since several processes may keep runs."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """How much is kept.

    Attributes:
        runs: How many runs are listed.
        bytes: What these take.
        bytes_deleted: What the deleted ones in the bin take.
        bytes_packed: What packed lessons take.
    """

    runs: int = 0
    bytes: int = 0
    bytes_deleted: int = 0
    bytes_packed: int = 0

    @property
    def gigabytes(self) -> float:
        """All bytes, in units of 1000^3."""
        return (self.bytes + self.bytes_deleted + self.bytes_packed) / 1000**3


def measure_usage(runs: Path, bin_folder: Path, lessons: Path) -> Usage:
    """Count the runs in a folder, and the bytes of them, of the deleted ones and of the packed lessons.

    Hidden runs are being written, or are not yet removed. What vanishes meanwhile counts for nothing, nor
    does what cannot be read: the list of runs says so.
    """
    listed, deleted = _run_sizes(runs), _run_sizes(bin_folder)
    return Usage(len(listed), sum(listed), sum(deleted), folder_size(lessons))


def folder_size(folder: str | Path | os.DirEntry[str]) -> int:
    """Return how many bytes the files of a folder take, those in folders inside it not counted."""
    return sum(map(_size, _entries(folder)))


def _run_sizes(folder: Path) -> list[int]:
    found = [path for path in _entries(folder) if path.is_dir() and not path.name.startswith(".")]
    return [folder_size(path) for path in found]


def _entries(folder: str | Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _size(file: os.DirEntry[str]) -> int:
    try:
        return file.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0
