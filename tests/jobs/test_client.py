"""The trainer as the web server knows it: a real process, real pipes, real death."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_demo.jobs.client import Trainer
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.process import WORKER
from mnist_demo.jobs.state import TrainerState, WorkerPhase
from mnist_demo.network.mlp import Network
from mnist_demo.runs.run import RunConfig, RunStatus
from mnist_demo.runs.store import RunStore
from mnist_demo.settings import Settings
from mnist_demo.texts.loading import message
from tests.mnist import part_of_mnist, write_images
from tests.trainer import is_running, wait_for, worker_processes

START_SECONDS = 120
LONG = RunConfig(epochs=30, batch_size=8)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write fewer real digits than MNIST has, but enough that a run can be interrupted."""
    return write_images(part_of_mnist(28_300, 382), tmp_path_factory.mktemp("data") / "some.npz")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the trainer a home of its own."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> RunStore:
    """Open the store that trainer and test share."""
    return RunStore(home, pretrained=home / "none")


@pytest.fixture(scope="module")
def module_trainer(home: Path, images: Path, store: RunStore) -> Iterator[Trainer]:
    """Start one trainer for all tests of this file: TensorFlow takes seconds to load."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MNIST_DEMO_HOME", str(home))
        environment.setenv("MNIST_DEMO_DATA", str(images))
        trainer = Trainer(Settings.from_environment(), store, command=WORKER)
        trainer.start()
        yield trainer
        trainer.close()


@pytest.fixture
def trainer(module_trainer: Trainer) -> Trainer:
    """Wait until the trainer is ready and idle."""
    wait_for(module_trainer, is_idle, START_SECONDS)
    return module_trainer


def is_idle(state: TrainerState) -> bool:
    """Tell whether the next job starts at once."""
    return state.worker is WorkerPhase.READY and not state.training and not state.queue


def kill_trainer() -> None:
    """Kill the trainer, as a computer without memory does."""
    (process,) = worker_processes(os.getpid())
    os.kill(process, signal.SIGKILL)


def has_epoch(state: TrainerState) -> bool:
    """Tell whether a job is in training that has ended an epoch."""
    return bool(state.training and state.training[0].history.epochs)


def test_images_are_told_before_the_trainer_is_ready(trainer: Trainer):
    """The page needs the fingerprint for its look into the store long before TensorFlow is loaded."""
    state = trainer.state
    assert state.dataset
    assert (state.dataset.n_train, state.dataset.n_test) == (28300, 382)


def test_trained_run_lies_in_the_store(trainer: Trainer, store: RunStore):
    """A finished job becomes a run with history, test figures and a network that recognises the images."""
    job = trainer.submit(RunConfig(epochs=2))
    state = wait_for(trainer, lambda s: bool(s.find(job.id) and s.find(job.id).phase.is_over), START_SECONDS)
    run = store.get(state.find(job.id).run)
    assert run.status is RunStatus.FINISHED
    assert [record.epoch for record in run.history.epochs] == [1, 2]
    assert run.history == state.find(job.id).history
    assert run.test_accuracy > 0.85
    assert Network.load(run.folder).hidden == (128, 64)
    assert (run.folder / "model.keras").is_file()


def test_second_job_waits_for_the_first(trainer: Trainer):
    """One run trains at a time; the next one knows its place and starts by itself."""
    _first, second, third = (trainer.submit(RunConfig(epochs=3, seed=seed)) for seed in (1, 2, 3))
    state = trainer.state
    assert [state.place_in_queue(job.id) for job in (second, third)] in ([1, 2], [2, 3])
    trainer.stop(third.id)
    assert trainer.state.find(third.id) is None
    wait_for(trainer, lambda s: bool(s.training and s.training[0].id == second.id), START_SECONDS)
    wait_for(trainer, is_idle, START_SECONDS)
    assert trainer.state.ended[-1].id == second.id


def test_ended_job_is_still_found_after_the_next_one(trainer: Trainer, store: RunStore):
    """Its owner comes back for the run, though somebody else's has been trained since."""
    first, second = (trainer.submit(RunConfig(epochs=1, seed=seed)) for seed in (4, 5))
    state = wait_for(trainer, lambda s: bool(s.find(second.id).phase is JobPhase.ENDED), START_SECONDS)
    ended = state.find(first.id)
    assert ended.phase is JobPhase.ENDED
    assert store.get(ended.run).config == first.config
    assert state.ended[-1].id == second.id


