"""The curves of several runs over each other, as the `data` and `layout` that plotly.js draws.

A run's validation is a thick solid line, its training a thin dotted one. The page writes the legend, which
would take a chart's room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mnist_demo.charts.axes import Measure
from mnist_demo.charts.curves import epoch_tick, measure_axis, measure_hover, values
from mnist_demo.charts.rates import RatePlace, rate_marks, rate_shapes
from mnist_demo.charts.theme import FONT_PIXELS, LARGE_FONT_PIXELS, RUN_COLOURS, layout, literal
from mnist_demo.runs import History
from mnist_demo.texts import NumberTexts, Section

SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "star")
HEIGHT_PIXELS = 420
RING_PIXELS = 26
MAX_ZORDER = 100
EMPTY_RANGES: dict[Measure, list[float]] = {"loss": [0, 2.4], "accuracy": [0, 100]}
"""The y axis before there are any values; guessing has a loss of ln 10 = 2.3."""


@dataclass(frozen=True)
class Curve:
    """One run on the chart.

    Attributes:
        label: Its name.
        history: Its measurements.
        overfitting_epoch: The epoch that gets a ring; None: none.
        rates: Where another learning rate was chosen, see `runs.rate_places`.
    """

    label: str
    history: History
    overfitting_epoch: int | None = None
    rates: Sequence[RatePlace] = ()


def line_style(number: int) -> tuple[str, str]:
    """Return colour and marker of the run of that number, from 0: 36 different pairs before they repeat."""
    colours = len(RUN_COLOURS)
    return RUN_COLOURS[number % colours], SYMBOLS[(number + number // colours) % len(SYMBOLS)]


def comparison_figure(
    curves: Sequence[Curve],
    measure: Measure,
    with_training: bool,
    epochs: int,
    texts: Section,
    numbers: NumberTexts,
) -> dict[str, Any]:
    """Draw one measure of several runs over epochs, the shorter runs above the longer ones.

    Runs that differ in their epochs alone begin alike, and the last one drawn would hide the others.

    Args:
        curves: The runs.
        measure: What to draw; accuracy is drawn in per cent.
        with_training: Whether to draw training as well as validation.
        epochs: Where the x axis ends.
        texts: Words on the chart.
        numbers: How numbers are written.
    """
    lines: list[dict[str, Any]] = []
    for number, curve in enumerate(curves):
        colour, symbol = line_style(number)
        above = sum(len(curve.history.epochs) < len(other.history.epochs) for other in curves)
        if with_training:
            lines.append(
                _line(curve, measure, "", texts.training, numbers)
                | {"line": {"color": colour, "width": 2, "dash": "dot"}}
                | {"marker": {"symbol": f"{symbol}-open", "size": 7, "color": colour}}
                | {"zorder": above}
            )
        lines.append(
            _line(curve, measure, "val_", texts.validation, numbers)
            | {"line": {"color": colour, "width": 4}}
            | {"marker": {"symbol": symbol, "size": 11, "color": colour}}
            | {"zorder": above}
        )
    if measure == "loss":
        lines += [_ring(number, curve) for number, curve in enumerate(curves) if curve.overfitting_epoch]
    labels = {"tickfont": {"size": LARGE_FONT_PIXELS}, "tickangle": 0, "fixedrange": True}
    measured = any(curve.history.epochs for curve in curves)
    empty = {} if measured else {"range": EMPTY_RANGES[measure]}
    axis = {"title": {"text": texts.epochs_axis, "standoff": 8}, "dtick": epoch_tick(epochs)}
    # The axis begins where the first epoch ends, unless a rate was chosen before.
    first = min([1.0, *(place for curve in curves for place, _ in curve.rates)])
    ends = (first - 0.04 * epochs, 1.04 * epochs)
    return {
        "data": lines,
        "layout": layout(
            numbers,
            HEIGHT_PIXELS,
            showlegend=False,
            hovermode="x unified",
            margin={"l": 68, "r": 16, "t": 12, "b": 56},
            xaxis=labels | axis | {"range": list(ends)},
            yaxis=labels | measure_axis(measure, numbers) | empty,
            shapes=_rate_lines(curves, measure, ends, numbers),
        ),
    }


def _rate_lines(
    curves: Sequence[Curve], measure: Measure, ends: tuple[float, float], numbers: NumberTexts
) -> list[dict[str, Any]]:
    """Draw where a run got another learning rate, in its colour."""
    shapes: list[dict[str, Any]] = []
    for number, curve in enumerate(curves):
        colour, _ = line_style(number)
        marks = rate_marks(curve.rates, ends, numbers)
        shapes += rate_shapes(marks, at_top=measure == "loss", colour=colour, font_pixels=FONT_PIXELS)
    return shapes


def _line(curve: Curve, measure: Measure, prefix: str, what: str, numbers: NumberTexts) -> dict[str, Any]:
    return {
        "type": "scatter",
        "name": f"{literal(curve.label)} · {what}",
        "x": [record.epoch for record in curve.history.epochs],
        "y": values(curve.history.epochs, measure, prefix),
        "mode": "lines+markers",
        "hovertemplate": measure_hover(measure, numbers),
    }


def _ring(number: int, curve: Curve) -> dict[str, Any]:
    colour, _ = line_style(number)
    best = next(record for record in curve.history.epochs if record.epoch == curve.overfitting_epoch)
    ring = {"symbol": "circle-open", "size": RING_PIXELS, "color": colour}
    return {
        "type": "scatter",
        "x": [best.epoch],
        "y": [best.val_loss],
        "mode": "markers",
        "hoverinfo": "skip",
        "marker": ring | {"line": {"width": 4, "color": colour}},
        "zorder": MAX_ZORDER,
    }
