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


def check_checksum(path: Path, checksums: Mapping[str, str], code: str = "run_changed") -> None:
    """Check that a file is as it was saved, where its checksum is known.

    Args:
        path: A file that is there.
        checksums: Those of the files in its folder, by their names.
        code: Entry of `problems` for one that has changed.

    Raises:
        DamagedRun: It has changed since.
        OSError: It cannot be read.
    """
    if path.name in checksums:
        require_checksum(path, file_checksum(path), checksums[path.name], code)


def require_checksum(path: Path, found: str, expected: str, code: str = "run_changed") -> None:
    """Check one checksum against the one that was saved.

    Raises:
        DamagedRun: They differ.
    """
    if found != expected:
        raise DamagedRun(code, file=path, found=found[:SHOWN_DIGITS], expected=expected[:SHOWN_DIGITS])
