"""The web server's side of the trainer: queues jobs for it, follows them, and survives its death."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mnist_demo.data import MNIST
from mnist_demo.errors import DemoError, TrainingFailed
from mnist_demo.jobs.interrupted import keep_interrupted
from mnist_demo.jobs.messages import (
    DataReady,
    Ended,
    Heartbeat,
    Message,
    Problem,
    Progress,
    Ready,
    Stop,
    Train,
)
from mnist_demo.jobs.process import WORKER, Patience, TrainerProcess, TrainerSilent
from mnist_demo.jobs.state import Job, JobPhase, TrainerState, WorkerPhase, advance
from mnist_demo.runs import RunConfig, RunStore
from mnist_demo.settings import Settings

LOG = logging.getLogger(__name__)
RESTART_LIMIT = 3
"""How often in a row the trainer may die before it is ready; then it waits for somebody to press Train."""
ENDED_JOBS_KEPT = 50


class Trainer:
    """One trainer process, warm from the start, for all visitors.

    `state` is a frozen picture that any thread may read. A supervising thread reads the process's messages;
    when the process dies or hangs it closes the job, keeps its history, and starts another one.
    """

    def __init__(
        self,
        settings: Settings,
        store: RunStore,
        command: Sequence[str] = WORKER,
        patience: Patience = Patience(),  # noqa: B008 - frozen
    ) -> None:
        self._settings, self._store, self._command, self._patience = settings, store, command, patience
        self._lock = threading.Lock()
        self._state = TrainerState(dataset=None if settings.data else MNIST)
        self._process: TrainerProcess | None = None
        self._closed = False
        self._recycled = False
        self._heartbeats = 0
        self._retry = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="trainer", daemon=True)

    def start(self) -> None:
        """Start the process; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End the process in order, and wait until its job has become a stopped run, tested and kept."""
        with self._lock:
            self._closed = True
            process = self._process
        self._retry.set()
        if process:
            process.end(self._patience.exit_seconds)
        self._thread.join()

    @property
    def state(self) -> TrainerState:
        """The latest picture."""
        return self._state

    def submit(self, config: RunConfig) -> Job:
        """Queue a job; it is trained as soon as the trainer is free."""
        job = Job(secrets.token_hex(8), config)
        with self._lock:
            self._set(queue=(*self._state.queue, job))
            self._dispatch()
            self._retry.set()
        return job

    def stop(self, job_id: str) -> None:
        """End a job: one in training keeps what was trained, one that waits leaves the queue."""
        with self._lock:
            waiting = tuple(job for job in self._state.queue if job.id != job_id)
            active = self._state.active
            if len(waiting) < len(self._state.queue):
                self._set(queue=waiting)
            elif active and active.id == job_id and active.phase is not JobPhase.STOPPING:
                self._set(current=replace(active, phase=JobPhase.STOPPING))
                self._send(Stop(job_id))

    def _set(self, **changes: Any) -> None:  # noqa: ANN401 - any field of the state
        """Replace parts of the state; the caller holds the lock."""
        self._state = replace(self._state, version=self._state.version + 1, **changes)

    def _dispatch(self) -> None:
        """Give the first waiting job to a trainer that is ready and free; the caller holds the lock."""
        state = self._state
        if state.worker is not WorkerPhase.READY or state.active or not state.queue or self._closed:
            return
        ended = (*state.ended, *((state.current,) if state.current else ()))[-ENDED_JOBS_KEPT:]
        job = replace(state.queue[0], phase=JobPhase.TRAINING)
        self._heartbeats = 0
        self._set(current=job, queue=state.queue[1:], ended=ended)
        self._send(Train(job.id, job.config))

    def _send(self, message: Message) -> None:
        if self._process:
            self._process.send(message)

    def _supervise(self) -> None:
        failed_starts = 0
        while not self._closed:
            was_ready = self._run_process()
            failed_starts = 0 if was_ready or self._recycled else failed_starts + 1
            self._recycled = False
            with self._lock:
                if failed_starts >= RESTART_LIMIT and self._state.worker is not WorkerPhase.NO_DATA:
                    self._give_up(WorkerPhase.BROKEN, TrainingFailed("trainer_broken"))
            if self._state.worker in {WorkerPhase.NO_DATA, WorkerPhase.BROKEN} and not self._closed:
                self._retry.wait()
                failed_starts = 0
                with self._lock:
                    self._set(worker=WorkerPhase.STARTING)

    def _run_process(self) -> bool:
        """Run one process to its end and follow what it says; returns whether it had been ready."""
        try:
            process = TrainerProcess(self._settings, self._command)
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
        with self._lock:
            was_ready = self._state.worker is WorkerPhase.READY
            interrupted, dataset = self._state.active, self._state.dataset
            self._process = None
            if self._state.worker is not WorkerPhase.NO_DATA:
                self._set(worker=WorkerPhase.STARTING)
            if was_ready and not interrupted and exit_code:
                self._set(problem=TrainingFailed("trainer_restarts"))
        if exit_code and not self._closed:
            LOG.warning("The trainer ended with exit code %s", exit_code)
        if interrupted:
            failed = keep_interrupted(interrupted, dataset, self._store, hung=hung)
            with self._lock:
                self._set(current=failed)
        self._store.remove_leftovers()
        return was_ready

    def _take(self, message: Message) -> None:
        with self._lock:
            match message:
                case DataReady(info):
                    self._set(worker=WorkerPhase.LOADING, dataset=info)
                case Problem():
                    self._give_up(WorkerPhase.NO_DATA, message.error())
                case Ready():
                    self._set(worker=WorkerPhase.READY, problem=None)
                    self._dispatch()
                case Heartbeat():
                    self._heartbeats += 1
                    if self._state.active and self._heartbeats > self._patience.heartbeats:
                        raise TrainerSilent
                case Progress(event=event, weights=weights, calibration=calibration):
                    self._heartbeats = 0
                    self._set(current=advance(self._job(message.job), event, weights, calibration))
                case Ended(run=run, recycles=recycles):
                    problem = message.problem.error() if message.problem else None
                    phase = JobPhase.FAILED if problem else JobPhase.ENDED
                    self._set(current=replace(self._job(message.job), phase=phase, run=run, problem=problem))
                    if recycles:
                        self._recycled = True
                        self._set(worker=WorkerPhase.STARTING)
                    self._dispatch()

    def _silence_seconds(self) -> float:
        ready = self._state.worker is WorkerPhase.READY
        return self._patience.silence_seconds if ready else self._patience.start_seconds

    def _job(self, job_id: str) -> Job:
        job = self._state.current
        if not job or job.id != job_id:
            raise ValueError(f"The trainer speaks of job {job_id}, which it was not given.")
        return job

    def _give_up(self, phase: WorkerPhase, problem: DemoError) -> None:
        """Stand still until somebody presses Train: what keeps failing is not tried for ever.

        The caller holds the lock, so that a Train pressed on seeing this is not lost.
        """
        self._retry.clear()
        self._set(worker=phase, problem=problem, queue=())
