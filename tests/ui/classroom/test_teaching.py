"""A class that waits for what it teaches, whatever becomes of its disk, of the training, or of itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from mnist_demo.classroom import Drawing, Phase, Reading
from mnist_demo.errors import NotNow
from mnist_demo.jobs import Trainer
from mnist_demo.runs import RunStore
from mnist_demo.settings import Settings
from mnist_demo.ui.classroom import teaching
from mnist_demo.ui.classroom.service import Classroom
from mnist_demo.ui.classroom.teaching import ClassTeacher
from tests.classroom.classes import STROKES
from tests.trainer import wait_until
from tests.ui.classroom.test_service import load_reader

SECONDS = 60
PEOPLE = ROUNDS = 3


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the class is; the runs are elsewhere."""
    found = tmp_path / "home"
    found.mkdir()
    return found


@pytest.fixture
def trainer(tmp_path: Path) -> Trainer:
    """A trainer whose process does not start, so that all that it is given waits."""
    return Trainer(Settings.from_environment({"MNIST_DEMO_HOME": str(tmp_path)}), RunStore(tmp_path))


@pytest.fixture
def classroom(
    home: Path, tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Classroom]:
    """A class that waits for its training to begin."""
    monkeypatch.setattr(teaching, "AGAIN_SECONDS", 0.01)
    folder = home / "classroom"
    found = Classroom(folder, load_reader, ClassTeacher(folder, RunStore(tmp_path), lambda: trainer))
    found.begin().result(SECONDS)
    for _ in range(PEOPLE):
        found.join().result(SECONDS)
    for number in range(1, ROUNDS + 1):
        draw_a_round(found, number)
    found.command({"command": "train"}).result(SECONDS)
    assert found.latest.state.waits
    yield found
    found.close()


def drawing(reading: Reading, strokes: bytes, seat: int, number: int) -> Drawing:
    """A one."""
    return Drawing(seat, number, 1, 1, reading, strokes)


def draw_a_round(classroom: Classroom, number: int) -> None:
    """Let everybody draw a one, and reveal it."""
    classroom.command({"command": "open", "digit": 1}).result(SECONDS)
    for seat in range(1, PEOPLE + 1):
        classroom.draw(partial(drawing, seat=seat, number=number), STROKES).result(SECONDS)
    for command in ("close", "reveal"):
        classroom.command({"command": command}).result(SECONDS)


def let_training_end(trainer: Trainer) -> None:
    """Take all that waits from the queue."""
    for job in trainer.state.queue:
        trainer.stop(job.id)


def wait_for_phase(classroom: Classroom, phase: Phase) -> None:
    """Wait until the class is in a phase."""
    wait_until(lambda: classroom.latest.state.phase is phase, SECONDS, lambda: classroom.latest.state.phase)


def is_followed() -> bool:
    """Whether somebody still follows a training."""
    return any(thread.name == "class-training" for thread in threading.enumerate())


def left_drawings(home: Path) -> list[Path]:
    """List what was left for the trainer."""
    return list(home.rglob("learning-*.npz"))


def test_training_that_comes_to_nothing_gives_the_class_back(
    classroom: Classroom, trainer: Trainer, home: Path
):
    """And leaves no drawings."""
    assert left_drawings(home)
    let_training_end(trainer)
    wait_for_phase(classroom, Phase.REVEALED)
    assert classroom.latest.state.failed
    assert not left_drawings(home)


def test_class_whose_disk_was_away_when_training_ended_goes_on(
    classroom: Classroom, trainer: Trainer, home: Path
):
    """As soon as it is there again; else it would wait for ever."""
    away = home.rename(home.with_name("away"))
    let_training_end(trainer)
    wait_until(lambda: classroom.problem, SECONDS)
    away.rename(home)
    wait_for_phase(classroom, Phase.REVEALED)


def test_class_that_ends_is_not_told_of_its_training(classroom: Classroom, trainer: Trainer, home: Path):
    """And takes what it has left with it."""
    classroom.command({"command": "end"}).result(SECONDS)
    assert not left_drawings(home)
    classroom.begin().result(SECONDS)
    let_training_end(trainer)
    wait_until(lambda: not is_followed(), SECONDS)
    assert classroom.latest.state.phase is Phase.LOBBY


@pytest.mark.parametrize("command", [{"command": "use", "run": "notebook"}, {"command": "train"}], ids=str)
def test_ended_class_learns_nothing_and_uses_nothing(classroom: Classroom, command: dict[str, str]):
    """And says so."""
    classroom.command({"command": "end"}).result(SECONDS)
    with pytest.raises(NotNow, match="class_ended"):
        classroom.command(command).result(SECONDS)
