"""Where compiled training finds its images: all as they are, or changed, a few thousand at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_demo.data import PIXELS
from mnist_demo.runs import BATCH_SIZES
from mnist_demo.training.augment import AUGMENTED_AT_ONCE, Augmenter, gather_images
from mnist_demo.training.european import EuropeanForms, write_forms

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
        """Return images (m, 784) float32 and the digits (m,) uint8 that they show, of these rows (m,)."""
        digits = tf.gather(self._labels, rows).numpy().argmax(axis=1)
        return tf.gather(self._images, rows).numpy(), digits.astype(np.uint8)

    def european_forms(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the European forms (k, 784) float32 of the images (m,) that have one."""
        forms = self._forms.rows[rows]
        return self._forms.images[forms[forms != rows] - len(self._forms.rows)]

    def batches(self, rows: NDArray[np.integer], labels: tf.Tensor | None = None) -> BatchSource:
        """Return the images as they are, in the order of their row numbers (m,).

        Args:
            rows: Which of the images.
            labels: (n, 10) float32, one-hot, of all images; None: what they show.
        """
        given = self._labels if labels is None else labels
        return BatchSource(self._images, given, pad(rows, self._length, PADDING), len(rows))

    def changed_batches(
        self,
        rows: NDArray[np.integer],
        seed: int,
        labels: tf.Tensor | None = None,
        *,
        augment: bool,
        european: bool,
    ) -> Iterator[BatchSource]:
        """Yield the images in the order of their row numbers (m,), changed, in several sources.

        Args:
            rows: Which of the images.
            seed: The same seed changes them in the same way.
            labels: As for `batches`.
            augment: Whether each is deformed.
            european: Whether some zeros, ones and sevens are replaced by their European forms before that.
        """
        given = self._labels if labels is None else labels
        shown = self._forms.replace(rows, seed) if european else rows
        if augment:
            parts = (self._form_augmenter if european else self._augmenter).augment_in_parts(shown, seed)
        else:
            parts = self._gather_in_parts(shown)
        for first, (_, images) in zip(range(0, len(rows), AUGMENTED_AT_ONCE), parts, strict=True):
            part = rows[first : first + AUGMENTED_AT_ONCE]
            part_labels = tf.gather(given, pad(part, AUGMENTED_AT_ONCE, 0))
            order = pad(np.arange(len(part)), AUGMENTED_AT_ONCE, PADDING)
            yield BatchSource(images, part_labels, order, len(part))

    def changed_samples(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return a few images as each choice of settings changes them, to be looked at.

        Args:
            rows: (m,), which of the images.

        Returns:
            (2, 2, m, 784) float32, 0 to 1: without and with European forms, of every image that has one; of
            each first as they are, then augmented.
        """
        images, digits = self.examples(rows)
        forms = write_forms(images, digits)
        pictures = np.concatenate([images, forms.images])
        shown = np.concatenate([np.arange(len(rows)), forms.rows]).astype(np.int32)
        augmented = Augmenter(tf.constant(pictures)).augment(tf.constant(shown), (0, 0)).numpy()
        pairs = np.stack([pictures[shown].reshape(2, -1, PIXELS), augmented.reshape(2, -1, PIXELS)], axis=1)
        return pairs.astype(np.float32)

    def _gather_in_parts(self, rows: NDArray[np.integer]) -> Iterator[tuple[NDArray[np.integer], tf.Tensor]]:
        """Yield images and European forms as they are, in the parts that `augment_in_parts` yields."""
        for first in range(0, len(rows), AUGMENTED_AT_ONCE):
            part = rows[first : first + AUGMENTED_AT_ONCE]
            yield part, gather_images(self._images, self._form_images, pad(part, AUGMENTED_AT_ONCE, 0))

    @cached_property
    def _augmenter(self) -> Augmenter:
        return Augmenter(self._images)

    @cached_property
    def _form_augmenter(self) -> Augmenter:
        return Augmenter(self._images, more=self._form_images)

    @cached_property
    def _form_images(self) -> tf.Tensor:
        return tf.constant(self._forms.images)

    @cached_property
    def _forms(self) -> EuropeanForms:
        return write_forms(self._images.numpy(), self._labels.numpy().argmax(axis=1))


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
