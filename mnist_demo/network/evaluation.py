"""How good a network is on images it has never seen, where it fails, and how well it is calibrated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DIGITS, DatasetInfo, prepare_images
from mnist_demo.network.mlp import Network

CALIBRATION_BINS = 10
IMAGES_AT_ONCE = 250


@dataclass(frozen=True, eq=False)
class HeldOutImages:
    """Test images and their labels.

    Attributes:
        images: (n, 28, 28) uint8, 0 to 255, white on black.
        labels: (n,) uint8, 0 to 9.
        info: Which images these are.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    info: DatasetInfo


@dataclass(frozen=True)
class Confusion:
    """How many images of one digit were taken for another."""

    actual: int
    predicted: int
    images: int


@dataclass(frozen=True)
class ConfidenceBin:
    """The images for which a network's confidence fell into one range.

    Attributes:
        low: Lower end of the range, exclusive except for the first one.
        high: Upper end, inclusive.
        images: How many images fell into it.
        confidence: Their mean confidence.
        accuracy: The share that was recognised.
    """

    low: float
    high: float
    images: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The answers of a network to n images.

    Attributes:
        labels: (n,) int, the true digits.
        probabilities: (n, 10) float32.
        loss: Mean cross-entropy, as Keras's `evaluate` returns it; not finite if the network has overflowed.
    """

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    loss: float

    @cached_property
    def predictions(self) -> NDArray[np.int64]:
        """The likeliest digit of each image, (n,)."""
        return self.probabilities.argmax(axis=1)

    @cached_property
    def confidences(self) -> NDArray[np.float32]:
        """The probability of the likeliest digit, (n,) float32."""
        return self.probabilities.max(axis=1)

    @property
    def images(self) -> int:
        """Number of images."""
        return len(self.labels)

    @property
    def correct(self) -> int:
        """Number of images that were recognised."""
        return int((self.predictions == self.labels).sum())

    @property
    def mistakes(self) -> int:
        """How many images were misread."""
        return self.images - self.correct

    @property
    def accuracy(self) -> float:
        """Share of the images that was recognised."""
        return self.correct / self.images

    @property
    def has_overflowed(self) -> bool:
        """Whether the network's values exceed the range of float32, so that it has no answers."""
        return not (np.isfinite(self.loss) and np.isfinite(self.probabilities).all())

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """The confusion matrix, (10, 10): a row for each actual, a column for each predicted digit."""
        cells = self.labels * DIGITS + self.predictions
        return np.bincount(cells, minlength=DIGITS**2).reshape(DIGITS, DIGITS)

    @property
    def recall(self) -> tuple[float | None, ...]:
        """For each digit, the share of its images that was recognised; None if it has no images."""
        return _shares(self.confusion.diagonal(), self.confusion.sum(axis=1))

    @property
    def precision(self) -> tuple[float | None, ...]:
        """For each digit, the share of its predictions that is correct; None if it was never predicted."""
        return _shares(self.confusion.diagonal(), self.confusion.sum(axis=0))

    def confusions(self, most: int) -> tuple[Confusion, ...]:
        """Return up to `most` confusions, the most frequent first."""
        wrong = self.confusion.copy()
        np.fill_diagonal(wrong, 0)
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = (divmod(int(cell), DIGITS) for cell in order)
        return tuple(
            Confusion(row, column, int(wrong[row, column])) for row, column in pairs if wrong[row, column]
        )

    def rows_of(self, actual: int, predicted: int) -> NDArray[np.int64]:
        """Return the rows of the images in one cell: mistakes most confident first, correct ones least."""
        rows = np.flatnonzero((self.labels == actual) & (self.predictions == predicted))
        confidences = self.confidences[rows]
        return rows[np.argsort(confidences if actual == predicted else -confidences, kind="stable")]

    def most_confident_mistakes(self, most: int) -> NDArray[np.int64]:
        """Return the rows of up to `most` misread images, the most confident first."""
        rows = np.flatnonzero(self.predictions != self.labels)
        return rows[np.argsort(-self.confidences[rows], kind="stable")][:most]

    @cached_property
    def calibration(self) -> tuple[ConfidenceBin, ...]:
        """The images in ten equal ranges of confidence, without the empty ones.

        Source: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks" (ICML 2017), whose
        ranges exclude their lower end and include their upper one.
        """
        bins = np.clip(np.ceil(self.confidences * CALIBRATION_BINS).astype(int) - 1, 0, CALIBRATION_BINS - 1)
        correct = self.predictions == self.labels
        return tuple(
            ConfidenceBin(
                low=number / CALIBRATION_BINS,
                high=(number + 1) / CALIBRATION_BINS,
                images=int(chosen.sum()),
                confidence=float(self.confidences[chosen].mean(dtype=np.float64)),
                accuracy=float(correct[chosen].mean()),
            )
            for number in range(CALIBRATION_BINS)
            if (chosen := bins == number).any()
        )

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: the mean gap between confidence and accuracy, weighted by images."""
        gaps = (found.images * abs(found.confidence - found.accuracy) for found in self.calibration)
        return sum(gaps) / self.images


def prepared_batches(images: NDArray[np.uint8]) -> Iterator[NDArray[np.float32]]:
    """Prepare images (n, 28, 28) uint8 for a network, in batches (up to 250, 784) float32, 0 to 1.

    All of MNIST's test images at once take 31 MB, much of which would stay with the process.
    """
    for first in range(0, len(images), IMAGES_AT_ONCE):
        yield prepare_images(images[first : first + IMAGES_AT_ONCE])


def evaluate(network: Network, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Evaluation:
    """Evaluate a network on labelled images.

    The loss is computed from the logits, as Keras does for a model that ends in softmax, so a probability
    that float32 rounds to 0 counts for as bad as it is.

    Args:
        network: A trained network.
        images: (n, 28, 28) uint8, 0 to 255, white on black; n is at least 1.
        labels: (n,) uint8, 0 to 9.

    Returns:
        Its answers, also for a network that has overflowed: see `Evaluation.has_overflowed`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        answers = [
            (found.logits, found.probabilities)
            for found in map(network.activations, prepared_batches(images))
        ]
        logits, probabilities = map(np.concatenate, zip(*answers, strict=True))  # both (n, 10)
        logits = logits.astype(np.float64)
        logits -= logits.max(axis=1, keepdims=True)
        losses = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(labels)), labels]  # (n,)
    return Evaluation(labels.astype(np.int64), probabilities, float(losses.mean()))


def _shares(parts: NDArray[np.int64], wholes: NDArray[np.int64]) -> tuple[float | None, ...]:
    return tuple(
        part / whole if whole else None for part, whole in zip(parts.tolist(), wholes.tolist(), strict=True)
    )
