"""The web server's side of the trainer: queues jobs for it, follows them, and survives its death."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mnist_demo.data import MNIST
from mnist_demo.errors import DemoError, TrainingFailed
from mnist_demo.jobs.messages import (
    DataReady,
    Ended,
    Message,
    Problem,
    Progress,
    Ready,
    Stop,
    Train,
)
from mnist_demo.jobs.process import WORKER, TrainerProcess
from mnist_demo.jobs.state import Job, JobPhase, TrainerState, WorkerPhase, advance
from mnist_demo.network import Network
from mnist_demo.runs import Run, RunConfig, RunStatus, RunStore
from mnist_demo.settings import Settings

LOG = logging.getLogger(__name__)
RESTART_LIMIT = 3
"""So often in a row may the trainer die before it was ready; then it waits for somebody to press Train."""
ENDED_JOBS_KEPT = 50


class Trainer:
    """One trainer process, warm from the start, for all visitors.

    `state` is a frozen picture that any thread may read. A supervising thread reads the process's events;
    when the process dies it closes the job, keeps its history, and starts another one.
    """

    def __init__(self, settings: Settings, store: RunStore, command: Sequence[str] = WORKER) -> None:
        self._settings, self._store, self._command = settings, store, command
        self._changed = threading.Condition()
        self._state = TrainerState(dataset=None if settings.data else MNIST)
        self._process: TrainerProcess | None = None
        self._closed = False
        self._recycled = False
        self._retry = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="trainer", daemon=True)

    def start(self) -> None:
        """Start the process; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End the process, keep what its job has learned, and wait until both are done."""
        with self._changed:
            self._closed = True
            process = self._process
        self._retry.set()
        if process:
            process.kill()
        self._thread.join()

    @property
    def state(self) -> TrainerState:
        """The latest picture."""
        return self._state

    @property
    def process_id(self) -> int | None:
        """Id of the process, None while there is none."""
        process = self._process
        return process.id if process else None

    def wait_for(self, condition: Callable[[TrainerState], bool], timeout_seconds: float) -> TrainerState:
        """Wait until the state fulfils a condition.

        Raises:
            TimeoutError: It did not within the time.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self._state), timeout_seconds):
                raise TimeoutError(f"The trainer stayed at {self._state}.")
            return self._state

    def submit(self, config: RunConfig) -> Job:
        """Queue a job; it is trained as soon as the trainer is free."""
        job = Job(secrets.token_hex(8), config)
        with self._changed:
            self._set(queue=(*self._state.queue, job))
            self._dispatch()
            self._retry.set()
        return job

    def stop(self, job_id: str) -> None:
        """End a job: one in training keeps what was trained, one that waits leaves the queue."""
        with self._changed:
            waiting = tuple(job for job in self._state.queue if job.id != job_id)
            active = self._state.active
            if len(waiting) < len(self._state.queue):
                self._set(queue=waiting)
            elif active and active.id == job_id:
                self._set(current=replace(active, phase=JobPhase.STOPPING))
                self._send(Stop(job_id))

    def _set(self, **changes: Any) -> None:  # noqa: ANN401 - any field of the state
        """Replace parts of the state; the caller holds the lock."""
        self._state = replace(self._state, version=self._state.version + 1, **changes)
        self._changed.notify_all()

    def _dispatch(self) -> None:
        """Give the first waiting job to a trainer that is ready and free; the caller holds the lock."""
        state = self._state
        if state.worker is not WorkerPhase.READY or state.active or not state.queue:
            return
        ended = (*state.ended, *((state.current,) if state.current else ()))[-ENDED_JOBS_KEPT:]
        job = replace(state.queue[0], phase=JobPhase.TRAINING)
        self._set(current=job, queue=state.queue[1:], ended=ended)
        self._send(Train(job.id, job.config))

    def _send(self, message: Message) -> None:
        if self._process:
            self._process.send(message)

    def _supervise(self) -> None:
        failed_starts = 0
        while not self._closed:
            exit_code = self._run_process()
            was_ready = self._close_process(exit_code)
            failed_starts = 0 if was_ready or self._recycled else failed_starts + 1
            self._recycled = False
            with self._changed:
                if failed_starts >= RESTART_LIMIT and self._state.worker is not WorkerPhase.NO_DATA:
                    self._give_up(WorkerPhase.BROKEN, TrainingFailed("trainer_broken"))
            if self._state.worker in {WorkerPhase.NO_DATA, WorkerPhase.BROKEN} and not self._closed:
                self._retry.wait()
                failed_starts = 0
                with self._changed:
                    self._set(worker=WorkerPhase.STARTING)

    def _run_process(self) -> int | None:
        """Run one process to its end and follow its events; returns its exit code, None without a process."""
        try:
            process = TrainerProcess(self._settings, self._command)
        except OSError:
            LOG.exception("The trainer's process could not be started")
            return None
        with self._changed:
            self._process = process
        try:
            if not self._closed:
                for message in process.events():
                    self._take(message)
        except (ValueError, TypeError, AttributeError):  # not our protocol: a defect, but no reason to freeze
            LOG.exception("The trainer said what nobody understands")
        return process.close()

    def _close_process(self, exit_code: int | None) -> bool:
        """Close the job of a process that has ended; tells whether the process had been ready."""
        with self._changed:
            was_ready = self._state.worker is WorkerPhase.READY
            interrupted = self._state.active
            self._process = None
            if self._state.worker is not WorkerPhase.NO_DATA:
                self._set(worker=WorkerPhase.STARTING)
            if was_ready and not interrupted and exit_code:
                self._set(problem=TrainingFailed("trainer_restarts"))
        if exit_code and not self._closed:
            LOG.warning("The trainer ended with exit code %s", exit_code)
        if interrupted:
            failed = self._keep_failed(interrupted)
            with self._changed:
                self._set(current=failed)
        return was_ready

    def _keep_failed(self, job: Job) -> Job:
        """Keep what is known of a job whose process has died; what cannot be kept is said, never raised."""
        problem = TrainingFailed("trainer_died") if job.weights else TrainingFailed("trainer_died_early")
        failed = replace(job, phase=JobPhase.FAILED, problem=problem)
        if not self._state.dataset:
            return failed
        run = Run(Path(), job.config, self._state.dataset, RunStatus.FAILED, job.history, created="")
        try:
            kept = self._store.save(run, Network.load(job.weights) if job.weights else None)
            self._store.delete_live_weights(job.id)
        except (OSError, DemoError) as error:
            LOG.exception("The failed run could not be kept")
            return replace(failed, problem=TrainingFailed("run_not_kept", reason=error))
        return replace(failed, run=kept.id)

    def _take(self, message: Message) -> None:
        with self._changed:
            match message:
                case DataReady(info):
                    self._set(worker=WorkerPhase.LOADING, dataset=info)
                case Problem():
                    self._give_up(WorkerPhase.NO_DATA, message.error())
                case Ready():
                    self._set(worker=WorkerPhase.READY, problem=None)
                    self._dispatch()
                case Progress(event=event, weights=weights):
                    self._set(current=advance(self._job(message.job), event, weights))
                case Ended(run=run, recycles=recycles):
                    self._set(current=replace(self._job(message.job), phase=JobPhase.ENDED, run=run))
                    if recycles:
                        self._recycled = True
                        self._set(worker=WorkerPhase.STARTING)
                    self._dispatch()

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
