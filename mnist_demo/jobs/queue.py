"""The rules of the queue, as functions from one state to the next: nothing here waits for anybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from mnist_demo.errors import DemoError, NoRoom, NotAllowed
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase, replace_job
from mnist_demo.runs import TEACHER, Owner, RunConfig

ENDED_JOBS_KEPT = 50


@dataclass(frozen=True)
class Room:
    """How much is there, and how much there may be.

    Attributes:
        runs: Runs that are kept.
        gigabytes: What they take.
        max_waiting: Jobs that may wait.
        max_runs: Runs that may be kept, those to come included.
        max_gigabytes: What they may take.
    """

    runs: int
    gigabytes: float
    max_waiting: int
    max_runs: int
    max_gigabytes: float

    def check(self, state: TrainerState) -> None:
        """Check that one more job may wait.

        Raises:
            NoRoom: It may not; the sentence says what to do.
        """
        if len(state.queue) >= self.max_waiting:
            raise NoRoom("queue_full", limit=self.max_waiting)
        if self.runs + len(state.pending) >= self.max_runs:
            raise NoRoom("too_many_runs", limit=self.max_runs)
        if self.gigabytes >= self.max_gigabytes:
            raise NoRoom("runs_too_large", limit=f"{self.max_gigabytes:g}")


def submit(state: TrainerState, job: Job, room: Room) -> TrainerState:
    """Queue what somebody wants to have trained, or join whoever waits for, or trains, the same.

    A visitor has one job at a time: another one takes the place of theirs that waits. The teacher may queue
    any number.

    Args:
        state: As it was.
        job: A new one, with one owner.
        room: What limits the queue.

    Raises:
        NotAllowed: The visitor's network is being trained, and this is another one; or a clean lesson starts.
        NoRoom: There are too many jobs or runs.
    """
    (person,) = job.owners
    if state.is_closed and not person.is_teacher:
        raise NotAllowed("lesson_starts")
    same = None if job.teaching else find_same(state, job.config, person)
    if same and same.is_of(person):
        return state
    if not person.is_teacher:
        if any(other.is_of(person) for other in state.training if other.phase is not JobPhase.STOPPING):
            raise NotAllowed("one_training")
        waiting = next((other for other in state.queue if other.is_of(person)), None)
        if waiting and not same and len(waiting.owners) == 1:
            return replace_job(state, waiting.id, replace(job, turn=waiting.turn))
        state = _let_leave(state, waiting.id, person) if waiting else state
    if same:
        turn = min(same.turn, state.next_turn(person))
        return replace_job(state, same.id, replace(same, owners=(*same.owners, person), turn=turn))
    room.check(state)
    return replace(state, queue=(*state.queue, replace(job, turn=state.next_turn(person))))


def find_same(state: TrainerState, config: RunConfig, person: Owner) -> Job | None:
    """Find the job that trains, or will train, just this, for somebody who waits for it or may join it.

    Nobody joins one that is being stopped, whose rate was changed, or that its owner holds back.
    """
    same = (job for job in state.pending if job.trains(config) and job.phase is not JobPhase.STOPPING)
    return next((job for job in same if job.is_of(person) or not job.is_held_back), None)


def stop(state: TrainerState, job_id: str, person: Owner) -> TrainerState:
    """End a job for somebody: the teacher ends it for all, a visitor leaves it to those who stay.

    Args:
        state: As it was; a job that is over, or unknown, changes nothing.
        job_id: Which one.
        person: Who pressed.

    Raises:
        NotAllowed: It is somebody else's.
    """
    job = state.find(job_id)
    if not job or job.phase.is_over:
        return state
    if not job.may_end(person):
        raise NotAllowed("others_job")
    return _end(state, job) if person.is_teacher else _let_leave(state, job_id, person)


def end_visitors(state: TrainerState) -> TrainerState:
    """End what only visitors wait for; what the teacher waits for, too, goes on and becomes the teacher's."""
    for job in state.pending:
        if not job.is_of(TEACHER):
            state = _end(state, job)
        elif job.owners != (TEACHER,):
            state = replace_job(state, job.id, replace(job, owners=(TEACHER,)))
    return state


def let_go(state: TrainerState, gone: Collection[str]) -> TrainerState:
    """Take those whose pages are gone from the queue.

    Args:
        state: As it was; a job in training goes on.
        gone: Ids of owners.
    """
    for job in state.queue:
        for owner in job.owners:
            if owner.id in gone:
                state = _let_leave(state, job.id, owner)
    return state


def assign(state: TrainerState) -> TrainerState:
    """Give the jobs that wait, in their turn, to the trainers that are ready and free."""
    for place, worker in enumerate(state.workers):
        if worker.phase is WorkerPhase.READY and not worker.job and state.queue:
            job = state.in_turn[0]
            state = replace(state, queue=tuple(other for other in state.queue if other.id != job.id))
            state = set_worker(state, place, job=replace(job, phase=JobPhase.TRAINING))
    return state


def set_worker(
    state: TrainerState, place: int, phase: WorkerPhase | None = None, job: Job | None = None
) -> TrainerState:
    """Say how far a trainer is, or its job; what is not given stays."""
    worker = state.workers[place]
    changed = Worker(phase or worker.phase, job or worker.job)
    return replace(state, workers=(*state.workers[:place], changed, *state.workers[place + 1 :]))


def wake(state: TrainerState, place: int) -> TrainerState:
    """Say that a trainer starts that was to start later; of any other nothing changes."""
    is_later = state.workers[place].phase is WorkerPhase.LATER
    return set_worker(state, place, WorkerPhase.STARTING) if is_later else state


def job_of(state: TrainerState, place: int, job_id: str) -> Job:
    """Return the job that a trainer speaks of.

    Raises:
        ValueError: It was given no such job.
    """
    job = state.workers[place].job
    if not job or job.id != job_id:
        raise ValueError(f"The trainer speaks of job {job_id}, which it was not given.")
    return job


def end_job(state: TrainerState, place: int, run: str, problem: DemoError | None = None) -> TrainerState:
    """Free a trainer of its job, which has become a run or has failed."""
    job = state.workers[place].job
    assert job
    phase = JobPhase.FAILED if problem else JobPhase.ENDED
    ended = (*state.ended, replace(job, phase=phase, run=run, problem=problem))[-ENDED_JOBS_KEPT:]
    freed = Worker(state.workers[place].phase)
    workers = (*state.workers[:place], freed, *state.workers[place + 1 :])
    return replace(state, workers=workers, ended=ended)


def give_up(state: TrainerState, place: int, phase: WorkerPhase, problem: DemoError) -> TrainerState:
    """Let a trainer stand still; when no other can train either, nobody waits in vain."""
    state = replace(set_worker(state, place, phase), problem=problem)
    hopeless = all(worker.phase.is_stuck or worker.phase is WorkerPhase.LATER for worker in state.workers)
    return replace(state, queue=()) if hopeless else state


def _let_leave(state: TrainerState, job_id: str, person: Owner) -> TrainerState:
    """Take a person from a job; with the last one it ends."""
    job = state.find(job_id)
    assert job
    others = tuple(owner for owner in job.owners if owner.id != person.id)
    return replace_job(state, job_id, replace(job, owners=others)) if others else _end(state, job)


def _end(state: TrainerState, job: Job) -> TrainerState:
    if job.phase is JobPhase.QUEUED:
        return replace(state, queue=tuple(other for other in state.queue if other.id != job.id))
    return replace_job(state, job.id, replace(job, phase=JobPhase.STOPPING))