def test_stopped_job_keeps_what_it_learned(trainer: Trainer, store: RunStore):
    """Stop ends a run early, frees the trainer and keeps the epochs so far."""
    job = trainer.submit(LONG)
    wait_for(trainer, has_epoch, START_SECONDS)
    trainer.stop(job.id)
    state = wait_for(trainer, is_idle, START_SECONDS)
    run = store.get(state.ended[-1].run)
    assert run.status is RunStatus.STOPPED
    assert 1 <= run.history.reached_epoch < LONG.epochs
    assert run.has_weights
    assert store.find(run.identity) is None


def test_live_networks_are_forgotten_at_the_end(trainer: Trainer, home: Path):
    """While a job trains there are files from its start on; after it there is none."""
    job = trainer.submit(LONG)
    state = wait_for(trainer, lambda s: bool(s.training and s.training[0].weights), START_SECONDS)
    assert (state.training[0].history.reached_epoch, state.training[0].epoch_weights) == (0, "")
    active = wait_for(trainer, has_epoch, START_SECONDS).training[0]
    assert {Path(file).name.split("-")[0] for file in (active.weights, active.epoch_weights)} == {job.id}
    assert Network.load(active.epoch_weights).hidden == LONG.hidden
    assert active.calibration.temperature > 0
    trainer.stop(job.id)
    wait_for(trainer, is_idle, START_SECONDS)
    following = trainer.submit(RunConfig(epochs=1, seed=9))  # the file goes after the end has been told
    wait_for(trainer, lambda s: s.find(following.id).step is not None, START_SECONDS)
    assert not list((home / "live").rglob(f"{job.id}-*"))
    wait_for(trainer, is_idle, START_SECONDS)


def test_killed_trainer_fails_its_job_and_another_one_starts(trainer: Trainer, store: RunStore):
    """After kill -9 the run is kept as failed with its history, and the next Train works."""
    job = trainer.submit(LONG)
    wait_for(trainer, has_epoch, START_SECONDS)
    kill_trainer()
    state = wait_for(trainer, lambda s: bool(s.ended and s.ended[-1].phase is JobPhase.FAILED), START_SECONDS)
    assert state.ended[-1].id == job.id
    assert state.ended[-1].problem.code == "trainer_died"
    run = store.get(state.ended[-1].run)
    assert run.status is RunStatus.FAILED
    assert run.history.epochs
    assert Network.load(run.folder).hidden == (128, 64)
    following = trainer.submit(RunConfig(epochs=1))
    state = wait_for(trainer, is_idle, START_SECONDS)
    assert state.find(following.id).phase is JobPhase.ENDED


def test_trainer_killed_at_once_leaves_a_run_without_network(trainer: Trainer, store: RunStore):
    """A run that failed at once is listed, but nobody can draw for it; a new trainer takes the queue over."""
    trainer.submit(LONG)
    wait_for(trainer, lambda s: bool(s.training), START_SECONDS)
    kill_trainer()
    state = wait_for(trainer, lambda s: bool(s.ended and s.ended[-1].phase is JobPhase.FAILED), START_SECONDS)
    run = store.get(state.ended[-1].run)
    assert run.has_weights == bool(run.history.epochs)
    problem = "trainer_died" if run.has_weights else "trainer_died_early"
    assert state.ended[-1].problem.code == problem
    wait_for(trainer, lambda s: s.worker is not WorkerPhase.READY, START_SECONDS)
    pressed_meanwhile = trainer.submit(RunConfig(epochs=1, seed=7))
    state = wait_for(trainer, is_idle, START_SECONDS)
    assert state.find(pressed_meanwhile.id).phase is JobPhase.ENDED


def test_overflowing_run_is_kept(trainer: Trainer, store: RunStore):
    """A learning rate that is far too large is a lesson, not a crash."""
    job = trainer.submit(RunConfig(epochs=1, learning_rate=1.0, optimizer="sgd", batch_size=8))
    state = wait_for(trainer, is_idle, START_SECONDS)
    assert state.find(job.id).phase is JobPhase.ENDED
    assert store.get(state.find(job.id).run).test_accuracy < 0.9


def test_home_that_is_deleted_while_a_run_is_trained_is_made_again(
    trainer: Trainer, store: RunStore, home: Path
):
    """Nothing hangs, and the run is kept."""
    job = trainer.submit(LONG)
    wait_for(trainer, has_epoch, START_SECONDS)
    shutil.rmtree(home.rename(home.with_name("gone")))  # at one blow: the trainer writes ten times a second
    trainer.stop(job.id)
    ended = wait_for(trainer, is_idle, START_SECONDS).find(job.id)
    assert ended.phase is JobPhase.ENDED
    assert [run.id for run in store.list()] == [ended.run]


