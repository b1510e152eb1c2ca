"""What the server makes of a trainer that misbehaves: a real process, which does so on demand."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_demo.errors import NoRoom, NotAllowed
from mnist_demo.jobs.client import Trainer
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.presence import GONE_SECONDS
from mnist_demo.jobs.process import Patience
from mnist_demo.jobs.queue import ENDED_JOBS_KEPT
from mnist_demo.jobs.state import TrainerState, WorkerPhase
from mnist_demo.network.mlp import Network
from mnist_demo.runs.owner import Owner
from mnist_demo.runs.run import Run, RunConfig, RunStatus
from mnist_demo.runs.store import RunStore
from mnist_demo.settings import Settings
from mnist_demo.texts.loading import languages, message
from tests.factories import MNIST, random_network, save_run
from tests.trainer import is_running, process_status, wait_for, wait_until

PATIENCE_SECONDS = 60

WORKER = r'''
"""A trainer that does at its n-th start what the n-th line of the file `plan` says, and good ever after.

What it makes of a job is the job's seed: see GOOD and what follows it in the test.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, os.getcwd())  # the trainer is started in the project's folder
from mnist_demo.runs.store import RunStore
from mnist_demo.jobs.events import EpochDone, StepDone
from mnist_demo.jobs.messages import (
    DataReady, Ended, Heartbeat, Problem, Progress, Ready, Stop, Train, decode, encode
)
from tests.factories import FIRST_EPOCH, MNIST, random_network, save_run

home = Path(os.environ["MNIST_DEMO_HOME"])
plan = (home / "plan").read_text().split()
with (home / "starts").open("a") as starts:
    starts.write(f"{os.getpid()}\n")
behaviour = dict(enumerate(plan, 1)).get(len((home / "starts").read_text().split()), "good")
(home / "environment").write_text(json.dumps(dict(os.environ)))


def send(message):
    os.write(1, encode(message).encode())


def beat():
    while True:
        send(Heartbeat())
        time.sleep(0.05)


def wait_for_the_gate():
    os.read(os.open(home / "gate", os.O_RDONLY), 1)


def wait_for_ever():
    os.read(os.pipe()[0], 1)


def train(job, seed, owner):
    if seed == 9:
        run = save_run(store, owner=owner)
        send(Progress(job, StepDone(1, 750, 1500, 0.5, 0.8, 0.4, 0.9, 50000.0), ""))
        wait_for_the_gate()
        send(Ended(job, run.id, owner=owner))
        return
    send(Progress(job, StepDone(1, 750, 1500, 0.5, 0.8, 0.4, 0.9, 50000.0), ""))
    if seed == 3:
        os._exit(9)
    weights = store.live.save_weights(job, 1, random_network((128, 64)))
    send(Progress(job, EpochDone(FIRST_EPOCH), str(weights)))
    later = store.live.save_weights(job, 2, random_network((128, 64), seed=2))
    send(Progress(job, StepDone(2, 750, 1500, 0.5, 0.8, 0.4, 0.9, 50000.0), str(later)))
    if seed == 4:
        os._exit(9)
    if seed == 5:
        send(Ended(job, f"run-of-{job}", recycles=True))
        wait_for_the_gate()
        os._exit(0)
    if seed == 6:
        os.kill(os.getpid(), signal.SIGSTOP)
    if seed == 7:
        wait_for_ever()
    if seed == 8:
        full = Problem("run_not_kept", {"reason": os.strerror(28)})
        send(Ended(job, "", problem=full))
    elif seed != 2:
        send(Ended(job, f"run-of-{job}"))


if behaviour == "dies":
    os._exit(7)
if behaviour == "no-data":
    send(Problem("dataset_missing", {"path": "/nowhere/mnist.npz"}))
    os._exit(3)
if behaviour == "no-data-then-gate":
    send(Problem("dataset_missing", {"path": "/nowhere/mnist.npz"}))
    wait_for_the_gate()
    os._exit(3)
if behaviour == "gate":
    wait_for_the_gate()
if behaviour == "deaf":
    os.close(0)
if behaviour == "halts":
    os.kill(os.getpid(), signal.SIGSTOP)
store = RunStore(home)
threading.Thread(target=beat, daemon=True).start()
send(DataReady(MNIST))
send(Ready())
if behaviour == "deaf":
    wait_for_ever()
if behaviour == "rubbish":
    sys.stdin.readline()
    os.write(1, (home / "rubbish").read_bytes())
    wait_for_ever()
last = None
for line in sys.stdin:
    last = decode(line)
    with (home / "heard").open("a") as heard:
        heard.write(type(last).__name__ + "\n")
    if isinstance(last, Stop):
        send(Ended(last.job, f"run-of-{last.job}"))
    elif isinstance(last, Train):
        train(last.job, last.config.seed, last.owner)
if isinstance(last, Train) and last.config.seed == 2:  # the server ends, and this job is still in training
    send(Ended(last.job, f"run-of-{last.job}", recycles=True))
