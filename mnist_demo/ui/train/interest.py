"""Which jobs concern a page, and when what has become of them makes the whole page run again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from mnist_demo.jobs import Job, TrainerState
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
        return cls(*(_alias(job_id) if job_id else "" for job_id in (own, watched)))

    def followed(self, state: TrainerState) -> Job | None:
        """Return the job in training if it is one of the two."""
        active = state.active
        return active if active and _alias(active.id) in {self.own, self.watched} else None


def _alias(job_id: str) -> str:
    return f"{hash(job_id):x}"


def page_state_key(state: TrainerState, interest: Interest) -> str:
    """Return what a page as a whole depends on: while it stays the same, only numbers have changed.

    Of jobs, only those count that concern the page: what others train never makes it run again.
    """
    dataset = state.dataset.fingerprint if state.dataset else None
    problem = state.problem.code if state.problem else None
    jobs = (*state.queue, *((state.current,) if state.current else ()), *state.ended)
    own = next((job for job in jobs if _alias(job.id) == interest.own), None)
    place = state.place_in_queue(own.id) if own else None
    over = own.phase.is_over if own else None
    return f"{hash((dataset, problem, interest.followed(state) is None, over, place)):x}"


def other_line(state: TrainerState, interest: Interest, texts: Texts) -> str:
    """Say that somebody else's network is being trained; nothing where none is."""
    job = state.active
    if not job or interest.followed(state):
        return ""
    epoch = job.step.epoch if job.step else 1
    return texts.training.other.format(epoch=epoch, epochs=job.config.epochs)
