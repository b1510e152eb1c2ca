"""The network of a job for the pages that watch it learn: a file of its weights, several times a second."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_demo.jobs import Compiling, EpochDone, Event, StepDone
from mnist_demo.network import RELU, Network
from mnist_demo.runs import RunStore

if TYPE_CHECKING:
    from mnist_demo.training.loop import TrainingSession

LOG = logging.getLogger(__name__)
FILES_KEPT = 2
"""The newest, and the one before it, which a page may just be opening."""
WRITING_SHARE = 0.05
"""How much of the time may go into the files within an epoch: of large networks, and on slow disks, there are
fewer pictures a second."""


class LiveNetwork:
    """Leaves the network of one job in files, each with a higher number than the one before.

    Args:
        job: Id of the job.
        session: Trains it.
        store: Keeps the files beside the runs.
        activation: Of its hidden neurons.
    """

    def __init__(self, job: str, session: TrainingSession, store: RunStore, activation: str = RELU) -> None:
        self._job, self._session, self._files = job, session, store.live
        self._activation = activation
        self._number = 0
        self._newest: list[Path] = []
        self._of_epoch: list[Path] = []
        self._rests_until = 0.0
        self._has_failed = False

    def leave(self, event: Event, *, stands: bool = False) -> str:
        """Write the network as it is after an event, and return the file; empty where none was written.

        Args:
            event: What has happened.
            stands: Whether training stands still after it: then the network is looked at for a while.
        """
        if isinstance(event, Compiling) or (isinstance(event, StepDone) and self._rests and not stands):
            return ""
        path = self._write()
        if path:
            self._newest = [*self._newest, path][-FILES_KEPT:]
        if isinstance(event, EpochDone):
            self._of_epoch = [path] if path else []
        return str(path or "")

    def tidy(self) -> None:
        """Delete what neither a page may be reading nor an interrupted run needs; the server knows newer."""
        self._files.delete_weights(self._job, keep=[*self._newest, *self._of_epoch])

    @property
    def _rests(self) -> bool:
        return time.perf_counter() < self._rests_until

    def _write(self) -> Path | None:
        started = time.perf_counter()
        try:
            network = Network(tuple(self._session.weights()), self._activation)
            path = self._files.save_weights(self._job, self._number, network)
        except OSError as error:
            if not self._has_failed:  # said once a job, not ten times a second
                LOG.warning("The network in training could not be shown: %s", error)
            self._has_failed = True
            return None
        finally:
            ended = time.perf_counter()
            self._rests_until = ended + (ended - started) / WRITING_SHARE
            self._number += 1
        return path
