"""Writes zeros, ones and sevens as many Europeans do: a stroke through the 0, a flag on the 1, a crossed 7.

MNIST was written in the United States and has few of these. Each form is one of MNIST's images with one or
two strokes added, as wide as its own and where a pen would put them, and framed again as MNIST's images are.
In every epoch some of the zeros, ones and sevens, chosen by lot, are replaced by their forms.

This file needs NumPy only, and shares no name with `augment.py`: the notebook of a run contains both whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORM_SIDE, FORM_BOX, FORM_CENTRE = 28, 20, 14
FORM_INK = 0.2
FORM_SEED, FORMS_AT_ONCE, FORM_CHANCES, FORM_STROKES = 7, 2048, 8, 3
FORM_SHARES = {0: 0.3, 1: 0.5, 7: 0.2}
"""Of the images of a digit, how many are replaced in an epoch."""
SLASH_ENDS = (0.7, 2.0)
"""How far the stroke through a 0 reaches, relative to the 0's own edge in this direction."""
FLAG_DEGREES = (10.0, 75.0)
"""Below the level; a flag is also at least `FLAG_OFF_STEM` degrees off the stem."""
STOOD_UP = (0.5, 1.2)
"""How much of its slant a 1 with a flag loses: who writes one writes it upright."""
SHORTEST_FLAG, LONGEST_LEVEL_FLAG, LONGEST_FLAG = 4.0, 8.5, 13.0
"""Pixels; a flag as long as the last, but nearly level, would make a 7."""
STEEP, FLAG_OFF_STEM = 45.0, 15.0
FOOT_REACH, BAR_REACH = (2.0, 8.0), (2.5, 6.0)
FOOT_SHARE, STRAIGHT_SHARE = 0.4, 0.3
"""Of the ones with a flag, how many stand on a foot, and how many get a straight stem in place of theirs."""

Ink = NDArray[np.float32]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EuropeanForms:
    """The European forms of a data set's zeros, ones and sevens.

    Attributes:
        images: (m, 784) float32, 0 to 1, framed as MNIST's are.
        rows: (n,) int64, for each image of the data set where its form stands if the m forms follow the n
            images; its own row if it has no form.
        shares: (n,) float64, how likely it is to be replaced in an epoch.
    """

    images: Ink
    rows: NDArray[np.int64]
    shares: Values

    def replace(self, rows: NDArray[np.integer], seed: int) -> NDArray[np.integer]:
        """Choose for an epoch which images are replaced.

        Args:
            rows: (b,) of the data set's n images.
            seed: The same seed chooses the same ones.

        Returns:
            (b,), the rows of images and of forms.
        """
        chosen = np.random.default_rng(seed).random(len(self.shares)) < self.shares
        return np.where(chosen[rows], self.rows[rows], rows)


def write_forms(images: Ink, digits: NDArray[np.integer], seed: int = FORM_SEED) -> EuropeanForms:
    """Write the form of every zero, one and seven.

    Args:
        images: (n, 784) float32, 0 to 1, framed as MNIST's are.
        digits: (n,), what they show.
        seed: The same seed writes the same forms.
    """
    has_form = np.isin(digits, list(FORM_SHARES)) & (images.max(axis=1, initial=0) >= FORM_INK)
    chosen = np.flatnonzero(has_form)
    chances = np.random.default_rng(seed).random((len(chosen), FORM_CHANCES))
    parts = [slice(first, first + FORMS_AT_ONCE) for first in range(0, len(chosen), FORMS_AT_ONCE)]
    forms = [_write_some(images[chosen[part]], digits[chosen[part]], chances[part]) for part in parts]
    rows = np.arange(len(images))
    rows[chosen] = len(images) + np.arange(len(chosen))
    shares = np.select([digits == digit for digit in FORM_SHARES], list(FORM_SHARES.values()), 0.0)
    return EuropeanForms(np.concatenate([images[:0], *forms]), rows, shares * has_form)


@dataclass(frozen=True, eq=False)
class _Shapes:
    """Images (b, 28, 28), their ink's outermost pixels, and the width of their strokes, (b,) each."""

    images: Ink
    left: Values
    top: Values
    right: Values
    bottom: Values
    width: Values

    def ink_at(self, y: Values, reach: float) -> Values:
        """Return the middle of the ink near some rows, as columns (b,)."""
        grid = np.arange(FORM_SIDE)
        near = np.abs(grid - y[:, None]) <= reach
        mass = (self.images * near[:, :, None]).sum(axis=1)
        return (mass * grid).sum(axis=1) / np.maximum(mass.sum(axis=1), 1e-6)


