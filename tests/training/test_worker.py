"""What the trainer's process makes of a job, with a session that only pretends to train."""

from __future__ import annotations

import errno
import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_demo.data.mnist import Dataset
from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone
from mnist_demo.jobs.messages import Ended, HandOver, Message, Progress, Train, decode
from mnist_demo.network.mlp import Network
from mnist_demo.runs.owner import Owner
from mnist_demo.runs.parts import run_checkpoints
from mnist_demo.runs.run import Run, RunConfig
from mnist_demo.runs.store import RunStore
from mnist_demo.training.channel import Channel
from mnist_demo.training.control import RunControl
from mnist_demo.training.making import MAX_LIVE_CALIBRATION_IMAGES, train_run
from mnist_demo.training.worker import MAX_COMPILATIONS_PER_PROCESS, train_job
from tests.factories import FIRST_EPOCH, MNIST, SECOND_EPOCH, SMALL, random_network

CONFIG = RunConfig(epochs=2)
STEP = StepDone(1, 1, 1, 0.5, 0.75, 0.5, 0.75, 1000.0)
EPOCHS = (EpochDone(FIRST_EPOCH), EpochDone(SECOND_EPOCH))


class PretendedSession:
    """Reports given events and has a network that nobody trained."""

    compilations = 0

    def __init__(self, *events: Event) -> None:
        self.events = events
        self.calibrated_on: list[int | None] = []

    def train(self, _config: RunConfig, _control: RunControl | None, _lesson: None) -> Iterator[Event]:
        """Report the events."""
        return iter(self.events)

    def weights(self) -> tuple:
        """Give the layers of the network."""
        return random_network().layers

    network = None

    def evaluate(self) -> tuple[float, float]:
        """Give the figures of a test that nobody made."""
        return 0.25, 0.975

    def validation_examples(self, _config: RunConfig, most: int | None = None) -> tuple:
        """Give images of nothing, and note how many were asked for."""
        self.calibrated_on.append(most)
        return np.zeros((12, 784), np.float32), np.arange(12) % 10

    def calibration_data(self, _config: RunConfig) -> tuple:
        """Give images of nothing, validation and test."""
        some = np.zeros((12, 784), np.float32), np.arange(12) % 10
        return some, some

    def detector_data(self, _config: RunConfig, _lesson: None) -> tuple:
        """Give images of nothing: digits, others, validation."""
        return (np.zeros((12, 784), np.float32),) * 3


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of which nothing ships."""
    return RunStore(tmp_path, pretrained=tmp_path / "none")


@pytest.fixture
def dataset() -> Dataset:
    """Images that nobody looks at."""
    images, labels = np.zeros((2, 28, 28), np.uint8), np.zeros(2, np.uint8)
    return Dataset(images, labels, images, labels, Path())


def sent_by(events: list[Event], store: RunStore, dataset: Dataset) -> list[Message]:
    """Train a job of these events, and give what the server hears."""
    pipe = io.StringIO()
    train_job(Train("job7", CONFIG), PretendedSession(*events), dataset, store, Channel(io.StringIO(), pipe))
    return [decode(line) for line in pipe.getvalue().splitlines()]


def test_run_stopped_before_its_first_step_is_not_kept(store: RunStore):
    """Nothing was learned, so there is nothing to keep."""
    assert train_run(PretendedSession(Compiling()), CONFIG, MNIST, store, lambda _event: False) is None
    assert list(store.folder.iterdir()) == []


class RememberingStore(RunStore):
    """A store that remembers whose the run was that it was given last."""

    def save(self, run: Run, *others: Any) -> Run:  # noqa: ANN401 - as for RunStore
        """Keep a run."""
        self.owner = run.owner
        return super().save(run, *others)


@pytest.mark.parametrize("leaves", [False, True])
def test_run_is_its_owners_or_whoevers_it_has_become(
    tmp_path: Path, dataset: Dataset, monkeypatch: pytest.MonkeyPatch, leaves: bool
):
    """Who pressed Train first may leave while others stay."""
    monkeypatch.setattr("mnist_demo.training.making.save_for_keras", lambda *_arguments: None)
    ana, ben = Owner("ana"), Owner("ben")
    store = RememberingStore(tmp_path, tmp_path / "none")
    channel = Channel(io.StringIO(), io.StringIO())
    if leaves:
        channel.hear(HandOver("job7", ben))
    session = PretendedSession(Started(), STEP, *EPOCHS)
    train_job(Train("job7", RunConfig(epochs=2, hidden=SMALL), ana), session, dataset, store, channel)
    assert store.owner == (ben if leaves else ana)


def test_job_without_a_run_ends(store: RunStore, dataset: Dataset):
    """The server hears of the end all the same, and can give the next job."""
    assert sent_by([Compiling()], store, dataset) == [Progress("job7", Compiling(), ""), Ended("job7", "")]


class ReadingPipe(io.StringIO):
    """A server that reads every network at the moment when it is told of it, and looks which are there."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[Network] = []
        self.there: list[list[str]] = []
        self.told: list[str] = []

    def write(self, line: str) -> int:
        """Take a message."""
        message = decode(line)
        if isinstance(message, Progress) and message.weights:
            path = Path(message.weights)
            self.told.append(path.name)
            self.read.append(Network.load(path))
            self.there.append(sorted(other.name for other in path.parent.iterdir()))
        return super().write(line)


