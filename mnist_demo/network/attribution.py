"""Why the network answers as it does: which pixels speak for a digit, and which images look similar to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.mlp import Network

PATH_STEPS = 32


def margin_gradient(network: Network, x: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Return the gradient of a digit's logit minus the mean of all ten logits.

    Softmax depends on differences of logits only, so the mean is subtracted: what speaks for all digits alike
    speaks for none.

    Args:
        network: The network.
        x: (n, 784) float32, 0 to 1.
        digit: 0 to 9.

    Returns:
        (n, 784) float32.
    """
    *hidden, (to_digits, _) = network.layers
    margin = to_digits[:, digit] - to_digits.mean(axis=1)
    gradient = np.broadcast_to(margin, (len(x), len(margin)))  # (n, neurons of the last hidden layer)
    activations = network.activations(x).hidden
    for (weights, _), signal in zip(reversed(hidden), reversed(activations), strict=True):
        gradient = (gradient * network.function.slope(signal)) @ weights.T  # (n, inputs of the layer)
    return gradient


def integrated_gradients(
    network: Network, x: NDArray[np.float32], digit: int, steps: int = PATH_STEPS
) -> NDArray[np.float32]:
    """Attribute a digit's margin to the pixels: positive speaks for the digit, negative against it.

    The gradient is averaged along the straight line from a black image to this one (midpoint rule) and
    multiplied by the pixel, so that the attributions add up to the margin's change from black to drawing.

    Args:
        network: The network.
        x: (784,) float32, 0 to 1.
        digit: 0 to 9.
        steps: Points along the line.

    Returns:
        (784,) float32, 0 for black pixels.

    Source: Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks" (ICML 2017).
    """
    positions = (np.arange(steps, dtype=np.float32) + np.float32(0.5)) / np.float32(steps)
    gradients = margin_gradient(network, positions[:, np.newaxis] * x, digit)  # (steps, 784)
    return x * gradients.mean(axis=0)


def nearest_neighbors(
    points: NDArray[np.float32], point: NDArray[np.float32], count: int
) -> NDArray[np.intp]:
    """Find the points nearest to one, nearest first.

    Args:
        points: (n, d) float32.
        point: (d,) float32.
        count: How many.

    Returns:
        (count,) row numbers.
    """
    distances = np.einsum("nd,nd->n", points, points) - 2 * (points @ point)  # up to a constant
    nearest = np.argpartition(distances, count - 1)[:count]
    return nearest[np.argsort(distances[nearest])]
