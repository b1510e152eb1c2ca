"""The figures of a round."""

from __future__ import annotations

import pytest

from mnist_demo.classroom import tally, wilson_interval
from mnist_demo.classroom.drawing import Held
from tests.classroom.classes import QUESTION, drawn, opened, told


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe, "Two-sided confidence intervals" (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_interval_is_wilsons(right: int, of: int, low: float, high: float):
    """As printed in the literature."""
    assert wilson_interval(right, of) == pytest.approx((low, high), abs=5e-5)


def test_nothing_counted_tells_nothing():
    """Every share is possible."""
    assert wilson_interval(0, 0) == (0, 1)
    assert tally(opened()).of == 0


def test_drawings_are_counted_by_what_came_of_them():
    """The commonest mistakes first."""
    state = opened(9)
    for seat, read in enumerate((3, 3, 8, 8, 8, 5, 5, 2), 1):
        state = drawn(state, seat, read)
    figures = tally(drawn(state, 9, 9))
    assert (figures.right, figures.unsure, figures.wrong, figures.of) == (2, 0, 7, 9)
    assert figures.confusions == ((3, 8, 3), (3, 5, 2), (3, 2, 1))


def test_what_is_held_or_hidden_does_not_count_until_it_is_shown():
    """Once shown, a drawing on which the network is not sure is one that it has not read."""
    state = drawn(drawn(drawn(opened(), 1), 2, held=Held.UNSURE), 3, 8)
    assert tally(state).of == 2
    assert tally(told(state, "hide", tile="1-3-1")).of == 1
    shown = tally(told(state, "show", tile="1-2-1"))
    assert (shown.right, shown.unsure, shown.wrong) == (1, 1, 1)


def test_too_much_ink_may_be_read_rightly():
    """Why it was held is forgotten when the teacher shows it."""
    state = drawn(opened(), 1, held=Held.INK)
    assert tally(told(state, "show", tile="1-1-1")).right == 1


def test_guesses_are_right_where_they_foretold_what_came():
    """Those who said nothing do not count."""
    state = drawn(drawn(opened(4), 1, guess=True), 2, guess=False)
    state = drawn(drawn(state, 3, 8, guess=False), 4, 8)
    figures = tally(state)
    assert (figures.predicted_right, figures.predicted_of) == (2, 3)


def test_votes_are_counted_for_each_choice():
    """Not those of who was removed."""
    from mnist_demo.classroom import add_vote

    state = opened(kind="question", question=QUESTION)
    for seat, choice in ((1, 2), (2, 2), (3, 0)):
        state = add_vote(state, seat, 1, choice)
    assert tally(state).votes == (1, 0, 2)
    assert tally(told(state, "remove", seat=2)).votes == (1, 0, 1)
