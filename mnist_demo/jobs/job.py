"""A job: what somebody wants to have trained, how far it is, and who may stop, hold or join it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from mnist_demo.errors import DemoError
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone, extend_history
from mnist_demo.jobs.teaching import Teaching
from mnist_demo.network import Calibration
from mnist_demo.runs import TEACHER, History, Owner, RunConfig, may_change


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
