"""The class of a server: what it promises is on the disk, also where the disk is full."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from mnist_demo.classroom import ClassStore, Drawing, Phase, Reader, Reading, read_drawings
from mnist_demo.errors import (
    ClassElsewhere,
    ClassNotKept,
    InvalidRequest,
    NotFound,
    NotNow,
    TooMuch,
    UnknownRun,
)
from mnist_demo.network import PRETRAINED_RUNS, Network
from mnist_demo.ui.classroom import arriving
from mnist_demo.ui.classroom.service import Classroom
from tests.classroom.classes import STROKES

SECONDS = 60


def load_reader(run: str) -> Reader:
    """Load the network that ships with the app under another name; one of the runs is gone."""
    if run == "gone":
        raise UnknownRun("run_unknown", name=run)
    return Reader(run or "robust", Network.load(PRETRAINED_RUNS / "robust"), accuracy=0.99)


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Classroom]:
    """A class with a phone, and a round that is open."""
    found = Classroom(tmp_path, load_reader)
    found.begin().result(SECONDS)
    found.join().result(SECONDS)
    found.command({"command": "open", "digit": 1}).result(SECONDS)
    yield found
    found.close()


def drawing(reading: Reading, strokes: bytes, sequence: int) -> Drawing:
    """A drawing of the first phone in the first round."""
    return Drawing(1, 1, sequence, 1, reading, strokes)


def draw(classroom: Classroom, sequence: int = 1, strokes: object = STROKES) -> bool:
    """Send a drawing, and wait for what comes of it."""
    return classroom.draw(partial(drawing, sequence=sequence), strokes).result(SECONDS)


def sent(classroom: Classroom) -> int:
    """Count the drawings that are known."""
    assert classroom.latest
    return len(classroom.latest.state.drawings)


def test_without_a_class_nothing_is_found(tmp_path: Path):
    """And nothing is written."""
    classroom = Classroom(tmp_path / "classroom", load_reader)
    with pytest.raises(NotFound):
        classroom.find("K7M2")
    with pytest.raises(NotFound):
        classroom.join().result(SECONDS)
    classroom.close()
    assert not list(tmp_path.iterdir())


def test_acknowledged_drawing_is_in_the_file(classroom: Classroom, tmp_path: Path):
    """Another connection sees it."""
    assert draw(classroom)
    assert not draw(classroom)
    assert [found.reading.read for found in read_drawings(tmp_path)] == [1]
    assert classroom.all_drawings() == list(classroom.latest.state.drawings.values())


def test_full_disk_acknowledges_nothing_and_the_class_goes_on(classroom: Classroom):
    """When there is room again, the same drawing is taken."""
    store = classroom._store
    assert store
    pages = store._get("PRAGMA page_count")
    store._get(f"PRAGMA max_page_count = {pages}")
    noise = np.random.default_rng(1).uniform(0, 280, (3000, 2)).round(3)
    strokes = [[[x, y, 0] for x, y in noise[place : place + 100].tolist()] for place in range(0, 200, 100)]

    def fill() -> None:
        for sequence in range(1, 20):
            draw(classroom, sequence, strokes)

    with pytest.raises(ClassNotKept):
        fill()
    known, kept = sent(classroom), len(classroom.all_drawings())
    assert known == kept < 19
    assert classroom.problem
    with pytest.raises(ClassNotKept):
        classroom.check().result(SECONDS)
    store._get("PRAGMA max_page_count = 100000")
    classroom.check().result(SECONDS)
    assert not classroom.problem
    assert draw(classroom, known + 1, strokes)
    assert sent(classroom) == known + 1


def test_drawing_that_is_refused_leaves_those_beside_it(classroom: Classroom):
    """Sent at the same time."""
    bad, empty = [[["1", 2, 3]]], [[[-200, -200, 0]]]
    futures = [
        classroom.draw(partial(drawing, sequence=place), strokes)
        for place, strokes in enumerate((STROKES, bad, STROKES, empty, STROKES))
    ]
    assert [type(future.exception(SECONDS)) for future in futures] == [
        type(None),
        InvalidRequest,
        type(None),
        InvalidRequest,
        type(None),
    ]
    assert sent(classroom) == 3


def test_too_many_that_wait_are_refused(classroom: Classroom, monkeypatch: pytest.MonkeyPatch):
    """Before the server's memory is full."""
    monkeypatch.setattr(arriving, "MAX_WAITING", 0)
    with pytest.raises(TooMuch):
        draw(classroom)


