"""How a class has the trainer teach a network: a file of drawings, a job, and somebody who follows it."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path

from mnist_demo.classroom import (
    ClassState,
    Drawing,
    Phase,
    begin_training,
    class_drawings,
    end_training,
    start_training,
)
from mnist_demo.classroom.files import explained
from mnist_demo.data import ClassDrawings
from mnist_demo.errors import ClassElsewhere, ClassNotKept, DamagedRun, DemoError, NotNow, UnknownRun
from mnist_demo.jobs import Job, JobPhase, Teaching, Trainer, TrainerState, class_config
from mnist_demo.runs import TEACHER, RunStore

LOG = logging.getLogger(__name__)
Changes = Callable[[Callable[[ClassState], ClassState]], Future[None]]
FOLLOWED_SECONDS = 3600
"""Longer than any queue of a class; a job that is not over by then has failed."""
AGAIN_SECONDS = 2
"""After which it is tried again to tell a class whose file cannot be written."""


class ClassTeacher:
    """Has networks learn from the class.

    Args:
        folder: Where the drawings are left for the trainer.
        store: Holds the network to start from.
        trainer: Opens the trainer.
    """

    def __init__(self, folder: Path, store: RunStore, trainer: Callable[[], Trainer]) -> None:
        self._folder, self._store, self._trainer = folder, store, trainer
        self._job = ""

    def teach(self, state: ClassState, drawings: Iterable[Drawing], change: Changes) -> ClassState:
        """Have the class's network go on learning from its drawings, as the teacher's job.

        Args:
            state: The class.
            drawings: Of all rounds.
            change: Makes a change of the class later, for when the training goes on or has ended.

        Returns:
            The class, which is in training.

        Raises:
            NotNow: It cannot be trained now, or there are too few drawings.
            ClassNotKept: The drawings cannot be written.
            UnknownRun: The run of the network is gone.
            NoRoom: Too much waits, or is kept.
        """
        begin_training(state)  # refused before anything is written
        job = self._submit(class_drawings(drawings, state), state.run)
        self._job = job.id
        threading.Thread(target=self._follow, args=(job, change), name="class-training", daemon=True).start()
        return begin_training(state, waits=job.phase is JobPhase.QUEUED)

    def _submit(self, drawings: ClassDrawings, base: str) -> Job:
        config = class_config(self._store.get(base).config)
        path = self._folder / f"learning-{secrets.token_hex(8)}.npz"
        try:
            with explained():
                drawings.save(path)
            return self._trainer().submit(config, TEACHER, Teaching(base, str(path)))
        except DemoError:
            path.unlink(missing_ok=True)
            raise

    def _follow(self, job: Job, change: Changes) -> None:
        """Let the class know when the training begins, and what has come of it; delete the drawings then."""
        trainer = self._trainer()
        trainer.wait_for(lambda state: not _waits(state, job.id), FOLLOWED_SECONDS)
        self._tell(job, change, start_training)
        trainer.wait_for(lambda state: _is_over(state, job.id), FOLLOWED_SECONDS)
        found = trainer.state.find(job.id)
        if job.teaching:
            _delete(Path(job.teaching.drawings))
        run = found.run if found and found.phase is JobPhase.ENDED else ""
        try:
            self._tell(job, change, lambda state: end_training(state, run))
        except (UnknownRun, DamagedRun):
            LOG.exception("What a class has taught cannot be read")
            self._tell(job, change, end_training)

    def _tell(self, job: Job, change: Changes, transition: Callable[[ClassState], ClassState]) -> None:
        """Change the class that waits for a job, if it does, as soon as that can be kept.

        Nobody but this thread ends the waiting, so a disk that is full or away for a moment must not end it.
        """
        while True:
            try:
                told = change(lambda state: transition(state) if self._is_for(job, state) else state)
            except RuntimeError:
                return  # the server ends, and its threads take nothing more
            try:
                told.result()
                return
            except NotNow:
                return  # the class has ended
            except (ClassElsewhere, ClassNotKept) as error:
                LOG.warning("A class waits for its network, and cannot be told: %s", error)
            time.sleep(AGAIN_SECONDS)

    def _is_for(self, job: Job, state: ClassState) -> bool:
        """Whether a class waits for this job: it may have ended meanwhile, and another may have begun."""
        return job.id == self._job and state.phase is Phase.TRAINING

    def forget(self) -> None:
        """Delete the drawings that are left for the trainer."""
        for path in self._folder.glob("learning-*.npz"):
            _delete(path)


def _delete(path: Path) -> None:
    """Delete drawings that were left for the trainer; what it has open on Windows goes when it is done."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        LOG.warning("Drawings of a class are not deleted yet: %s", error)


def _waits(state: TrainerState, job_id: str) -> bool:
    return any(job.id == job_id for job in state.queue)


def _is_over(state: TrainerState, job_id: str) -> bool:
    job = state.find(job_id)
    return job is None or job.phase.is_over
