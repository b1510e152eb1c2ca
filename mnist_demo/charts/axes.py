"""Where the value axis of curves begins and ends, on a page and on paper, and round numbers on it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from mnist_demo.data import DIGITS
from mnist_demo.runs import GUESSES_BELOW, History

Measure = Literal["loss", "accuracy"]
Scale = Literal["linear", "log"]
CHANCE: dict[Measure, float] = {"loss": math.log(DIGITS), "accuracy": 1 / DIGITS}
"""What a network has that gives every digit the same chance."""
BEST: dict[Measure, float] = {"loss": 0.0, "accuracy": 1.0}
GUESSES_ABOVE = 0.9 * CHANCE["loss"]
"""A loss that is larger is hardly better than chance."""
LOG_LOW = 0.1
"""Where an axis of logarithms begins while all losses are those of guessing."""
MARGIN = 0.03
"""Share of the axis beyond its round numbers, so that markers at its ends are whole."""
RANGE_DIGITS = 6
Y_STEPS = 5


def value_ticks(history: History, measure: Measure) -> list[float]:
    """Return the round numbers between which curves are drawn, accuracy as a share.

    Once a second epoch is done, they enclose the ends of the epochs: the first batches would flatten all that
    comes later, so their thin line leaves the chart instead. Curves that stay where guessing is are drawn
    with all the room that there is to the best value: close up, noise would look like learning.
    """
    values = _deciding_values(history, measure)
    if not _beats_chance(values, measure):
        values += [CHANCE[measure], BEST[measure]]
    return nice_ticks(min(values), max(values))


def axis_ranges(history: History, measure: Measure) -> dict[Scale, list[float]]:
    """Return both ends of the value axis as it is drawn, accuracy in per cent; loss also for logarithms.

    The ends for logarithms are values, not their logarithms.
    """
    ticks = value_ticks(history, measure)
    scale = 100 if measure == "accuracy" else 1
    margin = MARGIN * (ticks[-1] - ticks[0])
    ranges: dict[Scale, list[float]] = {
        "linear": [_shorten(scale * (ticks[0] - margin)), _shorten(scale * (ticks[-1] + margin))]
    }
    if measure == "loss":
        ranges["log"] = _log_range([value for value in _deciding_values(history, measure) if value > 0])
    return ranges


def _log_range(values: list[float]) -> list[float]:
    """Enclose positive values, with the same share of room at both ends."""
    if not _beats_chance(values, "loss"):
        values = [*values, LOG_LOW, CHANCE["loss"]]
    low, high = min(values), max(values)
    margin = max((high / low) ** MARGIN, 1.05)
    return [_shorten(low / margin), _shorten(high * margin)]


def _deciding_values(history: History, measure: Measure) -> list[float]:
    """Return what decides about the axis, without what has overflowed."""
    ends = [getattr(record, prefix + measure) for record in history.epochs for prefix in ("", "val_")]
    within = [getattr(record, measure) for record in history.steps]
    return _finite(ends if len(history.epochs) > 1 else ends + within)


def _finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def _beats_chance(values: Iterable[float], measure: Measure) -> bool:
    if measure == "loss":
        return any(value < GUESSES_ABOVE for value in values)
    return any(value >= GUESSES_BELOW for value in values)


def _shorten(value: float) -> float:
    """Drop digits that nobody sees: a page gets both ends several times a second."""
    return float(f"{value:.{RANGE_DIGITS}g}")


def nice_ticks(low: float, high: float) -> list[float]:
    """Return four to eight round numbers, such as 0.2, 0.4, 0.6, whose ends enclose `low` and `high`."""
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        low, high = low - abs(low) / 10 - 0.05, high + abs(high) / 10 + 0.05
    rough = (high - low) / Y_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]
