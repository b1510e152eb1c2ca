"""Checksums of a run's files, by which a flipped bit and a file of another run are noticed.

They are no seal: whoever changes a file on purpose can change its checksum, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mnist_demo.errors import DamagedRun

SHOWN_DIGITS = 8
CHANGING_ENTRIES = ("name",)
"""What may be changed of a run's description without anything being wrong."""


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


def changed_file(path: Path, checksums: Mapping[str, str]) -> dict[str, object] | None:
    """Return what is to be said of a file that is not as it was saved; None of one that is, or may be.

    Args:
        path: A file that is there.
        checksums: Those of the files in its folder, by their names.

    Raises:
        OSError: It cannot be read.
    """
    if path.name not in checksums:
        return None
    return difference(path, file_checksum(path), checksums[path.name])


def difference(path: Path, found: str, expected: str) -> dict[str, object] | None:
    """Return what is to be said of two checksums of a file; None where they are the same."""
    if found == expected:
        return None
    return {"file": path, "found": found[:SHOWN_DIGITS], "expected": expected[:SHOWN_DIGITS]}


def check_checksum(path: Path, checksums: Mapping[str, str]) -> None:
    """Check that a file without which a run is not whole is as it was saved.

    Raises:
        DamagedRun: It has changed since.
        OSError: It cannot be read.
    """
    if details := changed_file(path, checksums):
        raise DamagedRun("run_changed", **details)


def check_description(path: Path, description: Mapping[str, Any], checksums: Mapping[str, str]) -> None:
    """Check the same of what `config.json` says.

    Raises:
        DamagedRun: It has changed since.
    """
    expected = checksums.get(path.name)
    if expected and (details := difference(path, description_checksum(description), expected)):
        raise DamagedRun("run_changed", **details)
