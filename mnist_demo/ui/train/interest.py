"""Which jobs concern a page, and when what has become of them makes the whole page run again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from mnist_demo.jobs import HOLD_SECONDS, Job, TrainerState, is_held_up
from mnist_demo.texts import Texts


@dataclass(frozen=True)
class Interest:
    """The jobs that concern a page: the one that its visitor started, and the one that they watch.

    By names that tell nobody the ids, by which jobs are stopped; empty where there is none.
    """

    own: str = ""
    watched: str = ""

    @classmethod
    def in_jobs(cls, own: str | None, watched: str | None) -> Self:
        """Take an interest in jobs of these ids."""
        return cls(*(job_alias(job_id) if job_id else "" for job_id in (own, watched)))

    def followed(self, state: TrainerState) -> Job | None:
        """Return the one that is in training, of two their own."""
        return find_training(state, self.own) or find_training(state, self.watched)

    def others(self, state: TrainerState) -> tuple[Job, ...]:
        """Return the other jobs in training; whoever watches one finds first what comes after it."""
        followed = self.followed(state)
        place = state.training.index(followed) if followed else 0
        return tuple(job for job in (*state.training[place:], *state.training[:place]) if job != followed)


def find_training(state: TrainerState, alias: str) -> Job | None:
    """Find a job in training by the name that stands for its id."""
    return next((job for job in state.training if job_alias(job.id) == alias), None)


def job_alias(job_id: str) -> str:
    """Name a job without telling its id; only this server, until it ends, knows the name."""
    return f"{hash(job_id):x}"


def page_state_key(state: TrainerState, interest: Interest) -> str:
    """Return what a page as a whole depends on: while it stays the same, only numbers have changed.

    Of jobs, only those count that concern the page: what others do never makes it run again, not even when
    it makes the page's own job wait less; see `queue_line`.
    """
    dataset = state.dataset.fingerprint if state.dataset else None
    problem = state.problem.code if state.problem else None
    own = _find_own(state, interest)
    waits, over = (own in state.queue, own.phase.is_over) if own else (None, None)
    followed = interest.followed(state)
    shown = (followed.id, len(followed.owners) > 1) if followed else None  # Stop, or Leave
    held = _held(followed) if followed and followed == own else None
    return f"{hash((dataset, problem, shown, held, over, waits)):x}"


def _held(job: Job) -> tuple[object, ...]:
    """Return what the bar shows by which a job is held."""
    return job.controls.goal, job.controls.slow, job.rate, job.is_paused


def _find_own(state: TrainerState, interest: Interest) -> Job | None:
    jobs = (*state.queue, *state.training, *state.ended)
    return next((job for job in jobs if job_alias(job.id) == interest.own), None)


def queue_line(state: TrainerState, interest: Interest, texts: Texts) -> str:
    """Say which place in the queue the page's own job has, and if it is held up; nothing if it does not wait.

    Whoever holds that up may be the same person: who may train several things at a time, or in another tab.
    """
    own = _find_own(state, interest)
    place = state.place_in_queue(own.id) if own else None
    if not place:
        return ""
    words = texts.training
    if not state.training:
        return words.waiting
    queued = words.queued.format(place=place)
    return f"{queued} {_within(texts.controls.behind_held, texts)}" if is_held_up(state) else queued


def hold_line(state: TrainerState, interest: Interest, texts: Texts) -> str:
    """Say when the page's own job goes on by itself, since others wait, or that it did."""
    own = find_training(state, interest.own)
    if own and own.is_held_back and state.queue:
        return _within(texts.controls.others_wait, texts)
    return texts.controls.went_on if own and own.went_on and own.is_steerable else ""


def _within(form: str, texts: Texts) -> str:
    return form.format(minutes=texts.numbers.whole(HOLD_SECONDS // 60))


def other_line(state: TrainerState, interest: Interest, texts: Texts) -> str:
    """Say what others train, in one line; nothing where they train nothing, or the page's own is trained."""
    others = interest.others(state)
    if not others or find_training(state, interest.own):
        return ""
    if len(others) > 1:
        return texts.training.others.format(count=texts.numbers.whole(len(others)))
    (job,) = others
    epoch = job.step.epoch if job.step else 1
    return texts.training.other.format(epoch=epoch, epochs=job.config.epochs)
