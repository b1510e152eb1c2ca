"""Curves of a run as plain SVG: a page with them needs no internet and no script, and prints well."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mnist_demo.charts.axes import Measure, value_ticks
from mnist_demo.charts.curves import curves_alt
from mnist_demo.charts.rates import RatePlace, rate_marks, rates_alt
from mnist_demo.charts.templates import render_template
from mnist_demo.runs import History
from mnist_demo.texts import NumberTexts, Section

X_LABELS = 10
Point = tuple[float, float]


@dataclass(frozen=True)
class Plane:
    """Maps epochs from 0 to `epochs`, and values from `low` to `high`, to pixels."""

    epochs: int
    low: float
    high: float
    width: int = 480
    height: int = 300
    left: int = 70
    right: int = 468
    top: int = 40
    bottom: int = 244

    def x(self, epoch: float) -> float:
        """Place an epoch."""
        return round(self.left + (self.right - self.left) * epoch / self.epochs, 1)

    def y(self, value: float) -> float:
        """Place a value."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - (self.bottom - self.top) * share, 1)

    def places(self, points: Iterable[Point]) -> list[Point]:
        """Place points, except those whose value has overflowed."""
        return [(self.x(epoch), self.y(value)) for epoch, value in points if math.isfinite(value)]

    def path(self, points: Iterable[Point]) -> str:
        """Join points to a path, with a gap where a value has overflowed."""
        path, pen = [], "M"
        for epoch, value in points:
            if math.isfinite(value):
                path.append(f"{pen}{self.x(epoch)} {self.y(value)}")
            pen = "L" if math.isfinite(value) else "M"
        return "".join(path)


def curves_svg(
    history: History,
    measure: Measure,
    epochs: int,
    texts: Section,
    numbers: NumberTexts,
    rates: Sequence[RatePlace] = (),
) -> Markup:
    """Draw loss or accuracy over epochs.

    Args:
        history: What was measured.
        measure: Which of the two.
        epochs: Where the x axis ends.
        texts: Words on the chart.
        numbers: How numbers are written.
        rates: Where another learning rate was chosen, see `runs.rate_places`.

    Returns:
        An `<svg>` element, whose text has the colour of its surroundings.
    """
    within = [(record.epochs, getattr(record, measure)) for record in history.steps]
    training = [(float(record.epoch), getattr(record, measure)) for record in history.epochs]
    validation = [(float(record.epoch), getattr(record, f"val_{measure}")) for record in history.epochs]
    ticks = value_ticks(history, measure)
    digits = max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9))

    def write(value: float) -> str:
        if measure == "accuracy":
            return numbers.percent(value, max(0, digits - 2))
        return numbers.number(value, digits)

    return render_template(
        "charts/curves.svg",
        alt=curves_alt(history, measure, epochs, texts, numbers) + rates_alt(rates, texts, numbers),
        marks=rate_marks(rates, (0, epochs), numbers),
        measure=measure,
        plane=Plane(epochs, ticks[0], ticks[-1]),
        labels={tick: write(tick) for tick in ticks},
        epoch_labels=range(0, epochs + 1, max(1, round(epochs / X_LABELS))),
        within=within,
        training=training,
        validation=validation,
        words=texts,
    )
