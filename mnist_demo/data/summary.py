"""What there is to learn from, in figures and pictures: counts, mean images, the split, one-hot labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.mnist import Dataset, DatasetInfo
from mnist_demo.data.shape import DIGITS

SAMPLE_IMAGES = 10_000
Examples = TypeVar("Examples", NDArray[Any], range)


@dataclass(frozen=True, eq=False)
class DataSummary:
    """A data set as pages show it; it keeps some of the images only, since all of them take 55 MB.

    Attributes:
        info: Which images they are.
        images: (k, 28, 28) uint8, the first training images.
        labels: (k,) uint8, 0 to 9, theirs.
        y_train: (n,) uint8, the labels of all training images.
        y_test: (m,) uint8, the labels of all test images.
        means: (10, 28, 28) float32, 0 to 255, the mean training image of each digit.
    """

    info: DatasetInfo
    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    y_test: NDArray[np.uint8]
    means: NDArray[np.float32]

    def rows(self, digit: int) -> NDArray[np.intp]:
        """List the kept images of a digit, in the order of the data set."""
        return np.flatnonzero(self.labels == digit)


def summarise(dataset: Dataset, keep: int = SAMPLE_IMAGES) -> DataSummary:
    """Count and average a data set, and keep its first training images."""
    return DataSummary(
        info=dataset.info,
        images=dataset.x_train[:keep].copy(),  # a view of them would keep them all
        labels=dataset.y_train[:keep],
        y_train=dataset.y_train,
        y_test=dataset.y_test,
        means=mean_images(dataset.x_train, dataset.y_train),
    )


def mean_images(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Average the images of each digit.

    Args:
        images: (n, h, w) uint8, 0 to 255.
        labels: (n,) uint8, 0 to 9.

    Returns:
        (10, h, w) float32, 0 to 255; black for a digit without images.
    """
    sums = np.zeros((DIGITS, *images.shape[1:]), np.float64)
    for image, label in zip(images, labels, strict=True):  # one by one: a digit's images together take 5 MB
        sums[label] += image
    counts = np.bincount(labels, minlength=DIGITS)
    return (sums / np.maximum(counts, 1)[:, None, None]).astype(np.float32)


def split_validation(examples: Examples, validation_split: float) -> tuple[Examples, Examples]:
    """Hold back the last part of the training examples, as Keras's `fit` does.

    The network never learns from that part, so that it shows how well the network does on new images.

    Args:
        examples: (n, ...) images, labels or row numbers.
        validation_split: Share that is held back, 0 to 1.

    Returns:
        What is learned from, and what is held back.
    """
    cut = int(len(examples) * (1 - validation_split))
    return examples[:cut], examples[cut:]


def count_split(
    y_train: NDArray[np.uint8], y_test: NDArray[np.uint8], validation_split: float
) -> NDArray[np.intp]:
    """Count the digits in each part of the data.

    Args:
        y_train: (n,) uint8 labels of the training images, validation included.
        y_test: (m,) uint8 labels of the test images.
        validation_split: Share of the training images that is held back, 0 to 1.

    Returns:
        (3, 10): training, validation and test, by digit.
    """
    parts = (*split_validation(y_train, validation_split), y_test)
    return np.stack([np.bincount(labels, minlength=DIGITS) for labels in parts])


def one_hot(digit: int) -> tuple[int, ...]:
    """Write a label as the ten numbers that the network should answer: 1 at its place, else 0."""
    return tuple(int(place == digit) for place in range(DIGITS))
