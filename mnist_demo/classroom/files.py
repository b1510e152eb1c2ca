"""Where the file of a class is, and what becomes of one that nobody uses any more."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mnist_demo.errors import ClassNotKept

FILE = "class.sqlite3"
COPY = "copy-of-class.sqlite3"
"""While a class is written again to where it belongs."""
WAL = "-wal"
EXTRAS = (WAL, "-shm")
FILE_ERRORS: tuple[type[Exception], ...] = (sqlite3.Error, OSError)


def delete_file(folder: Path) -> None:
    """Delete the file of a class that is not open, and what belongs to it.

    Raises:
        ClassNotKept: It cannot be done.
    """
    with explained():
        delete_extras(folder)
        (folder / FILE).unlink(missing_ok=True)
        (folder / COPY).unlink(missing_ok=True)


def delete_extras(folder: Path) -> None:
    """Delete what SQLite leaves beside the file of a class; raises OSError."""
    for extra in EXTRAS:
        (folder / (FILE + extra)).unlink(missing_ok=True)


def set_aside(folder: Path) -> None:
    """Give the file of a class that cannot be read another name, so that a new class can begin.

    Raises:
        ClassNotKept: It cannot be done.
    """
    with explained():
        (folder / FILE).rename(folder / f"unreadable-{time.strftime('%Y-%m-%d-%H%M%S')}.sqlite3")
        delete_extras(folder)


def read_rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Read the file of a class beside whoever writes to it.

    Raises:
        ClassNotKept: It cannot be read.
    """
    with explained():
        connection = sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@contextmanager
def explained(*others: type[Exception]) -> Iterator[None]:
    """Say in our words why a file cannot be read or written; `others` are errors of what it holds."""
    try:
        yield
    except FILE_ERRORS + others as error:
        raise ClassNotKept("class_not_kept", reason=error) from error
