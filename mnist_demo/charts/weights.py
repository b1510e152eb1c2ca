"""The weights of a network's first layer as small pictures: what each neuron looks for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PICTURED_NEURONS = 32
PICTURES_PER_ROW = 8
GAP_PIXELS = 2
SIDE = 28
FOR = np.array([29, 95, 196], np.float32)
"""Colour of positive weights: blue."""
AGAINST = np.array([217, 119, 6], np.float32)
"""Colour of negative weights: orange, distinct from blue for every kind of colour vision."""
PAPER = np.float32(255)


def weight_pictures(weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Draw the neurons of the first layer with the largest weights, each as 28 by 28 weights on white.

    Args:
        weights: (784, neurons) float32, finite.

    Returns:
        (h, w, 3) uint8: blue where ink activates the neuron, orange where it inhibits it.
    """
    sizes = np.linalg.norm(weights.astype(np.float64), axis=0)
    chosen = weights[:, np.argsort(-sizes, kind="stable")[:PICTURED_NEURONS]]
    rows = -(-chosen.shape[1] // PICTURES_PER_ROW)
    cell = SIDE + GAP_PIXELS
    sheet = np.full((rows * cell + GAP_PIXELS, PICTURES_PER_ROW * cell + GAP_PIXELS, 3), 255, np.uint8)
    for number, neuron in enumerate(chosen.T):
        top, left = (GAP_PIXELS + cell * place for place in divmod(number, PICTURES_PER_ROW))
        sheet[top : top + SIDE, left : left + SIDE] = _picture(neuron.reshape(SIDE, SIDE))
    return sheet


def _picture(weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Colour the weights (28, 28) of a neuron; the strongest has the full colour."""
    strongest = max(float(np.abs(weights).max()), 1e-30)
    strength = np.abs(weights / np.float32(strongest))[..., np.newaxis]
    colour = np.where(weights[..., np.newaxis] >= 0, FOR, AGAINST)
    return np.rint(PAPER + strength * (colour - PAPER)).astype(np.uint8)
