"""The web server's side of training: one queue for all visitors, and the trainers that work it off."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from mnist_demo.data import MNIST
from mnist_demo.errors import NotAllowed
from mnist_demo.jobs.board import Board
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.holding import Holding
from mnist_demo.jobs.job import Job
from mnist_demo.jobs.presence import Presence
from mnist_demo.jobs.process import WORKER, Patience
from mnist_demo.jobs.queue import Room, end_visitors, find_same, let_go, stop, submit, wake
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.jobs.steering import let_go_on, steer
from mnist_demo.jobs.supervisor import Plan, Supervisor
from mnist_demo.jobs.teaching import Teaching
from mnist_demo.runs import TEACHER, Owner, RunConfig, RunStore, make_room
from mnist_demo.settings import Settings

EMPTYING_SECONDS = 10
"""How long the end of a training is waited for: it is tested and kept, which takes a second or two."""


class Trainer:
    """Some trainer processes, warm from the start, and one queue for all visitors.

    `state` is a frozen picture that any thread may read. Each process has a supervising thread; when one
    dies or hangs, its job is closed, its history is kept, and another process starts. The first is ready
    before the others start, so that the first visitor waits for one only.

    Args:
        settings: Passed on to the processes; how many they are, and how much may wait and be kept.
        store: Keeps what a lost process has trained.
        command: What to run.
        patience: How long a process is waited for.
        is_there: Whether an owner, by id, has a page open. Who has none for a while waits no longer.
        clock: Seconds from any beginning.
    """

    def __init__(
        self,
        settings: Settings,
        store: RunStore,
        command: Sequence[str] = WORKER,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        *,
        is_there: Callable[[str], bool] = lambda _owner: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._store = settings, store
        self._presence, self._holding = Presence(is_there, clock), Holding(clock)
        self._closing = threading.Lock()
        workers = (Worker(), *(Worker(WorkerPhase.LATER) for _ in range(settings.trainers - 1)))
        self._board = Board(TrainerState(workers, dataset=None if settings.data else MNIST))
        plan = Plan(settings, store, command, patience)
        self._supervisors = [
            Supervisor(place, self._board, plan, self._start_others, self._look_after_queue)
            for place in range(settings.trainers)
        ]
        self._board.tell = [supervisor.send for supervisor in self._supervisors]

    def start(self) -> None:
        """Start the first process; returns at once. The others follow when it is ready."""
        self._supervisors[0].start()

    def close(self) -> None:
        """End the processes in order, and wait until their jobs have become stopped runs, tested and kept."""
        self._board.close()
        closing = [
            threading.Thread(target=supervisor.close, name="end of a trainer")
            for supervisor in self._supervisors
        ]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()

    @property
    def state(self) -> TrainerState:
        """The latest picture."""
        return self._board.state

    def submit(self, config: RunConfig, owner: Owner = TEACHER, teaching: Teaching | None = None) -> Job:
        """Have something trained as soon as it is somebody's turn, see `queue.submit`.

        Args:
            config: What to train.
            owner: Who wants it.
            teaching: The class that it learns from besides; None: none.

        Returns:
            The job: a new one, or the one that others wait for, or train, with the same settings.

        Raises:
            NotAllowed: A network of this visitor is being trained, and this is another one; or a clean lesson
                starts.
            NoRoom: Too many wait already, or too much is kept.
        """
        self._presence.see(owner.id)
        limits = self._settings
        usage = make_room(self._store, limits.max_runs_gigabytes)
        room = Room(
            usage.runs, usage.gigabytes, limits.max_waiting, limits.max_runs, limits.max_runs_gigabytes
        )
        job = Job(secrets.token_hex(8), config, owners=(owner,), teaching=teaching)
        state = self._board.change(lambda state: submit(state, job, room))
        for supervisor in self._supervisors:
            supervisor.retry()
        return state.find(job.id) or find_same(state, config, owner) or job  # which the change has put there

    def wait_for(self, condition: Callable[[TrainerState], bool], seconds: float) -> bool:
        """Wait until the state is as wanted; tell whether it is, at the latest after so many seconds."""
        return self._board.wait_for(condition, seconds)

    def stop(self, job_id: str, person: Owner = TEACHER) -> None:
        """End a job: one in training keeps what was trained, one that waits leaves the queue.

        A visitor leaves it to the others who wait for it; the teacher ends it for all.

        Raises:
            NotAllowed: It is somebody else's.
        """
        self._board.change(lambda state: stop(state, job_id, person))

    def steer(self, job_id: str, change: Callable[[Controls], Controls], person: Owner = TEACHER) -> None:
        """Pause a run in training, or do what else was pressed, see `steering.steer`.

        Raises:
            NotAllowed: It is not in this person's hand, or its rate was changed very often.
            InvalidConfig: It can have no such learning rate.
        """
        self._board.change(lambda state: steer(state, job_id, person, change))

    @contextlib.contextmanager
    def closed_to_visitors(self, person: Owner = TEACHER, seconds: float = EMPTYING_SECONDS) -> Iterator[int]:
        """End what visitors wait for and train, and take nothing new of theirs; the teacher's jobs go on.

        Yields:
            How many of their trainings have not ended in the time that is waited for them.

        Raises:
            NotAllowed: This is not the teacher.
        """
        if not person.is_teacher:
            raise NotAllowed("teacher_only")
        with self._closing:  # the teacher may have two pages open, and the first must not open for the second
            self._board.change(lambda state: replace(end_visitors(state), is_closed=True))
            try:
                self._board.wait_for(lambda state: not _of_visitors(state), seconds)
                yield len(_of_visitors(self.state))
            finally:
                self._board.change(lambda state: replace(state, is_closed=False))

    def _look_after_queue(self) -> None:
        """Let nobody wait in vain: neither for who is gone, nor for who holds a run back and is gone."""
        self._let_gone_leave()
        if overdue := self._holding.overdue(self.state):
            self._board.change(lambda state: let_go_on(state, overdue))

    def _let_gone_leave(self) -> None:
        """Take those from the queue whose pages have been gone for a while."""
        if self.state.queue:
            waiting = {owner.id for job in self.state.queue for owner in job.owners}
            if gone := self._presence.gone(waiting - {TEACHER.id}):
                self._board.change(lambda state: let_go(state, gone))

    def _start_others(self) -> None:
        for place, supervisor in enumerate(self._supervisors):
            self._board.change(partial(wake, place=place))
            supervisor.start()


def _of_visitors(state: TrainerState) -> list[Job]:
    return [job for job in state.training if not job.is_of(TEACHER)]
