"""Where compiled training finds its images: all as they are, or augmented, a few thousand at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_demo.runs import BATCH_SIZES
from mnist_demo.training.augment import AUGMENTED_AT_ONCE, Augmenter

MAX_BATCH_SIZE = max(BATCH_SIZES)
PADDING = -1

Examples = tuple[NDArray[np.float32], NDArray[np.uint8]]
"""Images (n, 784), 0 to 1, and their digits (n,)."""


@dataclass(frozen=True)
class BatchSource:
    """Images, and the order in which batches take them.

    Attributes:
        images: (n, 784) float32, 0 to 1, from `prepare_images`, like every drawing.
        labels: (n, 10) float32, one-hot.
        order: (m,) int32 row numbers, padded with `PADDING` to whole batches of any size: another length
            would cost a compilation.
        count: How many of the row numbers name images.
    """

    images: tf.Tensor
    labels: tf.Tensor
    order: tf.Tensor
    count: int

    def count_batches(self, size: int) -> int:
        """Count the batches of a size; the last may hold fewer images."""
        return math.ceil(self.count / size)


def pad(rows: NDArray[np.integer], length: int, value: int) -> tf.Tensor:
    """Pad row numbers (n,) with a value to a length, as int32."""
    return tf.constant(np.pad(rows.astype(np.int32), (0, length - len(rows)), constant_values=value))


class Images:
    """All images, training and test.

    Args:
        images: (n, 784) float32, 0 to 1, from `prepare_images`, like every drawing.
        labels: (n, 10) float32, one-hot.
    """

    def __init__(self, images: NDArray[np.float32], labels: NDArray[np.float32]) -> None:
        self._images, self._labels = tf.constant(images), tf.constant(labels)
        self._length = math.ceil(len(images) / MAX_BATCH_SIZE) * MAX_BATCH_SIZE

    def examples(self, rows: NDArray[np.integer]) -> Examples:
        """Return images (m, 784) float32 and digits (m,) uint8 of evenly spaced, ascending rows (m,)."""
        spacing = int(rows[1] - rows[0]) if len(rows) > 1 else 1
        chosen = slice(int(rows[0]), int(rows[-1]) + 1, spacing)
        digits = self._labels[chosen].numpy().argmax(axis=1)
        return self._images[chosen].numpy(), digits.astype(np.uint8)

    def batches(self, rows: NDArray[np.integer]) -> BatchSource:
        """Return the images as they are, in the order of their row numbers (m,)."""
        return BatchSource(self._images, self._labels, pad(rows, self._length, PADDING), len(rows))

    def augmented_batches(self, rows: NDArray[np.integer], seed: int) -> Iterator[BatchSource]:
        """Yield the images in the order of their row numbers (m,), augmented, in several sources."""
        for part, images in self._augmenter.augment_in_parts(rows, seed):
            labels = tf.gather(self._labels, pad(part, AUGMENTED_AT_ONCE, 0))
            order = pad(np.arange(len(part)), AUGMENTED_AT_ONCE, PADDING)
            yield BatchSource(images, labels, order, len(part))

    def augmented(self, rows: NDArray[np.integer], seed: int) -> NDArray[np.float32]:
        """Augment a few images, to be looked at: (m, 784) float32, 0 to 1."""
        augmenter = Augmenter(tf.gather(self._images, rows))
        return augmenter.augment(tf.range(len(rows)), (seed, 0)).numpy()

    @cached_property
    def _augmenter(self) -> Augmenter:
        return Augmenter(self._images)


def gather_batch(
    images: tf.Tensor, labels: tf.Tensor, order: tf.Tensor, number: tf.Tensor, size: int
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Gather a batch of a source, inside a compiled function.

    Returns:
        Images (size, 784) float32, 0 to 1; labels (size, 10) float32; and the mask (size,) float32: 1 for an
        image, 0 for padding.
    """
    rows = tf.slice(order, [number * size], [size])
    mask = tf.cast(rows != PADDING, tf.float32)
    rows = tf.maximum(rows, 0)
    return tf.gather(images, rows), tf.gather(labels, rows), mask