def test_unreadable_images_are_reported_and_tried_again(
    tmp_path: Path, images: Path, monkeypatch: pytest.MonkeyPatch
):
    """The page says what is wrong with MNIST_DEMO_DATA; once it is mended, pressing Train is enough."""
    named = tmp_path / "mnist.npz"
    named.write_bytes(b"not an archive")
    monkeypatch.setenv("MNIST_DEMO_HOME", str(tmp_path))
    monkeypatch.setenv("MNIST_DEMO_DATA", str(named))
    trainer = Trainer(Settings.from_environment(), RunStore(tmp_path))
    trainer.start()
    try:
        state = wait_for(trainer, lambda s: s.worker is WorkerPhase.NO_DATA, START_SECONDS)
        assert "mnist.npz" in message(state.problem, "es")
        named.write_bytes(images.read_bytes())
        job = trainer.submit(RunConfig(epochs=1))
        state = wait_for(
            trainer, lambda s: bool(s.find(job.id) and s.find(job.id).phase is JobPhase.ENDED), START_SECONDS
        )
        assert state.problem is None
    finally:
        trainer.close()


def test_closed_trainer_leaves_no_process(tmp_path: Path, images: Path, monkeypatch: pytest.MonkeyPatch):
    """The server takes its trainer with it."""
    monkeypatch.setenv("MNIST_DEMO_HOME", str(tmp_path))
    monkeypatch.setenv("MNIST_DEMO_DATA", str(images))
    others = worker_processes(os.getpid())
    trainer = Trainer(Settings.from_environment(), RunStore(tmp_path))
    trainer.start()
    wait_for(trainer, lambda s: s.dataset is not None, START_SECONDS)
    (process,) = set(worker_processes(os.getpid())).difference(others)
    trainer.close()
    assert not is_running(process)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of one megabyte, where the computer lets us have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only the superuser of a computer of its own may mount")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def test_full_disk_is_told_before_training_and_costs_nothing_else(
    small_disk: Path, images: Path, monkeypatch: pytest.MonkeyPatch
):
    """Nobody waits for what cannot be kept; with more room, the same trainer trains."""
    monkeypatch.setenv("MNIST_DEMO_HOME", str(small_disk))
    monkeypatch.setenv("MNIST_DEMO_DATA", str(images))
    others = worker_processes(os.getpid())
    store = RunStore(small_disk, small_disk / "none")
    trainer = Trainer(Settings.from_environment(), store)
    trainer.start()
    try:
        wait_for(trainer, is_idle, START_SECONDS)
        processes = set(worker_processes(os.getpid())).difference(others)
        job = trainer.submit(RunConfig(epochs=3))
        failed = wait_for(trainer, is_idle, START_SECONDS).find(job.id)
        assert failed.problem.code == "no_room"
        assert str(store.folder) in message(failed.problem, "es")
        assert failed.history.epochs == ()
        assert list(store.folder.iterdir()) == []
        subprocess.run(["mount", "-o", "remount,size=20m", small_disk], check=True)
        job = trainer.submit(RunConfig(epochs=3))
        ended = wait_for(trainer, is_idle, START_SECONDS).find(job.id)
        assert ended.phase is JobPhase.ENDED
        assert store.get(ended.run).history.reached_epoch == 3
        assert set(worker_processes(os.getpid())).difference(others) == processes
    finally:
        trainer.close()
    assert not list((small_disk / "live").rglob("*.npz"))
    assert [path.name for path in store.folder.iterdir()] == [ended.run]


def test_killed_trainer_costs_its_own_run_only(tmp_path: Path, images: Path, monkeypatch: pytest.MonkeyPatch):
    """Two networks are trained at the same time; after kill -9 of one process the other run is whole."""
    monkeypatch.setenv("MNIST_DEMO_HOME", str(tmp_path))
    monkeypatch.setenv("MNIST_DEMO_DATA", str(images))
    monkeypatch.setenv("MNIST_DEMO_TRAINERS", "2")
    others = set(worker_processes(os.getpid()))
    store = RunStore(tmp_path, pretrained=tmp_path / "none")
    trainer = Trainer(Settings.from_environment(), store)
    trainer.start()
    try:
        wait_for(trainer, lambda s: s.workers[0].phase is WorkerPhase.LOADING, START_SECONDS)
        (first,) = set(worker_processes(os.getpid())) - others
        wait_for(trainer, lambda s: s.workers[1].phase is WorkerPhase.READY, START_SECONDS)
        dies, lives, waits = (
            trainer.submit(config)
            for config in (LONG, RunConfig(epochs=2, batch_size=8), RunConfig(epochs=1))
        )
        wait_for(
            trainer, lambda s: all(job.step for job in s.training) and len(s.training) == 2, START_SECONDS
        )
        os.kill(first, signal.SIGKILL)
        state = wait_for(trainer, lambda s: not s.pending, START_SECONDS)
    finally:
        trainer.close()
    assert state.find(dies.id).phase is JobPhase.FAILED
    assert store.get(state.find(dies.id).run).status is RunStatus.FAILED
    for job in (lives, waits):
        assert store.get(state.find(job.id).run).status is RunStatus.FINISHED


