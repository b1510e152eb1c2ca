"""Spoils what a network learns from, to see what comes of it: wrong labels, missing and rare digits.

Only what is learned from is spoiled; validation and test stay as they are, or nothing would measure the harm.
This file needs NumPy only: the notebook of a run contains it whole.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LABEL_LOTS, ROW_LOTS = 1_000_001, 1_000_002
"""Beside the seed, so that no lot is one of those that shuffle the images of an epoch."""
RARE_SHARE = 0.01
"""Of the images of a rare digit, how many are left."""


def give_labels(digits: NDArray[np.uint8], wrong_labels: float, seed: int) -> NDArray[np.uint8]:
    """Give images their labels, some of them wrong: one of the nine others, drawn by lot.

    Args:
        digits: (n,) uint8, 0 to 9, what the images show.
        wrong_labels: How likely a label is wrong, 0 to 1; what is wrong for a share is so for larger ones.
        seed: The same seed gives the same labels.

    Returns:
        (n,) uint8, 0 to 9.
    """
    random = np.random.default_rng([seed, LABEL_LOTS])
    lots, shifts = random.random(len(digits)), random.integers(1, 10, len(digits))
    return np.where(lots < wrong_labels, (digits + shifts) % 10, digits).astype(np.uint8)


def choose_rows(
    digits: NDArray[np.uint8], missing: int | None, rare: int | None, seed: int
) -> NDArray[np.int64]:
    """Choose the images of an epoch, without those of a missing digit and with few of a rare one.

    In place of each that goes, another one is shown twice, chosen by lot: an epoch stays as long as it was,
    so that networks can be compared.

    Args:
        digits: (n,) uint8, 0 to 9, what the images show.
        missing: The digit that is left out, None for none.
        rare: The digit of which `RARE_SHARE` is left, None for none.
        seed: The same seed chooses the same ones.

    Returns:
        (n,) row numbers, in their order before they are shuffled.

    Raises:
        ValueError: No image is left.
    """
    random = np.random.default_rng([seed, ROW_LOTS])
    stays = np.ones(len(digits), bool)
    if missing is not None:
        stays &= digits != missing
    if rare is not None:
        stays &= (digits != rare) | (random.random(len(digits)) < RARE_SHARE)
    if not stays.any():
        raise ValueError("No image is left to learn from.")
    others = random.choice(np.flatnonzero(stays), len(digits))
    return np.where(stays, np.arange(len(digits)), others)
