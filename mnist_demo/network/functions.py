"""Activation functions: what a hidden neuron makes of its sum, and how steeply that grows with the sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class ActivationFunction:
    """An activation function, as Keras names and computes it.

    Attributes:
        apply: Takes sums, returns activations.
        slope: Takes activations, and returns the derivative by the sums that led to them; all three
            functions allow that.
    """

    apply: Callable[[Array], Array]
    slope: Callable[[Array], Array]


def _sigmoid(sums: Array) -> Array:
    half = np.float32(0.5)
    activations: Array = half + half * np.tanh(half * sums)  # which cannot overflow, as 1 / (1 + exp(-x)) can
    return activations


ACTIVATION_FUNCTIONS = {
    "relu": ActivationFunction(
        lambda sums: np.maximum(sums, np.float32(0)),
        lambda activations: (activations > 0).astype(np.float32),
    ),
    "tanh": ActivationFunction(np.tanh, lambda activations: 1 - np.square(activations)),
    "sigmoid": ActivationFunction(_sigmoid, lambda activations: activations * (1 - activations)),
}
RELU = "relu"
"""The notebook's."""
