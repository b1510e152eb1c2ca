"""How good a network is on images it has never seen, where it fails, and if it is as right as it is sure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DatasetInfo, prepare_images
from mnist_demo.network.mlp import CLASSES, Network

CALIBRATION_BINS = 10
IMAGES_AT_ONCE = 250


@dataclass(frozen=True, eq=False)
class HeldOutImages:
    """Images for the test and what they show.

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
    """A digit that was taken for another one."""

    actual: int
    predicted: int
    images: int


@dataclass(frozen=True)
class ConfidenceBin:
    """The images of which a network was about equally sure.

    Attributes:
        low: The least confidence that falls into it; above it, but for the first one.
        high: The greatest.
        images: How many images fell into it.
        confidence: Mean probability of what it said.
        accuracy: Share that it got right.
    """

    low: float
    high: float
    images: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What a network said to n images.

    Attributes:
        labels: (n,) int, what the images show.
        probabilities: (n, 10) float32.
        loss: Mean cross-entropy as Keras's `evaluate` gives it; not finite where the network has overflowed.
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
        """How many images were shown."""
        return len(self.labels)

    @property
    def correct(self) -> int:
        """How many were recognised."""
        return int((self.predictions == self.labels).sum())

    @property
    def accuracy(self) -> float:
        """Share that was recognised."""
        return self.correct / self.images

    @property
    def has_overflowed(self) -> bool:
        """Whether the network's numbers have grown beyond what float32 holds, so that it answers nothing."""
        return not (np.isfinite(self.loss) and np.isfinite(self.probabilities).all())

    @cached_property
    def confusion(self) -> NDArray[np.int64]:
        """Count images by what they show (row) and what was predicted (column), (10, 10)."""
        cells = self.labels * CLASSES + self.predictions
        return np.bincount(cells, minlength=CLASSES**2).reshape(CLASSES, CLASSES)

    @property
    def recall(self) -> tuple[float | None, ...]:
        """For each digit, the share of its images that was recognised; None where there is no image."""
        return _shares(self.confusion.diagonal(), self.confusion.sum(axis=1))

    @property
    def precision(self) -> tuple[float | None, ...]:
        """For each digit, the share of right ones among the answers that name it; None where none does."""
        return _shares(self.confusion.diagonal(), self.confusion.sum(axis=0))

    def confusions(self, most: int) -> tuple[Confusion, ...]:
        """List what is confused most often, the most frequent first."""
        wrong = self.confusion.copy()
        np.fill_diagonal(wrong, 0)
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = (divmod(int(cell), CLASSES) for cell in order)
        return tuple(
            Confusion(row, column, int(wrong[row, column])) for row, column in pairs if wrong[row, column]
        )

    def rows_of(self, actual: int, predicted: int) -> NDArray[np.int64]:
        """Find the images of one cell: mistakes by falling confidence, correct answers by rising."""
        rows = np.flatnonzero((self.labels == actual) & (self.predictions == predicted))
        confidences = self.confidences[rows]
        return rows[np.argsort(confidences if actual == predicted else -confidences, kind="stable")]

    def most_confident_mistakes(self, most: int) -> NDArray[np.int64]:
        """Find the images that were read wrongly, the most confident first."""
        rows = np.flatnonzero(self.predictions != self.labels)
        return rows[np.argsort(-self.confidences[rows], kind="stable")][:most]

    @cached_property
    def calibration(self) -> tuple[ConfidenceBin, ...]:
        """Sort the images into ten equal ranges of confidence; empty ones are left out.

        Source: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks" (ICML 2017), where a
        range holds what lies above its lower and up to its upper end.
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
        """Expected calibration error: how far confidence and accuracy of the ranges lie apart on average."""
        gaps = (found.images * abs(found.confidence - found.accuracy) for found in self.calibration)
        return sum(gaps) / self.images


def prepared_batches(images: NDArray[np.uint8]) -> Iterator[NDArray[np.float32]]:
    """Prepare images (n, 28, 28) uint8 for a network, in batches (up to 250, 784) float32, 0 to 1.

    All of MNIST's test images at once take 31 MB, much of which would stay with the process.
    """
    for first in range(0, len(images), IMAGES_AT_ONCE):
        yield prepare_images(images[first : first + IMAGES_AT_ONCE])


def evaluate(network: Network, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Evaluation:
    """Show images to a network and keep what it says.

    The loss is computed from the logits, since that is what Keras does for a model that ends in softmax: so
    it counts a probability that float32 rounds to 0 for as bad as it is.

    Args:
        network: A trained network.
        images: (n, 28, 28) uint8, 0 to 255, white on black; n is at least 1.
        labels: (n,) uint8, 0 to 9.

    Returns:
        Its answers. A network that has overflowed is evaluated, too: see `Evaluation.has_overflowed`.
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
