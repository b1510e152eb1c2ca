"""Finds digits that people wrote the European way, by the geometry of their strokes.

All of it is rules of thumb, in units of the digit's larger side, checked by eye on a sheet of what they find.
A bar through a 7 is found only where the pen was lifted before it, and a flag only where it is long: what was
written in another way counts among the others. A 0 that curls far inwards counts as one with a stroke.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.strokes import WrittenDigits
from mnist_demo.data import CANVAS_PIXELS, Picture, Stroke, stamp_stroke, walk_evenly

STRAIGHT = 0.85
"""A stroke is straight if its ends are apart by so much of its length."""
LONG, SLASH = 0.2, 0.5
MIDDLE = 0.15
"""Of the way from the middle of a box to its edge."""
FLAG_LEFT = 0.12
BAR_PLACE = (0.3, 0.8)
"""Between which shares of a 7's height its bar lies."""
BAR_SLOPE = 40
UPPER_END, LOWER_END, PEN_PIXELS = (140.0, 60.0), (140.0, 230.0), 18
"""Of a straight 1 on the canvas, in its pixels, and the pen of the page."""
POINTER_PIXELS = 4
"""A pointer tells its place so often. The canvas rounds the way between, so of three points alone it would
make a hook of the corner."""
FLAG_ANGLES = np.linspace(20, 75, 8)
"""Degrees below the level."""

Points = Sequence[tuple[float, float]]


def find_forms(written: WrittenDigits) -> dict[str, NDArray[np.bool_]]:
    """Find which digits (n,) are of each European form, which of them the same digit in another form."""
    forms = {}
    for digit, (name, rule) in RULES.items():
        shown = written.labels == digit
        european = np.array([bool(rule(strokes)) for strokes in written.digits]) & shown
        forms |= {name: european, f"{digit} without": shown & ~european}
    return forms


def draw_on_canvas(*strokes: Points, pen: int = PEN_PIXELS) -> Picture:
    """Draw strokes, in pixels of the canvas and well inside it, white on black: (280, 280) uint8."""
    paper = np.zeros((CANVAS_PIXELS,) * 2, np.uint8)
    for stroke in strokes:
        stamp_stroke(paper, walk_evenly(np.array(stroke, np.float32), POINTER_PIXELS), pen)
    return paper


def draw_flagged_one(degrees: float) -> Picture:
    """Draw a straight 1 with a flag so far below the level, a quarter of the canvas long."""
    angle, (x, y) = np.radians(degrees), UPPER_END
    flag = CANVAS_PIXELS / 4
    return draw_on_canvas([(x - flag * np.cos(angle), y + flag * np.sin(angle)), UPPER_END, LOWER_END])


def is_slashed_zero(strokes: Sequence[Stroke]) -> bool:
    """Return whether the pen comes near the middle of the box, where a ring is empty, or draws a line."""
    if len(strokes) > 1 and any(is_straight(stroke) and chord(stroke) > SLASH for stroke in strokes):
        return True
    points = np.concatenate([walk_evenly(stroke, 0.02) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    away = (points - (low + high) / 2) / np.maximum((high - low) / 2, 1e-6)
    return bool((np.hypot(*away.T) < MIDDLE).any())


def is_crossed_seven(strokes: Sequence[Stroke]) -> bool:
    """Return whether one of several strokes is straight, nearly level and about half way down."""
    if len(strokes) < 2:
        return False
    points = np.concatenate(strokes)
    top, height = points[:, 1].min(), max(float(np.ptp(points[:, 1])), 1e-6)
    return any(
        is_straight(stroke)
        and chord(stroke) > LONG
        and slope(stroke) < BAR_SLOPE
        and BAR_PLACE[0] < (stroke[:, 1].mean() - top) / height < BAR_PLACE[1]
        for stroke in strokes
    )


def is_flagged_one(strokes: Sequence[Stroke]) -> bool:
    """Return whether a stroke comes up from the left, or goes down there, before the way down."""
    lowest = max(float(stroke[:, 1].max()) for stroke in strokes)
    for stroke in strokes:
        peak = int(stroke[:, 1].argmin())
        for end in (stroke[0], stroke[-1]):
            left, below = stroke[peak] - end
            if left > FLAG_LEFT and np.hypot(left, below) > LONG and end[1] < 0.7 * lowest:
                return True
    return False


def is_straight(stroke: Stroke) -> bool:
    """Return whether a stroke (n, 2) hardly leaves the line between its ends."""
    length = float(np.hypot(*np.diff(stroke, axis=0).T).sum())
    return length > 0 and chord(stroke) > STRAIGHT * length


def chord(stroke: Stroke) -> float:
    """Return how far apart a stroke's ends are."""
    return float(np.hypot(*(stroke[-1] - stroke[0])))


def slope(stroke: Stroke) -> float:
    """Return how steep a stroke is, from one end to the other, in degrees: 0 level, 90 upright."""
    right, down = np.abs(stroke[-1] - stroke[0])
    return float(np.degrees(np.arctan2(down, right)))


RULES = {
    0: ("0 with a stroke", is_slashed_zero),
    1: ("1 with a flag", is_flagged_one),
    7: ("7 with a bar", is_crossed_seven),
}
