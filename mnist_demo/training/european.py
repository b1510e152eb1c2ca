"""Writes zeros, ones and sevens as many Europeans do: a stroke through the 0, a long flag on the 1, a crossed 7.

MNIST was written in the United States and has next to none of these. Each form is one of MNIST's images with a
stroke or two of its own width added where a pen would put them, framed again as MNIST's images are. In every
epoch some zeros, ones and sevens are replaced by their forms, drawn anew by lot.

This file needs NumPy only: the notebook of a run contains its whole text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORM_SIDE, FORM_BOX, FORM_CENTRE = 28, 20, 14
FORM_INK = 0.2
FORM_SEED = 7
FORMS_AT_ONCE = 2048
FORM_SHARES = {0: 0.3, 1: 0.4, 7: 0.2}
"""Of the images of a digit, how many are replaced in an epoch."""
FOOT_SHARE = 1 / 3
"""Of the ones with a flag, how many stand on a foot."""

Images = NDArray[np.float32]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EuropeanForms:
    """The European forms of a data set's zeros, ones and sevens.

    Attributes:
        images: (m, 784) float32, 0 to 1, framed as MNIST's are.
        form_of: (n,) int64, for each image of the data set its form's row in `images`, -1 if it has none.
        shares: (n,) float64, how likely it is to be replaced in an epoch.
    """

    images: Images
    form_of: NDArray[np.int64]
    shares: Values

    def replace(self, rows: NDArray[np.integer], seed: int) -> NDArray[np.integer]:
        """Choose for an epoch which images are replaced.

        Args:
            rows: (b,) of the data set's n images.
            seed: The same seed chooses the same ones.

        Returns:
            (b,), where row n + k is the form k.
        """
        chosen = np.random.default_rng(seed).random(len(self.shares)) < self.shares
        return np.where(chosen[rows], self.all_replaced()[rows], rows)


    def all_replaced(self) -> NDArray[np.integer]:
        """Return what `replace` does of every image that has a form, (n,)."""
        rows = np.arange(len(self.form_of))
        return np.where(self.form_of >= 0, len(rows) + self.form_of, rows)


def write_forms(images: Images, digits: NDArray[np.integer], seed: int = FORM_SEED) -> EuropeanForms:
    """Write the form of every zero, one and seven.

    Args:
        images: (n, 784) float32, 0 to 1, framed as MNIST's are.
        digits: (n,), what they show.
        seed: The same seed writes the same forms.
    """
    has_form = np.isin(digits, list(FORM_SHARES)) & (images.max(axis=1, initial=0) >= FORM_INK)
    rows = np.flatnonzero(has_form)
    chances = np.random.default_rng(seed).random((len(rows), 10))
    parts = [slice(first, first + FORMS_AT_ONCE) for first in range(0, len(rows), FORMS_AT_ONCE)]
    forms = [_write(images[rows[part]], digits[rows[part]], chances[part]) for part in parts]
    form_of = np.full(len(images), -1)
    form_of[rows] = np.arange(len(rows))
    shares = np.select([digits == digit for digit in FORM_SHARES], list(FORM_SHARES.values()), 0.0)
    empty = np.empty((0, images.shape[1]), np.float32)
    return EuropeanForms(np.concatenate([empty, *forms]), form_of, shares * has_form)


def _write(images: Images, digits: NDArray[np.integer], chances: Values) -> Images:
    """Add the strokes of its digit to each image (b, 784), and frame it again."""
    shapes = _measure(images.reshape(-1, FORM_SIDE, FORM_SIDE))
    strokes = np.full((len(images), 2, 4), np.nan)
    for digit, draw in ((0, _slash), (1, _flag_and_foot), (7, _bar)):
        chosen = digits == digit
        strokes[chosen] = draw(shapes.of(chosen), chances[chosen])
    return _frame(shapes, strokes)


@dataclass(frozen=True, eq=False)
class _Shapes:
    """Images (b, 28, 28), which of their pixels are ink, their boxes (b, 4) and the widths of their strokes.

    A box is left, top, right, bottom: the outermost inked pixels.
    """

    images: Images
    inked: NDArray[np.bool_]
    box: Values
    width: Values

    def of(self, chosen: NDArray[np.bool_]) -> _Shapes:
        return _Shapes(self.images[chosen], self.inked[chosen], self.box[chosen], self.width[chosen])


def _measure(images: Images) -> _Shapes:
    """Measure images (b, 28, 28); a stroke's width is twice its area by the length of its edges."""
    inked = images >= FORM_INK
    across, down = inked.any(axis=1), inked.any(axis=2)  # (b, 28) columns, rows
    last = FORM_SIDE - 1
    edges = (across.argmax(1), down.argmax(1), last - across[:, ::-1].argmax(1), last - down[:, ::-1].argmax(1))
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    length = np.hypot(np.diff(padded, axis=1)[:, :, :-1], np.diff(padded, axis=2)[:, :-1]).sum(axis=(1, 2))
    return _Shapes(images, inked, np.stack(edges, axis=1).astype(float), 2 * images.sum(axis=(1, 2)) / length)