def _write_some(images: Ink, digits: NDArray[np.integer], chances: Values) -> Ink:
    """Add the strokes of its digit to each image (b, 784), and frame it again."""
    stood_up = (digits == 1) * _between(chances[:, -1], *STOOD_UP)
    shapes = _measure_strokes(_stand_up(images.reshape(-1, FORM_SIDE, FORM_SIDE), stood_up))
    strokes = np.full((len(images), FORM_STROKES, 4), np.nan)
    for digit, draw in {0: _slash, 1: _flag_and_foot, 7: _bar}.items():
        chosen = digits == digit
        some = _Shapes(*(values[chosen] for values in vars(shapes).values()))
        strokes[chosen] = draw(some, chances[chosen].T)
    return _frame_with(shapes, strokes)


def _stand_up(images: Ink, shares: Values) -> Ink:
    """Take a share (b,) of its slant from each image (b, 28, 28): ones with a flag stand more upright."""
    grid, mass = np.arange(FORM_SIDE), images.sum(axis=(1, 2), dtype=float)
    x, y = ((images.sum(axis=axis) * grid).sum(axis=1) / mass for axis in (1, 2))
    right, below = (grid - middle[:, None] for middle in (x, y))
    both = (images * right[:, None, :] * below[:, :, None]).sum(axis=(1, 2))
    slant = both / (images.sum(axis=2) * below**2).sum(axis=1)
    places = np.clip(grid + (shares * slant)[:, None, None] * below[:, :, None], 0, FORM_SIDE - 1.001)
    left = places.astype(int)
    here, next_ = (np.take_along_axis(images, left + step, axis=2) for step in (0, 1))
    return (here + (places - left) * (next_ - here)).astype(np.float32)


def _measure_strokes(images: Ink) -> _Shapes:
    """Measure images (b, 28, 28); a stroke's width is twice its area by the length of its edges."""
    inked: NDArray[np.bool_] = images >= FORM_INK
    columns, rows = inked.any(axis=1), inked.any(axis=2)
    left, top = (some.argmax(axis=1).astype(float) for some in (columns, rows))
    right, bottom = (FORM_SIDE - 1.0 - np.flip(some, axis=1).argmax(axis=1) for some in (columns, rows))
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    downwards, sideways = np.diff(padded, axis=1)[:, :, :-1], np.diff(padded, axis=2)[:, :-1]
    length = np.hypot(downwards, sideways).sum(axis=(1, 2))
    return _Shapes(images, left, top, right, bottom, 2 * images.sum(axis=(1, 2), dtype=float) / length)


def _slash(shapes: _Shapes, chances: Values) -> Values:
    """Draw a stroke through the middle: eight of ten rise to the right, one is level, one upright."""
    kinds = [chances[0] < 0.8, chances[0] < 0.9]
    degrees = np.select(kinds, [_between(chances[1], 30, 75), _between(chances[1], -15, 25)])
    angle = np.radians(np.where(chances[0] < 0.9, degrees, _between(chances[1], 75, 100)))
    x, y = np.cos(angle), -np.sin(angle)
    middle_x = (shapes.left + shapes.right) / 2 + _between(chances[2], -1.2, 1.2)
    middle_y = (shapes.top + shapes.bottom) / 2 + _between(chances[3], -1.2, 1.2)
    grid = np.arange(FORM_SIDE)
    right, below = (grid - middle_x[:, None])[:, None, :], (grid - middle_y[:, None])[:, :, None]
    along = x[:, None, None] * right + y[:, None, None] * below
    aside = x[:, None, None] * below - y[:, None, None] * right
    on_line = (shapes.images >= FORM_INK) & (np.abs(aside) < 1.5)
    ahead, behind = (
        np.where(on_line, way, 1.0).max(axis=(1, 2)) * _between(chance, *SLASH_ENDS)
        for way, chance in ((along, chances[4]), (-along, chances[5]))
    )
    ends = middle_x - behind * x, middle_y - behind * y, middle_x + ahead * x, middle_y + ahead * y
    return _lay_out(ends)


def _flag_and_foot(shapes: _Shapes, chances: Values) -> Values:
    """Draw a flag from the upper end down to the left, and under some a level foot."""
    half = shapes.width / 2
    x_top, x_bottom = shapes.ink_at(shapes.top, 1.5), shapes.ink_at(shapes.bottom, 1.5)
    y_top, y_bottom = shapes.top - 0.5 + half, shapes.bottom + 0.5 - half
    stem = np.degrees(np.arctan2(y_bottom - y_top, x_top - x_bottom))  # 90 upright, less if it leans right
    level, steep = FLAG_DEGREES
    slope = np.radians(_between(chances[0], level, np.clip(stem - FLAG_OFF_STEM, level, steep)))
    longest = np.interp(np.degrees(slope), [level, STEEP], [LONGEST_LEVEL_FLAG, LONGEST_FLAG])
    length = _between(chances[1], SHORTEST_FLAG, longest)
    flag = x_top - length * np.cos(slope), y_top + length * np.sin(slope), x_top, y_top
    reach, middle = _between(chances[2], *FOOT_REACH), x_bottom + _between(chances[3], -1, 1)
    tilt = reach * np.tan(np.radians(_between(chances[4], -8, 8)))
    foot = middle - reach, y_bottom + tilt, middle + reach, y_bottom - tilt
    strokes = _lay_out(flag, foot, (x_top, y_top, x_bottom, y_bottom))
    for stroke, share in ((1, FOOT_SHARE), (2, STRAIGHT_SHARE)):
        strokes[chances[4 + stroke] >= share, stroke] = np.nan
    return strokes


