"""What a teacher's JSON may say."""

from __future__ import annotations

import pytest

from mnist_demo.classroom import apply_command
from mnist_demo.errors import InvalidRequest, NotFound
from tests.classroom.classes import LOBBY, QUESTION, joined, opened, told


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"command": None},
        {"command": ["open"]},
        {"command": "train"},
        {"command": "__class__"},
        {"command": "open", "kind": "letter", "digit": 3},
        {"command": "open", "kind": ["digit"], "digit": 3},
        {"command": "open", "kind": "digit"},
        {"command": "open", "digit": 10},
        {"command": "open", "digit": -1},
        {"command": "open", "digit": True},
        {"command": "open", "digit": 3.0},
        {"command": "open", "digit": "3"},
        {"command": "open", "kind": "question"},
        {"command": "open", "kind": "question", "question": QUESTION | {"answer": 3}},
        {"command": "open", "kind": "question", "question": QUESTION | {"answer": "1"}},
        {"command": "open", "kind": "question", "question": QUESTION | {"choices": ["only one"]}},
        {"command": "open", "kind": "question", "question": QUESTION | {"choices": ["a"] * 9}},
        {"command": "open", "kind": "question", "question": QUESTION | {"choices": ["a", 1]}},
        {"command": "open", "kind": "question", "question": QUESTION | {"text": ""}},
        {"command": "open", "kind": "question", "question": QUESTION | {"text": {}}},
        {"command": "open", "kind": "question", "question": QUESTION | {"text": {"<b>": "x"}}},
        {"command": "open", "kind": "question", "question": QUESTION | {"text": "x" * 601}},
        {"command": "hide"},
        {"command": "hide", "tile": 3},
        {"command": "remove", "seat": "1"},
        {"command": "use"},
    ],
)
def test_what_cannot_be_read_is_refused(command: dict[str, object]):
    """And changes nothing."""
    with pytest.raises(InvalidRequest):
        apply_command(joined(LOBBY, 2), command)


def test_seat_that_nobody_has_is_not_found():
    """To remove, to block, to let in again."""
    for command in ("remove", "block", "unblock"):
        with pytest.raises(NotFound):
            told(opened(), command, seat=99)


def test_round_asks_for_what_was_told():
    """A digit, any, or a question in one language or several."""
    assert opened(digit=7).round.digit == 7
    assert opened(kind="any").round.digit is None
    asked = opened(kind="question", question=QUESTION).round.question
    assert (asked.text["es"], asked.choices, asked.answer) == ("¿Por qué?", ("a", "b", "c"), 1)
