"""What a trained run is: its settings, its history and its figures, as plain frozen values."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from mnist_demo.data import DatasetInfo
from mnist_demo.network import Calibration
from mnist_demo.runs.config import TRAINING_VERSION, RunConfig, run_identity
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.rates import RateChange, rate_pairs
from mnist_demo.runs.taught import Taught

NOTEBOOK_RUN, ROBUST_RUN = "notebook", "robust"
"""Names of the runs that ship with the app."""
MAX_OFFERED = 25
"""The others are found on the page of trained runs, which can be searched. In a longer list, Streamlit gives
every name one line, however long it is."""
GUESSES_BELOW = 0.2
"""A smaller accuracy is that of guessing among ten digits, give or take what a constant answer may have."""


@dataclass(frozen=True)
class EpochRecord:
    """One epoch as Keras reports it: training figures are means over the epoch's batches.

    Attributes:
        epoch: Its number, from 1.
        loss: Cross-entropy in training.
        accuracy: Share of the training images recognised, 0 to 1.
        val_loss: Cross-entropy on the validation images, at the end.
        val_accuracy: Share of them recognised.
        seconds: Of training and validation.
        dead: Share of the hidden neurons that fire for none of the validation images, at the end; None where
            nobody measured it.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float
    dead: float | None = None


@dataclass(frozen=True)
class StepRecord:
    """Means over the batches since the last record; `epochs` is the position, 1.5 in mid second epoch."""

    epochs: float
    loss: float
    accuracy: float


@dataclass(frozen=True)
class History:
    """What was measured while a run was trained, and the learning rates that were chosen meanwhile."""

    epochs: tuple[EpochRecord, ...] = ()
    steps: tuple[StepRecord, ...] = ()
    rates: tuple[RateChange, ...] = ()

    @property
    def reached_epoch(self) -> int:
        """The last epoch that was trained to its end, 0 before."""
        return self.epochs[-1].epoch if self.epochs else 0

    @property
    def last_epoch(self) -> int:
        """The epoch in which training ended, from 1."""
        return max(self.reached_epoch, math.ceil(self.steps[-1].epochs) if self.steps else 1, 1)

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the lowest validation loss, the first of equals; None without a finite one."""
        finite = [record for record in self.epochs if math.isfinite(record.val_loss)]
        return min(finite, key=lambda record: record.val_loss).epoch if finite else None

    def since(self, epochs: int, steps: int) -> History:
        """Return what follows after so many records of each kind."""
        return History(self.epochs[epochs:], self.steps[steps:])

    def with_epoch(self, record: EpochRecord) -> History:
        """Add an epoch."""
        return replace(self, epochs=(*self.epochs, record))

    def with_step(self, record: StepRecord) -> History:
        """Add a record from within an epoch."""
        return replace(self, steps=(*self.steps, record))

    def with_rate(self, change: RateChange) -> History:
        """Add a learning rate that was chosen."""
        return replace(self, rates=(*self.rates, change))


class RunStatus(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """A run as the store knows it.

    Attributes:
        folder: Where it lies; the folder's name is the run's id.
        config: Its settings.
        dataset: The images it was trained on.
        status: How it ended.
        history: Its measurements.
        created: When it ended or was uploaded, ISO 8601 in UTC.
        name: What somebody called it; empty until then.
        test_loss: Cross-entropy on the test images, None where it was not evaluated.
        test_accuracy: Share of test images recognised, None where it was not evaluated.
        training_version: Version of the training code.
        calibration: How far its confidence can be trusted, None where that was not measured.
        has_weights: Whether there is a network; a run that failed in its first epoch has none.
        uploaded: Whether somebody brought it as a file, so that nobody here has seen it trained.
        is_measured_here: Whether the test figures of an upload were measured when it came; else they are what
            its file claims.
        owner: Who trained or uploaded it, and may change it.
        taught: What it learned from a class besides; None where that was nothing.
        pretrained: Whether it came with the app and cannot be changed.
        checksums: Of its files, by their names, where they are known.
    """

    folder: Path
    config: RunConfig
    dataset: DatasetInfo
    status: RunStatus
    history: History
    created: str
    name: str = ""
    test_loss: float | None = None
    test_accuracy: float | None = None
    training_version: int = TRAINING_VERSION
    calibration: Calibration | None = None
    has_weights: bool = True
    uploaded: bool = False
    is_measured_here: bool = False
    owner: Owner = TEACHER
    taught: Taught | None = None
    pretrained: bool = field(default=False, compare=False)
    checksums: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def id(self) -> str:
        """Name of the run's folder."""
        return self.folder.name

    @property
    def kept_epoch(self) -> int:
        """The epoch whose network was kept: the best or the last one; a failed run has its last one."""
        keeps_best = self.config.keep_best and self.status is not RunStatus.FAILED
        return (self.history.best_epoch if keeps_best else None) or self.history.last_epoch

    @property
    def val_accuracy(self) -> float | None:
        """Share of the validation images that the network recognises; None where nobody here measured it."""
        found = [] if self.uploaded else self.history.epochs[: self.kept_epoch]
        return found[-1].val_accuracy if found else None

    @cached_property
    def identity(self) -> str:
        """What this run computed, see `run_identity`; pages ask for it many times a second."""
        rates = rate_pairs(self.history.rates)
        taught = (self.taught.base, self.taught.digest) if self.taught else ()
        return run_identity(self.config, self.dataset, self.training_version, rates, taught)


def has_learned(run: Run) -> bool:
    """Whether a network does better than guessing, on the test images or else on the validation images.

    Returns:
        False where its loss is no number or hardly more images are recognised than by chance; True also where
        nothing was measured, as nothing speaks against it.
    """
    loss, accuracy = last_figures(run)
    return math.isfinite(loss) and accuracy >= GUESSES_BELOW


def last_figures(run: Run) -> tuple[float, float]:
    """Return loss and accuracy on the test images, else on the validation images; (0, 1) without either."""
    if run.test_loss is not None and run.test_accuracy is not None:
        return run.test_loss, run.test_accuracy
    if run.history.epochs:
        return run.history.epochs[-1].val_loss, run.history.epochs[-1].val_accuracy
    return 0.0, 1.0


def offered_runs(runs: Sequence[Run], person: Owner, always: Collection[str] = ()) -> list[Run]:
    """Choose the runs that a field offers, in their order, so that its list never becomes endless.

    Args:
        runs: All that there are, newest first.
        person: Who chooses: their own come before others'.
        always: Ids of those that have to be among them.
    """
    by_rank = sorted(
        runs, key=lambda run: (run.id not in always, not run.pretrained, run.owner.id != person.id)
    )
    offered = {run.id for run in by_rank[: max(MAX_OFFERED, len(always))]}
    return [run for run in runs if run.id in offered]


def pretrained_runs(runs: Iterable[Run]) -> list[Run]:
    """Find the runs that ship with the app, the one that reads drawings best first."""
    order = (ROBUST_RUN, NOTEBOOK_RUN)
    return sorted(
        (run for run in runs if run.pretrained and run.id in order), key=lambda run: order.index(run.id)
    )


def finished_runs(runs: Iterable[Run]) -> dict[str, Run]:
    """Index the finished runs by their identity, the first of each; what an upload claims nobody has seen."""
    finished: dict[str, Run] = {}
    for run in runs:
        if run.status is RunStatus.FINISHED and not run.uploaded:
            finished.setdefault(run.identity, run)
    return finished
