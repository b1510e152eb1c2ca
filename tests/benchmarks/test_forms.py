"""European forms are found by the geometry of their strokes."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.drawing import average_by_form
from benchmarks.forms import find_forms, is_crossed_seven, is_flagged_one, is_slashed_zero
from benchmarks.strokes import WrittenDigits
from mnist_demo.data import Stroke


def stroke(*points: tuple[float, float]) -> Stroke:
    return np.array(points, np.float32)


def ring(turns: float = 1.0) -> Stroke:
    angles = np.linspace(0, 2 * np.pi * turns, 40)
    return np.stack([0.35 + 0.35 * np.sin(angles), 0.5 - 0.5 * np.cos(angles)], axis=1).astype(np.float32)


SLASH = stroke((0.05, 0.9), (0.65, 0.1))
STEM, BAR = stroke((0, 0), (0.6, 0), (0.3, 1)), stroke((0.2, 0.55), (0.65, 0.5))
FLAG = stroke((0.1, 0.3), (0.35, 0), (0.35, 1))


def test_slash_is_found_with_and_without_lifting_the_pen():
    """Inside the ring, beyond it, in one go with it; an open or a doubled ring is none."""
    assert is_slashed_zero([ring(), SLASH])
    assert is_slashed_zero([ring(), stroke((-0.2, 1.3), (0.9, -0.3))])
    assert is_slashed_zero([np.concatenate([ring(), SLASH])])
    assert not is_slashed_zero([ring()])
    assert not is_slashed_zero([ring(0.9)])
    assert not is_slashed_zero([ring(1.8)])


def test_flag_is_long_and_left_of_the_upper_end():
    """In either direction, or as a stroke of its own beside the stem; a foot is no flag."""
    assert is_flagged_one([FLAG])
    assert is_flagged_one([FLAG[:2][::-1], FLAG[1:]])
    assert not is_flagged_one([FLAG[1:]])
    assert not is_flagged_one([stroke((0.3, 0.06), (0.35, 0), (0.35, 1))])
    assert not is_flagged_one([FLAG[1:], stroke((0.1, 1), (0.6, 1))])
    assert not is_flagged_one([stroke((0.6, 0), (0, 1))])


def test_bar_is_level_and_half_way_down():
    """Not the upper stroke of a seven that was written in two."""
    assert is_crossed_seven([STEM, BAR])
    assert not is_crossed_seven([STEM])
    assert not is_crossed_seven([STEM[:2], STEM[1:]])


def test_forms_are_counted_among_their_own_digit():
    """A seven with a bar is no zero with a stroke, and each digit is in one form or without."""
    digits = ((ring(), SLASH), (ring(),), (FLAG,), (STEM, BAR), (STEM, BAR))
    written = WrittenDigits(digits, np.array([0, 0, 1, 7, 4], np.uint8), np.array([1, 2, 1, 2, 2], np.int16))
    found = find_forms(written)
    assert found["0 with a stroke"].tolist() == [True, False, False, False, False]
    assert found["0 without"].tolist() == [False, True, False, False, False]
    assert found["1 with a flag"].tolist() == [False, False, True, False, False]
    assert found["7 with a bar"].tolist() == [False, False, False, True, False]
    assert not found["7 without"].any()


def test_accuracy_is_averaged_by_writer_with_and_without():
    """Writer 1 has two of the forms, writer 2 the other."""
    digits = ((ring(), SLASH), (ring(),), (FLAG,), (STEM, BAR), (STEM,))
    written = WrittenDigits(digits, np.array([0, 0, 1, 7, 7], np.uint8), np.array([1, 2, 1, 2, 2], np.int16))
    shares = average_by_form(np.array([True, False, False, True, True]), written)
    assert shares["all European (3 of 2 writers)"] == pytest.approx(0.75)
    assert shares["all others (2 of 1 writers)"] == pytest.approx(0.5)
    assert shares["0 with a stroke (1 of 1 writers)"] == 1
    assert shares["1 with a flag (1 of 1 writers)"] == 0
    assert "1 without" not in " ".join(shares)
