"""Plotly figures from plain values, as the `data` and `layout` that plotly.js draws.

They are plain dictionaries because `plotly.graph_objects` takes several milliseconds per figure to check what
the tests check once. Colours differ in hue and in lightness, and every line has its own dash and marker, so
that nobody needs colour to tell them apart. The page adds the colours of its theme.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mnist_demo.runs import History
from mnist_demo.texts import NumberTexts, Section

TRAINING_COLOUR = "#2f7fe0"
VALIDATION_COLOUR = "#d97706"
WINNER_COLOUR = "#2f7fe0"
OTHER_COLOUR = "#8a94a6"
CURVE_HEIGHT_PIXELS = 280
BARS_HEIGHT_PIXELS = 252
FONT_PIXELS = 15
EPOCH_TICKS, MAX_TICKS = (1, 2, 5, 10, 20, 50), 15
MAX_MARKERS = 40
"""With more epochs than this, markers would hide the lines."""
LARGE_FONT_PIXELS = 18


def loss_figure(
    history: History, epochs: int, texts: Section, numbers: NumberTexts, revision: str
) -> dict[str, Any]:
    """Draw loss over epochs.

    Args:
        history: What was measured so far.
        epochs: Where the x axis ends.
        texts: Words on the chart.
        numbers: How numbers are written.
        revision: Zoom is kept from one figure to the next as long as this stays the same.
    """
    return _curves(history, "loss", epochs, texts, numbers, revision)


def accuracy_figure(
    history: History, epochs: int, texts: Section, numbers: NumberTexts, revision: str
) -> dict[str, Any]:
    """Draw accuracy over epochs; arguments as for `loss_figure`."""
    figure = _curves(history, "accuracy", epochs, texts, numbers, revision)
    figure["layout"]["yaxis"]["tickformat"] = ".0%" if _value_range(history) > 0.04 else ".1%"
    return figure


def probability_figure(probabilities: Sequence[float], numbers: NumberTexts) -> dict[str, Any]:
    """Draw ten probabilities as bars, the winner in colour, in bold and with a pointer.

    Args:
        probabilities: Ten numbers from 0 to 1, for the digits 0 to 9.
        numbers: How numbers are written.
    """
    winner = max(range(10), key=probabilities.__getitem__)
    shares = [numbers.chance(value) for value in probabilities]
    shares[winner] = f"<b>{shares[winner]}</b>"
    digits = [str(digit) for digit in range(10)]
    colours = [WINNER_COLOUR if digit == winner else OTHER_COLOUR for digit in range(10)]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [float(value) for value in probabilities],
        "y": digits,
        "text": shares,
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": colours},
        "hovertemplate": "%{y}: %{text}<extra></extra>",
    }
    layout = _layout(numbers, "probabilities")
    layout |= {"height": BARS_HEIGHT_PIXELS, "bargap": 0.25, "showlegend": False}
    labels = [f"<b>▸ {digit}</b>" if int(digit) == winner else digit for digit in digits]
    layout["xaxis"] = {"range": [0, 1.32], "visible": False, "fixedrange": True}
    layout["yaxis"] = {
        "type": "category",
        "autorange": "reversed",
        "tickvals": digits,
        "ticktext": labels,
        "tickfont": {"size": LARGE_FONT_PIXELS},
        "fixedrange": True,
        "showgrid": False,
    }
    layout["margin"] = {"l": 44, "r": 8, "t": 8, "b": 8}
    return {"data": [bars], "layout": layout}


def _curves(
    history: History,
    measure: str,
    epochs: int,
    texts: Section,
    numbers: NumberTexts,
    revision: str,
) -> dict[str, Any]:
    ends = [record.epoch for record in history.epochs]
    lines = [
        {
            "type": "scatter",
            "name": texts.within_epoch,
            "x": [record.epochs for record in history.steps],
            "y": [_finite(getattr(record, measure)) for record in history.steps],
            "mode": "lines",
            "line": {"color": TRAINING_COLOUR, "width": 1.5},
            "opacity": 0.55,
        },
        _epoch_line(texts.training, ends, history, measure, TRAINING_COLOUR, "circle", "solid"),
        _epoch_line(texts.validation, ends, history, f"val_{measure}", VALIDATION_COLOUR, "diamond", "dash"),
    ]
    layout = _layout(numbers, revision)
    layout |= {"height": CURVE_HEIGHT_PIXELS, "hovermode": "x unified", "legend": _legend_on_top()}
    # Fixed here, because plotly.js would otherwise measure all this at each redraw, several times a second.
    layout["margin"] = {"l": 60, "r": 12, "t": 48, "b": 48, "autoexpand": False}
    labels = {"tickangle": 0, "ticklabeloverflow": "allow", "automargin": False}
    layout["xaxis"] = labels | {
        "title": {"text": texts.epochs_axis, "standoff": 6},
        "range": [0, epochs * 1.03],
        "dtick": epoch_tick(epochs),
    }
    layout["yaxis"] = labels | {"rangemode": "normal"}
    return {"data": lines, "layout": layout}


def epoch_tick(epochs: int) -> int:
    """Return how many epochs apart the numbers on an axis are: 1, 2, 5, 10, 20 or 50."""
    return next(step for step in EPOCH_TICKS if epochs / step <= MAX_TICKS)


def _epoch_line(
    name: str, ends: list[int], history: History, field: str, colour: str, symbol: str, dash: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": name,
        "x": ends,
        "y": [_finite(getattr(record, field)) for record in history.epochs],
        "mode": "lines+markers" if len(ends) <= MAX_MARKERS else "lines",
        "line": {"color": colour, "width": 3, "dash": dash},
        "marker": {"symbol": symbol, "size": 9},
    }


def _finite(value: float) -> float | None:
    """Return None, which leaves a gap, where a loss has overflowed, which JSON cannot express."""
    return value if math.isfinite(value) else None


def _legend_on_top() -> dict[str, Any]:
    return {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 13}}


def _layout(numbers: NumberTexts, revision: str) -> dict[str, Any]:
    return {
        "font": {"size": FONT_PIXELS},
        "separators": numbers.decimal + numbers.thousands,
        "uirevision": revision,
    }


def _value_range(history: History) -> float:
    values = [record.accuracy for record in history.steps] + [r.val_accuracy for r in history.epochs]
    return max(values) - min(values) if values else 1.0
