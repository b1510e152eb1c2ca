"""The curves of several runs over each other, as the `data` and `layout` that plotly.js draws.

Every run has its own colour and marker, so that nobody needs colour to tell them apart. A thick solid line
is its validation, a thin dotted one its training. The legend is on the page, to leave the chart its room.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mnist_demo.charts.curves import FONT_PIXELS, LARGE_FONT_PIXELS, epoch_tick
from mnist_demo.runs import History
from mnist_demo.texts import NumberTexts, Section

Measure = Literal["loss", "accuracy"]
COLOURS = ("#2f7fe0", "#d97706", "#198f5a", "#d6409f", "#7c6ff0", "#7a8699")
"""Each has a contrast of at least 3:1 with the light and with the dark page."""
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "star")
HEIGHT_PIXELS = 420
RING_PIXELS = 26
EMPTY_RANGES: dict[Measure, list[float]] = {"loss": [0, 2.4], "accuracy": [0, 1]}
"""The y axis before there are any values; guessing has a loss of ln 10 = 2.3."""


@dataclass(frozen=True)
class Curve:
    """One run on the chart; `overfitting_epoch` is the epoch that gets a ring, None for none."""

    label: str
    history: History
    overfitting_epoch: int | None = None


def line_style(number: int) -> tuple[str, str]:
    """Return colour and marker of a run by its number, from 0; the 36 pairs repeat after that."""
    return COLOURS[number % len(COLOURS)], SYMBOLS[(number + number // len(COLOURS)) % len(SYMBOLS)]


def comparison_figure(
    curves: Sequence[Curve],
    measure: Measure,
    with_training: bool,
    epochs: int,
    texts: Section,
    numbers: NumberTexts,
) -> dict[str, Any]:
    """Draw one measure of several runs over epochs.

    Args:
        curves: The runs.
        measure: What to draw.
        with_training: Whether to draw training as well as validation.
        epochs: Where the x axis ends.
        texts: Words on the chart.
        numbers: How numbers are written.
    """
    lines: list[dict[str, Any]] = []
    for number, curve in enumerate(curves):
        if with_training:
            lines.append(_training_line(number, curve, measure, texts))
        lines.append(_validation_line(number, curve, measure, texts))
    if measure == "loss":
        lines += [_ring(number, curve) for number, curve in enumerate(curves) if curve.overfitting_epoch]
    layout = _layout(measure, epochs, texts, numbers)
    if not any(curve.history.epochs for curve in curves):
        layout["yaxis"]["range"] = EMPTY_RANGES[measure]
    return {"data": lines, "layout": layout}


def _validation_line(number: int, curve: Curve, measure: Measure, texts: Section) -> dict[str, Any]:
    colour, symbol = line_style(number)
    return _line(curve, f"val_{measure}", texts.validation) | {
        "mode": "lines+markers",
        "line": {"color": colour, "width": 4},
        "marker": {"symbol": symbol, "size": 11, "color": colour},
    }


def _training_line(number: int, curve: Curve, measure: Measure, texts: Section) -> dict[str, Any]:
    colour, symbol = line_style(number)
    return _line(curve, measure, texts.training) | {
        "mode": "lines+markers",
        "line": {"color": colour, "width": 2, "dash": "dot"},
        "marker": {"symbol": f"{symbol}-open", "size": 7, "color": colour},
    }


def _line(curve: Curve, field: str, what: str) -> dict[str, Any]:
    values = [getattr(record, field) for record in curve.history.epochs]
    return {
        "type": "scatter",
        "name": f"{curve.label} · {what}",
        "x": [record.epoch for record in curve.history.epochs],
        # A gap where a loss has overflowed, which JSON cannot express.
        "y": [value if math.isfinite(value) else None for value in values],
    }


def _ring(number: int, curve: Curve) -> dict[str, Any]:
    colour, _ = line_style(number)
    best = next(record for record in curve.history.epochs if record.epoch == curve.overfitting_epoch)
    return {
        "type": "scatter",
        "x": [best.epoch],
        "y": [best.val_loss],
        "mode": "markers",
        "hoverinfo": "skip",
        "marker": {
            "symbol": "circle-open",
            "size": RING_PIXELS,
            "color": colour,
            "line": {"width": 4, "color": colour},
        },
    }


def _layout(measure: Measure, epochs: int, texts: Section, numbers: NumberTexts) -> dict[str, Any]:
    labels = {"tickfont": {"size": LARGE_FONT_PIXELS}, "tickangle": 0, "fixedrange": True}
    return {
        "height": HEIGHT_PIXELS,
        "font": {"size": FONT_PIXELS},
        "separators": numbers.decimal + numbers.thousands,
        "showlegend": False,
        "hovermode": "x unified",
        "margin": {"l": 68, "r": 16, "t": 12, "b": 56},
        "xaxis": labels
        | {
            "title": {"text": texts.epochs_axis, "standoff": 8},
            "range": [1 - 0.04 * epochs, 1.04 * epochs],
            "dtick": epoch_tick(epochs),
        },
        "yaxis": labels | {"tickformat": ".3~p" if measure == "accuracy" else "", "rangemode": "normal"},
    }
