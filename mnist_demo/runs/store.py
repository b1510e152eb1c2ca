"""The trained runs on this computer: listed, found again, renamed, deleted, and never half written."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DatasetInfo
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.network import PRETRAINED_RUNS, WEIGHTS_FILE, Checkpoints, Network, load_checkpoints
from mnist_demo.runs.config import TRAINING_VERSION
from mnist_demo.runs.files import CHECKPOINTS_FILE, OS_JUNK_FILES, read_run, write_description, write_run
from mnist_demo.runs.run import Run, RunStatus

UNFINISHED_PREFIX = ".unfinished-"
UNFINISHED_LIFE_SECONDS = 24 * 3600
MAX_NAME_LENGTH = 60


class RunStore:
    """Runs that were trained here, in `home/runs`, and those that ship with the app.

    Several processes may use one home: a run appears by one rename. What is not a whole run is moved to
    `home/set-aside` and reported by `damaged`.
    """

    def __init__(self, home: Path, pretrained: Path = PRETRAINED_RUNS) -> None:
        self.folder = home / "runs"
        self.set_aside = home / "set-aside"
        self._live = home / "live"
        self._pretrained = pretrained
        self._known: dict[Path, tuple[tuple[int, int], Run]] = {}
        self._damaged: list[DamagedRun] = []
        self._lock = threading.Lock()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._remove_old_leftovers()

    def list(self) -> tuple[Run, ...]:
        """List the whole runs: own ones, newest first, then those that ship with the app."""
        with self._lock:
            own = [self._read(folder) for folder in self._entries(self.folder)]
            pretrained = [self._read(folder) for folder in self._entries(self._pretrained)]
        own_runs = sorted((run for run in own if run), key=lambda run: (run.created, run.id), reverse=True)
        pretrained_ids = {run.id for run in pretrained if run}
        return (
            *(run for run in own_runs if run.id not in pretrained_ids),
            *(run for run in pretrained if run),
        )

    @property
    def damaged(self) -> tuple[DamagedRun, ...]:
        """What was found damaged since the store was opened."""
        return tuple(self._damaged)

    def get(self, run_id: str) -> Run:
        """Get one run.

        Raises:
            UnknownRun: There is no whole run of that id.
        """
        for run in self.list():
            if run.id == run_id:
                return run
        raise UnknownRun("run_unknown", name=run_id)

    def find(self, identity: str) -> Run | None:
        """Find the newest finished run of that identity; what an upload says of itself nobody has seen."""
        return find_finished(self.list(), identity)

    def load_network(self, run: Run) -> Network:
        """Load a run's network; a run damaged since it was listed is set aside.

        Raises:
            DamagedRun: Its weights cannot be read any more.
            UnknownRun: It has none, or was deleted since it was listed.
        """
        if not run.has_weights or not run.folder.is_dir():
            raise UnknownRun("run_unknown", name=run.id)
        try:
            if not (run.folder / WEIGHTS_FILE).is_file():
                raise DamagedRun("run_missing_file", folder=run.folder, file=WEIGHTS_FILE)
            return Network.load(run.folder / WEIGHTS_FILE)
        except DamagedRun as error:
            with self._lock:
                self._quarantine(run.folder, error)
            raise

    def load_checkpoints(self, run: Run) -> Checkpoints | None:
        """Load how a run's network was after its epochs; None where nobody kept that.

        Raises:
            DamagedRun: They cannot be read. The run is whole without them and stays.
        """
        path = run.folder / CHECKPOINTS_FILE
        return load_checkpoints(path, run.config.hidden) if path.is_file() else None

    def save(
        self,
        run: Run,
        network: Network | None,
        save_model: Callable[[Path], None] | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> Run:
        """Keep a run: all of it or nothing, however the process ends meanwhile.

        Args:
            run: Its description; `folder` and `created` are given here.
            network: Its weights, None where it failed before the first epoch ended.
            save_model: Writes `model.keras` into the folder that it is given.
            checkpoints: The network after some epochs.

        Returns:
            The run as it is kept.
        """
        now = datetime.now(UTC)
        unfinished = self.folder / f"{UNFINISHED_PREFIX}{secrets.token_hex(4)}"
        unfinished.mkdir(parents=True)
        created = now.isoformat(timespec="milliseconds")
        kept = replace(run, created=created, has_weights=network is not None, pretrained=False)
        write_run(kept, unfinished)
        if network:
            network.save(unfinished / WEIGHTS_FILE)
        if save_model:
            save_model(unfinished)
        if checkpoints:
            checkpoints.save(unfinished / CHECKPOINTS_FILE)
        for path in unfinished.iterdir():
            _sync(path)
        _sync(unfinished)
        folder = self.folder / f"{now:%Y%m%d-%H%M%S}-{run.identity[:6]}{secrets.token_hex(2)}"
        unfinished.rename(folder)
        _sync(self.folder)
        return replace(kept, folder=folder)

    def rename(self, run_id: str, name: str) -> Run:
        """Give a run another name; an empty one brings back the automatic name.

        Raises:
            UnknownRun: There is no own run of that id, or its folder cannot be changed now.
        """
        run = replace(self._own(run_id), name=" ".join(name.split())[:MAX_NAME_LENGTH].rstrip())
        with _changing(run):
            write_description(run, run.folder)
        return run

    def live_weights(self, job: str, epoch: int) -> Path:
        """Say where the network of a job in training is written after an epoch."""
        self._live.mkdir(exist_ok=True)
        return self._live / f"{job}-{epoch}.npz"

    def load_augmented_samples(self, dataset: DatasetInfo) -> NDArray[np.uint8] | None:
        """Load the deformed images that the trainer has left to be shown, (n, 28, 28); None before it has."""
        try:
            return np.load(self._augmented_path(dataset), allow_pickle=False)
        except (OSError, ValueError, EOFError):  # not there yet, or cut short: the trainer writes it anew
            return None

    def keep_augmented_samples(self, dataset: DatasetInfo, images: NDArray[np.uint8]) -> None:
        """Leave some deformed images, (n, 28, 28), for the pages to show."""
        self._live.mkdir(exist_ok=True)
        unfinished = self._live / f"{UNFINISHED_PREFIX}{secrets.token_hex(4)}.npy"
        np.save(unfinished, images, allow_pickle=False)
        _sync(unfinished)
        unfinished.replace(self._augmented_path(dataset))

    def _augmented_path(self, dataset: DatasetInfo) -> Path:
        return self._live / f"deformed-{TRAINING_VERSION}-{dataset.fingerprint[:16]}.npy"

    def delete_live_weights(self, job: str, but: Path | None = None) -> None:
        """Remove the networks of a job in training, all but one; one that is being read stays until later."""
        for path in self._live.glob(f"{job}-*.npz"):
            if path != but:
                with contextlib.suppress(OSError):
                    path.unlink()

    def delete(self, run_id: str) -> None:
        """Delete a run: it is gone from the list at once.

        Raises:
            UnknownRun: There is no own run of that id, or its folder cannot be changed now.
        """
        run = self._own(run_id)
        trash = self.folder / f"{UNFINISHED_PREFIX}{secrets.token_hex(4)}"
        with _changing(run):
            run.folder.rename(trash)
            self._known.pop(run.folder, None)
            shutil.rmtree(trash)

    def _own(self, run_id: str) -> Run:
        run = self.get(run_id)
        if run.pretrained:
            raise UnknownRun("run_pretrained", name=run.id)
        return run

    def _entries(self, folder: Path) -> list[Path]:
        if not folder.is_dir():
            return []
        return sorted(
            p for p in folder.iterdir() if not p.name.startswith((".", "_")) and p.name not in OS_JUNK_FILES
        )

    def _read(self, folder: Path) -> Run | None:
        try:
            file = (folder / "config.json").stat()
            changed = file.st_mtime_ns, file.st_ino  # the number of the file, too: clocks of disks are coarse
        except OSError:
            changed = 0, 0  # nothing to remember: `read_run` says what is wrong
        known = self._known.get(folder)
        if known and known[0] == changed:
            return known[1]
        try:
            run = read_run(folder, pretrained=folder.parent == self._pretrained)
        except DamagedRun as error:
            self._quarantine(folder, error)
            return None
        self._known[folder] = (changed, run)
        return run

    def _quarantine(self, folder: Path, error: DamagedRun) -> None:
        self._known.pop(folder, None)
        if not folder.exists():
            return  # deleted by somebody while it was read
        if _is_transient(error):
            return  # it is not listed now, and will be when it can be read again
        if folder.parent != self._pretrained and error.code != "run_newer":
            # What cannot be moved (open elsewhere, no right to write) is passed over all the same.
            with contextlib.suppress(OSError):
                self.set_aside.mkdir(parents=True, exist_ok=True)
                shutil.move(folder, self.set_aside / f"{folder.name}-{secrets.token_hex(2)}")
        if str(error) not in map(str, self._damaged):
            self._damaged.append(error)

    def _remove_old_leftovers(self) -> None:
        for leftover in (*self.folder.glob(f"{UNFINISHED_PREFIX}*"), *self._live.glob("*.np[yz]")):
            with contextlib.suppress(OSError):  # another server may be clearing up, too
                if time.time() - leftover.stat().st_mtime > UNFINISHED_LIFE_SECONDS:
                    shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()


def find_finished(runs: Iterable[Run], identity: str) -> Run | None:
    """Find the first finished run of an identity that was not uploaded."""
    matches = (run for run in runs if run.identity == identity and not run.uploaded)
    return next((run for run in matches if run.status is RunStatus.FINISHED), None)


@contextlib.contextmanager
def _changing(run: Run) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnknownRun("run_locked", name=run.id, reason=error.strerror or error) from error


def _is_transient(error: DamagedRun) -> bool:
    """Tell a file that cannot be opened just now (too many open, locked by a scanner) from a damaged one."""
    cause = error.__cause__
    return isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError | IsADirectoryError)


def _sync(path: Path) -> None:
    """Write a file, or a folder's entries, through to the disk; Windows has no such call for folders."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