def test_network_is_told_from_its_start_on_and_older_ones_go_afterwards(
    store: RunStore, dataset: Dataset, tmp_path: Path
):
    """Killed at any moment, the trainer leaves the networks that the server knows; none stays at the end."""
    events = (Compiling(), Started(), EpochDone(FIRST_EPOCH), EpochDone(SECOND_EPOCH))
    pipe = ReadingPipe()
    train_job(Train("job7", CONFIG), PretendedSession(*events), dataset, store, Channel(io.StringIO(), pipe))
    assert pipe.told == ["job7-0.npz", "job7-1.npz", "job7-2.npz"]
    assert pipe.there == [pipe.told[:1], pipe.told[:2], pipe.told]
    np.testing.assert_array_equal(pipe.read[1].layers[0][0], random_network().layers[0][0])
    assert not list((tmp_path / "live").rglob("*.npz"))


def test_network_that_cannot_be_written_for_the_pages_ends_no_training(
    store: RunStore, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The disk is full, or somebody has put a file there: the run is trained and kept all the same."""
    monkeypatch.setattr("mnist_demo.training.making.save_for_keras", lambda *_arguments: None)
    shutil.rmtree(tmp_path / "live")
    (tmp_path / "live").write_text("")
    order = Train("job7", RunConfig(epochs=2, hidden=SMALL))
    pipe = io.StringIO()
    session = PretendedSession(Started(), STEP, *EPOCHS)
    train_job(order, session, dataset, store, Channel(io.StringIO(), pipe))
    *progress, ended = map(decode, pipe.getvalue().splitlines())
    assert [message.weights for message in progress] == [""] * 4
    assert store.get(ended.run).history.reached_epoch == 2


def test_run_that_could_not_be_kept_is_not_begun(store: RunStore, dataset: Dataset):
    """Nobody waits for what cannot be written."""
    _turn_into_a_file(store)
    (ended,) = sent_by([STEP, *EPOCHS], store, dataset)
    assert (ended.run, ended.problem.problem) == ("", "home_not_writable")


def test_run_that_cannot_be_written_is_told_and_leaves_nothing(
    store: RunStore, dataset: Dataset, tmp_path: Path
):
    """The trainer lives on; the sentence gives the reason."""

    class Spoiling(PretendedSession):
        """Sees, like everybody, the folder of the runs become a file when the last epoch is done."""

        def evaluate(self) -> tuple[float, float]:
            _turn_into_a_file(store)
            return super().evaluate()

    pipe = io.StringIO()
    session = Spoiling(STEP, *EPOCHS)
    train_job(Train("job7", CONFIG), session, dataset, store, Channel(io.StringIO(), pipe))
    *_, ended = map(decode, pipe.getvalue().splitlines())
    assert (ended.run, ended.problem.problem) == ("", "run_not_kept")
    assert ended.problem.details["reason"] in {os.strerror(errno.ENOTDIR), os.strerror(errno.EEXIST)}
    assert not list((tmp_path / "live").rglob("*.npz"))


def _turn_into_a_file(store: RunStore) -> None:
    shutil.rmtree(store.folder)
    store.folder.write_text("")


def test_network_is_calibrated_after_each_epoch_and_after_the_last_as_the_run_is(
    store: RunStore, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
):
    """On few images meanwhile, and on all at the end: its answers stay the same when the run has ended."""
    monkeypatch.setattr("mnist_demo.training.making.save_for_keras", lambda *_arguments: None)
    session, pipe = PretendedSession(Started(), STEP, *EPOCHS), io.StringIO()
    order = Train("job7", RunConfig(epochs=2, hidden=SMALL))
    train_job(order, session, dataset, store, Channel(io.StringIO(), pipe))
    *progress, ended = map(decode, pipe.getvalue().splitlines())
    assert [bool(message.calibration) for message in progress] == [False, False, True, True]
    assert session.calibrated_on == [MAX_LIVE_CALIBRATION_IMAGES, None]
    last, kept = progress[-1].calibration, store.get(ended.run).calibration
    assert (last.temperature, last.min_logit_margin) == (kept.temperature, kept.min_logit_margin)


def test_history_of_a_stopped_run_ends_where_its_training_did(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
):
    """Though no point was due there: the notebook trains up to the last one."""
    monkeypatch.setattr("mnist_demo.training.making.save_for_keras", lambda *_arguments: None)
    reports = [StepDone(1, step, 8, 0.5, 0.75, 0.5, 0.75, 1.0, is_point=step == 1) for step in (1, 2, 3)]
    config = RunConfig(epochs=2, hidden=SMALL)
    run = train_run(PretendedSession(*reports), config, MNIST, store, lambda event: event != reports[1])
    assert run
    assert [record.epochs for record in run.history.steps] == [1 / 8, 2 / 8]


@pytest.mark.parametrize("stops", [False, True])
def test_network_after_each_epoch_is_kept_with_the_run(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, stops: bool
):
    """Of a run that was stopped, too: the epochs that it reached."""
    monkeypatch.setattr("mnist_demo.training.making.save_for_keras", lambda *_arguments: None)
    session = PretendedSession(STEP, *EPOCHS)
    config = RunConfig(epochs=2, hidden=SMALL)
    run = train_run(session, config, MNIST, store, lambda event: not (stops and isinstance(event, EpochDone)))
    assert run
    checkpoints = run_checkpoints(store.get(run.id))
    assert checkpoints
    assert checkpoints.epochs == ((1,) if stops else (1, 2))
    first = random_network().layers[0][0]
    np.testing.assert_allclose(checkpoints.network(1).layers[0][0], first, rtol=1e-3, atol=1e-6)


def test_process_that_recycles_says_that_it_takes_no_other_job(store: RunStore, dataset: Dataset):
    """After many compilations the process ends between two runs, and the server has to know."""
    session, events = PretendedSession(), io.StringIO()
    session.compilations = MAX_COMPILATIONS_PER_PROCESS
    train_job(Train("job", CONFIG), session, dataset, store, Channel(io.StringIO(), events))
    assert decode(events.getvalue().splitlines()[-1]) == Ended("job", "", recycles=True)
