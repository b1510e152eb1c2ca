"""The learning rates that somebody chose while a run was in training, each from a step on.

They stand in `config.json` as `rates`, a list of pairs [step, rate]; a run without any has no such entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mnist_demo.errors import InvalidConfig
from mnist_demo.runs.config import RunConfig

MAX_RATE_CHANGES = 100
"""More than anybody presses, and little enough for `config.json` to be uploaded."""


@dataclass(frozen=True)
class RateChange:
    """From the batch after `step` on (steps counted over the whole run, 0 at its start), another rate."""

    step: int
    rate: float


def rate_pairs(rates: Sequence[RateChange]) -> list[tuple[int, float]]:
    """Return changes as the pairs that `config.json` and the notebook have."""
    return [(change.step, change.rate) for change in rates]


def rate_places(rates: Sequence[RateChange], steps: int) -> list[tuple[float, float]]:
    """Return after how many epochs, of so many steps, which rate was chosen: 1.5 is in mid second epoch."""
    return [(change.step / steps, change.rate) for change in rates]


def read_rates(value: object) -> tuple[RateChange, ...]:
    """Read the changes of a run; none of a run without the entry.

    Raises:
        TypeError: These are no pairs of a step and a rate.
        ValueError: The setting can have no such rate, there are too many, or the steps do not rise from 0.
    """
    if value is None:
        return ()
    if not isinstance(value, list) or not value:
        raise TypeError(f"rates: {value!r}")
    for pair in value:
        if not isinstance(pair, list) or [type(part) for part in pair] != [int, float]:
            raise TypeError(f"rates: {pair!r}")
        _check_rate(pair[1])
    steps = [-1, *(step for step, _ in value)]
    if len(value) > MAX_RATE_CHANGES or not all(before < after for before, after in pairwise(steps)):
        raise ValueError(f"rates: {value[:MAX_RATE_CHANGES]}")
    return tuple(RateChange(*pair) for pair in value)


def _check_rate(rate: float) -> None:
    try:
        RunConfig(learning_rate=rate)
    except InvalidConfig as error:
        raise ValueError(f"rates: {rate}") from error
