"""Which files of a network in training there are at which moment."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone
from mnist_demo.network.mlp import Network
from mnist_demo.runs.store import RunStore
from mnist_demo.training import live
from mnist_demo.training.live import LiveNetwork
from tests.factories import FIRST_EPOCH, SECOND_EPOCH, random_network

STEP = StepDone(1, 1, 9, 0.5, 0.75, 0.5, 0.75, 1000.0)


class Learner:
    """Has other weights each time that it is asked for them."""

    times = 0

    def weights(self) -> tuple:
        """Give the layers of another network."""
        self.times += 1
        return random_network(seed=self.times).layers


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that shows the first number in the list, and goes on by the second when somebody looks."""
    now = [0.0, 0.0]

    def look() -> float:
        now[0] += now[1]
        return now[0]

    monkeypatch.setattr(live.time, "perf_counter", look)
    return now


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of which nothing ships."""
    return RunStore(tmp_path, pretrained=tmp_path / "none")


def files(home: Path) -> list[str]:
    """Name the networks in training."""
    return sorted(path.name for path in (home / "live").rglob("*.npz"))


@pytest.mark.usefixtures("clock")
def test_every_report_has_a_file_of_its_own(store: RunStore):
    """With the network as it is then, from its random start on; compiling changes nothing."""
    network = LiveNetwork("job7", Learner(), store)
    assert network.leave(Compiling()) == ""
    events = (Started(), STEP, STEP, EpochDone(FIRST_EPOCH))
    for number, path in enumerate(map(network.leave, events)):
        assert Path(path).name == f"job7-{number}.npz"
        expected = random_network(seed=number + 1).layers[0][0]
        np.testing.assert_array_equal(Network.load(path).layers[0][0], expected)


@pytest.mark.usefixtures("clock")
def test_two_newest_and_the_last_epochs_file_stay(store: RunStore, tmp_path: Path):
    """A page may be opening the one before the newest, and an interrupted run needs that of its epoch."""
    network, there = LiveNetwork("job7", Learner(), store), []
    for event in (
        Started(),
        STEP,
        STEP,
        EpochDone(FIRST_EPOCH),
        STEP,
        STEP,
        STEP,
        EpochDone(SECOND_EPOCH),
        STEP,
    ):
        network.leave(event)
        network.tidy()
        there.append("".join(name.removeprefix("job7-")[0] for name in files(tmp_path)))
    assert there == ["0", "01", "12", "23", "34", "345", "356", "67", "78"]


def test_slow_disk_is_written_to_less_often(store: RunStore, clock: list[float]):
    """After a file that took a tenth of a second come two seconds without; start and epochs always count."""
    network = LiveNetwork("job7", Learner(), store)
    clock[1] = 0.1
    assert network.leave(Started())
    clock[1] = 0
    assert network.leave(STEP) == ""
    assert network.leave(EpochDone(FIRST_EPOCH))
    clock[1] = 0.1
    assert network.leave(EpochDone(SECOND_EPOCH))
    clock[1] = 0
    clock[0] += 1.9
    assert network.leave(STEP) == ""
    clock[0] += 0.2
    assert network.leave(STEP)


def test_report_without_a_file_asks_for_no_weights(store: RunStore, clock: list[float]):
    """Copying them takes time, too."""
    learner = Learner()
    network = LiveNetwork("job7", learner, store)
    clock[1] = 0.1
    network.leave(Started())
    network.leave(STEP)
    assert learner.times == 1


@pytest.mark.usefixtures("clock")
def test_full_disk_is_told_once_and_costs_the_picture_only(
    store: RunStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    """Not ten times a second; once there is room, the network is shown again. The next job tells its own."""
    shutil.rmtree(tmp_path / "live")
    (tmp_path / "live").write_text("")
    with caplog.at_level(logging.WARNING):
        network = LiveNetwork("job7", Learner(), store)
        events: tuple[Event, ...] = (Started(), STEP, STEP, EpochDone(FIRST_EPOCH))
        assert [network.leave(event) for event in events] == [""] * 4
        network.tidy()
        assert len(caplog.records) == 1
        LiveNetwork("job8", Learner(), store).leave(Started())
        assert len(caplog.records) == 2
    (tmp_path / "live").unlink()
    assert Path(network.leave(STEP)).is_file()


@pytest.mark.usefixtures("clock")
def test_epoch_that_could_not_be_written_keeps_no_file_of_an_earlier_one(store: RunStore, tmp_path: Path):
    """The server does not know it as the network of that epoch, either."""
    network = LiveNetwork("job7", Learner(), store)
    network.leave(EpochDone(FIRST_EPOCH))
    folder = next((tmp_path / "live").rglob("*.npz")).parent
    (folder / "job7-1.npz").mkdir()  # where the next one should lie
    assert network.leave(EpochDone(SECOND_EPOCH)) == ""
    (folder / "job7-1.npz").rmdir()
    for _ in range(2):
        network.leave(STEP)
    network.tidy()
    assert files(tmp_path) == ["job7-2.npz", "job7-3.npz"]