'''

GOOD = RunConfig(seed=1)
"""Is trained at once."""
LONG = RunConfig(seed=2)
"""Ends an epoch and then trains until somebody presses Stop."""
DIES = RunConfig(seed=3)
"""Takes the trainer down within its first epoch."""
DIES_LATE = RunConfig(seed=4)
"""Takes the trainer down within its second epoch."""
LAST = RunConfig(seed=5)
"""Is trained, and then the process takes no other and ends in order."""
HALTS = RunConfig(seed=6)
"""Halts the trainer after its first epoch, as `kill -STOP` does."""
HANGS = RunConfig(seed=7)
"""Goes on no more after its first epoch, while the trainer's heart beats on."""
NOT_KEPT = RunConfig(seed=8)
"""Is trained, and then the trainer cannot write it to the disk."""
KEPT_EARLY = RunConfig(seed=9)
"""Its run is kept, which takes the trainer until the gate is opened."""
IMPATIENT = Patience(silence_seconds=3, exit_seconds=1)


class FullStore(RunStore):
    """A store on a disk without room."""

    def save(self, *_arguments: object) -> Run:
        """Fail as a full disk does."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class SlowStore(RunStore):
    """A store whose disk takes its time."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, home / "none")
        self.saves, self.may_save = threading.Event(), threading.Event()

    def save(self, run: Run, network: Network | None, save_model: object = None) -> Run:
        """Say that it saves, and wait until it may."""
        self.saves.set()
        assert self.may_save.wait(PATIENCE_SECONDS)
        assert save_model is None
        return super().save(run, network)


class Laboratory:
    """A trainer with a worker that misbehaves.

    Attributes:
        home: Its folder.
        trainer: The server's side.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.trainer: Trainer
        self._gate = home / "gate"
        os.mkfifo(self._gate)
        self._gate_end = os.open(self._gate, os.O_RDWR)  # both ends, so that nobody waits for the other

    def start(
        self,
        *plan: str,
        store: RunStore | None = None,
        settings: Settings | None = None,
        patience: Patience = Patience(exit_seconds=1),  # noqa: B008 - frozen
        **more: Any,  # noqa: ANN401 - as for Trainer
    ) -> Trainer:
        """Start a trainer whose worker behaves as planned, start for start."""
        (self.home / "plan").write_text("\n".join(plan))
        script = self.home / "worker.py"
        script.write_text(WORKER)
        settings = settings or Settings(self.home)
        store = store or RunStore(self.home, self.home / "none")
        self.trainer = Trainer(settings, store, [sys.executable, str(script)], patience, **more)
        self.trainer.start()
        return self.trainer

    def starts(self) -> list[int]:
        """List the ids of all processes so far."""
        file = self.home / "starts"
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def open_gate(self) -> None:
        """Let the worker go on that waits at the gate, or the next one that comes."""
        os.write(self._gate_end, b"\n")

    def wait_for(self, condition: Callable[[TrainerState], bool]) -> TrainerState:
        """Wait for a state."""
        return wait_for(self.trainer, condition, PATIENCE_SECONDS)

    def wait_until_ready(self, start: int = 1) -> TrainerState:
        """Wait until the worker's n-th process is ready."""
        return self.wait_for(lambda s: s.worker is WorkerPhase.READY and len(self.starts()) == start)

    def wait_until_over(self, job: Job) -> Job:
        """Wait until a job is over."""
        state = self.wait_for(lambda s: bool((found := s.find(job.id)) and found.phase.is_over))
        found = state.find(job.id)
        assert found
        return found

    def wait_until_in_training(self, job: Job) -> Job:
        """Wait until a job has ended an epoch and goes on."""
        state = self.wait_for(lambda s: any(job.id == each.id and each.epoch_weights for each in s.training))
        return next(each for each in state.training if each.id == job.id)

    def heard(self) -> list[str]:
        """List the kinds of messages that the workers have read."""
        return (self.home / "heard").read_text().split()

    def kill(self) -> None:
        """Kill the process, as a computer without memory does."""
        os.kill(self.starts()[-1], signal.SIGKILL)

    def close(self) -> None:
        """Take everything down."""
        self.trainer.close()
        os.close(self._gate_end)


@pytest.fixture
def laboratory(tmp_path: Path) -> Iterator[Laboratory]:
    """Give a laboratory, and leave no process behind."""
    home = tmp_path / "home"
    home.mkdir()
    laboratory = Laboratory(home)
    yield laboratory
    laboratory.close()


class TestFullDisk:
    @pytest.mark.parametrize("config", [DIES, DIES_LATE], ids=["without network", "with network"])
    def test_run_that_cannot_be_kept_is_told(self, laboratory: Laboratory, config: RunConfig):
        """The sentence gives the reason in every language, and the next job is trained."""
        trainer = laboratory.start(store=FullStore(laboratory.home))
        failed = laboratory.wait_until_over(trainer.submit(config))
        assert (failed.phase, failed.run) == (JobPhase.FAILED, "")
        assert failed.problem.code == "run_not_kept"
        for language in languages():
            assert os.strerror(errno.ENOSPC) in message(failed.problem, language)
        assert laboratory.wait_until_over(trainer.submit(GOOD)).phase is JobPhase.ENDED

    def test_run_that_the_trainer_could_not_keep_is_told_and_not_saved_again(self, laboratory: Laboratory):
        """The trainer lives on, and trains the next job."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = laboratory.start(store=store)
        failed = laboratory.wait_until_over(trainer.submit(NOT_KEPT))
        assert (failed.phase, failed.run, failed.problem.code) == (JobPhase.FAILED, "", "run_not_kept")
        for language in languages():
            assert os.strerror(errno.ENOSPC) in message(failed.problem, language)
        assert store.list() == ()
        assert laboratory.wait_until_over(trainer.submit(GOOD)).phase is JobPhase.ENDED
        assert len(laboratory.starts()) == 1


class TestDeath:
    def test_run_that_died_late_is_kept_with_its_network(self, laboratory: Laboratory):
        """The sentence says so, and no network in training is left over."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = laboratory.start(store=store)
        failed = laboratory.wait_until_over(trainer.submit(DIES_LATE))
        assert failed.problem.code == "trainer_died"
        (kept,) = store.list()
        assert (kept.id, kept.status, kept.has_weights) == (failed.run, RunStatus.FAILED, True)
        assert kept.history == failed.history

    def test_network_of_a_run_that_died_late_is_that_of_its_last_whole_epoch(self, laboratory: Laboratory):
        """The figures of that epoch belong to it, and the notebook trains up to there."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = laboratory.start(store=store)
        failed = laboratory.wait_until_over(trainer.submit(DIES_LATE))
        assert failed.weights != failed.epoch_weights
        kept = store.load_network(store.get(failed.run))
        np.testing.assert_array_equal(kept.layers[0][0], random_network((128, 64)).layers[0][0])

    def test_nothing_of_a_dead_trainer_is_left_over(self, laboratory: Laboratory):
        """Neither its networks in training, whole or half written, nor its lock."""
        trainer = laboratory.start("good", "gate")
        job = trainer.submit(LONG)
        weights = Path(laboratory.wait_until_in_training(job).weights)
        weights.with_name(".job-2.npz.0a1b").write_bytes(b"half")
        laboratory.kill()
        laboratory.wait_until_over(job)
        wait_until(lambda: not weights.parent.exists(), PATIENCE_SECONDS)
        wait_until(lambda: len(list(weights.parents[1].glob("*.lock"))) == 1, PATIENCE_SECONDS)

    def test_run_whose_network_has_vanished_is_kept_with_its_history(self, laboratory: Laboratory):
        """Somebody has tidied up the folder of networks in training."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = laboratory.start(store=store)
        job = trainer.submit(LONG)
        Path(laboratory.wait_until_in_training(job).epoch_weights).unlink()
        laboratory.kill()
        failed = laboratory.wait_until_over(job)
        assert failed.problem.code == "trainer_died_early"
        assert [(run.id, run.has_weights, run.history) for run in store.list()] == [
            (failed.run, False, failed.history)
        ]

    def test_run_that_died_early_is_kept_without_network(self, laboratory: Laboratory):
        """The sentence promises nothing that there is not."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        failed = laboratory.start(store=store).submit(DIES)
        failed = laboratory.wait_until_over(failed)
        assert failed.problem.code == "trainer_died_early"
        assert [(run.id, run.has_weights) for run in store.list()] == [(failed.run, False)]

    def test_death_of_an_idle_trainer_is_told_until_the_next_is_ready(self, laboratory: Laboratory):
        """No run was lost, and the page says both."""
        laboratory.start("good", "gate")
        laboratory.wait_until_ready()
        laboratory.kill()
        state = laboratory.wait_for(lambda s: s.problem is not None)
        assert state.worker is WorkerPhase.STARTING
        assert state.problem.code == "trainer_restarts"
        laboratory.open_gate()
        assert laboratory.wait_until_ready(2).problem is None

    def test_stop_while_a_dead_jobs_run_is_kept_raises_nothing(self, laboratory: Laboratory):
        """There is no process to tell, and the job still becomes a failed run."""
        store = SlowStore(laboratory.home)
        trainer = laboratory.start(store=store)
        job = trainer.submit(LONG)
        laboratory.wait_until_in_training(job)
        laboratory.kill()
        assert store.saves.wait(PATIENCE_SECONDS)
        trainer.stop(job.id)
        store.may_save.set()
        failed = laboratory.wait_until_over(job)
        assert failed.phase is JobPhase.FAILED
        assert [run.id for run in store.list()] == [failed.run]

    def test_stop_after_death_changes_nothing(self, laboratory: Laboratory):
        """A page may be a second behind."""
        trainer = laboratory.start("good", "gate")
        failed = laboratory.wait_until_over(trainer.submit(DIES))
        trainer.stop(failed.id)
        trainer.stop("nobody's")
        assert trainer.state.find(failed.id) == failed

    def test_job_that_a_dead_pipe_swallowed_fails(self, laboratory: Laboratory):
        """The server wrote into a pipe that nobody reads any more, as it may in the moment of a death."""
        trainer = laboratory.start("deaf")
        laboratory.wait_until_ready()
        job = trainer.submit(GOOD)
        trainer.stop(job.id)
        laboratory.kill()
        assert laboratory.wait_until_over(job).problem.code == "trainer_died_early"
        assert laboratory.wait_until_over(trainer.submit(GOOD)).phase is JobPhase.ENDED


class TestJobPressedAtAnyMoment:
    """Whenever Train is pressed around a death, the job is trained."""

    def test_while_the_dead_jobs_run_is_kept(self, laboratory: Laboratory):
        """The old job is not over yet, and there is no process."""
        store = SlowStore(laboratory.home)
        trainer = laboratory.start(store=store)
        died = trainer.submit(DIES_LATE)
        assert store.saves.wait(PATIENCE_SECONDS)
        job = trainer.submit(GOOD)
        assert trainer.state.place_in_queue(job.id) == 1
        store.may_save.set()
        assert laboratory.wait_until_over(job).phase is JobPhase.ENDED
        assert trainer.state.find(died.id).phase is JobPhase.FAILED

    def test_before_the_death_is_noticed(self, laboratory: Laboratory):
        """The process is dead, and the server may not know it yet: a job that it swallowed says so."""
        trainer = laboratory.start()
        for start in range(1, 6):
            laboratory.wait_until_ready(start)
            laboratory.kill()
            pressed = laboratory.wait_until_over(trainer.submit(GOOD))
            assert pressed.phase is JobPhase.ENDED or pressed.problem.code == "trainer_died_early"

    def test_while_the_next_trainer_starts(self, laboratory: Laboratory):
        """The queue is the new trainer's."""
        trainer = laboratory.start("good", "gate")
        laboratory.wait_until_over(trainer.submit(DIES))
        jobs = [trainer.submit(replace(GOOD, epochs=epochs)) for epochs in (1, 2)]
        laboratory.open_gate()
        assert [laboratory.wait_until_over(job).phase for job in jobs] == [JobPhase.ENDED] * 2

    def test_while_another_job_dies(self, laboratory: Laboratory):
        """Jobs that waited behind it are not lost with it."""
        trainer = laboratory.start("gate")
        died, waiting = trainer.submit(DIES), trainer.submit(GOOD)
        laboratory.open_gate()
        assert laboratory.wait_until_over(waiting).phase is JobPhase.ENDED
        assert trainer.state.find(died.id).phase is JobPhase.FAILED

    def test_after_missing_images_were_told_and_before_the_process_has_ended(self, laboratory: Laboratory):
        """Who reads the problem, mends it and presses Train is quicker than the process."""
        trainer = laboratory.start("no-data-then-gate")
        laboratory.wait_for(lambda s: s.worker is WorkerPhase.NO_DATA)
        job = trainer.submit(GOOD)
        laboratory.open_gate()
        assert laboratory.wait_until_over(job).phase is JobPhase.ENDED


class TestRecycling:
    def test_next_job_waits_for_the_next_process(self, laboratory: Laboratory):
        """A process that recycles is given nothing more, and its end in order is no death to speak of."""
        trainer = laboratory.start("good", "gate")
        last = laboratory.wait_until_over(trainer.submit(LAST))
        assert last.phase is JobPhase.ENDED
        job = trainer.submit(GOOD)
        assert trainer.state.worker is WorkerPhase.STARTING
        assert trainer.state.place_in_queue(job.id) == 1
        for _ in range(2):  # for the one that leaves, and for the one that comes
            laboratory.open_gate()
        assert laboratory.wait_until_over(job).phase is JobPhase.ENDED
        assert trainer.state.problem is None
        assert trainer.state.find(last.id) == last

    def test_recycled_processes_in_a_row_are_no_reason_to_give_up(self, laboratory: Laboratory):
        """Nobody has died."""
        trainer = laboratory.start()
        for _ in range(4):
            laboratory.open_gate()
            assert laboratory.wait_until_over(trainer.submit(LAST)).phase is JobPhase.ENDED
        assert trainer.state.problem is None


class TestGivingUp:
    def test_three_deaths_before_ready_are_enough(self, laboratory: Laboratory):
        """What keeps failing is not tried for ever; the next Train tries again."""
        trainer = laboratory.start("dies", "dies", "dies")
        state = laboratory.wait_for(lambda s: s.worker is WorkerPhase.BROKEN)
        assert state.problem.code == "trainer_broken"
        assert len(laboratory.starts()) == 3
        assert laboratory.wait_until_over(trainer.submit(GOOD)).phase is JobPhase.ENDED
        assert trainer.state.problem is None
        assert len(laboratory.starts()) == 4

    def test_each_train_has_three_tries(self, laboratory: Laboratory):
        """Deaths of earlier tries do not count."""
        trainer = laboratory.start(*["dies"] * 5)
        laboratory.wait_for(lambda s: s.worker is WorkerPhase.BROKEN)
        assert laboratory.wait_until_over(trainer.submit(GOOD)).phase is JobPhase.ENDED
        assert len(laboratory.starts()) == 6

    def test_trainer_that_was_ready_in_between_is_not_given_up(self, laboratory: Laboratory):
        """Only deaths in a row count."""
        laboratory.start("dies", "dies", "good", "dies", "dies", "good")
        laboratory.wait_until_ready(3)
        laboratory.kill()
        assert laboratory.wait_until_ready(6).problem is None

    def test_missing_images_are_told_after_two_deaths_too(self, laboratory: Laboratory):
        """A reason that is known is not covered by one that is not, and no job pressed on it is lost."""
        trainer = laboratory.start("dies", "dies", "no-data-then-gate")
        laboratory.wait_for(lambda s: s.worker is WorkerPhase.NO_DATA)
        job = trainer.submit(GOOD)
        laboratory.open_gate()
        assert laboratory.wait_until_over(job).phase is JobPhase.ENDED

    def test_program_that_is_missing_is_given_up(self, laboratory: Laboratory):
        """A process that cannot even be started is one that dies early."""
        store = RunStore(laboratory.home)
        settings = Settings(laboratory.home)
        laboratory.trainer = Trainer(settings, store, command=[str(laboratory.home / "no such program")])
        laboratory.trainer.start()
        for _ in range(2):
            state = laboratory.wait_for(lambda s: s.worker is WorkerPhase.BROKEN and not s.queue)
            assert state.problem.code == "trainer_broken"
            laboratory.trainer.submit(GOOD)


class TestRubbish:
    @pytest.mark.parametrize(
        "rubbish",
        [
            b"Epoch 1/10\n",
            b"7\n",
            b"null\n",
            b"\xff\xfe\x00\n",
            b'{"kind": "Ended", "job": "nobody\'s", "run": "x"}\n',
            b'{"kind": "Problem", "problem": "x", "details": 7}\n',
            b'{"kind": "Ready", "speed": 3}\n',
        ],
    )
    def test_trainer_that_talks_rubbish_is_replaced(self, laboratory: Laboratory, rubbish: bytes):
        """Even one that neither ends nor listens; its job fails, and the next one is trained."""
        (laboratory.home / "rubbish").write_bytes(rubbish)
        trainer = laboratory.start("rubbish")
        job = laboratory.wait_until_over(trainer.submit(GOOD))
        assert job.problem.code == "trainer_died_early"
        assert laboratory.wait_until_over(trainer.submit(GOOD)).phase is JobPhase.ENDED
        first, _second = laboratory.starts()
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)


class TestQueue:
    def test_ended_job_is_found_after_the_next_was_given(self, laboratory: Laboratory):
        """Its owner's page may ask later than the next job begins."""
        trainer = laboratory.start("gate")
        first, second = trainer.submit(GOOD), trainer.submit(LONG)
        laboratory.open_gate()
        laboratory.wait_until_in_training(second)
        found = trainer.state.find(first.id)
        assert (found.phase, found.run) == (JobPhase.ENDED, f"run-of-{first.id}")
        trainer.stop(second.id)
        assert laboratory.wait_until_over(second).run == f"run-of-{second.id}"

    def test_jobs_of_long_ago_are_forgotten(self, laboratory: Laboratory):
        """A server runs for weeks."""
        trainer = laboratory.start("gate")
        jobs = [trainer.submit(replace(GOOD, epochs=epochs + 1)) for epochs in range(ENDED_JOBS_KEPT + 3)]
        laboratory.open_gate()
        laboratory.wait_until_over(jobs[-1])
        assert [job.id for job in trainer.state.ended] == [job.id for job in jobs[3:]]


class TestHang:
    """A trainer that lives and does nothing is replaced, and nobody waits for it meanwhile."""

    @pytest.mark.parametrize(
        ("config", "patience", "stops"),
        [(HALTS, IMPATIENT, True), (HALTS, IMPATIENT, False), (HANGS, Patience(heartbeats=60), True)],
        ids=["halted, after Stop", "halted", "without progress, after Stop"],
    )
    def test_its_run_is_kept_and_the_next_job_is_trained(
        self, laboratory: Laboratory, config: RunConfig, patience: Patience, stops: bool
    ):
        """With its history and last network, whether somebody pressed Stop or not."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = laboratory.start(store=store, patience=patience)
        job = trainer.submit(config)
        laboratory.wait_until_in_training(job)
        if stops:
            trainer.stop(job.id)
        failed = laboratory.wait_until_over(job)
        assert failed.problem.code == "trainer_hung"
        (kept,) = store.list()
        assert (kept.id, kept.status, kept.has_weights) == (failed.run, RunStatus.FAILED, True)
        assert kept.history == failed.history
        assert laboratory.wait_until_over(trainer.submit(GOOD)).phase is JobPhase.ENDED
        assert not is_running(laboratory.starts()[0])

    def test_trainer_that_halts_while_it_is_idle_is_replaced(self, laboratory: Laboratory):
        """Before anybody needs it."""
        laboratory.start(patience=IMPATIENT)
        laboratory.wait_until_ready()
        os.kill(laboratory.starts()[0], signal.SIGSTOP)
        laboratory.wait_until_ready(2)

    def test_trainer_that_halts_while_it_starts_is_replaced(self, laboratory: Laboratory):
        """It is given more time: a slow disk takes long to read TensorFlow."""
        laboratory.start("halts", patience=Patience(start_seconds=10))
        laboratory.wait_until_ready(2)

    def test_thousands_of_presses_of_stop_block_nobody(self, laboratory: Laboratory):
        """A halted trainer reads nothing, and a pipe holds only so much."""
        trainer = laboratory.start()
        job = trainer.submit(HALTS)
        laboratory.wait_until_in_training(job)
        (process,) = laboratory.starts()
        wait_until(lambda: process_status(process) == "T", PATIENCE_SECONDS)
        for _ in range(5000):
            trainer.stop(job.id)
        assert trainer.state.training[0].phase is JobPhase.STOPPING
        waiting = trainer.submit(GOOD)
        trainer.stop(waiting.id)
        assert trainer.state.find(waiting.id) is None
        os.kill(process, signal.SIGCONT)
        laboratory.wait_until_over(job)
        assert laboratory.heard().count("Stop") == 1


class TestClose:
    def test_trainer_is_asked_to_end_and_keeps_its_run(self, laboratory: Laboratory):
        """Whoever stops the server loses nothing: the trainer tests and keeps the run before it ends."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = laboratory.start(store=store)
        job, waiting = trainer.submit(LONG), trainer.submit(GOOD)
        laboratory.wait_until_in_training(job)
        trainer.close()
        ended = trainer.state.find(job.id)
        assert (ended.phase, ended.run) == (JobPhase.ENDED, f"run-of-{job.id}")
        assert trainer.state.place_in_queue(waiting.id) == 1
        assert store.list() == ()
        assert len(laboratory.starts()) == 1

    @pytest.mark.parametrize("config", [HALTS, HANGS], ids=["halted", "without progress"])
    def test_trainer_that_does_not_answer_is_ended(self, laboratory: Laboratory, config: RunConfig):
        """After some seconds; what it has learned is kept as a failed run."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = laboratory.start(store=store, patience=IMPATIENT)
        job = trainer.submit(config)
        laboratory.wait_until_in_training(job)
        trainer.close()
        (kept,) = store.list()
        assert (kept.status, kept.has_weights) == (RunStatus.FAILED, True)
        assert trainer.state.find(job.id).run == kept.id
        assert [is_running(process) for process in laboratory.starts()] == [False]

    @pytest.mark.parametrize(
        ("plan", "phase"),
        [
            (["gate"], WorkerPhase.STARTING),
            (["no-data"], WorkerPhase.NO_DATA),
            (["dies"] * 3, WorkerPhase.BROKEN),
            (["deaf"], WorkerPhase.READY),
        ],
    )
    def test_server_ends_whatever_its_trainer_does(
        self, laboratory: Laboratory, plan: list[str], phase: WorkerPhase
    ):
        """Nothing is waited for that does not come, and no process is left."""
        trainer = laboratory.start(*plan, patience=IMPATIENT)
        laboratory.wait_for(lambda s: s.worker is phase)
        trainer.close()
        assert not any(map(is_running, laboratory.starts()))

    def test_server_ends_while_its_trainer_starts(self, laboratory: Laboratory):
        """Closed at once after its start, it leaves no process either."""
        laboratory.start("gate", patience=IMPATIENT).close()
        assert not any(map(is_running, laboratory.starts()))


class TestImages:
    def test_mnist_inside_is_known_before_any_process_has_read_it(self, laboratory: Laboratory):
        """The first page says what is trained on, and offers what was trained already, without waiting."""
        assert laboratory.start("gate").state.dataset == MNIST

    def test_images_that_somebody_brings_are_known_once_they_are_read(self, laboratory: Laboratory):
        """Before that, nobody can tell which ones they are."""
        settings = Settings(laboratory.home, laboratory.home / "brought.npz")
        trainer = laboratory.start("gate", settings=settings)
        assert trainer.state.dataset is None
        laboratory.open_gate()
        assert laboratory.wait_until_ready().dataset == MNIST


class TestEnvironment:
    def test_relative_paths_arrive_absolute(self, laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch):
        """The trainer works in another folder than the one in which the server was started."""
        monkeypatch.chdir(laboratory.home.parent)
        given = {"MNIST_DEMO_HOME": "home", "MNIST_DEMO_DATA": "data/mnist.npz"}
        laboratory.start(settings=Settings.from_environment(given))
        laboratory.wait_until_ready()
        environment = (laboratory.home / "environment").read_text()
        for name, path in given.items():
            assert f'"{name}": "{laboratory.home.parent / path}"' in environment

    def test_images_that_nobody_named_are_not_named(
        self, laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
    ):
        """An empty variable counts as unset, whatever the server's own environment says."""
        monkeypatch.setenv("MNIST_DEMO_DATA", "/elsewhere/mnist.npz")
        laboratory.start()
        laboratory.wait_until_ready()
        assert '"MNIST_DEMO_DATA": ""' in (laboratory.home / "environment").read_text()

    def test_numpy_of_the_trainer_leaves_the_cores_to_tensorflow(
        self, laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch
    ):
        """Whatever the server's own NumPy may use."""
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", "8")
        laboratory.start()
        laboratory.wait_until_ready()
        assert '"OPENBLAS_NUM_THREADS": "1"' in (laboratory.home / "environment").read_text()

    def test_trainer_is_apart_from_the_terminal(self, laboratory: Laboratory):
        """Ctrl-C goes to all processes of a terminal's group, and it is the server that ends the trainer."""
        laboratory.start()
        laboratory.wait_until_ready()
        assert os.getpgid(laboratory.starts()[0]) != os.getpgid(0)

    def test_several_trainers_share_the_cores(self, laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch):
        """And one alone has them all, as TensorFlow chooses."""
        monkeypatch.setattr(os, "cpu_count", lambda: 8)
        laboratory.start(settings=Settings(laboratory.home, trainers=3))
        laboratory.wait_for(lambda s: {worker.phase for worker in s.workers} == {WorkerPhase.READY})
        assert '"TF_NUM_INTRAOP_THREADS": "2"' in (laboratory.home / "environment").read_text()

    def test_one_trainer_has_all_cores(self, laboratory: Laboratory):
        """TensorFlow chooses."""
        laboratory.start()
        laboratory.wait_until_ready()
        assert "TF_NUM_INTRAOP_THREADS" not in (laboratory.home / "environment").read_text()


ALSO_LONG = replace(LONG, epochs=7)
"""Like `LONG`, and yet another configuration."""


class TestSeveral:
    """Several trainers work one queue off, and each dies for itself."""

    def start(self, laboratory: Laboratory, *plan: str, **more: Any) -> Trainer:  # noqa: ANN401 - as for Trainer
        """Start two trainers, and wait until both are ready."""
        trainer = laboratory.start(*plan, settings=Settings(laboratory.home, trainers=2), **more)
        laboratory.wait_for(lambda s: [worker.phase for worker in s.workers] == [WorkerPhase.READY] * 2)
        return trainer

    def test_dead_one_costs_its_own_run_only(self, laboratory: Laboratory):
        """The other trains on, the dead one comes back, and what waited is trained."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = self.start(laboratory, store=store)
        jobs = [trainer.submit(config) for config in (LONG, ALSO_LONG)]
        waits = trainer.submit(GOOD)
        for job in jobs:
            laboratory.wait_until_in_training(job)
        assert trainer.state.place_in_queue(waits.id) == 1
        os.kill(laboratory.starts()[0], signal.SIGKILL)
        assert laboratory.wait_until_over(jobs[0]).problem.code == "trainer_died"
        assert laboratory.wait_until_over(waits).phase is JobPhase.ENDED
        assert trainer.state.find(jobs[1].id).phase is JobPhase.TRAINING
        assert is_running(laboratory.starts()[1])
        assert [run.id for run in store.list()] == [trainer.state.find(jobs[0].id).run]
        trainer.stop(jobs[1].id)
        assert laboratory.wait_until_over(jobs[1]).run == f"run-of-{jobs[1].id}"
        assert len(laboratory.starts()) == 3

    def test_hung_one_is_replaced_while_the_other_trains_on(self, laboratory: Laboratory):
        """Each has its own heartbeats."""
        trainer = self.start(laboratory, patience=IMPATIENT)
        hangs, trains = trainer.submit(HALTS), trainer.submit(LONG)
        assert laboratory.wait_until_over(hangs).problem.code == "trainer_hung"
        assert trainer.state.find(trains.id).phase is JobPhase.TRAINING

    def test_stop_reaches_the_one_that_trains(self, laboratory: Laboratory):
        """And only that one."""
        trainer = self.start(laboratory)
        first, second = trainer.submit(LONG), trainer.submit(ALSO_LONG)
        for job in (first, second):
            laboratory.wait_until_in_training(job)
        trainer.stop(second.id)
        assert laboratory.wait_until_over(second).phase is JobPhase.ENDED
        assert [job.id for job in trainer.state.training] == [first.id]

    def test_second_starts_when_the_first_is_ready(self, laboratory: Laboratory):
        """The first visitor waits for one trainer only."""
        trainer = laboratory.start("gate", settings=Settings(laboratory.home, trainers=2))
        wait_until(laboratory.starts, PATIENCE_SECONDS)
        phases = [worker.phase for worker in trainer.state.workers]
        assert phases == [WorkerPhase.STARTING, WorkerPhase.LATER]
        laboratory.open_gate()
        laboratory.wait_for(lambda s: {worker.phase for worker in s.workers} == {WorkerPhase.READY})
        assert len(laboratory.starts()) == 2

    def test_missing_images_are_told_by_one(self, laboratory: Laboratory):
        """The others have not started; after the next Train all are there."""
        trainer = laboratory.start("no-data", settings=Settings(laboratory.home, trainers=2))
        laboratory.wait_for(lambda s: s.worker is WorkerPhase.NO_DATA)
        assert laboratory.wait_until_over(trainer.submit(GOOD)).phase is JobPhase.ENDED
        laboratory.wait_for(lambda s: {worker.phase for worker in s.workers} == {WorkerPhase.READY})

    def test_all_are_asked_to_end_at_the_same_time(self, laboratory: Laboratory):
        """Whoever stops the server loses none of their runs."""
        trainer = self.start(laboratory)
        jobs = [trainer.submit(config) for config in (LONG, ALSO_LONG)]
        for job in jobs:
            laboratory.wait_until_in_training(job)
        trainer.close()
        assert [trainer.state.find(job.id).run for job in jobs] == [f"run-of-{job.id}" for job in jobs]
        assert not any(map(is_running, laboratory.starts()))


ANA, BEN, EVA = (Owner(name) for name in ("ana", "ben", "eva"))


class TestClass:
    """Many press at the same time, come and go."""

    def test_thirty_who_press_at_the_same_moment_share_one_run(self, laboratory: Laboratory):
        """And learn the same job."""
        trainer = laboratory.start()
        people = [Owner(f"visitor{number}") for number in range(30)]
        with ThreadPoolExecutor(30) as pool:
            jobs = set(pool.map(lambda person: trainer.submit(GOOD, person).id, people))
        assert len(jobs) == 1
        (job,) = jobs
        laboratory.wait_for(lambda s: s.find(job).phase is JobPhase.ENDED)
        assert set(trainer.state.find(job).owners) == set(people)
        assert laboratory.heard() == ["Train"]

    def test_run_is_handed_over_to_who_stays(self, laboratory: Laboratory):
        """The trainer is told, as it writes the run; what it cannot keep, the server keeps for the same."""
        trainer = laboratory.start()
        job = trainer.submit(LONG, ANA)
        laboratory.wait_until_in_training(job)
        assert trainer.submit(LONG, BEN).id == job.id
        trainer.stop(job.id, ANA)
        wait_until(lambda: laboratory.heard() == ["Train", "HandOver"], PATIENCE_SECONDS)
        trainer.stop(job.id, BEN)
        assert laboratory.wait_until_over(job).owners == (BEN,)
        assert laboratory.heard() == ["Train", "HandOver", "Stop"]

    def test_run_is_whose_it_has_become_while_it_was_kept(self, laboratory: Laboratory):
        """The trainer had asked before whose it is. Whole, and once."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        trainer = laboratory.start(store=store)
        job = trainer.submit(KEPT_EARLY, ANA)
        laboratory.wait_for(lambda state: any(each.step for each in state.training))
        trainer.submit(KEPT_EARLY, BEN)
        trainer.stop(job.id, ANA)
        laboratory.open_gate()
        run = laboratory.wait_until_over(job).run
        assert [(kept.id, kept.owner) for kept in store.list()] == [(run, BEN)]
        assert store.damaged == ()
        assert store.load_network(store.get(run))

    def test_clean_lesson_ends_what_visitors_train_and_holds_them_back(self, laboratory: Laboratory):
        """Until all is packed away; the teacher may train meanwhile."""
        trainer = laboratory.start()
        job = trainer.submit(LONG, ANA)
        laboratory.wait_until_in_training(job)
        with trainer.closed_to_visitors() as unended:
            assert (unended, trainer.state.find(job.id).phase) == (0, JobPhase.ENDED)
            with pytest.raises(NotAllowed) as refusal:
                trainer.submit(GOOD, BEN)
            assert all(message(refusal.value, language) for language in languages())
            laboratory.wait_until_over(trainer.submit(LAST))
        assert trainer.submit(GOOD, BEN).is_of(BEN)

    def test_clean_lesson_counts_what_it_could_not_end(self, laboratory: Laboratory):
        """Their runs come later."""
        trainer = laboratory.start()
        job = trainer.submit(HANGS, ANA)
        laboratory.wait_until_in_training(job)
        with trainer.closed_to_visitors(seconds=0) as unended:
            assert unended == 1

    def test_waiting_job_leaves_with_its_page_and_one_in_training_goes_on(self, laboratory: Laboratory):
        """Half a minute after the last of those who wait for it was there."""
        clock, there = [0.0], {"ana", "ben", "eva"}
        trainer = laboratory.start(is_there=there.__contains__, clock=lambda: clock[0])
        trains, waits, teachers = trainer.submit(LONG, ANA), trainer.submit(GOOD, BEN), trainer.submit(DIES)
        laboratory.wait_until_in_training(trains)
        assert trainer.submit(GOOD, EVA).id == waits.id
        there.clear()
        clock[0] = GONE_SECONDS + 1
        state = laboratory.wait_for(lambda s: not s.find(waits.id))
        assert [job.id for job in state.pending] == [trains.id, teachers.id]

    def test_no_room_is_told_before_anything_is_queued(self, laboratory: Laboratory):
        """By what lies on the disk at that moment."""
        store = RunStore(laboratory.home, laboratory.home / "none")
        save_run(store)
        trainer = laboratory.start(store=store, settings=Settings(laboratory.home, max_runs=1))
        with pytest.raises(NoRoom):
            trainer.submit(GOOD)
        assert trainer.state.pending == ()
