"""How much is kept: looked up on the disk whenever it is asked, since several processes may keep runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """How many runs are kept, and how many bytes they take."""

    runs: int = 0
    bytes: int = 0

    @property
    def gigabytes(self) -> float:
        """The bytes, in units of 1000^3."""
        return self.bytes / 1000**3


def measure_usage(runs: Path) -> Usage:
    """Count the runs in a folder, and their bytes; hidden ones are being written, or are not yet removed.

    What vanishes meanwhile counts for nothing.
    """
    folders = [path for path in _entries(runs) if path.is_dir() and not path.name.startswith(".")]
    return Usage(len(folders), sum(_size(file) for folder in folders for file in _entries(folder)))


def _entries(folder: str | Path | os.DirEntry[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []


def _size(file: os.DirEntry[str]) -> int:
    try:
        return file.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return 0
