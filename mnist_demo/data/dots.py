"""Whether a drawing is a mere dot: a pen that touched the canvas and did not move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAX_SHARE = 1 / 7
"""Of the canvas's side: the widest pen leaves a dot of 34 of 280 pixels; digits of 40 can be read."""
MAX_LENGTH = 1.6
"""Longer side over shorter side: a small 1 is longer than that."""
MIN_FILL = 0.65
"""Share of the box that is ink: a disc fills 0.79 of it, a small digit much less."""


def looks_like_dot(crop: NDArray[np.uint8], side: int) -> bool:
    """Tell whether a drawing is so small and so full that framing would blow a dot up into a disc.

    Args:
        crop: White on black (h, w) uint8, cropped to the ink, see `FramingSteps`.
        side: Of the canvas, in pixels.
    """
    shorter, longer = sorted(crop.shape)
    is_small = longer <= MAX_SHARE * side and longer <= MAX_LENGTH * shorter
    return bool(is_small and crop.mean() >= MIN_FILL * crop.max())
