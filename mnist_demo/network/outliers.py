"""A second, very small network that looks at the hidden layers and tells digits from what is none.

The network itself has ten answers and no eleventh: a letter, too, makes one of them likely. But its neurons
respond to a letter as they do to no digit. What that looks like is learned from digits that the network was
trained on, and from images that were made to be no digits. No weight of the network changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DIGITS
from mnist_demo.network.archives import load_arrays, reading
from mnist_demo.network.mlp import Activations, Network

OUTLIERS_FILE = "outliers.npz"
ARRAYS = ("w1", "b1", "w2", "b2")
UNITS = 128
MAX_INPUTS, MAX_INPUTS_PER_LAYER = 512, 256
"""Of a larger layer the first neurons are looked at: they are as good as any others, and it stays quick."""
LENGTH = 8.0
"""Of the activations of a layer: what counts is which neurons respond, not how strongly."""
ABSTENTION_SHARE = 0.008
"""Share of the validation images that count as no digits."""
EPOCHS, BATCH_SIZE, LEARNING_RATE = 6, 256, 0.004
MEAN_DECAY, SQUARE_DECAY, TINY = 0.9, 0.999, 1e-8
MAX_BYTES = 4 * (MAX_INPUTS * UNITS + 2 * UNITS + 1) + 1000

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class OutlierDetector:
    """Tells whether an image looks like no digit to a network.

    Attributes:
        hidden: Weights (inputs, units) and biases (units,) of its hidden layer, at most `UNITS` units.
        output: Weights (units,) and bias (1,) of its only output, above 0 where an image looks like no digit.
    """

    hidden: tuple[Array, Array]
    output: tuple[Array, Array]

    def scores(self, answers: Activations) -> Array:
        """Return for each image how much it looks like no digit, (n,) float32; at 0 it might be either."""
        (weights, biases), (output, bias) = self.hidden, self.output
        signal: Array = np.maximum(_inputs(answers) @ weights + biases, 0)
        return signal @ output + bias

    def save(self, path: Path) -> None:
        """Write an npz."""
        members: dict[str, Any] = dict(zip(ARRAYS, (*self.hidden, *self.output), strict=True))
        np.savez_compressed(path, **members)

    @classmethod
    def load(cls, path: Path, hidden: tuple[int, ...]) -> Self:
        """Read what `save` wrote.

        Args:
            path: The file.
            hidden: Neurons in each hidden layer of the network.

        Raises:
            DamagedRun: The file does not hold the detector of such a network.
            UnknownRun: It is not there, or cannot be read just now.
        """
        with reading(path):
            arrays = list(load_arrays(path, [ARRAYS], MAX_BYTES).values())
            units = arrays[1].size  # fewer in some older runs
            shapes = ((_count_inputs(hidden), units), (units,), (units,), (1,))
            if not 1 <= units <= UNITS:
                raise ValueError(f"b1: {units}")
            for name, array, shape in zip(ARRAYS, arrays, shapes, strict=True):
                if array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
                    raise ValueError(f"{name}: {array.shape} {array.dtype}")
        return cls((arrays[0], arrays[1]), (arrays[2], arrays[3]))


def load_detector(folder: Path, hidden: tuple[int, ...]) -> OutlierDetector | None:
    """Load the detector of a run from its folder; None where there is none.

    Raises what `OutlierDetector.load` does.
    """
    path = folder / OUTLIERS_FILE
    return OutlierDetector.load(path, hidden) if path.exists() else None


def fit_detector(
    network: Network, digits: Array, non_digits: Array, validation: Array, seed: int = 0
) -> OutlierDetector | None:
    """Learn to tell digits from other images by the hidden layers of a network, in less than a second.

    Both kinds count alike, however many there are of each. Afterwards the bias is moved so that
    `ABSTENTION_SHARE` of the validation images are taken for no digits.

    Args:
        network: As it was trained.
        digits: (n, 784) float32, 0 to 1, images that it was trained on.
        non_digits: (m, 784) float32, see `data.make_non_digits`.
        validation: (k, 784) float32, digits that it was not trained on.
        seed: The same detector for the same seed.

    Returns:
        None for a network whose weights have overflowed.

    Source: the loss is the cross-entropy, the optimizer that of Kingma, Ba, "Adam: A Method for Stochastic
    Optimization" (ICLR 2015), with a rate that falls along half a wave of the cosine.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        known, unknown, held_out = (network.activations(x) for x in (digits, non_digits, validation))
    if not all(np.isfinite(answers.logits).all() for answers in (known, unknown, held_out)):
        return None
    x = np.concatenate([_inputs(known), _inputs(unknown)])
    is_outlier = np.arange(len(x)) >= len(digits)
    shares = np.where(is_outlier, 0.5 / len(non_digits), 0.5 / len(digits)) * len(x)
    random = np.random.default_rng(seed)
    found = _start(x.shape[1], random)
    optimizer = _Adam(found)
    for rate, rows in _batches(len(x), random):
        optimizer.step(_gradients(found, x[rows], is_outlier[rows], shares[rows]), rate)
    detector = OutlierDetector((found[0], found[1]), (found[2], found[3]))
    found[3] -= np.float32(np.quantile(detector.scores(held_out), 1 - ABSTENTION_SHARE))
    return detector


