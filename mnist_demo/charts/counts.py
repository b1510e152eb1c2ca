"""How many images of each digit there are, as the `data` and `layout` that plotly.js draws."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.charts.axes import nice_ticks
from mnist_demo.charts.theme import LARGE_FONT_PIXELS, Fill, layout, legend_on_top
from mnist_demo.data import DIGITS
from mnist_demo.texts import NumberTexts

HEIGHT_PIXELS = 360
PARTS = ((Fill.TRAINING, ""), (Fill.VALIDATION, "/"), (Fill.TEST, "."))
"""Colour and pattern of each part."""


def counts_figure(
    counts: NDArray[np.intp], parts: tuple[str, str, str], numbers: NumberTexts
) -> dict[str, Any]:
    """Draw how many images of each digit there are, with the three parts stacked.

    Args:
        counts: (3, 10), as `count_split` returns them.
        parts: What training, validation and test are called.
        numbers: How numbers are written.
    """
    strokes = {"fillmode": "overlay", "fgcolor": "#ffffff", "solidity": 0.15}
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": [str(digit) for digit in range(DIGITS)],
            "y": row,
            "customdata": [numbers.whole(count) for count in row],
            "hovertemplate": "%{x}: %{customdata}",
            "marker": {"color": colour, "pattern": {"shape": shape, **strokes}},
        }
        for name, row, (colour, shape) in zip(parts, counts.tolist(), PARTS, strict=True)
    ]
    ticks = [tick for tick in nice_ticks(0, int(counts.sum(axis=0).max())) if tick == round(tick)]
    return {
        "data": bars,
        "layout": layout(
            numbers,
            HEIGHT_PIXELS,
            barmode="stack",
            bargap=0.2,
            hovermode="x unified",
            legend=legend_on_top() | {"traceorder": "normal"},
            margin={"l": 64, "r": 8, "t": 48, "b": 36},
            xaxis={"type": "category", "tickfont": {"size": LARGE_FONT_PIXELS}, "fixedrange": True},
            yaxis={"fixedrange": True, "tickvals": ticks, "ticktext": list(map(numbers.whole, ticks))},
        ),
    }
