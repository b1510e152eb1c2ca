"""What each epoch has of its own: the order of its images, and its learning rate."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mnist_demo.runs import RunConfig

MIN_RATE_SHARE = 0.001
"""What the cosine ends with, as a share of the first learning rate."""


def shuffle(rows: NDArray[np.integer], seed: int, epoch: int) -> NDArray[np.integer]:
    """Put row numbers (n,) into the order of an epoch, which depends on nothing but seed and epoch."""
    return np.random.default_rng([seed, epoch]).permutation(rows)


def scheduled_rate(config: RunConfig, epoch: int, rate: float) -> float:
    """Return the learning rate of an epoch, from 1: constant, or falling along half a wave of the cosine.

    Args:
        config: Says which of the two.
        epoch: Which one.
        rate: Of the settings, or as it was chosen since: of the cosine, the rate at its beginning.

    Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (ICLR 2017).
    """
    if config.schedule == "constant":
        return rate
    height = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2
    return rate * (MIN_RATE_SHARE + (1 - MIN_RATE_SHARE) * height)
