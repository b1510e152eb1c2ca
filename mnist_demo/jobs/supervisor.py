"""Keeps one trainer alive: starts its process, follows what it says, and sees to its job when it dies."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mnist_demo.errors import DemoError, TrainingFailed, UnknownRun
from mnist_demo.jobs.board import Board
from mnist_demo.jobs.interrupted import keep_interrupted
from mnist_demo.jobs.job import Job, advance
from mnist_demo.jobs.messages import (
    DataReady,
    Ended,
    Heartbeat,
    Message,
    Problem,
    Progress,
    Ready,
    Train,
)
from mnist_demo.jobs.process import Patience, TrainerProcess, TrainerSilent
from mnist_demo.jobs.queue import end_job, give_up, job_of, set_worker
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.runs import Owner, RunStore, hand_over
from mnist_demo.settings import Settings

LOG = logging.getLogger(__name__)
RESTART_LIMIT = 3
"""How often in a row a trainer may die before it is ready; then it waits for somebody to press Train."""


@dataclass(frozen=True)
class Plan:
    """What all supervisors do alike: see `Trainer` and `process.TrainerProcess`."""

    settings: Settings
    store: RunStore
    command: Sequence[str]
    patience: Patience


class Supervisor:
    """Supervises the process of one place on the board, in a thread of its own.

    Args:
        place: Which trainer of the state it is.
        board: What it tells, and hears of.
        plan: What to start.
        on_ready: Called whenever the process is ready.
        on_heartbeat: Called about every second while there is a process.
    """

    def __init__(
        self,
        place: int,
        board: Board,
        plan: Plan,
        on_ready: Callable[[], None],
        on_heartbeat: Callable[[], None],
    ) -> None:
        self._place, self._board, self._plan = place, board, plan
        self._on_ready, self._on_heartbeat = on_ready, on_heartbeat
        self._lock = threading.Lock()
        self._process: TrainerProcess | None = None
        self._closed = self._recycled = False
        self._heartbeats = 0
        self._retry = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name=f"trainer {place + 1}", daemon=True)

    def start(self) -> None:
        """Start the process; returns at once, and the second time it does nothing."""
        with self._lock:
            if not self._closed and not self._thread.ident:
                self._thread.start()

    def close(self) -> None:
        """Ask the process to end, and wait until its job has become a stopped run, tested and kept."""
        with self._lock:
            self._closed = True
            process = self._process
        self._retry.set()
        if process:
            process.end(self._plan.patience.exit_seconds)
        if self._thread.ident:
            self._thread.join()

    def retry(self) -> None:
        """Try again, where it had given up."""
        self._retry.set()

    def send(self, message: Message) -> None:
        """Tell the process something without waiting; that a dead one missed it is seen by who listens."""
        if isinstance(message, Train):
            self._heartbeats = 0
        if process := self._process:
            process.send(message)

    @property
    def _worker(self) -> Worker:
        return self._board.state.workers[self._place]

    def _supervise(self) -> None:
        failed_starts = 0
        while not self._closed:
            was_ready = self._run_process()
            failed_starts = 0 if was_ready or self._recycled else failed_starts + 1
            self._recycled = False
            if failed_starts >= RESTART_LIMIT and self._worker.phase is not WorkerPhase.NO_DATA:
                self._give_up(WorkerPhase.BROKEN, TrainingFailed("trainer_broken"))
            if self._worker.phase.is_stuck and not self._closed:
                self._retry.wait()
                failed_starts = 0
                self._enter(WorkerPhase.STARTING)

    def _run_process(self) -> bool:
        """Run one process to its end and follow what it says; returns whether it had been ready."""
        try:
            process = TrainerProcess(self._plan.settings, self._plan.command)
        except OSError:
            LOG.exception("The trainer's process could not be started")
            return False
        with self._lock:
            self._process, closed = process, self._closed  # closed before: nobody asks this process to end
        hung = False
        try:
            while not closed and (message := process.receive(self._silence_seconds())):
                self._take(message)
        except TrainerSilent:
            LOG.error("The trainer stopped answering and is replaced")
            hung = True
        except (ValueError, TypeError, AttributeError):  # not our protocol: a defect, but no reason to freeze
            LOG.exception("The trainer said what nobody understands")
        return self._close_process(process.close(), hung)

    def _close_process(self, exit_code: int, hung: bool) -> bool:
        """Close the job of a process that has ended; returns whether the process had been ready."""
        worker = self._worker

        def lose(state: TrainerState) -> TrainerState:
            nonlocal worker
            worker = state.workers[self._place]
            if worker.phase is WorkerPhase.READY and not worker.job and exit_code:
                state = replace(state, problem=TrainingFailed("trainer_restarts"))
            if worker.phase is WorkerPhase.NO_DATA:
                return state
            return set_worker(state, self._place, WorkerPhase.STARTING)

        dataset = self._board.change(lose).dataset
        self._process = None
        if exit_code and not self._closed:
            LOG.warning("The trainer ended with exit code %s", exit_code)
        if worker.job:
            failed = keep_interrupted(worker.job, dataset, self._plan.store, hung=hung)
            self._board.change(lambda state: end_job(state, self._place, failed.run, failed.problem))
        self._plan.store.remove_leftovers()
        return worker.phase is WorkerPhase.READY

    def _take(self, message: Message) -> None:
        match message:
            case DataReady(info):
                self._enter(WorkerPhase.LOADING, dataset=info)
            case Problem():
                self._give_up(WorkerPhase.NO_DATA, message.error())
            case Ready():
                self._enter(WorkerPhase.READY, problem=None)
                self._on_ready()
            case Heartbeat():
                self._heartbeats += 1
                if not (job := self._worker.job) or job.is_paused:
                    self._heartbeats = 0  # it stands still because somebody wants it to
                if self._heartbeats > self._plan.patience.heartbeats:
                    raise TrainerSilent
                self._on_heartbeat()
            case Progress():
                self._heartbeats = 0
                self._board.change(lambda state: self._progress(state, message))
            case Ended():
                self._recycled = self._recycled or message.recycles
                self._end(message)

    def _enter(self, phase: WorkerPhase, **changes: Any) -> None:  # noqa: ANN401 - any field of the state
        self._board.change(lambda state: replace(set_worker(state, self._place, phase), **changes))

    def _progress(self, state: TrainerState, news: Progress) -> TrainerState:
        job = advance(
            self._job(state, news.job), news.event, news.weights, news.calibration, is_still=news.is_still
        )
        return set_worker(state, self._place, job=job)

    def _end(self, news: Ended) -> None:
        """End a job as soon as its run is that of the first who waits for it.

        Until then whoever was the first may leave, also while the trainer writes the run and hears nothing.
        """
        heir = self._job(self._board.state, news.job).owners[0]
        if news.owner and news.owner != heir:
            try:
                news = replace(news, run=hand_over(self._plan.store, news.run, heir).id)
            except UnknownRun:
                LOG.exception("A run could not be handed over")
        state = self._board.change(lambda state: self._end_for(state, news, heir))
        job = state.find(news.job)
        if job and not job.phase.is_over:
            self._end(replace(news, owner=heir))

    def _end_for(self, state: TrainerState, news: Ended, heir: Owner) -> TrainerState:
        if self._job(state, news.job).owners[0] != heir:
            return state
        if news.recycles:
            state = set_worker(state, self._place, WorkerPhase.STARTING)
        return end_job(state, self._place, news.run, news.problem.error() if news.problem else None)

    def _job(self, state: TrainerState, job_id: str) -> Job:
        return job_of(state, self._place, job_id)

    def _silence_seconds(self) -> float:
        patience = self._plan.patience
        ready = self._worker.phase is WorkerPhase.READY
        return patience.silence_seconds if ready else patience.start_seconds

    def _give_up(self, phase: WorkerPhase, problem: DemoError) -> None:
        """Stand still until somebody presses Train: what keeps failing is not tried for ever."""

        def stand_still(state: TrainerState) -> TrainerState:
            self._retry.clear()  # in the change, so that a Train pressed on seeing it is not lost
            return give_up(state, self._place, phase, problem)

        self._board.change(stand_still)
