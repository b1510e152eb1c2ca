"""How many images of each digit there are, as the `data` and `layout` that plotly.js draws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.charts.curves import FONT_PIXELS, LARGE_FONT_PIXELS
from mnist_demo.data import DIGITS
from mnist_demo.texts import NumberTexts

COUNTS_HEIGHT_PIXELS = 360
PART_COLOURS = ("#1d5fc4", "#a34f04", "#23714a")
"""For training, validation and test, dark enough for white text."""
PART_PATTERNS = ("", "/", ".")


def counts_figure(
    counts: NDArray[np.intp], parts: tuple[str, str, str], numbers: NumberTexts
) -> dict[str, Any]:
    """Draw how many images of each digit there are, with the three parts stacked.

    Args:
        counts: (3, 10), as returned by `count_split`.
        parts: Names of training, validation and test.
        numbers: How numbers are written.
    """
    strokes = {"fillmode": "overlay", "fgcolor": "#ffffff", "solidity": 0.15}
    digits = [str(digit) for digit in range(DIGITS)]
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": digits,
            "y": row.tolist(),
            "customdata": [numbers.whole(count) for count in row.tolist()],
            "hovertemplate": "%{x}: %{customdata}",
            "marker": {"color": colour, "pattern": {"shape": shape, **strokes}},
        }
        for name, row, colour, shape in zip(parts, counts, PART_COLOURS, PART_PATTERNS, strict=True)
    ]
    layout = {
        "font": {"size": FONT_PIXELS},
        "separators": numbers.decimal + numbers.thousands,
        "uirevision": "counts",
        "height": COUNTS_HEIGHT_PIXELS,
        "barmode": "stack",
        "bargap": 0.2,
        "hovermode": "x unified",
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "traceorder": "normal"},
        "margin": {"l": 64, "r": 8, "t": 48, "b": 36},
        "xaxis": {"type": "category", "tickfont": {"size": LARGE_FONT_PIXELS}, "fixedrange": True},
        "yaxis": {"fixedrange": True, "tickformat": ",d", "nticks": 6},
    }
    return {"data": bars, "layout": layout}
