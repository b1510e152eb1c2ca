"""Changes of a class that have an answer for who asked for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mnist_demo.classroom import ClassState, Seat, digest_of, join

Change = Callable[[ClassState], tuple[ClassState, Any]]


def telling(transition: Callable[[ClassState], ClassState]) -> Change:
    """Make a change that tells whether it is one."""

    def change(state: ClassState) -> tuple[ClassState, bool]:
        after = transition(state)
        return after, after is not state

    return change


def joining(token: str) -> Change:
    """Make a change that gives a token a seat, and tells both."""

    def change(state: ClassState) -> tuple[ClassState, tuple[str, Seat]]:
        after, seat = join(state, digest_of(token))
        return after, (token, seat)

    return change
