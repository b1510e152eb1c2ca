"""Where the file of a class is, and what becomes of one that nobody uses any more."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mnist_demo.errors import ClassNotKept

FILE = "class.sqlite3"
EXTRAS = ("-wal", "-shm")
FILE_ERRORS: tuple[type[Exception], ...] = (sqlite3.Error, OSError)


def move_away(folder: Path, kept_as: str = "") -> None:
    """Delete the file of a class that is not open, or give it another name.

    Raises:
        ClassNotKept: It cannot be done.
    """
    with explained():
        if kept_as:
            (folder / FILE).rename(folder / kept_as)
        else:
            (folder / FILE).unlink(missing_ok=True)
        for extra in EXTRAS:
            (folder / (FILE + extra)).unlink(missing_ok=True)


def set_aside(folder: Path) -> None:
    """Give the file of a class that cannot be read another name, so that a new class can begin.

    Raises:
        ClassNotKept: It cannot be done.
    """
    move_away(folder, f"unreadable-{time.strftime('%Y-%m-%d-%H%M%S')}.sqlite3")


@contextmanager
def explained(*others: type[Exception]) -> Iterator[None]:
    """Say in our words why a file cannot be read or written; `others` are errors of what it holds."""
    try:
        yield
    except FILE_ERRORS + others as error:
        raise ClassNotKept("class_not_kept", reason=error) from error
