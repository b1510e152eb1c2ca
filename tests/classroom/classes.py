"""Classes for the tests: in every phase, with phones and drawings."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from mnist_demo.classroom import (
    ClassState,
    Drawing,
    Reading,
    add_drawing,
    apply_command,
    digest_of,
    join,
    pack_strokes,
)
from mnist_demo.classroom.drawing import Held
from mnist_demo.classroom.learning import begin_training, end_training
from mnist_demo.classroom.state import Phase

IMAGE = bytes(range(196)) * 4
STROKES = [[[140, 60, 0], [140, 100, 8], [139.5, 220, 16]]]
QUESTION = {"id": "q1", "text": {"en": "Why?", "es": "¿Por qué?"}, "choices": ["a", "b", "c"], "answer": 1}
LOBBY = ClassState("K7M2", "robust", seed=5)


def told(state: ClassState, command: str, **needs: Any) -> ClassState:  # noqa: ANN401 - whatever JSON holds
    """Tell a class a command."""
    return apply_command(state, {"command": command, **needs})


def joined(state: ClassState, count: int) -> ClassState:
    """Let phones join whose tokens are "1", "2" ..."""
    first = len(state.seats) + 1
    return reduce(
        lambda before, number: join(before, digest_of(str(number)))[0], range(first, first + count), state
    )


def opened(count: int = 3, **needs: Any) -> ClassState:  # noqa: ANN401 - whatever JSON holds
    """A class of some phones in which a round is open."""
    return told(joined(LOBBY, count), "open", **({"digit": 3} | needs))


def reading(read: int, held: Held | None = None, probability: float = 0.91) -> Reading:
    """What a network makes of a drawing."""
    probabilities = np.full(10, (1 - probability) / 9, np.float32)
    probabilities[read] = probability
    return Reading(IMAGE, tuple(probabilities.tolist()), held)


def drawn(
    state: ClassState,
    seat: int,
    read: int = 3,
    *,
    held: Held | None = None,
    guess: bool | None = None,
    sequence: int = 1,
) -> ClassState:
    """Let a phone send a drawing in the round that is open."""
    asked = state.round.digit if state.round and state.round.digit is not None else 3
    drawing = Drawing(
        seat, state.round_number, sequence, asked, reading(read, held), pack_strokes(STROKES), guess
    )
    return add_drawing(state, drawing)


def in_phase(phase: Phase) -> ClassState:
    """A class of three phones in a phase; one has drawn where a round was opened."""
    if phase is Phase.LOBBY:
        return joined(LOBBY, 3)
    if phase is Phase.ENDED:
        return told(joined(LOBBY, 3), "end")
    steps = {
        Phase.OPEN: (),
        Phase.CLOSED: ("close",),
        Phase.REVEALED: ("close", "reveal"),
        Phase.TRAINING: ("close", "reveal"),
        Phase.COMPARED: ("close", "reveal"),
    }
    state = reduce(told, steps[phase], drawn(opened(), 1))
    if phase in {Phase.TRAINING, Phase.COMPARED}:
        state = begin_training(state)
    return end_training(state, "new") if phase is Phase.COMPARED else state
