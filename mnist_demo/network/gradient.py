"""How a network learns, in NumPy: the loss, its gradient by backpropagation, and Adam's step against it.

The trainer uses Keras. This is the same computation, short enough to be read, for one drawing at a time: a
test takes the same steps with `keras.Model.train_on_batch`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.mlp import Network

LEARNING_RATE, BETA_1, BETA_2, EPSILON = 0.001, 0.9, 0.999, 1e-7
"""Adam as `optimizer="adam"` gives it in Keras."""
SMALLEST_PROBABILITY = 1e-7
"""A smaller one counts as this in the loss, as in Keras: the logarithm of 0 is not finite."""

Array = NDArray[np.float32]


def cross_entropy(probabilities: Array, digits: NDArray[np.integer]) -> float:
    """Return the loss: the mean of -log of the probability of each right digit.

    Args:
        probabilities: (n, 10) float32.
        digits: (n,) the right digits, 0 to 9.
    """
    right = probabilities[np.arange(len(digits)), digits].astype(np.float64)
    return float(-np.log(np.clip(right, SMALLEST_PROBABILITY, 1)).mean())


def loss_gradient(network: Network, x: Array, labels: Array) -> list[Array]:
    """Return by how much the loss grows with each weight and each bias, by backpropagation.

    From the answer back to the input: the error of the ten sums is what was said minus what was right; each
    layer hands its error back through its weights, and a neuron lets as much of it pass as its activation
    function is steep: ReLU all where it was active, and nothing elsewhere.

    Args:
        network: The network.
        x: (n, 784) float32, 0 to 1.
        labels: (n, 10) float32, one-hot.

    Returns:
        Arrays of the shapes of W1, b1, W2, b2, and so on.
    """
    answers = network.activations(x)
    inputs = [x, *answers.hidden]
    error = (answers.probabilities - labels) / np.float32(len(x))  # (n, 10)
    gradients: list[Array] = []
    for (weights, _), signal in zip(reversed(network.layers), reversed(inputs), strict=True):
        gradients = [signal.T @ error, error.sum(axis=0), *gradients]
        error = (error @ weights.T) * network.function.slope(signal)  # (n, neurons of the layer below)
    return gradients


@dataclass(frozen=True, eq=False)
class Learner:
    """A network and what Adam remembers of the gradients so far.

    Attributes:
        network: The network as it is now.
        means: Running mean of each gradient, empty before the first step.
        squares: Running mean of its squares, likewise.
        steps: Steps taken.
    """

    network: Network
    means: tuple[Array, ...] = ()
    squares: tuple[Array, ...] = ()
    steps: int = 0

    def step(self, x: Array, labels: Array, rate: float = LEARNING_RATE) -> Learner:
        """Take one step of learning, and return the learner after it; this one stays as it is.

        Args:
            x: (n, 784) float32, 0 to 1.
            labels: (n, 10) float32, one-hot.
            rate: Learning rate.

        Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, as Keras computes it.
        """
        gradients = loss_gradient(self.network, x, labels)
        means = self.means or tuple(np.zeros_like(gradient) for gradient in gradients)
        squares = self.squares or tuple(np.zeros_like(gradient) for gradient in gradients)
        steps = self.steps + 1
        length = np.float32(rate * np.sqrt(1 - BETA_2**steps) / (1 - BETA_1**steps))
        weights = self.network.arrays
        moved: list[list[Array]] = [[], [], []]
        for weight, gradient, mean, square in zip(weights, gradients, means, squares, strict=True):
            new_mean = mean + (gradient - mean) * np.float32(1 - BETA_1)
            new_square = square + (np.square(gradient) - square) * np.float32(1 - BETA_2)
            step = (length * new_mean / (np.sqrt(new_square) + np.float32(EPSILON))).astype(np.float32)
            moved[0].append(weight - step)
            moved[1].append(new_mean)
            moved[2].append(new_square)
        learned = Network.from_arrays(moved[0], self.network.activation)
        return Learner(learned, tuple(moved[1]), tuple(moved[2]), steps)
