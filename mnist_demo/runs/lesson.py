"""A clean lesson: what visitors trained is packed away, so that the next class finds a clear list."""

from __future__ import annotations

import logging
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mnist_demo.errors import NotAllowed
from mnist_demo.runs.owner import Owner
from mnist_demo.runs.packing import pack_runs
from mnist_demo.runs.store import RunStore, changing
from mnist_demo.texts import Texts

LOG = logging.getLogger(__name__)
MAX_ARCHIVES = 10
MAX_ARCHIVE_MEGABYTES = 300
"""Of all archives together: they count as kept, and must leave room for training."""


@dataclass(frozen=True)
class PackedLesson:
    """What was packed away.

    Attributes:
        archive: A zip with the zips of the runs; None where there were none.
        runs: How many.
        unended: How many trainings of visitors were not over by then; their runs come later.
    """

    archive: Path | None
    runs: int
    unended: int


def start_clean_lesson(
    store: RunStore, person: Owner, texts: Texts, without_visitors: AbstractContextManager[int]
) -> PackedLesson:
    """Pack the runs of all visitors into one file and put them into the bin; the teacher's stay.

    Args:
        store: Where the runs are.
        person: Who asks for it.
        texts: By which the files in the archive are named.
        without_visitors: Ends what visitors train and lets nothing new come while all is packed away; yields
            how many trainings could not be ended.

    Raises:
        NotAllowed: This is not the teacher.
        UnknownRun: Something cannot be written or moved; no run is lost.
    """
    if not person.is_teacher:
        raise NotAllowed("teacher_only")
    with without_visitors as unended:
        archive, count = _pack_away(store, person, texts)
    return PackedLesson(archive, count, unended)


def _pack_away(store: RunStore, person: Owner, texts: Texts) -> tuple[Path | None, int]:
    runs = [run for run in store.list() if not run.owner.is_teacher and not run.pretrained]
    if not runs:
        return None, 0
    archive = store.lessons / f"mnist-{datetime.now():%Y%m%d-%H%M%S}.zip"
    with changing(archive.name), store.unfinished() as unfinished:
        archive.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            pack_runs(runs, texts, file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(archive)
    store.delete_all([run.id for run in runs], person)
    _remove_old_archives(store)
    return archive, len(runs)


def lesson_archives(store: RunStore) -> list[Path]:
    """List what was packed away so far, latest first."""
    return sorted(store.lessons.glob("*.zip"), reverse=True)


def _remove_old_archives(store: RunStore) -> None:
    """Remove the oldest of what is too much; what was just packed away stays, however large."""
    size = 0
    for place, archive in enumerate(lesson_archives(store)):
        try:
            size += archive.stat().st_size
            if place and (place >= MAX_ARCHIVES or size > MAX_ARCHIVE_MEGABYTES * 1000**2):
                archive.unlink()
        except OSError as error:  # the new lesson has begun all the same
            LOG.warning("%s is left to the next time: %s", archive, error)
