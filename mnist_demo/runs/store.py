"""The trained runs on this computer: listed, found again, renamed, deleted, and never half written."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mnist_demo.errors import DamagedRun, DemoError, HomeUnusable, UnknownRun
from mnist_demo.network import (
    OUTLIERS_FILE,
    PRETRAINED_RUNS,
    WEIGHTS_FILE,
    Checkpoints,
    Network,
    OutlierDetector,
    reading,
)
from mnist_demo.runs.bin import Bin, DeletedRun
from mnist_demo.runs.checksums import check_checksum
from mnist_demo.runs.files import CHECKPOINTS_FILE, CONFIG_FILE
from mnist_demo.runs.live_files import LiveFiles
from mnist_demo.runs.names import clean_name
from mnist_demo.runs.owner import Owner, check_may_change
from mnist_demo.runs.reader import RunReader
from mnist_demo.runs.run import Run, finished_runs
from mnist_demo.runs.unfinished import Unfinished, finish, make_durable
from mnist_demo.runs.usage import Usage, measure_usage
from mnist_demo.runs.writer import write_description, write_run


class RunStore:
    """Runs that were trained here, in `home/runs`, and the pretrained ones.

    Several processes may use one home: a run appears by one rename. What is not a whole run is quarantined
    in `home/set-aside` and reported by `damaged`; what is deleted lies in `home/bin` for a while.

    Args:
        home: Folder of all that is kept; made where it does not exist.
        pretrained: Folder of the runs that come with the app.

    Attributes:
        live: What is left for the pages while a run is trained.
        lessons: Folder of the runs of lessons that were packed away.

    Raises:
        HomeUnusable: No runs can be kept there.
    """

    def __init__(self, home: Path, pretrained: Path = PRETRAINED_RUNS) -> None:
        self.folder = home / "runs"
        self.set_aside, self.lessons = home / "set-aside", home / "lessons"
        self._pretrained = pretrained
        self._reader = RunReader(self.set_aside, pretrained)
        try:
            self._unfinished = Unfinished(self.folder, home / "live")
        except OSError as error:
            raise HomeUnusable(error.filename or home, error) from error
        self.live = LiveFiles(home / "live", self._unfinished.live)
        self._bin = Bin(home / "bin", self.folder, self._reader, self._unfinished)
        self.remove_leftovers()

    def remove_leftovers(self) -> None:
        """Remove what processes that have ended left unfinished, and what was deleted long ago."""
        self._unfinished.remove_leftovers()
        self._bin.empty()

    def list(self) -> tuple[Run, ...]:
        """List the whole runs: own ones, newest first, then the pretrained ones."""
        own, pretrained = self._reader.read_all(self.folder), self._reader.read_all(self._pretrained)
        pretrained_ids = {run.id for run in pretrained}
        own.sort(key=lambda run: (run.created, run.id), reverse=True)
        return (*(run for run in own if run.id not in pretrained_ids), *pretrained)

    def usage(self) -> Usage:
        """Look up how many own runs are kept, and what they, the bin and packed lessons take on the disk."""
        return measure_usage(self.folder, self._bin.folder, self.lessons)

    def empty_bin(self, max_bytes: float) -> None:
        """Remove deleted runs for good, the oldest first, until the others take less."""
        self._bin.empty(max_bytes)

    @property
    def damaged(self) -> tuple[DemoError, ...]:
        """What was found damaged since the store was opened, and what `list` could not read the last time."""
        return self._reader.problems

    def get(self, run_id: str) -> Run:
        """Return one run.

        Raises:
            UnknownRun: There is no whole run of that id.
        """
        for folder in (self._pretrained, self.folder):  # a name that leads elsewhere is none that was read
            run = self._reader.read_unchanged(folder / run_id)
            if run and run.id == run_id:
                return run
        for run in self.list():
            if run.id == run_id:
                return run
        raise UnknownRun("run_unknown", name=run_id)

    def find(self, identity: str) -> Run | None:
        """Return the newest finished run of an identity, None where there is none; see `finished_runs`."""
        return finished_runs(self.list()).get(identity)

    def load_network(self, run: Run) -> Network:
        """Load a run's network; a run that was damaged since it was listed is quarantined.

        Raises:
            DamagedRun: Its weights are not what was saved.
            UnknownRun: It has none, was deleted since it was listed, or cannot be read just now.
        """
        with reading(run.folder):
            if not run.has_weights or not run.folder.is_dir():
                raise UnknownRun("run_unknown", name=run.id)
            try:
                if not (run.folder / WEIGHTS_FILE).is_file():
                    raise DamagedRun("run_missing_file", folder=run.folder, file=WEIGHTS_FILE)
                check_checksum(run.folder / WEIGHTS_FILE, run.checksums)
                return Network.load(run.folder / WEIGHTS_FILE)
            except DamagedRun as error:
                self._reader.quarantine(run.folder, error)
                raise

    def save(
        self,
        run: Run,
        network: Network | None,
        save_model: Callable[[Path], None] | None = None,
        checkpoints: Checkpoints | None = None,
        detector: OutlierDetector | None = None,
    ) -> Run:
        """Keep a run: all of it or nothing, however this ends.

        Args:
            run: Its description; `folder` and `created` are given here.
            network: Its weights, None where it failed before the first epoch ended.
            save_model: Writes `model.keras` into the folder that it is given.
            checkpoints: The network after some epochs.
            detector: Tells what is no digit.

        Returns:
            The run as it is kept.

        Raises:
            OSError: It cannot be written. That, like any error of `save_model`, leaves nothing behind.
        """
        now = datetime.now(UTC)
        created = now.isoformat(timespec="milliseconds")
        kept = replace(run, created=created, has_weights=network is not None, pretrained=False)
        folder = self.folder / f"{now:%Y%m%d-%H%M%S}-{run.identity[:6]}{secrets.token_hex(2)}"
        with self._unfinished.path() as unfinished:
            unfinished.mkdir(parents=True)
            if network:
                network.save(unfinished / WEIGHTS_FILE)
            if save_model:
                save_model(unfinished)
            if checkpoints:
                checkpoints.save(unfinished / CHECKPOINTS_FILE)
            if detector:
                detector.save(unfinished / OUTLIERS_FILE)
            checksums = write_run(kept, unfinished)
            for path in unfinished.iterdir():
                make_durable(path)
            make_durable(unfinished)
            folder = finish(unfinished, folder)
        make_durable(self.folder)
        return replace(kept, folder=folder, checksums=checksums)

    def rename(self, run_id: str, name: str, person: Owner) -> Run:
        """Give a run another name; an empty one brings back the automatic name.

        Args:
            run_id: One of the own runs.
            name: Whatever somebody typed, see `clean_name`.
            person: Who renames it.

        Raises:
            NotAllowed: It is somebody else's.
            UnknownRun: There is no own run of that id, or its folder cannot be changed now.
        """
        run = replace(_check_changeable(self.get(run_id), run_id, person), name=clean_name(name))
        with changing(run.id), self._unfinished.path() as description:
            write_description(run, description)
            description.replace(run.folder / CONFIG_FILE)
        return run

    def delete(self, run_id: str, person: Owner) -> None:
        """Put a run into the bin: it is gone from the list at once, and for seven days it can come back.

        Raises:
            NotAllowed: It is not that person's.
            UnknownRun: There is no own run of that id, or its folder cannot be changed now.
        """
        self.delete_all((run_id,), person)

    def delete_all(self, run_ids: Iterable[str], person: Owner) -> None:
        """Put several runs into the bin, none of them unless all may be; raises what `delete` does."""
        runs = {run.id: run for run in self.list()}
        changeable = [_check_changeable(runs.get(run_id), run_id, person) for run_id in run_ids]
        for run in changeable:
            with changing(run.id):
                self._bin.put(run, person)
        self._bin.empty()

    def deleted(self, person: Owner) -> tuple[DeletedRun, ...]:
        """List the deleted runs that somebody may bring back, latest first."""
        return self._bin.list(person)

    def restore(self, run_id: str, person: Owner) -> None:
        """Bring a deleted run back.

        Raises:
            NotAllowed: Somebody else has deleted it.
            UnknownRun: It is in the bin no more, or cannot be moved now.
        """
        with changing(run_id):
            self._bin.restore(run_id, person)

    def unfinished(self) -> AbstractContextManager[Path]:
        """Name a file beside the runs that is removed unless it is renamed."""
        return self._unfinished.path()


def _check_changeable(run: Run | None, run_id: str, person: Owner) -> Run:
    if not run:
        raise UnknownRun("run_unknown", name=run_id)
    if run.pretrained:
        raise UnknownRun("run_pretrained", name=run_id)
    check_may_change(person, run.owner)
    return run


@contextlib.contextmanager
def changing(run_id: str) -> Iterator[None]:
    """Turn what the system says against a change of a run into `UnknownRun`."""
    try:
        yield
    except OSError as error:
        raise UnknownRun("run_locked", name=run_id, reason=error) from error
