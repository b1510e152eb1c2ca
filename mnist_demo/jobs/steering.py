"""Who may hold a run in training, and what that makes of it: functions from one state to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from mnist_demo.errors import NotAllowed
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.job import Job
from mnist_demo.jobs.state import TrainerState, replace_job
from mnist_demo.runs import MAX_RATE_CHANGES, Owner


def steer(
    state: TrainerState, job_id: str, person: Owner, change: Callable[[Controls], Controls]
) -> TrainerState:
    """Do what somebody has pressed for a run in training.

    Args:
        state: As it was; a job that waits, is being stopped, is over, or is unknown changes nothing.
        job_id: Which one.
        person: Who pressed.
        change: What the press makes of the controls.

    Raises:
        NotAllowed: It is not in their hand, or its rate was changed very often.
        InvalidConfig: It can have no such learning rate.
    """
    job = state.find(job_id)
    if not job or not job.is_steerable:
        return state
    if not job.may_steer(person):
        raise NotAllowed("shared_job" if job.is_of(person) else "others_job")
    controls = change(job.controls)
    if controls.rate not in {None, job.controls.rate}:
        replace(job.config, learning_rate=controls.rate)  # raises
        # Counted when they are chosen: of those that were, the trainer may not have told yet.
        if controls.rates > MAX_RATE_CHANGES:
            raise NotAllowed("too_many_rates", limit=MAX_RATE_CHANGES)
    return state if controls == job.controls else _with(state, job, controls, went_on=False)


def let_go_on(state: TrainerState, jobs: Collection[str]) -> TrainerState:
    """Let jobs, by id, train on as fast as they can: others have waited long enough."""
    for job in state.training:
        if job.id in jobs and job.is_held_back:
            state = _with(state, job, job.controls.let_go(), went_on=True)
    return state


def _with(state: TrainerState, job: Job, controls: Controls, *, went_on: bool) -> TrainerState:
    return replace_job(state, job.id, replace(job, controls=controls, went_on=went_on))
