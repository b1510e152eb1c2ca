"""Why the network answers as it does: which pixels speak for a digit, and which images it takes for alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.mlp import Network

PATH_STEPS = 32


def margin_gradient(network: Network, x: NDArray[np.float32], digit: int) -> NDArray[np.float32]:
    """Differentiate how far a digit's logit lies above the mean of all ten.

    Softmax looks at differences of logits only, so the mean is taken off: what speaks for all digits alike
    speaks for none.

    Args:
        network: The network.
        x: (n, 784) float32, 0 to 1.
        digit: 0 to 9.

    Returns:
        (n, 784) float32, exact: between its kinks a network of ReLUs is linear.
    """
    weights = [layer[0] for layer in network.layers]
    first, second = network.activations(x).hidden
    outer = weights[2][:, digit] - weights[2].mean(axis=1)  # (h2,)
    inner = (outer * (second > 0)) @ weights[1].T  # (n, h1)
    return (inner * (first > 0)) @ weights[0].T  # (n, 784)


def integrated_gradients(
    network: Network, x: NDArray[np.float32], digit: int, steps: int = PATH_STEPS
) -> NDArray[np.float32]:
    """Share a digit's margin out over the pixels: positive speaks for it, negative against.

    The gradient is averaged on the straight way from a black image to this one (midpoint rule) and multiplied
    by the pixel, so that the shares add up to the margin's change from black to the drawing.

    Args:
        network: The network.
        x: (784,) float32, 0 to 1.
        digit: 0 to 9.
        steps: Points on the way.

    Returns:
        (784,) float32; black pixels have no share.

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
    distances = np.einsum("nd,nd->n", points, points) - 2 * (points @ point)  # but for a constant
    nearest = np.argpartition(distances, count - 1)[:count]
    return nearest[np.argsort(distances[nearest])]