def _bar(shapes: _Shapes, chances: Values) -> Values:
    """Draw a bar across the stem, about half way down."""
    y = shapes.top + (shapes.bottom - shapes.top) * _between(chances[0], 0.4, 0.65)
    x = shapes.ink_at(y, 1.0) + _between(chances[1], -1.5, 1.5)
    slope, reach = np.radians(_between(chances[2], -10, 30)), _between(chances[3], *BAR_REACH)
    right, up = reach * np.cos(slope), reach * np.sin(slope)
    return _lay_out((x - right, y + up, x + right, y - up))


def _between(chances: Values, low: float, high: float | Values) -> Values:
    """Turn chances, 0 to 1, into even ones between two bounds."""
    return low + (high - low) * chances


def _lay_out(*strokes: tuple[Values, ...]) -> Values:
    """Lay out strokes as x and y of their ends, (b, 3, 4); those that are not there are not numbers."""
    there = np.stack([np.stack(ends, axis=1) for ends in strokes], axis=1)
    return np.pad(there, ((0, 0), (0, FORM_STROKES - len(strokes)), (0, 0)), constant_values=np.nan)


def _frame_with(shapes: _Shapes, strokes: Values) -> Ink:
    """Draw strokes (b, 3, 4) on images or in their place, scale all into 20 by 20 pixels, and centre it."""
    half = shapes.width / 2
    xs, ys = (strokes[:, :, part::2].reshape(len(strokes), -1) for part in (0, 1))
    keeps = np.isnan(strokes[:, 2, 0])  # else the stem is drawn anew
    box = shapes.left - 0.5, shapes.top - 0.5, shapes.right + 0.5, shapes.bottom + 0.5
    left, top, right, bottom = np.where(keeps, box, np.nan)
    left, top = np.fmin((left, top), np.nanmin((xs, ys), axis=2) - half)
    right, bottom = np.fmax((right, bottom), np.nanmax((xs, ys), axis=2) + half)
    scale = (np.maximum(right - left, bottom - top) / FORM_BOX)[:, None]
    steps = np.arange(FORM_SIDE) - (FORM_SIDE - 1) / 2
    x, y = (left + right)[:, None] / 2 + scale * steps, (top + bottom)[:, None] / 2 + scale * steps  # (b, 28)
    forms = keeps[:, None, None] * _read_between(shapes.images, x, y)
    for stroke in range(FORM_STROKES):
        inside = (half[:, None, None] - _distances(strokes[:, stroke], x, y)) / scale[:, :, None]
        forms = np.fmax(forms, np.clip(inside + 0.5, 0, 1))  # soft for one pixel; ignores what is no number
    return _centre_mass(forms / forms.max(axis=(1, 2), keepdims=True)).reshape(len(forms), -1)


def _read_between(images: Ink, x: Values, y: Values) -> Values:
    """Read images (b, 28, 28) between their pixels, bilinearly, in columns x and rows y (b, 28)."""
    grid = np.arange(FORM_SIDE)
    rows, columns = (np.maximum(1 - np.abs(places[:, :, None] - grid), 0) for places in (y, x))
    return rows @ images @ columns.transpose(0, 2, 1)


def _distances(stroke: Values, x: Values, y: Values) -> Values:
    """Measure how far from a stroke (b, 4) columns x and rows y (b, 28) meet, (b, 28, 28)."""
    x_start, y_start, x_end, y_end = (stroke[:, part, None, None] for part in range(4))
    right, below = x[:, None, :] - x_start, y[:, :, None] - y_start
    wide, high = x_end - x_start, y_end - y_start
    along = np.clip((right * wide + below * high) / (wide**2 + high**2), 0, 1)
    return np.hypot(right - along * wide, below - along * high)


def _centre_mass(forms: Values) -> Ink:
    """Shift images (b, 28, 28) by whole pixels until their centres of mass are nearest to pixel 14."""
    grid, margin = np.arange(FORM_SIDE), (FORM_SIDE - FORM_BOX) // 2
    mass = forms.sum(axis=(1, 2))
    rows, columns = (
        grid + margin - np.clip(np.rint(FORM_CENTRE - centre), -margin, margin).astype(int)[:, None]
        for centre in ((forms.sum(axis=axis) * grid).sum(axis=1) / mass for axis in (2, 1))
    )
    padded = np.pad(forms, ((0, 0), (margin, margin), (margin, margin)))
    shifted = padded[np.arange(len(forms))[:, None, None], rows[:, :, None], columns[:, None, :]]
    return shifted.astype(np.float32)
