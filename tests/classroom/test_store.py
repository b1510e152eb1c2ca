"""The file of a class: what was acknowledged is in it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from functools import reduce
from pathlib import Path

import pytest

from mnist_demo.classroom import ClassState, ClassStore, add_vote, check_seat, digest_of
from mnist_demo.classroom.drawing import Held
from mnist_demo.classroom.files import FILE, set_aside
from mnist_demo.classroom.state import Phase
from mnist_demo.errors import ClassElsewhere, ClassNotKept, NotAllowed, NotFound
from tests.classroom.classes import LOBBY, QUESTION, drawn, in_phase, joined, opened, told
from tests.mnist import REPOSITORY

KILLS = 5
WRITER = """
import sys
from pathlib import Path

from mnist_demo.classroom import ClassStore
from tests.classroom.classes import drawn, opened

store, number = ClassStore(Path(sys.argv[1])), 0
before, after = None, opened(40)
while True:
    with store.transaction():
        store.write(before, after)
        store.write_version(after)
    print(number, flush=True)
    number, before = number + 1, after
    after = drawn(before, number % 40 + 1, sequence=number // 40)
"""
"""Writes drawings for ever, and tells of each when it is in the file."""


def write(store: ClassStore, before: ClassState | None, after: ClassState) -> None:
    """Write a change."""
    with store.transaction():
        store.write(before, after)
        store.write_version(after)


def reopened(folder: Path, *states: ClassState) -> ClassState:
    """Write states one after the other, and read what a new server would find."""
    store = ClassStore(folder)
    for before, after in zip((None, *states), states, strict=False):
        write(store, before, after)
    store.close()
    found = ClassStore.find(folder)
    assert found
    state = found.load()
    found.close()
    assert state
    return state


def test_where_no_class_was_left_none_is_found(tmp_path: Path):
    """Nor is a file made by looking."""
    assert ClassStore.find(tmp_path) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("phase", sorted(set(Phase) - {Phase.TRAINING, Phase.ENDED}))
def test_everything_is_back(tmp_path: Path, phase: Phase):
    """With a version that no phone knows, so that all of them ask again."""
    state = in_phase(phase)
    back = reopened(tmp_path, state)
    assert back.version == back.told > state.version
    assert replace(back, version=state.version, told=state.told) == replace(state, earlier=())


def test_training_that_was_going_on_has_ended(tmp_path: Path):
    """The round is where it was before."""
    assert reopened(tmp_path, in_phase(Phase.TRAINING)).phase is Phase.REVEALED


def test_each_change_is_written(tmp_path: Path):
    """Of seats, of drawings, of switches, of votes, over several rounds."""
    first = drawn(drawn(opened(4), 1, guess=True), 2, held=Held.INK)
    second = told(told(told(first, "show", tile="1-2-1"), "block", seat=3), "remove", seat=4)
    third = drawn(second, 1, 8, sequence=2)
    again = told(told(third, "lock"), "redo")
    fourth = drawn(again, 2, 9, guess=False)
    back = reopened(tmp_path, first, second, third, again, fourth)
    assert (back.drawings, back.round, back.switches) == (fourth.drawings, fourth.round, fourth.switches)
    assert back.seats == fourth.seats
    for token, error in (("3", NotAllowed), ("4", NotFound)):
        with pytest.raises(error):
            check_seat(back, digest_of(token))
    store = ClassStore(tmp_path)
    found = [(drawing.id, drawing.shown, drawing.guess) for drawing in store.drawings()]
    assert found == [
        ("1-1-1", None, True),
        ("1-2-1", True, None),
        ("1-1-2", None, None),
        ("2-2-1", None, False),
    ]
    assert store.has_drawing(1, 1, 2)
    assert not store.has_drawing(2, 1, 2)
    store.close()


def test_question_and_votes_are_back(tmp_path: Path):
    """In both languages."""
    state = opened(kind="question", question=QUESTION)
    voted = reduce(lambda before, seat: add_vote(before, seat, 1, seat - 1), (1, 2), state)
    back = reopened(tmp_path, state, voted)
    assert back.votes == {1: 0, 2: 1}
    assert back.round == state.round


def test_what_fails_leaves_nothing(tmp_path: Path):
    """A transaction is written whole or not at all."""
    store, state = ClassStore(tmp_path), joined(LOBBY, 1)
    write(store, None, state)

    def write_half() -> None:
        with store.transaction():
            store.write(state, joined(state, 5))
            raise InterruptedError

    with pytest.raises(ClassNotKept):
        write_half()
    assert store.load().seats == state.seats
    store.close()


def test_ended_class_leaves_no_file_unless_it_is_kept(tmp_path: Path):
    """Then one that holds all, and no phone's digest."""
    for kept_as in ("", "kept.sqlite3"):
        store = ClassStore(tmp_path)
        write(store, None, in_phase(Phase.REVEALED))
        store.end(kept_as)
        assert [path.name for path in tmp_path.iterdir()] == ([kept_as] if kept_as else [])
    (tmp_path / "kept.sqlite3").rename(tmp_path / FILE)
    store = ClassStore(tmp_path)
    state = store.load()
    store.close()
    assert len(state.drawings) == 1
    assert {seat.digest for seat in state.seats.values()} == {b""}


def test_file_that_is_none_is_refused_and_can_be_moved_away(tmp_path: Path):
    """Nothing of it is deleted."""
    (tmp_path / FILE).write_bytes(b"no database " * 1000)
    with pytest.raises(ClassNotKept):
        ClassStore.find(tmp_path)
    set_aside(tmp_path)
    assert [path.name.startswith("unreadable-") for path in tmp_path.iterdir()] == [True]


def test_one_server_at_a_time_has_a_class(tmp_path: Path):
    """The next one may have it when the first has closed it, or has ended the class."""
    first = ClassStore(tmp_path)
    write(first, None, joined(LOBBY, 2))
    for look in (ClassStore.find, ClassStore):
        with pytest.raises(ClassElsewhere):
            look(tmp_path)
    first.close()
    second = ClassStore.find(tmp_path)
    assert len(second.load().seats) == 2
    second.end()
    third = ClassStore(tmp_path)
    third.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the folder of the class will be."""
    path = tmp_path / "home"
    path.mkdir()
    return path


def kept(home: Path) -> list[str]:
    """List the drawings that the next server would find."""
    store = ClassStore.find(home / "classroom")
    assert store
    drawings = [drawing.id for drawing in store.drawings()]
    assert len(store.load().seats) == 4
    store.close()
    return drawings


@pytest.mark.skipif(sys.platform == "win32", reason="there, no file is deleted that is open")
def test_deleted_home_takes_nothing_until_it_is_back(home: Path):
    """Then all is there again, also what was drawn before."""
    store, states = ClassStore(home / "classroom"), [opened(4)]
    for number in range(1, 4):
        states.append(drawn(states[-1], number))
    write(store, None, states[0])
    write(store, states[0], states[1])
    shutil.rmtree(home)
    for _ in range(2):
        with pytest.raises(ClassNotKept):
            write(store, states[1], states[2])
        assert store.problem
        assert not home.exists()
    home.mkdir()
    write(store, states[1], states[2])
    assert not store.problem
    write(store, states[2], states[3])
    with pytest.raises(ClassElsewhere):
        ClassStore.find(home / "classroom")
    store.close()
    assert kept(home) == ["1-1-1", "1-2-1", "1-3-1"]


@pytest.mark.skipif(sys.platform == "win32", reason="there, no file is deleted that is open")
def test_home_that_goes_in_the_middle_of_writing_leaves_no_drawing_twice(home: Path):
    """It was written to a file that was not there any more, so it comes again."""
    store, state = ClassStore(home / "classroom"), opened(4)
    write(store, None, state)
    after = drawn(state, 1)

    def lose() -> None:
        with store.transaction():
            store.write(state, after)
            shutil.rmtree(home)

    with pytest.raises(ClassNotKept):
        lose()
    home.mkdir()
    write(store, state, after)
    store.close()
    assert kept(home) == ["1-1-1"]


@pytest.mark.skipif(sys.platform == "win32", reason="there, no file is deleted that is open")
@pytest.mark.parametrize("lost", ["classroom", "classroom/class.sqlite3", "classroom/class.sqlite3-wal"])
def test_deleted_part_of_the_home_is_made_again(home: Path, lost: str):
    """At once, so nothing is refused."""
    store, state = ClassStore(home / "classroom"), opened(4)
    write(store, None, state)
    lost_path = home / lost
    shutil.rmtree(lost_path) if lost_path.is_dir() else lost_path.unlink()
    write(store, state, drawn(state, 1))
    left = shutil.copytree(home, home.with_name("left"))  # as a server that is killed now leaves it
    store.close()
    assert kept(left) == ["1-1-1"]


@pytest.mark.skipif(sys.platform == "win32", reason="there, no file is deleted that is open")
def test_older_copy_of_the_home_is_brought_up_to_date(home: Path):
    """Somebody has put it there in place of the one that was deleted."""
    store, state = ClassStore(home / "classroom"), opened(4)
    write(store, None, state)
    shutil.copytree(home, home.with_name("copy"))
    first = drawn(state, 1)
    write(store, state, first)
    shutil.rmtree(home)
    home.with_name("copy").rename(home)
    write(store, first, drawn(first, 2))
    store.close()
    assert kept(home) == ["1-1-1", "1-2-1"]


@pytest.mark.skipif(sys.platform == "win32", reason="there, no file is deleted that is open")
def test_class_of_a_deleted_home_can_be_ended(home: Path):
    """It is kept as soon as there is a place for it."""
    store = ClassStore(home / "classroom")
    write(store, None, in_phase(Phase.REVEALED))
    shutil.rmtree(home)
    with pytest.raises(ClassNotKept):
        store.end("kept.sqlite3")
    home.mkdir()
    store.end("kept.sqlite3")
    assert [path.name for path in (home / "classroom").iterdir()] == ["kept.sqlite3"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that nothing survives")
def test_killed_process_loses_nothing_that_it_told(tmp_path: Path):
    """Killed in the middle of writing, again and again; the file is whole each time."""
    for kill in range(KILLS):
        folder = tmp_path / str(kill)
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        )
        assert process.stdout
        told_of = [int(process.stdout.readline()) for _ in range(20 + 7 * kill)]
        process.send_signal(signal.SIGKILL)
        told_of += [int(line) for line in process.stdout]
        process.stdout.close()
        process.wait()
        store = ClassStore(folder)
        state = store.load()
        numbers = [drawing.sequence * 40 + drawing.seat - 1 for drawing in store.drawings()]
        store.close()
        assert state
        assert len(state.drawings) == len(numbers) == len(set(numbers))
        assert told_of[-1] <= max(numbers)
        assert set(range(1, max(numbers) + 1)) == set(numbers) - {0}
