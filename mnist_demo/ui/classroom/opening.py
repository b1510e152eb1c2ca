"""How a class comes to a server: a new one, or one that a server before it has left."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mnist_demo.classroom import ClassState, ClassStore, Reader, new_code, set_aside
from mnist_demo.errors import ClassNotKept, DamagedRun, UnknownRun
from mnist_demo.ui.classroom.latest import Latest

LOG = logging.getLogger(__name__)
SEED_BITS = 31
LoadReader = Callable[[str], Reader]
"""Loads the network of a run by its id; of the best one that ships with the app for an empty id."""
Opened = tuple[ClassStore, Latest]


def begin_new(folder: Path, reader: Reader) -> Opened:
    """Begin a class.

    Raises:
        ClassElsewhere: Another server has one open.
        ClassNotKept: It cannot be written.
    """
    state = ClassState(new_code(), reader.run, secrets.randbits(SEED_BITS))
    store = ClassStore(folder)
    try:
        with store.transaction():
            store.write(None, state)
            store.write_version(state)
    except ClassNotKept:
        store.close()
        raise
    return store, Latest(state, reader)


def open_left(folder: Path, load_reader: LoadReader) -> Opened | None:
    """Go on with the class that a server has left; None where there is none.

    A file that cannot be read is set aside, so that a new class can begin.

    Raises:
        ClassElsewhere: Another server has it open.
        ClassNotKept: The file can neither be read nor be set aside.
    """
    try:
        return _open(folder, load_reader)
    except ClassNotKept:
        LOG.exception("The file of a class cannot be read, and is set aside")
        set_aside(folder)
        return None


def _open(folder: Path, load_reader: LoadReader) -> Opened | None:
    store = ClassStore.find(folder)
    if not store:
        return None
    state = store.load()
    if not state:  # whoever made the file did not come to begin a class
        store.end()
        return None
    reader = _load_left(state.run, load_reader)
    return store, Latest(replace(state, run=reader.run), reader)


def _load_left(run: str, load_reader: LoadReader) -> Reader:
    """Load the network of a class that goes on; if it is gone, the wall says which one reads instead."""
    try:
        return load_reader(run)
    except (UnknownRun, DamagedRun):
        return load_reader("")