def _between(chances: Values, low: float | Values, high: float | Values) -> Values:
    return low + (high - low) * chances


def _slash(shapes: _Shapes, chances: Values) -> Values:
    """Draw a stroke through the middle: mostly rising to the right, some level, some upright."""
    degrees = np.select(
        [chances[:, 0] < 0.8, chances[:, 0] < 0.9],
        [_between(chances[:, 1], 30, 75), _between(chances[:, 1], -15, 25)],
        _between(chances[:, 1], 75, 100),
    )
    x, y = np.cos(np.radians(degrees)), -np.sin(np.radians(degrees))
    middle = (shapes.box[:, :2] + shapes.box[:, 2:]) / 2 + _between(chances[:, 2:4], -1.2, 1.2)
    row, column = np.mgrid[:FORM_SIDE, :FORM_SIDE]
    right, below = (part - middle[:, axis, None, None] for part, axis in ((column, 0), (row, 1)))
    along, aside = (
        a[:, None, None] * right + b[:, None, None] * below for a, b in ((x, y), (-y, x))
    )
    on_line = shapes.inked & (np.abs(aside) < 1.5)
    ahead = np.where(on_line, along, 1.0).max(axis=(1, 2)) * _between(chances[:, 4], 0.7, 1.4)
    behind = np.where(on_line, -along, 1.0).max(axis=(1, 2)) * _between(chances[:, 5], 0.7, 1.4)
    stroke = _stroke(middle[:, 0] - behind * x, middle[:, 1] - behind * y, middle[:, 0] + ahead * x, middle[:, 1] + ahead * y)
    return np.stack([stroke, np.full_like(stroke, np.nan)], axis=1)


def _flag_and_foot(shapes: _Shapes, chances: Values) -> Values:
    """Draw a flag down to the left from the upper end, at some a level foot; the flag stays off the stem."""
    half = shapes.width / 2
    top, bottom = shapes.box[:, 1], shapes.box[:, 3]
    x_top, x_bottom = _ink_at(shapes, top, 1.5), _ink_at(shapes, bottom, 1.5)
    y_top, y_bottom = top - 0.5 + half, bottom + 0.5 - half
    stem = np.degrees(np.arctan2(y_bottom - y_top, x_top - x_bottom))  # 90 upright, less if it leans right
    steepest = np.maximum(np.minimum(75, stem - 15), 12)
    slope = np.radians(_between(chances[:, 0], 10, steepest))
    length = _between(chances[:, 1], 3, 13)
    flag = _stroke(x_top - length * np.cos(slope), y_top + length * np.sin(slope), x_top, y_top)
    reach, aside = _between(chances[:, 2], 2, 6), _between(chances[:, 3], -1, 1)
    tilt = reach * np.tan(np.radians(_between(chances[:, 4], -8, 8)))
    foot = _stroke(x_bottom + aside - reach, y_bottom + tilt, x_bottom + aside + reach, y_bottom - tilt)
    foot[chances[:, 5] >= FOOT_SHARE] = np.nan
    return np.stack([flag, foot], axis=1)


