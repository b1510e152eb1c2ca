"""The web server's side of the trainer: starts it, queues jobs for it, and survives its death."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mnist_demo.errors import DemoError, TrainingFailed
from mnist_demo.network import Network
from mnist_demo.run_store import RunStore
from mnist_demo.runs import Run, RunConfig, RunStatus
from mnist_demo.settings import Settings
from mnist_demo.training import messages
from mnist_demo.training.jobs import Job, JobPhase, Origin, TrainerState, WorkerPhase, advance

WORKER = [sys.executable, "-m", "mnist_demo.training.worker"]
PROJECT = Path(__file__).parents[2]
DEATHS_BEFORE_GIVING_UP = 3
"""So often in a row may the trainer die before it was ready; then it waits for somebody to press Train."""


class Trainer:
    """One trainer process, warm from the start, for all visitors.

    `state` is a frozen picture that any thread may read. A supervising thread reads the process's events;
    when the process dies it closes the job, keeps its history, and starts another one.
    """

    def __init__(self, settings: Settings, store: RunStore) -> None:
        self._settings, self._store = settings, store
        self._changed = threading.Condition()
        self._state = TrainerState()
        self._process: subprocess.Popen[str] | None = None
        self._closed = False
        self._retry = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="trainer", daemon=True)

    def start(self) -> None:
        """Start the process; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End the process and wait until it is gone."""
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
        return self._process.pid if self._process else None

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
                self._send(messages.Stop(job_id))

    def _set(self, **changes: object) -> None:
        """Replace parts of the state; the caller holds the lock."""
        self._state = replace(self._state, version=self._state.version + 1, **changes)
        self._changed.notify_all()

    def _dispatch(self) -> None:
        """Give the first waiting job to a trainer that is ready and free; the caller holds the lock."""
        if self._state.worker is not WorkerPhase.READY or self._state.active or not self._state.queue:
            return
        job, *waiting = self._state.queue
        self._set(current=replace(job, phase=JobPhase.TRAINING), queue=tuple(waiting))
        self._send(messages.Train(job.id, job.config))

    def _send(self, message: messages.Message) -> None:
        assert self._process
        assert self._process.stdin
        try:
            self._process.stdin.write(messages.encode(message))
            self._process.stdin.flush()
        except OSError:
            return  # it has just died: the supervising thread sees the same and closes the job

    def _supervise(self) -> None:
        deaths = 0
        while not self._closed:
            exit_code = self._run_process()
            if self._closed:
                return
            deaths = 0 if self._state.worker is WorkerPhase.READY else deaths + 1
            self._close_job(exit_code)
            if deaths >= DEATHS_BEFORE_GIVING_UP:
                with self._changed:
                    self._give_up(WorkerPhase.BROKEN, TrainingFailed("trainer_broken", code=exit_code))
            if self._state.worker in {WorkerPhase.NO_DATA, WorkerPhase.BROKEN}:
                self._retry.wait()
                deaths = 0
            with self._changed:
                self._set(worker=WorkerPhase.STARTING, download=None)

    def _run_process(self) -> int:
        """Run one process from its start to its end and follow its events; returns its exit code."""
        environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONUNBUFFERED": "1"}
        environment["KERAS_HOME"] = str(self._settings.keras_home)  # empty would mean this folder
        priority = {"creationflags": subprocess.BELOW_NORMAL_PRIORITY_CLASS} if os.name == "nt" else {}
        with self._changed:
            self._process = process = subprocess.Popen(
                WORKER,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                cwd=PROJECT,
                text=True,
                encoding="utf-8",
                **priority,
            )
            if self._closed:
                process.kill()
        with process:
            for line in process.stdout or ():
                self._take(messages.decode(line))
        return process.returncode

    def _take(self, message: messages.Message) -> None:
        with self._changed:
            match message:
                case messages.Downloading(done, total):
                    self._set(worker=WorkerPhase.DOWNLOADING, download=(done, total))
                case messages.DataReady(info, source, path, notes):
                    origin = Origin(source, path, tuple(note.error() for note in notes))
                    self._set(worker=WorkerPhase.LOADING, dataset=info, origin=origin, problem=None)
                case messages.Problem():
                    self._give_up(WorkerPhase.NO_DATA, message.error())
                case messages.Ready():
                    self._set(worker=WorkerPhase.READY, problem=None)
                    self._dispatch()
                case messages.Progress(event=event, weights=weights):
                    self._set(current=advance(self._job(message.job), event, weights))
                case messages.Ended(run=run):
                    self._set(current=replace(self._job(message.job), phase=JobPhase.ENDED, run=run))
                    self._dispatch()

    def _job(self, job_id: str) -> Job:
        job = self._state.current
        assert job
        assert job.id == job_id, "The trainer works on one job, the one it was given."
        return job

    def _close_job(self, exit_code: int) -> None:
        """Keep what is known of a job whose trainer died, and say so."""
        active = self._state.active
        if not active:
            return
        run = self._keep_failed(active)
        failure = TrainingFailed("trainer_died", code=exit_code)
        with self._changed:
            self._set(current=replace(active, phase=JobPhase.FAILED, run=run, problem=failure))

    def _keep_failed(self, job: Job) -> str:
        if not self._state.dataset:
            return ""
        network = Network.load(job.weights) if job.weights else None
        run = Run(Path(), job.config, self._state.dataset, RunStatus.FAILED, job.history, created="")
        kept = self._store.save(run, network)
        self._store.live_weights(job.id).unlink(missing_ok=True)
        return kept.id

    def _give_up(self, phase: WorkerPhase, problem: DemoError) -> None:
        """Stand still until somebody presses Train: what keeps failing is not tried for ever.

        The caller holds the lock, so that a Train pressed on seeing this is not lost.
        """
        self._retry.clear()
        self._set(worker=phase, problem=problem, queue=())
