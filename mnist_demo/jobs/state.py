"""What a visitor can know about the trainer: frozen values, a new one at every change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from mnist_demo.data import DatasetInfo
from mnist_demo.errors import DemoError
from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone, extend_history
from mnist_demo.network import Calibration
from mnist_demo.runs import History, RunConfig


class WorkerPhase(StrEnum):
    """How far the trainer process is."""

    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    NO_DATA = "no_data"
    BROKEN = "broken"


class JobPhase(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    COMPILING = "compiling"
    TRAINING = "training"
    STOPPING = "stopping"
    ENDED = "ended"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self in {JobPhase.ENDED, JobPhase.FAILED}


@dataclass(frozen=True)
class Job:
    """One press of Train.

    Attributes:
        id: Random, so that a browser can come back to it.
        config: The settings.
        phase: How far it is.
        history: Its measurements so far.
        step: The latest progress within an epoch, None before the first.
        weights: File with the network as it was a moment ago, from its random start on; empty before. It goes
            when two newer ones are there.
        epoch_weights: File with the network after the last whole epoch, to which the figures of that epoch
            belong; empty before. It stays until the next epoch is done.
        calibration: How far the network after the last whole epoch can be trusted, with nothing measured on
            test images; None before, and for a network that has overflowed.
        run: Id of the run that it became in the store, empty until then.
        problem: Why it failed.
    """

    id: str
    config: RunConfig
    phase: JobPhase = JobPhase.QUEUED
    history: History = field(default_factory=History)
    step: StepDone | None = None
    weights: str = ""
    epoch_weights: str = ""
    calibration: Calibration | None = None
    run: str = ""
    problem: DemoError | None = None

    @property
    def share(self) -> float:
        """How much of it is trained, 0 to 1."""
        if not self.step:
            return 0.0
        return (self.step.epoch - 1 + self.step.step / self.step.steps) / self.config.epochs


@dataclass(frozen=True)
class TrainerState:
    """Everything that pages show of the trainer.

    Attributes:
        worker: How far the process is.
        dataset: The images; None until it is known which ones somebody has brought.
        problem: Why there is no data, or no trainer.
        current: The job that is trained, or else the last one that was.
        queue: Jobs that wait, in order.
        ended: Jobs before the current one, of which their owners may still want to know.
        version: Grows with every change.
    """

    worker: WorkerPhase = WorkerPhase.STARTING
    dataset: DatasetInfo | None = None
    problem: DemoError | None = None
    current: Job | None = None
    queue: tuple[Job, ...] = ()
    ended: tuple[Job, ...] = ()
    version: int = 0

    @property
    def active(self) -> Job | None:
        """The job in training, None when the trainer is idle."""
        return self.current if self.current and not self.current.phase.is_over else None

    def find(self, job_id: str) -> Job | None:
        """Find a job that waits, is trained, or has ended not long ago."""
        jobs = (*self.queue, *((self.current,) if self.current else ()), *self.ended)
        return next((job for job in jobs if job.id == job_id), None)

    def place_in_queue(self, job_id: str) -> int | None:
        """Count from 1 for the next one to be trained; None for a job that does not wait."""
        return next((place for place, job in enumerate(self.queue, 1) if job.id == job_id), None)


def advance(job: Job, event: Event, weights: str, calibration: Calibration | None = None) -> Job:
    """Bring a job up to date with an event of the training loop.

    Args:
        job: As it was.
        event: What has happened.
        weights: File with the network after the event; empty: the file before stays the newest.
        calibration: The network's, after an epoch.
    """
    job = replace(job, history=extend_history(job.history, event), weights=weights or job.weights)
    phase = JobPhase.COMPILING if isinstance(event, Compiling) else JobPhase.TRAINING
    if job.phase is not JobPhase.STOPPING:
        job = replace(job, phase=phase)
    match event:
        case StepDone():
            return replace(job, step=event)
        case EpochDone():
            # Without a file, the job has no network to which this epoch's figures belong.
            return replace(job, epoch_weights=weights, calibration=calibration)
        case Compiling() | Started():
            return job
