"""What a visitor can know about the trainer: frozen values, a new one at every change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from mnist_demo.data import DatasetInfo
from mnist_demo.errors import DemoError
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone, extend_history
from mnist_demo.jobs.teaching import Teaching
from mnist_demo.network import Calibration
from mnist_demo.runs import TEACHER, History, Owner, RunConfig, may_change


class WorkerPhase(StrEnum):
    """How far a trainer's process is, from the first to be asked to the last."""

    LATER = "later"
    STARTING = "starting"
    LOADING = "loading"
    READY = "ready"
    NO_DATA = "no_data"
    BROKEN = "broken"

    @property
    def is_stuck(self) -> bool:
        """Whether it stands still until somebody presses Train."""
        return self in {WorkerPhase.NO_DATA, WorkerPhase.BROKEN}


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
    """A configuration that is trained once, for all who pressed Train on it.

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
        owners: Who waits for it, at least one; the first is whose run it becomes.
        turn: When it is trained: after all of an earlier turn.
        controls: How it is held while it trains.
        is_still: Whether the trainer said, the last time that it said anything, that it stands still.
        went_on: Whether it was let go on, as others waited, since the last press.
        teaching: The class it learns from besides; None: none.
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
    owners: tuple[Owner, ...] = (TEACHER,)
    turn: int = 0
    controls: Controls = Controls()  # noqa: RUF009 - frozen
    is_still: bool = False
    went_on: bool = False
    teaching: Teaching | None = None

    def is_of(self, person: Owner) -> bool:
        """Whether somebody waits for it."""
        return any(owner.id == person.id for owner in self.owners)

    def may_end(self, person: Owner) -> bool:
        """Whether somebody may stop it, or at least leave it."""
        return any(may_change(person, owner) for owner in self.owners)

    def may_steer(self, person: Owner) -> bool:
        """Whether somebody may pause it, or change its rate: see `controls`."""
        return person.is_teacher or (len(self.owners) == 1 and self.is_of(person))

    @property
    def is_steerable(self) -> bool:
        """Whether there is anything to pause."""
        return self.phase in {JobPhase.COMPILING, JobPhase.TRAINING}

    @property
    def is_held_back(self) -> bool:
        """Whether somebody holds it back."""
        return self.is_steerable and self.controls.holds_back

    @property
    def is_paused(self) -> bool:
        """Whether the trainer stands still, and is to stand still."""
        return self.is_still and self.is_steerable and self.controls.goal != "run"

    @property
    def rate(self) -> float:
        """The learning rate, by the settings or as it was chosen since."""
        return self.controls.rate or self.config.learning_rate

    def trains(self, config: RunConfig) -> bool:
        """Whether its network is the one of these settings: with no other rate, and no class."""
        return (
            self.config == config
            and not self.teaching
            and self.rate == config.learning_rate
            and not self.history.rates
        )

    @property
    def share(self) -> float:
        """How much of it is trained, 0 to 1."""
        if not self.step:
            return 0.0
        return (self.step.epoch - 1 + self.step.step / self.step.steps) / self.config.epochs


@dataclass(frozen=True)
class Worker:
    """One trainer: how far its process is, and the job that it trains."""

    phase: WorkerPhase = WorkerPhase.STARTING
    job: Job | None = None


@dataclass(frozen=True)
class TrainerState:
    """Everything that pages show of the trainers.

    Attributes:
        workers: The trainers, each in its place.
        dataset: The images; None until it is known which ones somebody has brought.
        problem: Why there is no data, or no trainer.
        queue: Jobs that wait, in the order in which they came; see `in_turn`.
        ended: Jobs that are over, the latest last, of which their owners may still want to know.
        is_closed: Whether visitors can queue nothing, while what they have trained is packed away.
        version: Grows with every change.
    """

    workers: tuple[Worker, ...] = (Worker(),)
    dataset: DatasetInfo | None = None
    problem: DemoError | None = None
    queue: tuple[Job, ...] = ()
    ended: tuple[Job, ...] = ()
    is_closed: bool = False
    version: int = 0

    @property
    def worker(self) -> WorkerPhase:
        """How far the trainers are: as far as the one that can train soonest."""
        phases = {worker.phase for worker in self.workers}
        stuck = (WorkerPhase.NO_DATA, WorkerPhase.BROKEN)
        order = (WorkerPhase.READY, WorkerPhase.LOADING, WorkerPhase.STARTING, *stuck)
        return next(phase for phase in order if phase in phases)  # the first trainer never starts later

    @cached_property
    def training(self) -> tuple[Job, ...]:
        """The jobs in training."""
        return tuple(worker.job for worker in self.workers if worker.job)

    @property
    def pending(self) -> tuple[Job, ...]:
        """The jobs in training, and those that wait in their turn."""
        return (*self.training, *self.in_turn)

    @cached_property
    def in_turn(self) -> tuple[Job, ...]:
        """The jobs that wait, in the order in which they will be trained; see `next_turn`."""
        return tuple(sorted(self.queue, key=lambda job: job.turn))  # keeps equals in order

    def next_turn(self, owner: Owner) -> int:
        """Return in which turn another job of an owner may be trained.

        Owners take turns: somebody's next job is one turn after their last one, and whoever comes new comes
        in the turn that is going on. So a second job comes after everybody's first, whenever it was pressed,
        and is not put off for ever by those who press later (start-time fair queueing: Goyal, Vin and Cheng,
        1996, with jobs of equal length).
        """
        begun = (*self.training, *self.ended)
        turns = [job.turn + 1 for job in (*self.queue, *begun) if job.is_of(owner)]
        return max([0, *turns, *(job.turn for job in begun)])

    def find(self, job_id: str) -> Job | None:
        """Find a job that waits, is trained, or has ended not long ago."""
        jobs = (*self.queue, *self.training, *self.ended)
        return next((job for job in jobs if job.id == job_id), None)

    def place_in_queue(self, job_id: str) -> int | None:
        """Count from 1 for the next one to be trained; None for a job that does not wait."""
        return next((place for place, job in enumerate(self.in_turn, 1) if job.id == job_id), None)


def replace_job(state: TrainerState, job_id: str, job: Job) -> TrainerState:
    """Put a job in the place of another one, in the queue or in training."""
    queue = tuple(job if other.id == job_id else other for other in state.queue)
    workers = tuple(
        replace(worker, job=job) if worker.job and worker.job.id == job_id else worker
        for worker in state.workers
    )
    return replace(state, queue=queue, workers=workers)


def advance(
    job: Job, event: Event, weights: str, calibration: Calibration | None = None, *, is_still: bool = False
) -> Job:
    """Bring a job up to date with an event of the training loop.

    Args:
        job: As it was.
        event: What has happened.
        weights: File with the network after the event; empty: the file before stays the newest.
        calibration: The network's, after an epoch.
        is_still: Whether training stands still after it.
    """
    history = extend_history(job.history, event)
    job = replace(job, history=history, weights=weights or job.weights, is_still=is_still)
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