def _inputs(answers: Activations) -> Array:
    """Put the activations of the first neurons of all layers side by side, each layer at the same length.

    Of a network without hidden layers these are the ten logits.
    """
    most = _count_per_layer(len(answers.features))
    layers = [layer[:, :most] for layer in answers.features]
    lengths = [np.sqrt(np.einsum("nj,nj->n", layer, layer))[:, None] for layer in layers]
    return np.concatenate(
        [
            layer * (np.float32(LENGTH) / np.maximum(length, np.float32(1e-6)))
            for layer, length in zip(layers, lengths, strict=True)
        ],
        axis=1,
    )


def _count_inputs(hidden: tuple[int, ...]) -> int:
    sizes = hidden or (DIGITS,)
    return sum(min(size, _count_per_layer(len(sizes))) for size in sizes)


def _count_per_layer(layers: int) -> int:
    return min(MAX_INPUTS_PER_LAYER, MAX_INPUTS // layers)


def _start(inputs: int, random: np.random.Generator) -> list[Array]:
    """Draw the first weights as He, Zhang, Ren, Sun, "Delving Deep into Rectifiers" (ICCV 2015) do."""
    hidden = random.standard_normal((inputs, UNITS), np.float32) * np.float32(np.sqrt(2 / inputs))
    output = random.standard_normal(UNITS, np.float32) * np.float32(np.sqrt(1 / UNITS))
    return [hidden, np.zeros(UNITS, np.float32), output, np.zeros(1, np.float32)]


def _batches(count: int, random: np.random.Generator) -> Iterator[tuple[float, NDArray[np.intp]]]:
    """Yield the learning rate and the row numbers of each batch of each epoch."""
    for epoch in range(EPOCHS):
        rate = LEARNING_RATE * (1 + np.cos(np.pi * epoch / EPOCHS)) / 2
        order = random.permutation(count)
        for first in range(0, count, BATCH_SIZE):
            yield float(rate), order[first : first + BATCH_SIZE]


def _gradients(
    found: list[Array], x: Array, is_outlier: NDArray[np.bool_], shares: NDArray[np.float64]
) -> list[Array]:
    """Differentiate the weighted mean of the cross-entropy over a batch (n, inputs)."""
    weights, biases, output, bias = found
    signal = np.maximum(x @ weights + biases, 0)  # (n, UNITS)
    scores = signal @ output + bias
    chances = (1 + np.tanh(scores / 2)) / 2  # the logistic function, which cannot overflow like this
    error = ((chances - is_outlier) * shares / len(x)).astype(np.float32)  # (n,)
    back = error[:, None] * output * (signal > 0)
    return [x.T @ back, back.sum(axis=0), signal.T @ error, error.sum(keepdims=True)]


class _Adam:
    """Changes arrays in place."""

    def __init__(self, arrays: list[Array]) -> None:
        self._arrays = arrays
        self._means = [np.zeros_like(array) for array in arrays]
        self._squares = [np.zeros_like(array) for array in arrays]
        self._steps = 0

    def step(self, gradients: list[Array], rate: float) -> None:
        """Take a step against the gradients."""
        self._steps += 1
        mean_share, square_share = (1 - decay**self._steps for decay in (MEAN_DECAY, SQUARE_DECAY))
        for place, gradient in enumerate(gradients):
            mean, square = self._means[place], self._squares[place]
            mean += (1 - MEAN_DECAY) * (gradient - mean)
            square += (1 - SQUARE_DECAY) * (gradient**2 - square)
            change = (mean / mean_share) / (np.sqrt(square / square_share) + np.float32(TINY))
            self._arrays[place] -= np.float32(rate) * change
