"""What a teacher can tell a class, read from JSON: nothing but a transition comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mnist_demo.classroom.seats import SeatStatus
from mnist_demo.classroom.state import ClassState, Kind, Question, Words
from mnist_demo.classroom.transitions import (
    close_round,
    end_class,
    go_on,
    open_round,
    redo_round,
    reveal,
    set_status,
    show_tile,
    switch,
    unblock_all,
    undo,
    use_run,
)
from mnist_demo.data import DIGITS
from mnist_demo.errors import InvalidRequest

MAX_CHOICES = 8
MAX_WORDS_LENGTH = 600
LANGUAGE = re.compile("[a-z]{2,3}")
Plain = Mapping[str, Any]
Command = Callable[[ClassState, Plain], ClassState]

SWITCHES = {
    "pause": ("paused", True),
    "resume": ("paused", False),
    "blank": ("blank", True),
    "unblank": ("blank", False),
    "lock": ("locked", True),
    "unlock": ("locked", False),
}


def apply_command(state: ClassState, told: Plain) -> ClassState:
    """Do what a teacher has told.

    Args:
        state: The class.
        told: The `command` by its name, and what it needs.

    Raises:
        InvalidRequest: There is no such command, or it needs something else.
        NotNow, NotFound, TooMuch: It is not allowed, see `transitions`.
    """
    name = told.get("command")
    if isinstance(name, str) and name in SWITCHES:
        field, on = SWITCHES[name]
        return switch(state, field, on=on)
    if not isinstance(name, str) or name not in COMMANDS:
        raise InvalidRequest("class_command_unknown")
    return COMMANDS[name](state, told)


def _open(state: ClassState, told: Plain) -> ClassState:
    kind = told.get("kind", "digit")
    if kind not in tuple(Kind):
        raise InvalidRequest("class_command_unreadable", part="kind")
    digit = read_whole(told, "digit", DIGITS - 1) if kind == Kind.DIGIT else None
    question = read_question(told.get("question")) if kind == Kind.QUESTION else None
    return open_round(state, Kind(kind), digit, question)


def _tile(state: ClassState, told: Plain, *, shown: bool) -> ClassState:
    return show_tile(state, _read_name(told, "tile"), shown=shown)


def _status(state: ClassState, told: Plain, *, status: SeatStatus) -> ClassState:
    return set_status(state, read_whole(told, "seat", 10**6), status)


def _unblock(state: ClassState, told: Plain) -> ClassState:
    return _status(state, told, status=SeatStatus.PRESENT) if "seat" in told else unblock_all(state)


def _use(state: ClassState, told: Plain) -> ClassState:
    return use_run(state, _read_name(told, "run"))


def _plain(transition: Callable[[ClassState], ClassState]) -> Command:
    return lambda state, _told: transition(state)


COMMANDS: dict[str, Command] = {
    "open": _open,
    "close": _plain(close_round),
    "reveal": _plain(reveal),
    "next": _plain(go_on),
    "redo": _plain(redo_round),
    "undo": _plain(undo),
    "end": _plain(end_class),
    "hide": partial(_tile, shown=False),
    "show": partial(_tile, shown=True),
    "remove": partial(_status, status=SeatStatus.REMOVED),
    "block": partial(_status, status=SeatStatus.BLOCKED),
    "unblock": _unblock,
    "use": _use,
}


def read_whole(told: Plain, name: str, high: int) -> int:
    """Read a whole number from 0 to `high`.

    Raises:
        InvalidRequest: It is none.
    """
    value = told.get(name)
    if type(value) is not int or not 0 <= value <= high:
        raise InvalidRequest("class_command_unreadable", part=name)
    return value


def read_flag(told: Plain, name: str) -> bool:
    """Read yes or no; no where nothing is said.

    Raises:
        InvalidRequest: It is neither.
    """
    value = told.get(name, False)
    if not isinstance(value, bool):
        raise InvalidRequest("class_command_unreadable", part=name)
    return value


def _read_name(told: Plain, name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidRequest("class_command_unreadable", part=name)
    return value


def read_question(value: object) -> Question:
    """Read a question from JSON.

    Raises:
        InvalidRequest: It is none.
    """
    if isinstance(value, dict) and isinstance(value.get("choices"), list):
        id_, choices, answer = value.get("id", ""), value["choices"], value.get("answer")
        words = [value.get("text"), *choices]
        is_answer = answer is None or (type(answer) is int and 0 <= answer < len(choices))
        is_named = isinstance(id_, str) and len(id_) <= MAX_WORDS_LENGTH
        if 2 <= len(choices) <= MAX_CHOICES and is_named and is_answer:
            text, *read = map(_read_words, words)
            return Question(id_, text, tuple(read), answer)
    raise InvalidRequest("class_command_unreadable", part="question")


def _read_words(value: object) -> Words:
    texts = value if isinstance(value, dict) else {"en": value}
    for language, text in texts.items():
        if not LANGUAGE.fullmatch(language) or not isinstance(text, str):
            break
        if not 0 < len(text) <= MAX_WORDS_LENGTH:
            break
    else:
        if texts:
            return value  # type: ignore[return-value]  # looked at just now
    raise InvalidRequest("class_command_unreadable", part="question")
