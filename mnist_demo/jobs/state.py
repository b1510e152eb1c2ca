"""What a visitor can know about the trainer: frozen values, a new one at every change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from mnist_demo.data import DatasetInfo
from mnist_demo.errors import DemoError
from mnist_demo.jobs.job import Job
from mnist_demo.runs import Owner


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
