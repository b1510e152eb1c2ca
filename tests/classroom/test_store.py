"""The file of a class: what was acknowledged is in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import reduce
from pathlib import Path

import pytest

from mnist_demo.classroom import ClassState, ClassStore, add_vote, check_seat, digest_of
from mnist_demo.classroom.drawing import Held
from mnist_demo.classroom.files import FILE, move_away
from mnist_demo.classroom.state import Phase
from mnist_demo.errors import ClassNotKept, NotAllowed, NotFound
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
    kept = [(drawing.id, drawing.shown, drawing.guess) for drawing in store.drawings()]
    assert kept == [
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
    state = ClassStore(tmp_path).load()
    assert len(state.drawings) == 1
    assert {seat.digest for seat in state.seats.values()} == {b""}


def test_file_that_is_none_is_refused_and_can_be_moved_away(tmp_path: Path):
    """Nothing of it is deleted."""
    (tmp_path / FILE).write_bytes(b"no database " * 1000)
    with pytest.raises(ClassNotKept):
        ClassStore.find(tmp_path)
    move_away(tmp_path, "damaged.sqlite3")
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.sqlite3"]


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
