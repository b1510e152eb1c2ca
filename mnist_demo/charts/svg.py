"""Curves of a run as plain SVG: a page with them needs no internet and no script, and prints well."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mnist_demo.charts.curves import TRAINING_COLOUR, VALIDATION_COLOUR
from mnist_demo.runs import History
from mnist_demo.texts import NumberTexts, Section

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 70, 12, 40, 56
Y_STEPS = 5
X_LABELS = 10
Point = tuple[float, float]


@dataclass(frozen=True)
class Plane:
    """Maps epochs from 0 to `epochs` and values from `low` to `high` to pixels."""

    epochs: int
    low: float
    high: float

    def x(self, epoch: float) -> float:
        """Return the position of an epoch, in pixels from the left."""
        return LEFT + (WIDTH - LEFT - RIGHT) * epoch / self.epochs

    def y(self, value: float) -> float:
        """Return the position of a value, in pixels from the top."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / (self.high - self.low)


def loss_svg(history: History, epochs: int, texts: Section, numbers: NumberTexts, alt: str) -> str:
    """Draw loss over epochs.

    Args:
        history: What was measured.
        epochs: Where the x axis ends.
        texts: Words on the chart.
        numbers: How numbers are written.
        alt: The chart in words, for those who cannot see it.

    Returns:
        An `<svg>` element, whose text has the colour of its surroundings.
    """
    return _curves_svg(history, "loss", epochs, texts, alt, numbers.number)


def accuracy_svg(history: History, epochs: int, texts: Section, numbers: NumberTexts, alt: str) -> str:
    """Draw accuracy over epochs; arguments as for `loss_svg`."""

    def percent(value: float, digits: int) -> str:
        return numbers.percent(value, max(0, digits - 2))

    return _curves_svg(history, "accuracy", epochs, texts, alt, percent)


def _curves_svg(
    history: History,
    measure: str,
    epochs: int,
    texts: Section,
    alt: str,
    write: Callable[[float, int], str],
) -> str:
    within = [(record.epochs, getattr(record, measure)) for record in history.steps]
    training = [(float(record.epoch), getattr(record, measure)) for record in history.epochs]
    validation = [(float(record.epoch), getattr(record, f"val_{measure}")) for record in history.epochs]
    # The first batches would flatten the curves of all later epochs, so they are clipped instead.
    scaled = (*training, *validation) if len(training) > 1 else (*within, *training, *validation)
    values = [value for _, value in scaled if math.isfinite(value)]
    ticks = nice_ticks(min(values, default=0.0), max(values, default=1.0))
    plane = Plane(epochs, ticks[0], ticks[-1])
    parts = [
        f'<svg class="curves" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" xmlns="http://www.w3.org/2000/svg" '
        f'font-family="system-ui, sans-serif" font-size="16" fill="currentColor">',
        f"<title>{html.escape(alt)}</title>",
        *_grid(plane, ticks, write),
        *_epoch_labels(plane, texts.epochs_axis),
        f'<clipPath id="{measure}"><path d="M{LEFT} {TOP}H{WIDTH}V{HEIGHT - BOTTOM}H{LEFT}z"/></clipPath>',
        _line(
            plane, within, TRAINING_COLOUR, f'stroke-width="1.5" opacity="0.6" clip-path="url(#{measure})"'
        ),
        _line(plane, training, TRAINING_COLOUR, 'stroke-width="3"'),
        _line(plane, validation, VALIDATION_COLOUR, 'stroke-width="3" stroke-dasharray="9 5"'),
        *(_circle(plane.x(x), plane.y(y)) for x, y in training if math.isfinite(y)),
        *(_diamond(plane.x(x), plane.y(y)) for x, y in validation if math.isfinite(y)),
        *_legend(texts),
        "</svg>",
    ]
    return "".join(parts)


def nice_ticks(low: float, high: float) -> list[float]:
    """Return four to eight round numbers, such as 0.2, 0.4, 0.6, whose ends enclose `low` and `high`."""
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        low, high = low - abs(low) / 10 - 0.05, high + abs(high) / 10 + 0.05
    rough = (high - low) / Y_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def _grid(plane: Plane, ticks: Sequence[float], write: Callable[[float, int], str]) -> Iterable[str]:
    digits = max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9))
    for tick in ticks:
        y = plane.y(tick)
        yield (
            f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" '
            'stroke="currentColor" opacity="0.2"/>'
        )
        label = html.escape(write(tick, digits))
        yield f'<text x="{LEFT - 9}" y="{y + 5:.1f}" text-anchor="end">{label}</text>'


def _epoch_labels(plane: Plane, title: str) -> Iterable[str]:
    step = max(1, round(plane.epochs / X_LABELS))
    for epoch in range(0, plane.epochs + 1, step):
        yield f'<text x="{plane.x(epoch):.1f}" y="{HEIGHT - BOTTOM + 21}" text-anchor="middle">{epoch}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{html.escape(title)}</text>'


def _line(plane: Plane, points: Sequence[Point], colour: str, style: str) -> str:
    """Join points, with a gap where a value has overflowed."""
    path, pen = [], "M"
    for epoch, value in points:
        if math.isfinite(value):
            path.append(f"{pen}{plane.x(epoch):.1f} {plane.y(value):.1f}")
        pen = "L" if math.isfinite(value) else "M"
    return f'<path d="{"".join(path)}" fill="none" stroke="{colour}" {style}/>' if path else ""


def _circle(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{TRAINING_COLOUR}"/>'


def _diamond(x: float, y: float) -> str:
    return f'<path d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z" fill="{VALIDATION_COLOUR}"/>'


def _legend(texts: Section) -> Iterable[str]:
    """Draw samples of the two lines with their names in a row above the chart."""
    middle, y = WIDTH // 2, 20
    yield f'<path d="M{LEFT} {y}h36" stroke="{TRAINING_COLOUR}" stroke-width="3"/>'
    yield _circle(LEFT + 18, y)
    yield f'<text x="{LEFT + 44}" y="{y + 5}">{html.escape(texts.training)}</text>'
    dashes = 'stroke-width="3" stroke-dasharray="9 5"'
    yield f'<path d="M{middle} {y}h36" stroke="{VALIDATION_COLOUR}" {dashes}/>'
    yield _diamond(middle + 18, y)
    yield f'<text x="{middle + 44}" y="{y + 5}">{html.escape(texts.validation)}</text>'
