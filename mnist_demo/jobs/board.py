"""The one picture of all trainers and their queue, which one thread at a time may change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from mnist_demo.jobs.job import JobPhase
from mnist_demo.jobs.messages import HandOver, Message, Steer, Stop, Train
from mnist_demo.jobs.queue import assign
from mnist_demo.jobs.state import TrainerState, Worker

Change = Callable[[TrainerState], TrainerState]


class Board:
    """Holds the state; what a change means for a process is told to it by the change itself.

    Args:
        state: The first one.

    Attributes:
        tell: For each trainer, what sends it a message; must not wait.
        is_closed: Whether jobs are given out no more.
    """

    def __init__(self, state: TrainerState) -> None:
        self._lock = threading.Condition()
        self._state = state
        self.tell: Sequence[Callable[[Message], None]] = ()
        self.is_closed = False

    @property
    def state(self) -> TrainerState:
        """The latest picture."""
        return self._state

    def change(self, change: Change) -> TrainerState:
        """Change the state, give out the jobs that can be trained now, and return what there is then.

        An error of `change` leaves everything as it was.
        """
        with self._lock:
            before, after = self._state, change(self._state)
            if not self.is_closed:
                after = assign(after)
            if after is not before:
                self._state = replace(after, version=before.version + 1)
                for tell, old, new in zip(self.tell, before.workers, after.workers, strict=True):
                    for message in _orders(old, new):
                        tell(message)
                self._lock.notify_all()
            return self._state

    def wait_for(self, condition: Callable[[TrainerState], bool], seconds: float) -> bool:
        """Wait until the state is as wanted; tell whether it is, at the latest after so many seconds."""
        with self._lock:
            return self._lock.wait_for(lambda: condition(self._state), seconds)

    def close(self) -> None:
        """Give out no more jobs."""
        with self._lock:
            self.is_closed = True


def _orders(old: Worker, new: Worker) -> list[Message]:
    """List what a process has to be told after a change; of a job that it has lost it need not hear."""
    job = new.job
    if not job:
        return []
    if not old.job or old.job.id != job.id:
        return [Train(job.id, job.config, job.owners[0], job.teaching)]
    orders: list[Message] = []
    if old.job.owners[0] != job.owners[0]:
        orders.append(HandOver(job.id, job.owners[0]))
    if old.job.controls != job.controls:
        orders.append(Steer(job.id, job.controls))
    if job.phase is JobPhase.STOPPING and old.job.phase is not JobPhase.STOPPING:
        orders.append(Stop(job.id))
    return orders
