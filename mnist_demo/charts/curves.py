"""How a network learns, and what it answers, as the `data` and `layout` that plotly.js draws.

Plain dictionaries, not `plotly.graph_objects`, which takes several milliseconds a figure to check what the
tests check once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from mnist_demo.charts.axes import CHANCE, Measure, axis_ranges
from mnist_demo.charts.theme import (
    SMALL_FONT_PIXELS,
    Colour,
    layout,
    legend_on_top,
    percent_axis,
    percent_hover,
)
from mnist_demo.runs import History
from mnist_demo.texts import NumberTexts, Section

CURVES_HEIGHT_PIXELS = 280
EPOCH_TICKS, MAX_TICKS = (1, 2, 5, 10, 20, 50), 15
MAX_MARKERS = 40
"""With more epochs than this, markers would hide the lines."""
SIGNIFICANT_DIGITS = 5
LOSS_HOVER = "%{y:.3~r}"


def curves_figure(
    history: History, measure: Measure, epochs: int, texts: Section, numbers: NumberTexts, revision: str
) -> dict[str, Any]:
    """Draw loss or accuracy over epochs: within the epoch, at its end, and on the validation images.

    Args:
        history: What was measured so far.
        measure: Which of the two; accuracy is drawn in per cent.
        epochs: Where the x axis ends.
        texts: Words on the chart.
        numbers: How numbers are written.
        revision: Zoom is kept from one figure to the next as long as this stays the same.
    """
    marks = "lines+markers" if epochs <= MAX_MARKERS else "lines"
    styles: list[dict[str, Any]] = [
        {
            "name": texts.within_epoch,
            "mode": "lines",
            "line": {"color": Colour.TRAINING, "width": 1.5},
            "opacity": 0.55,
        },
        {
            "name": texts.training,
            "mode": marks,
            "line": {"color": Colour.TRAINING, "width": 3, "dash": "solid"},
            "marker": {"symbol": "circle", "size": 9},
        },
        {
            "name": texts.validation,
            "mode": marks,
            "line": {"color": Colour.VALIDATION, "width": 3, "dash": "dash"},
            "marker": {"symbol": "diamond", "size": 9},
        },
    ]
    hover = {"type": "scatter", "hovertemplate": measure_hover(measure, numbers)}
    points = curve_points(history, measure)
    # Fixed here, because plotly.js would otherwise measure all this at each redraw, several times a second.
    value_range = {"range": axis_ranges(history, measure)["linear"]}
    labels = {"tickangle": 0, "ticklabeloverflow": "allow", "automargin": False}
    axis = {"title": {"text": texts.epochs_axis, "standoff": 6}, "range": [0, epochs * 1.03]}
    return {
        "data": [hover | style | line for style, line in zip(styles, points, strict=True)],
        "layout": layout(
            numbers,
            CURVES_HEIGHT_PIXELS,
            revision,
            hovermode="x unified",
            legend=legend_on_top(SMALL_FONT_PIXELS),
            margin={"l": 60, "r": 12, "t": 48, "b": 48, "autoexpand": False},
            xaxis=labels | axis | {"dtick": epoch_tick(epochs)},
            yaxis=labels | measure_axis(measure, numbers) | value_range,
            shapes=[_chance_line(measure, texts)],
        ),
    }


def _chance_line(measure: Measure, texts: Section) -> dict[str, Any]:
    """Draw where guessing is; the panel leaves it out while the axis does not reach it."""
    level = CHANCE[measure] * (100 if measure == "accuracy" else 1)
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": level,
        "y1": level,
        "layer": "below",
        "line": {"color": Colour.BORDER, "width": 1.5, "dash": "dot"},
        "label": {"text": texts.by_chance, "textposition": "end", "font": {"size": SMALL_FONT_PIXELS}},
    }


def curve_points(history: History, measure: Measure) -> list[dict[str, Sequence[float | None]]]:
    """Return `x` and `y` of the three lines of `curves_figure`, with no more digits than anybody sees.

    A point has the same place in its line as its record in the history, so what a page has can be counted.
    """
    ends = [record.epoch for record in history.epochs]
    within = [round(record.epochs, 4) for record in history.steps]
    return [
        {"x": within, "y": values(history.steps, measure)},
        {"x": ends, "y": values(history.epochs, measure)},
        {"x": ends, "y": values(history.epochs, measure, "val_")},
    ]


def values(records: Iterable[object], measure: Measure, prefix: str = "") -> list[float | None]:
    """Return a figure of each record, accuracy in per cent; a gap where it has overflowed, as JSON needs."""
    scale = 100 if measure == "accuracy" else 1
    found = (scale * getattr(record, prefix + measure) for record in records)
    return [float(f"{value:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None for value in found]


def measure_axis(measure: Measure, numbers: NumberTexts) -> dict[str, Any]:
    """Return how the axis of a measure is written."""
    return {"rangemode": "normal"} | (percent_axis(numbers) if measure == "accuracy" else {})


def measure_hover(measure: Measure, numbers: NumberTexts) -> str:
    """Return how a point's value is written when somebody points at it: three or four digits."""
    return percent_hover(numbers, "%{y:.2f}") if measure == "accuracy" else LOSS_HOVER


def curves_alt(history: History, measure: Measure, epochs: int, texts: Section, numbers: NumberTexts) -> str:
    """Describe a chart of `curves_figure`; before the first complete epoch, by its title alone."""
    title = texts.loss_title if measure == "loss" else texts.accuracy_title
    if not history.epochs:
        return title
    last = history.epochs[-1]

    def say(value: float) -> str:
        return numbers.number(value, 3) if measure == "loss" else numbers.percent(value)

    return texts.curve_alt.format(
        title=title,
        epoch=last.epoch,
        epochs=epochs,
        training=say(getattr(last, measure)),
        validation=say(getattr(last, f"val_{measure}")),
    )


def epoch_tick(epochs: int) -> int:
    """Return how many epochs lie between two numbers on an axis: 1, 2, 5, 10, 20 or 50."""
    return next(step for step in EPOCH_TICKS if epochs / step <= MAX_TICKS)