def test_error_of_ours_reaches_who_waits_and_the_class_goes_on(classroom: Classroom):
    """Whatever it is: in reading, or in writing."""

    def broken(_reading: Reading, _strokes: bytes) -> Drawing:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        classroom.draw(broken, STROKES).result(SECONDS)
    with pytest.raises(ZeroDivisionError):
        classroom._writer.put(lambda state: (state, 1 // 0)).result(SECONDS)
    assert draw(classroom)


def test_next_server_goes_on(classroom: Classroom, tmp_path: Path):
    """With what was acknowledged, and another network where its own is gone."""
    draw(classroom)
    classroom.close()
    again = Classroom(tmp_path, load_reader)
    assert again.latest
    assert again.latest.state.drawings == classroom.latest.state.drawings
    assert again.begin().result(SECONDS) == classroom.latest.state.code
    assert not draw(again)
    again.close()
    store = ClassStore(tmp_path)
    with store.transaction():
        store.write_version(replace(again.latest.state, run="gone"))
    store.close()
    other = Classroom(tmp_path, load_reader)
    assert other.latest.state.run == other.latest.reader.run == "robust"
    other.close()


def test_second_server_leaves_the_class_to_the_first_and_takes_over_when_it_has_ended(
    classroom: Classroom, tmp_path: Path
):
    """With all that was acknowledged; what it is asked for before is no unknown class."""
    code = classroom.latest.state.code
    second = Classroom(tmp_path, load_reader)
    with pytest.raises(ClassElsewhere):
        second.find(code)
    with pytest.raises(ClassElsewhere):
        second.begin().result(SECONDS)
    assert draw(classroom)
    classroom.close()
    second.look().result(SECONDS)
    assert not second.is_elsewhere
    assert sent(second) == 1
    assert second.find(code) is second.latest
    first = Classroom(tmp_path, load_reader)
    assert (first.is_elsewhere, first.latest) == (True, None)
    second.command({"command": "end"}).result(SECONDS)
    assert first.begin().result(SECONDS) != code
    second.look().result(SECONDS)
    assert second.is_elsewhere
    for each in (first, second):
        each.close()


def test_ended_class_takes_nothing_until_the_next_one(classroom: Classroom, tmp_path: Path):
    """Whose code is another one."""
    draw(classroom)
    code = classroom.latest.state.code
    classroom.command({"command": "end"}).result(SECONDS)
    assert classroom.latest.state.phase is Phase.ENDED
    assert not list(tmp_path.iterdir())
    for future in (classroom.join(), classroom.command({"command": "open", "digit": 1})):
        with pytest.raises(NotNow):
            future.result(SECONDS)
    with pytest.raises(NotNow):
        classroom.all_drawings()
    assert classroom.begin().result(SECONDS) != code
    assert not classroom.has_drawing(1, 1, 1).result(SECONDS)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "DROP TABLE seats",
        "UPDATE class SET state = 'no JSON'",
        "UPDATE class SET state = '{}'",
        "UPDATE class SET state = replace(state, 'lobby', 'somewhere')",
        "PRAGMA user_version = 99",
    ],
)
def test_file_that_cannot_be_read_is_set_aside(tmp_path: Path, damage: str):
    """Under a name that says so: one that is no database, one that holds something else."""
    if damage:
        classroom = Classroom(tmp_path, load_reader)
        classroom.begin().result(SECONDS)
        classroom.close()
        database = sqlite3.connect(tmp_path / "class.sqlite3")
        database.execute(damage)
        database.commit()
        database.close()
    else:
        (tmp_path / "class.sqlite3").write_bytes(b"no database " * 1000)
    for _ in range(2):
        classroom = Classroom(tmp_path, load_reader)
        assert (classroom.latest, classroom.is_elsewhere) == (None, False)
        classroom.close()
    assert [path.name.startswith("unreadable-") for path in tmp_path.iterdir()] == [True]
