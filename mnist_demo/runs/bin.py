"""The bin: deleted runs lie there for seven days, and whoever deleted one can bring it back."""

from __future__ import annotations

import contextlib
import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mnist_demo.errors import UnknownRun
from mnist_demo.runs.owner import TEACHER, Owner, check_may_change, may_change, read_owner
from mnist_demo.runs.reader import RunReader
from mnist_demo.runs.run import Run
from mnist_demo.runs.unfinished import Unfinished
from mnist_demo.runs.usage import folder_size
from mnist_demo.runs.writer import write_text

KEPT_FOR = timedelta(days=7)
MAX_KEPT_OF_A_VISITOR = 30
"""So that nobody fills the disk by uploading and deleting; the teacher's are all kept."""
MAX_BIN_MEGABYTES = 400
"""Of all of them: they count as kept, and must leave room for training even where 1 GB is the limit."""
NOTE = ".deleted.json"
"""Says in a run's folder who deleted it and when; the readers of runs pass over names with a point."""
LOG = logging.getLogger(__name__)
_Note = tuple[Owner, datetime]
_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class DeletedRun:
    """A run in the bin, who put it there, and when."""

    run: Run
    by: Owner
    at: datetime


class Bin:
    """Deleted runs, each in its folder as before.

    Args:
        folder: Where they lie; made when the first one comes.
        runs: Where the runs lie that are not deleted.
        reader: Reads them.
        unfinished: Removes what goes for good.

    Attributes:
        folder: As above.
    """

    def __init__(self, folder: Path, runs: Path, reader: RunReader, unfinished: Unfinished) -> None:
        self.folder, self._runs = folder, runs
        self._reader, self._unfinished = reader, unfinished
        self._notes: dict[Path, tuple[_Stamp, _Note]] = {}

    def put(self, run: Run, person: Owner) -> None:
        """Move a run here.

        Raises:
            OSError: It cannot be moved, and stays.
        """
        note = {"by": asdict(person), "at": datetime.now(UTC).isoformat()}
        self.folder.mkdir(parents=True, exist_ok=True)
        write_text(run.folder / NOTE, json.dumps(note, ensure_ascii=False))
        run.folder.rename(self.folder / run.id)

    def list(self, person: Owner) -> tuple[DeletedRun, ...]:
        """List what somebody may bring back, latest first."""
        deleted = [DeletedRun(run, *self._note(run.folder)) for run in self._reader.read_all(self.folder)]
        mine = [entry for entry in deleted if may_change(person, entry.by)]
        return tuple(sorted(mine, key=lambda entry: (entry.at, entry.run.id), reverse=True))

    def restore(self, run_id: str, person: Owner) -> None:
        """Move a run back.

        Raises:
            NotAllowed: Somebody else has deleted it.
            UnknownRun: It is here no more.
            OSError: It cannot be moved.
        """
        folder = next((path for path in self._entries() if path.name == run_id), None)
        if not folder:
            raise UnknownRun("run_unknown", name=run_id)
        check_may_change(person, self._note(folder)[0])
        folder.rename(self._runs / run_id)
        (self._runs / run_id / NOTE).unlink(missing_ok=True)

    def empty(self, max_bytes: float = MAX_BIN_MEGABYTES * 1000**2) -> None:
        """Remove for good what has lain here for seven days, and the oldest of what is too much.

        A bin that cannot be read is logged and left as it is: nobody who trains or deletes can help it, and
        `list` reports it to those who look.
        """
        try:
            entries = [(*self._note(folder), folder) for folder in self._entries()]
        except OSError as error:
            LOG.warning("The bin cannot be read, so nothing in it is removed: %s", error)
            return
        notes = self._notes
        self._notes = {folder: notes[folder] for *_, folder in entries if folder in notes}
        kept, size = Counter[str](), 0
        for by, at, folder in sorted(entries, key=lambda entry: (entry[1], entry[2]), reverse=True):
            kept[by.id] += 1
            size += folder_size(folder)
            is_one_too_many = not by.is_teacher and kept[by.id] > MAX_KEPT_OF_A_VISITOR
            if is_one_too_many or size >= max_bytes or datetime.now(UTC) - at > KEPT_FOR:
                # What the system holds on to, or another process removes, is left to the next time.
                with contextlib.suppress(OSError), self._unfinished.path() as trash:
                    folder.rename(trash)

    def _entries(self) -> Iterator[Path]:
        with contextlib.suppress(FileNotFoundError):  # nothing was deleted yet
            yield from sorted(path for path in self.folder.iterdir() if path.is_dir())

    def _note(self, folder: Path) -> _Note:
        """Return a run's note, read again only where it was written anew: a page asks at each rerun."""
        stamp = _note_stamp(folder)
        known = self._notes.get(folder)
        if known and stamp and known[0] == stamp:
            return known[1]
        note = _read_note(folder)
        if stamp:
            self._notes[folder] = stamp, note
        return note


def _note_stamp(folder: Path) -> _Stamp | None:
    try:
        file = (folder / NOTE).stat()
    except OSError:
        return None
    return file.st_mtime_ns, file.st_ino, file.st_size


def _read_note(folder: Path) -> _Note:
    """Read who deleted a run and when; without a note that can be read the teacher, when it was moved."""
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return read_owner(note["by"]), datetime.fromisoformat(note["at"]).astimezone(UTC)
    except (OSError, ValueError, TypeError, KeyError):
        with contextlib.suppress(OSError):
            return TEACHER, datetime.fromtimestamp(folder.stat().st_mtime, UTC)
        return TEACHER, datetime.now(UTC)  # removed meanwhile