def is_paused(state: TrainerState) -> bool:
    """Tell whether the trainer stands still because it was asked to."""
    return bool(state.training and state.training[0].is_paused)


def stands_at(epoch: int, step: int) -> Callable[[TrainerState], bool]:
    """Make the condition that the trainer stands still after this step."""

    def stands(state: TrainerState) -> bool:
        done = state.training[0].step if is_paused(state) else None
        return bool(done and (done.epoch, done.step) == (epoch, step))

    return stands


def test_run_that_is_held_in_the_hand_is_the_uninterrupted_one(trainer: Trainer, store: RunStore):
    """Paused, stepped, an epoch further, slow, let go: the same figures and weights, to the last bit."""
    config = RunConfig(epochs=3, seed=11)
    runs = []
    for held in (False, True):
        job = trainer.submit(config)
        if held:
            hold(trainer, job)
        wait_for(trainer, is_idle, START_SECONDS)
        runs.append(store.get(trainer.state.find(job.id).run))
    alone, held = runs
    figures = [[replace(record, seconds=0) for record in run.history.epochs] for run in runs]
    assert figures[0] == figures[1]
    for ours, theirs in zip(Network.load(alone.folder).layers, Network.load(held.folder).layers, strict=True):
        assert all(map(np.array_equal, ours, theirs))
    assert alone.identity == held.identity
    assert sum(record.seconds for record in held.history.epochs) < START_SECONDS


def hold(trainer: Trainer, job: Job) -> None:
    """Press everything that changes no number."""
    trainer.steer(job.id, lambda controls: controls.press("pause"))
    state = wait_for(trainer, is_paused, START_SECONDS)
    (paused,) = state.training
    assert Network.load(paused.weights).hidden == (128, 64)
    epoch, step = (paused.step.epoch, paused.step.step) if paused.step else (1, 0)
    for more in (1, 2):
        trainer.steer(job.id, lambda controls: controls.press("step"))
        stands = wait_for(trainer, stands_at(epoch, step + more), START_SECONDS)
        assert stands.training[0].weights != paused.weights
    trainer.steer(job.id, lambda controls: controls.press("epoch"))
    wait_for(trainer, lambda s: is_paused(s) and s.training[0].history.reached_epoch == epoch, START_SECONDS)
    trainer.steer(job.id, lambda controls: replace(controls.press("run"), slow=True))
    wait_for(trainer, lambda s: s.training[0].step.epoch == epoch + 1, START_SECONDS)
    trainer.steer(job.id, Controls.let_go)


def test_stop_ends_a_paused_run_and_keeps_it_up_to_there(trainer: Trainer, store: RunStore):
    """With the rate that its last steps were trained with."""
    job = trainer.submit(LONG)
    wait_for(trainer, lambda s: bool(s.training and s.training[0].step), START_SECONDS)
    trainer.steer(job.id, lambda controls: replace(controls.press("pause"), rate=0.01))
    (paused,) = wait_for(trainer, is_paused, START_SECONDS).training
    trainer.steer(job.id, lambda controls: controls.press("step"))
    wait_for(trainer, stands_at(paused.step.epoch, paused.step.step + 1), START_SECONDS)
    trainer.stop(job.id)
    state = wait_for(trainer, is_idle, START_SECONDS)
    run = store.get(state.find(job.id).run)
    assert run.status is RunStatus.STOPPED
    steps = paused.step.steps
    last = (paused.step.epoch - 1) * steps + paused.step.step
    assert round(run.history.steps[-1].epochs * steps) == last + 1
    (change,) = run.history.rates
    assert (change.rate, change.step <= last) == (0.01, True)
    assert run.identity != replace(run, history=replace(run.history, rates=())).identity
