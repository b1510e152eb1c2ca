"""Reads the folders of runs again and again, remembers what has not changed, and quarantines the damaged."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import threading
from pathlib import Path

from mnist_demo.errors import DamagedRun, DemoError, UnknownRun
from mnist_demo.runs.files import CONFIG_FILE, OS_JUNK_FILES, read_run
from mnist_demo.runs.run import Run

MAX_DAMAGE_REPORTS = 50
Stamp = tuple[int, int]
"""When a run's description was changed, and the number of its file: clocks of disks are coarse."""
NOTHING: Stamp = (0, 0)


class RunReader:
    """Reads runs; any thread may call it, and none waits for another where nothing has changed.

    Args:
        quarantine: Folder to which damaged runs are moved.
        pretrained: Folder of the runs that come with the app: they are never moved.
    """

    def __init__(self, quarantine: Path, pretrained: Path) -> None:
        self._folder, self._pretrained = quarantine, pretrained
        self._known: dict[Path, tuple[Stamp, Run]] = {}
        self._listed: dict[Path, tuple[dict[str, Stamp], list[Run]]] = {}  # of folders without any problem
        self._damaged: dict[str, DamagedRun] = {}
        self._unreadable: dict[Path, UnknownRun] = {}
        self._lock = threading.Lock()

    @property
    def problems(self) -> tuple[DemoError, ...]:
        """What was found damaged so far, and what could not be read the last time."""
        return (*self._damaged.values(), *self._unreadable.values())

    def read_all(self, folder: Path) -> list[Run]:
        """Read the whole runs of a folder, in the order of their names."""
        try:
            stamps = _stamps(folder)
        except (FileNotFoundError, NotADirectoryError):
            stamps = {}
        except OSError as error:
            with self._lock:
                self._listed.pop(folder, None)
                self._unreadable[folder] = UnknownRun("run_not_readable", name=folder, reason=error)
                return [run for path, (_, run) in self._known.items() if path.parent == folder]
        listed = self._listed.get(folder)
        if listed and listed[0] == stamps:
            return list(listed[1])
        with self._lock:
            return self._read_changed(folder, stamps)

    def read_unchanged(self, folder: Path) -> Run | None:
        """Return the run in a folder by one look at it; None where it was not read yet, or has changed."""
        known = self._known.get(folder)
        return known[1] if known and NOTHING != known[0] == _stamp(str(folder)) else None

    def quarantine(self, folder: Path, error: DamagedRun) -> None:
        """Move a damaged run away, report it from now on, and remember it no more."""
        with self._lock:
            self._quarantine(folder, error)

    def _read_changed(self, folder: Path, stamps: dict[str, Stamp]) -> list[Run]:
        self._unreadable = {p: error for p, error in self._unreadable.items() if folder not in (p, p.parent)}
        for gone in [path for path in self._known if path.parent == folder and path.name not in stamps]:
            del self._known[gone]
        found = [self._read(folder / name, stamps[name]) for name in sorted(stamps)]
        runs = [run for run in found if run]
        if len(runs) == len(stamps):
            # What was changed while it was read has another stamp the next time.
            self._listed[folder] = stamps, runs
        else:
            self._listed.pop(folder, None)
        return list(runs)

    def _read(self, folder: Path, changed: Stamp) -> Run | None:
        known = self._known.get(folder)
        if known and known[0] == changed:
            return known[1]
        try:
            run = read_run(folder, pretrained=folder.parent == self._pretrained)
        except DamagedRun as error:
            self._quarantine(folder, error)
            return None
        except UnknownRun as error:  # nothing is wrong with it: it is listed again when it can be read
            if folder.exists():
                self._unreadable[folder] = error
            return None
        self._known[folder] = (changed, run)
        return run

    def _quarantine(self, folder: Path, error: DamagedRun) -> None:
        self._known.pop(folder, None)
        self._listed.pop(folder.parent, None)  # where it cannot be moved, its description is as it was
        if not folder.exists():
            return  # deleted by somebody while it was read
        if folder.parent != self._pretrained and error.code != "run_newer":
            # What cannot be moved (open elsewhere, no right to write) is passed over all the same.
            with contextlib.suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                shutil.move(folder, self._folder / f"{folder.name}-{secrets.token_hex(2)}")
        self._damaged[str(error)] = error
        if len(self._damaged) > MAX_DAMAGE_REPORTS:
            del self._damaged[next(iter(self._damaged))]


def _stamps(folder: Path) -> dict[str, Stamp]:
    """Look at all that may be runs in a folder; with strings, since paths take most of the time at 500 runs.

    Raises:
        OSError: The folder cannot be read.
    """
    with os.scandir(folder) as entries:
        return {
            entry.name: _stamp(entry.path)
            for entry in entries
            if not entry.name.startswith((".", "_")) and entry.name not in OS_JUNK_FILES
        }


def _stamp(folder: str) -> Stamp:
    try:
        file = os.stat(f"{folder}{os.sep}{CONFIG_FILE}")  # noqa: PTH116
    except OSError:
        return NOTHING  # `read_run` tells what is wrong
    return file.st_mtime_ns, file.st_ino
