"""How a class has the trainer teach a network: a file of drawings, a job, and somebody who follows it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from mnist_demo.classroom.files import explained
from mnist_demo.data import ClassDrawings
from mnist_demo.errors import DemoError
from mnist_demo.jobs import Job, JobPhase, Teaching, Trainer, TrainerState, class_config
from mnist_demo.runs import TEACHER, RunStore

FOLLOWED_SECONDS = 3600
"""Longer than any queue of a class; a job that is not over by then has failed."""


class ClassTeacher:
    """Has networks learn from the class.

    Args:
        folder: Where the drawings are left for the trainer.
        store: Holds the network to start from.
        trainer: Opens the trainer.
    """

    def __init__(self, folder: Path, store: RunStore, trainer: Callable[[], Trainer]) -> None:
        self._folder, self._store, self._trainer = folder, store, trainer

    def submit(self, drawings: ClassDrawings, base: str) -> Job:
        """Have the network of a run go on learning from drawings, as the teacher's job.

        Raises:
            ClassNotKept: The drawings cannot be written.
            UnknownRun: There is no such run.
            NoRoom: Too much waits, or is kept.
        """
        config = class_config(self._store.get(base).config)
        path = self._folder / f"learning-{secrets.token_hex(8)}.npz"
        try:
            with explained():
                drawings.save(path)
            return self._trainer().submit(config, TEACHER, Teaching(base, str(path)))
        except DemoError:
            path.unlink(missing_ok=True)
            raise

    def follow(self, job: Job, started: Callable[[], object], ended: Callable[[str], object]) -> None:
        """Follow a job in a thread of its own.

        Args:
            job: Just submitted.
            started: Called when it waits no longer.
            ended: Called when it is over, with the id of its run, empty where it has failed; the file of its
                drawings is deleted then.
        """

        def watch() -> None:
            trainer = self._trainer()
            trainer.wait_for(lambda state: not _waits(state, job.id), FOLLOWED_SECONDS)
            started()
            trainer.wait_for(lambda state: _is_over(state, job.id), FOLLOWED_SECONDS)
            found = trainer.state.find(job.id)
            if job.teaching:
                Path(job.teaching.drawings).unlink(missing_ok=True)
            ended(found.run if found and found.phase is JobPhase.ENDED else "")

        threading.Thread(target=watch, name="class-training", daemon=True).start()

    def forget(self) -> None:
        """Delete the drawings that are left for the trainer."""
        for path in self._folder.glob("learning-*.npz"):
            path.unlink(missing_ok=True)


def _waits(state: TrainerState, job_id: str) -> bool:
    return any(job.id == job_id for job in state.queue)


def _is_over(state: TrainerState, job_id: str) -> bool:
    job = state.find(job_id)
    return job is None or job.phase.is_over
