"""Checksums of a run's files, by which a flipped bit and a file of another run are noticed.

They are no seal: whoever changes a file on purpose can change its checksum, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mnist_demo.errors import DamagedRun

SHOWN_DIGITS = 8
CHANGING_ENTRIES = ("name",)
"""What may be changed of a run's description without anything being wrong."""


@dataclass(frozen=True)
class Difference:
    """The first digits of two checksums that should be one."""

    found: str
    expected: str

    @classmethod
    def between(cls, found: str, expected: str) -> Difference | None:
        """Return what differs; None where nothing does."""
        return None if found == expected else cls(found[:SHOWN_DIGITS], expected[:SHOWN_DIGITS])


def file_checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; of a table whatever way its lines end.

    Raises:
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    if path.suffix == ".csv":  # which version control may write with other line ends
        content = content.replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()


def description_checksum(description: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what `config.json` says and nobody changes: all but the name."""
    fixed = {entry: value for entry, value in description.items() if entry not in CHANGING_ENTRIES}
    return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()


def folder_checksums(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return the checksums of those of some files that are there, by their names."""
    return {name: file_checksum(folder / name) for name in sorted(names) if (folder / name).is_file()}


def read_checksums(value: object) -> dict[str, str]:
    """Read the checksums of a run; none of an older run.

    Raises:
        TypeError: These are no checksums.
    """
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(found, str) for found in value.values()):
        raise TypeError(f"checksums: {value!r}")
    return {str(name): found for name, found in value.items()}


def changed_file(path: Path, checksums: Mapping[str, str]) -> Difference | None:
    """Return how the checksum of a file differs from the one that was saved; None if it does not.

    Args:
        path: A file that is there.
        checksums: Those of the files in its folder, by their names; one that is unknown cannot differ.

    Raises:
        OSError: It cannot be read.
    """
    expected = checksums.get(path.name)
    return Difference.between(file_checksum(path), expected) if expected else None


def check_checksum(path: Path, checksums: Mapping[str, str]) -> None:
    """Check that a file without which a run is not whole is as it was saved.

    Raises:
        DamagedRun: It has changed since.
        OSError: It cannot be read.
    """
    if changed := changed_file(path, checksums):
        raise DamagedRun("run_changed", file=path, found=changed.found, expected=changed.expected)


def check_description(path: Path, description: Mapping[str, Any], checksums: Mapping[str, str]) -> None:
    """Check the same of what `config.json` says.

    Raises:
        DamagedRun: It has changed since.
    """
    expected = checksums.get(path.name)
    changed = Difference.between(description_checksum(description), expected) if expected else None
    if changed:
        raise DamagedRun("run_changed", file=path, found=changed.found, expected=changed.expected)
