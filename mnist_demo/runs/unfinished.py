"""Files and folders that are being written: removed if anything goes wrong, whenever that is."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from mnist_demo.runs.claims import LOCK_SUFFIX, Claim, living_claims

UNFINISHED_PREFIX = ".unfinished-"
SAMPLES_PREFIX = "changed-"
ENDING_LENGTH = 4
"""Of the random figures at the end of a run's id."""


def finish(unfinished: Path, folder: Path) -> Path:
    """Give what is finished its place; where another run has it, one with another ending.

    Ids tell runs of the same settings and the same second apart by four random figures, and a lesson's runs
    may be brought in by hundreds a second.

    Returns:
        Where it is now.
    """
    while True:
        try:
            return unfinished.rename(folder)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
        folder = folder.with_name(f"{folder.name[:-ENDING_LENGTH]}{secrets.token_hex(ENDING_LENGTH // 2)}")


class Unfinished:
    """What one process has not finished, named after its claim.

    Args:
        runs: Folder of the runs; half-written ones lie beside them, so that a rename can finish them.
        live: Folder of the locks, of what is there while a run is trained (a folder for each claim), and of
            files that all processes share (`SAMPLES_PREFIX`).

    Attributes:
        live: The folder in `live` that is this process's own.

    Raises:
        OSError: Nothing can be written there.
    """

    def __init__(self, runs: Path, live: Path) -> None:
        self._runs, self._all_live = runs, live
        runs.mkdir(parents=True, exist_ok=True)
        live.mkdir(parents=True, exist_ok=True)
        self._claim = Claim(live)
        self.live = live / self._claim.name
        with self.path() as probe:
            probe.mkdir()

    @contextlib.contextmanager
    def path(self) -> Iterator[Path]:
        """Name a file or folder beside the runs; what is still called so at the end is removed."""
        path = self._runs / f"{UNFINISHED_PREFIX}{self._claim.name}-{secrets.token_hex(4)}"
        try:
            yield path
        finally:
            _remove(path)

    def remove_leftovers(self) -> None:
        """Remove what processes that have ended left behind: runs half written or deleted, live networks."""
        with contextlib.suppress(OSError):  # a folder that cannot be looked through now: the next time
            found = [
                (path, path.name.removeprefix(UNFINISHED_PREFIX).split("-")[0])
                for path in self._runs.glob(f"{UNFINISHED_PREFIX}*")
            ]
            found += [
                (path, path.name)
                for path in self._all_live.glob("*")
                if path.suffix != LOCK_SUFFIX and not path.name.startswith(SAMPLES_PREFIX)
            ]
            # Looked up after the files were found: whoever writes one has held a claim since before.
            living = living_claims(self._all_live)
            for path, claim in found:
                if claim not in living:
                    _remove(path)


def make_durable(path: Path) -> None:
    """Write a file, or a folder's entries, through to the disk; Windows has no such call for folders."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    """Remove a file or folder, if it is there; what the system holds on to stays for the next start."""
    with contextlib.suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
