"""Reads the folders of runs again and again, remembers what has not changed, and quarantines the damaged."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import threading
from pathlib import Path

from mnist_demo.errors import DamagedRun, DemoError, UnknownRun
from mnist_demo.runs.files import CONFIG_FILE, OS_JUNK_FILES, read_run
from mnist_demo.runs.run import Run

MAX_DAMAGE_REPORTS = 50


class RunReader:
    """Reads runs; any thread may call it.

    Args:
        quarantine: Folder to which damaged runs are moved.
        pretrained: Folder of the runs that come with the app: they are never moved.
    """

    def __init__(self, quarantine: Path, pretrained: Path) -> None:
        self._folder, self._pretrained = quarantine, pretrained
        self._known: dict[Path, tuple[tuple[int, int], Run]] = {}
        self._damaged: dict[str, DamagedRun] = {}
        self._unreadable: dict[Path, UnknownRun] = {}
        self._lock = threading.Lock()

    @property
    def problems(self) -> tuple[DemoError, ...]:
        """What was found damaged so far, and what could not be read the last time."""
        return (*self._damaged.values(), *self._unreadable.values())

    def read_all(self, folder: Path) -> list[Run]:
        """Read the whole runs of a folder, in the order of their names."""
        with self._lock:
            self._unreadable = {
                p: error for p, error in self._unreadable.items() if folder not in (p, p.parent)
            }
            try:
                paths = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
            except (FileNotFoundError, NotADirectoryError):
                paths = []
            except OSError as error:
                self._unreadable[folder] = UnknownRun("run_not_readable", name=folder, reason=error)
                return [run for path, (_, run) in self._known.items() if path.parent == folder]
            for gone in {path for path in self._known if path.parent == folder}.difference(paths):
                del self._known[gone]
            runs = [self._read(path) for path in paths if path.name not in OS_JUNK_FILES]
        return [run for run in runs if run]

    def quarantine(self, folder: Path, error: DamagedRun) -> None:
        """Move a damaged run away, report it from now on, and remember it no more."""
        with self._lock:
            self._quarantine(folder, error)

    def _read(self, folder: Path) -> Run | None:
        try:
            file = (folder / CONFIG_FILE).stat()
            changed = file.st_mtime_ns, file.st_ino  # the number of the file, too: clocks of disks are coarse
        except OSError:
            changed = 0, 0  # nothing to remember: `read_run` tells what is wrong
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
