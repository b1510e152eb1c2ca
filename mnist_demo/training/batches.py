"""Images where compiled training walks over them: all as they are, or a few thousand at once, deformed."""

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
NO_IMAGE = -1
Specs = tuple[tf.TensorSpec, ...]
Held = tuple[NDArray[np.float32], NDArray[np.int64]]


@dataclass(frozen=True)
class Pool:
    """Images to train on, and the order in which to walk over them.

    Attributes:
        images: (n, 784) float32, 0 to 1, from `prepare_images`, like every drawing.
        labels: (n, 10) float32, one-hot.
        order: (m,) int32 row numbers, filled up with `NO_IMAGE` to whole batches of any size.
    """

    images: tf.Tensor
    labels: tf.Tensor
    order: tf.Tensor

    def batches(self, size: int) -> int:
        """Count the batches of a size for which there is room."""
        return int(self.order.shape[0]) // size

    @property
    def specs(self) -> Specs:
        """What a compiled function has to know of it; another length would cost a compilation."""
        return tuple(tf.TensorSpec(part.shape, part.dtype) for part in (self.images, self.labels, self.order))


def fill_up(rows: NDArray[np.integer], length: int, filler: int) -> tf.Tensor:
    """Fill row numbers (n,) up to a length, as int32."""
    return tf.constant(np.pad(rows.astype(np.int32), (0, length - len(rows)), constant_values=filler))


class Images:
    """All images, training and test.

    Args:
        images: (n, 784) float32, 0 to 1, from `prepare_images`, like every drawing.
        labels: (n, 10) float32, one-hot.
    """

    def __init__(self, images: NDArray[np.float32], labels: NDArray[np.float32]) -> None:
        self._images, self._labels = tf.constant(images), tf.constant(labels)
        self._length = math.ceil(len(images) / MAX_BATCH_SIZE) * MAX_BATCH_SIZE

    def show(self, rows: NDArray[np.integer]) -> Held:
        """Give images (m, 784) and digits (m,) of neighbouring rows (m,)."""
        first, last = int(rows[0]), int(rows[-1]) + 1
        return self._images[first:last].numpy(), self._labels[first:last].numpy().argmax(axis=1)

    def pool(self, rows: NDArray[np.integer]) -> Pool:
        """Walk over images as they are, in the order of their row numbers (m,)."""
        return Pool(self._images, self._labels, fill_up(rows, self._length, NO_IMAGE))

    def augmented_batches(self, rows: NDArray[np.integer], seed: int) -> Iterator[Pool]:
        """Walk over images in the order of their row numbers (m,), each deformed anew, in several pools."""
        for some, images in self._augmenter.augment_in_parts(rows, seed):
            labels = tf.gather(self._labels, fill_up(some, AUGMENTED_AT_ONCE, 0))
            yield Pool(images, labels, fill_up(np.arange(len(some)), AUGMENTED_AT_ONCE, NO_IMAGE))

    def augmented(self, rows: NDArray[np.integer], seed: int) -> NDArray[np.float32]:
        """Deform a few images, to be looked at: (m, 784) float32."""
        some = Augmenter(tf.gather(self._images, rows))
        return some.augment(tf.range(len(rows)), (seed, 0)).numpy()

    @cached_property
    def _augmenter(self) -> Augmenter:
        return Augmenter(self._images)


def gather_batch(
    images: tf.Tensor, labels: tf.Tensor, order: tf.Tensor, number: tf.Tensor, size: int
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Gather a batch of a pool, inside a compiled function.

    Returns:
        Images (size, 784) float32, 0 to 1; labels (size, 10); and (size,) float32: 1 image, 0 none.
    """
    rows = tf.slice(order, [number * size], [size])
    present = tf.cast(rows != NO_IMAGE, tf.float32)
    rows = tf.maximum(rows, 0)
    return tf.gather(images, rows), tf.gather(labels, rows), present
