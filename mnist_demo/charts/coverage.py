"""How many answers are right when fewer are given, as the `data` and `layout` that plotly.js draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mnist_demo.charts.axes import nice_ticks
from mnist_demo.charts.theme import FONT_PIXELS, Colour, layout
from mnist_demo.network import Coverage
from mnist_demo.texts import NumberTexts, Section

HEIGHT_PIXELS = 300


def coverage_figure(
    levels: Sequence[Coverage], chosen: Coverage, texts: Section, numbers: NumberTexts
) -> dict[str, Any]:
    """Draw the share of right answers over the share of images that are answered, and where one is on it.

    Args:
        levels: All that can be chosen; those without an answer have no place on the line.
        chosen: One of them.
        texts: Words on the chart.
        numbers: How numbers are written.
    """
    known = [(level, level.accuracy) for level in levels if level.accuracy is not None]
    shares = [level.share for level, _ in known]
    right = [accuracy for _, accuracy in known]
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": shares,
        "y": right,
        "text": [coverage_label(level, texts, numbers) for level, _ in known],
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": Colour.RIGHT, "width": 3},
        "marker": {"size": 7},
        "cliponaxis": False,
    }
    place = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [chosen.share] if chosen.accuracy is not None else [],
        "y": [chosen.accuracy] if chosen.accuracy is not None else [],
        "text": [numbers.shortest_percent(chosen.threshold)] if chosen.accuracy is not None else [],
        "textposition": "middle left",
        "textfont": {"size": FONT_PIXELS},
        "hoverinfo": "skip",
        "marker": {"color": Colour.WRONG, "symbol": "diamond", "size": 17},
        "cliponaxis": False,
    }
    return {
        "data": [line, place],
        "layout": layout(
            numbers,
            HEIGHT_PIXELS,
            dragmode=False,
            showlegend=False,
            hovermode="closest",
            margin={"l": 76, "r": 16, "t": 12, "b": 56},
            xaxis=_axis(shares, texts.answered_axis, numbers),
            yaxis=_axis(right, texts.right_axis, numbers),
        ),
    }


def _axis(shares: list[float], title: str, numbers: NumberTexts) -> dict[str, Any]:
    """Return an axis of shares that ends at 1 and begins at a round number below the least."""
    ticks = nice_ticks(min([*shares, 0.99]), 1)
    room = 0.04 * (ticks[-1] - ticks[0])
    digits = 0 if all(math.isclose(100 * tick, round(100 * tick)) for tick in ticks) else 1
    return {
        "range": [ticks[0] - room, ticks[-1] + room],
        "fixedrange": True,
        "tickvals": ticks,
        "ticktext": [numbers.percent(min(tick, 1.0), digits) for tick in ticks],
        "title": {"text": title, "standoff": 8},
    }


def coverage_label(level: Coverage, texts: Section, numbers: NumberTexts) -> str:
    """Say what comes of one threshold, in a few words."""
    if level.accuracy is None:
        raise ValueError("Without an answer there is no share of right ones.")
    return texts.coverage_label.format(
        threshold=numbers.shortest_percent(level.threshold),
        answered=numbers.percent(level.share),
        accuracy=numbers.percent(level.accuracy, 2),
    )