def _bar(shapes: _Shapes, chances: Values) -> Values:
    """Draw a bar across the stem, about half way down."""
    y = _between(_between(chances[:, 0], 0.4, 0.65), shapes.box[:, 1], shapes.box[:, 3])
    x = _ink_at(shapes, y, 1.0) + _between(chances[:, 1], -1.5, 1.5)
    slope, reach = np.radians(_between(chances[:, 2], -10, 30)), _between(chances[:, 3], 2.5, 6)
    right, up = reach * np.cos(slope), reach * np.sin(slope)
    stroke = _stroke(x - right, y + up, x + right, y - up)
    return np.stack([stroke, np.full_like(stroke, np.nan)], axis=1)


def _stroke(*ends: Values) -> Values:
    return np.stack(ends, axis=1)


def _ink_at(shapes: _Shapes, y: Values, reach: float) -> Values:
    """Return the middle, in x, of the ink in the rows near y (b,)."""
    near = np.abs(np.arange(FORM_SIDE) - y[:, None]) <= reach
    mass = (shapes.images * near[:, :, None]).sum(axis=1)
    return (mass @ np.arange(FORM_SIDE)) / np.maximum(mass.sum(axis=1), 1e-6)


def _frame(shapes: _Shapes, strokes: Values) -> Images:
    """Draw strokes (b, 2, 4) on images, scale all into 20 by 20 pixels, and centre its mass."""
    half = shapes.width[:, None] / 2
    xs, ys = strokes[:, :, ::2].reshape(-1, 4), strokes[:, :, 1::2].reshape(-1, 4)
    low = [np.fmin(shapes.box[:, axis] - 0.5, np.nanmin(some - half, axis=1)) for axis, some in enumerate((xs, ys))]
    high = [np.fmax(shapes.box[:, axis + 2] + 0.5, np.nanmax(some + half, axis=1)) for axis, some in enumerate((xs, ys))]
    scale = np.maximum(high[0] - low[0], high[1] - low[1]) / FORM_BOX
    steps = np.arange(FORM_SIDE) - (FORM_SIDE - 1) / 2
    x, y = ((low[axis] + high[axis])[:, None] / 2 + scale[:, None] * steps for axis in (0, 1))  # (b, 28) each
    forms = _sample(shapes.images, x, y)
    for stroke in (0, 1):
        away = _distance(strokes[:, stroke], x, y)
        # Soft for a pixel of the result, which may be larger than one of the original.
        covered = np.clip((half[:, :, None] - away) / scale[:, None, None] + 0.5, 0, 1)
        forms = np.fmax(forms, covered)
    forms /= forms.max(axis=(1, 2), keepdims=True)
    return _centre(forms).reshape(len(forms), -1).astype(np.float32)


def _sample(images: Images, x: Values, y: Values) -> Values:
    """Read images (b, 28, 28) between their pixels, bilinearly, at columns x and rows y (b, 28)."""
    grid = np.arange(FORM_SIDE)
    from_rows, from_columns = (np.maximum(1 - np.abs(some[:, :, None] - grid), 0) for some in (y, x))
    return from_rows @ images @ from_columns.transpose(0, 2, 1)


def _distance(stroke: Values, x: Values, y: Values) -> Values:
    """Measure how far columns x and rows y (b, 28) are from strokes (b, 4), (b, 28, 28)."""
    x0, y0, x1, y1 = (stroke[:, number, None, None] for number in range(4))
    right, below, wide, high = x[:, None, :] - x0, y[:, :, None] - y0, x1 - x0, y1 - y0
    along = np.clip((right * wide + below * high) / (wide**2 + high**2 + 1e-9), 0, 1)
    return np.hypot(right - along * wide, below - along * high)


def _centre(forms: Values) -> Values:
    """Shift images (b, 28, 28) by whole pixels until their centres of mass are nearest to pixel 14."""
    mass, grid = forms.sum(axis=(1, 2)), np.arange(FORM_SIDE)
    margin = (FORM_SIDE - FORM_BOX) // 2
    indices = []
    for axis in (2, 1):  # (b, 28) rows, then columns
        centre = forms.sum(axis=axis) @ grid / mass
        shift = np.clip(np.rint(FORM_CENTRE - centre), -margin, margin).astype(int)
        indices.append(grid - shift[:, None] + margin)
    padded = np.pad(forms, ((0, 0), (margin, margin), (margin, margin)))
    return padded[np.arange(len(forms))[:, None, None], indices[0][:, :, None], indices[1][:, None, :]]
