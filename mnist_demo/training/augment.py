"""Augments training images: deforms each at random, and centers it again as MNIST's images are.

An image is sampled once, by one map from the pixels of the result to places in the original: a linear part
(rotation, shear, stretch), a smooth random field (elastic deformation), and the scale and shift of centering.
What centering needs, the size of the deformed digit's box, is known beforehand: a linear map of the digit
stretches its extent in each direction, and these extents are measured once for every image.

Source: Simard, Steinkraus, Platt, "Best practices for convolutional neural networks applied to visual
document analysis" (2003), for elastic deformations; `preprocessing.frame_drawing` for centering.

This file needs NumPy and TensorFlow only: the notebook of a run contains its whole text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

SIDE, BOX, CENTRE = 28, 20.0, 14.0
PIXELS = SIDE * SIDE
DIRECTIONS = 64
KNOTS = 6
KNOT_REACH = 0.8 * SIDE / KNOTS
INK = 0.2
RANDOM_VALUES = 7 + 2 * KNOTS * KNOTS
NO_IMAGES = tf.zeros((0, PIXELS))
AUGMENTED_AT_ONCE = 4096
"""As many as the processor's caches hold, and a whole number of batches of any size."""
ROOT_3 = math.sqrt(3)
"""Times a number that is even between -1 and 1: one of standard deviation 1."""


@dataclass(frozen=True)
class AugmentationConfig:
    """How strongly images are augmented; every amount is drawn uniformly from minus to plus its bound.

    Attributes:
        rotation: Radians.
        shear: Pixels sideways for a pixel upwards.
        stretch: Logarithm of the ratio of width to height.
        elastic: Standard deviation, in pixels, of the knots of the smooth field.
        thickness: 1 gives or takes a whole pixel around the ink.
        scale: Logarithm of what remains of the scale after centering, so that not every box has 20 pixels.
        shift: Pixels between the centre of mass and its place.
    """

    rotation: float = 0.17
    shear: float = 0.2
    stretch: float = 0.15
    elastic: float = 0.8
    thickness: float = 0.5
    scale: float = 0.05
    shift: float = 0.7


class Augmenter:
    """Augments the images of one data set.

    Args:
        images: (n, 784) float32, 0 to 1.
        config: How strongly.
        more: (m, 784), further images, whose row numbers follow.
    """

    def __init__(
        self,
        images: tf.Tensor,
        config: AugmentationConfig = AugmentationConfig(),
        more: tf.Tensor = NO_IMAGES,
    ) -> None:
        shapes = zip(*(measure_shapes(some.numpy()) for some in (images, more)), strict=True)
        self._centres, self._extents = (tf.constant(np.concatenate(pair)) for pair in shapes)
        self._images, self._more, self._config = images, more, config
        self._bumps = tf.constant(_bumps())
        # In four steps, each compiled by itself: in one, XLA would compute a step anew for each pixel that
        # the next one reads, four times as slow.
        steps = (self._mix_thickness, self._map_places, _sample, _brighten)
        self._thicken, self._place, self._sample, self._brighten = (
            tf.function(step, jit_compile=True) for step in steps
        )

    def augment(self, rows: tf.Tensor, seed: tuple[int, int]) -> tf.Tensor:
        """Augment some of the images; each number of rows costs a compilation the first time.

        Args:
            rows: (b,) int32, which of them.
            seed: The same seed augments the same way.

        Returns:
            (b, 784) float32, 0 to 1, the brightest pixel 1.
        """
        random_values = tf.random.stateless_uniform([len(rows), RANDOM_VALUES], seed, -1.0, 1.0)
        x, y = self._place(rows, random_values)
        return self._brighten(self._sample(self._thicken(rows, random_values[:, 0]), x, y))

    def augment_in_parts(
        self, rows: NDArray[np.integer], seed: int
    ) -> Iterator[tuple[NDArray[np.integer], tf.Tensor]]:
        """Augment many images, `AUGMENTED_AT_ONCE` at a time, so that one compilation does for any number.

        Args:
            rows: (n,), which of them, in the order in which they are wanted.
            seed: Each part draws its own random values, from this seed and its number.

        Yields:
            The rows of a part (m,), and `AUGMENTED_AT_ONCE` images: theirs, then some that are only padding.
        """
        for part, first in enumerate(range(0, len(rows), AUGMENTED_AT_ONCE)):
            some = rows[first : first + AUGMENTED_AT_ONCE]
            padded = np.pad(some.astype(np.int32), (0, AUGMENTED_AT_ONCE - len(some)))
            yield some, self.augment(tf.constant(padded), (seed, part))

    def _mix_thickness(self, rows: tf.Tensor, random_values: tf.Tensor) -> tf.Tensor:
        """Mix each image with its dilation (random value above 0) or its erosion (below), (b, 28, 28)."""
        images = tf.reshape(gather_images(self._images, self._more, rows), [-1, SIDE, SIDE])
        thick, thin = (_dilate(images, pick) for pick in (tf.maximum, tf.minimum))
        random_values = random_values[:, None, None]
        share = self._config.thickness * tf.abs(random_values)
        return images + share * (tf.where(random_values > 0, thick, thin) - images)

    def _map_places(self, rows: tf.Tensor, random_values: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Return where in the original each pixel of the result lies: x and y, (b, 784)."""
        config = self._config
        centres, extents = tf.gather(self._centres, rows), tf.gather(self._extents, rows)
        a, b, c, d = _linear_maps(
            random_values[:, 1] * config.rotation,
            random_values[:, 2] * config.shear,
            random_values[:, 3] * config.stretch,
        )
        determinant = a * d - b * c
        width = _extent(extents, d / determinant, -b / determinant)
        height = _extent(extents, -c / determinant, a / determinant)
        scale = tf.exp(random_values[:, 4] * config.scale) * tf.maximum(width, height) / BOX
        a, b, c, d = ((part * scale)[:, None] for part in (a, b, c, d))
        knots = tf.reshape(random_values[:, 7:], [-1, 2, KNOTS * KNOTS]) * (ROOT_3 * config.elastic)
        knots -= tf.reduce_mean(knots, axis=2, keepdims=True)  # centering would take a shift back
        row, column = np.divmod(np.arange(PIXELS, dtype=np.float32), SIDE)
        u = column - CENTRE + config.shift * random_values[:, 5:6]
        v = row - CENTRE + config.shift * random_values[:, 6:7]
        x = a * u + b * v + centres[:, :1] + tf.matmul(knots[:, 0], self._bumps)
        y = c * u + d * v + centres[:, 1:] + tf.matmul(knots[:, 1], self._bumps)
        return x, y


def gather_images(images: tf.Tensor, more: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
    """Gather rows (b,) of images (n, 784) followed by more (m, 784), without the memory of a joint copy."""
    if not len(more):
        return tf.gather(images, rows)
    own, further = tf.minimum(rows, len(images) - 1), tf.maximum(rows - len(images), 0)
    return tf.where((rows < len(images))[:, None], tf.gather(images, own), tf.gather(more, further))


def measure_shapes(images: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Measure what centering an augmented image needs.

    Args:
        images: (n, 784) float32, 0 to 1.

    Returns:
        Centres of mass (n, 2), x and y in pixels; and (n, DIRECTIONS) how many pixels the ink reaches from
        there in each direction, the first to the right, then clockwise as the picture is seen.
    """
    row, column = np.divmod(np.arange(PIXELS, dtype=np.float32), SIDE)
    mass = np.maximum(images.sum(axis=1, keepdims=True), 1e-6)
    centres = images @ np.stack([column, row], axis=1) / mass
    inked = images.reshape(-1, SIDE, SIDE) >= INK
    empty = ~inked.any(axis=2)  # (n, 28), rows without ink
    left = np.where(empty, np.inf, inked.argmax(axis=2)).astype(np.float32)
    right = np.where(empty, -np.inf, SIDE - 1 - inked[:, :, ::-1].argmax(axis=2)).astype(np.float32)
    reach = np.empty((len(images), DIRECTIONS), np.float32)
    for direction in range(DIRECTIONS):
        angle = direction * 2 * math.pi / DIRECTIONS
        x, y = math.cos(angle), math.sin(angle)
        furthest = (left if x < 0 else right) * (x or 1e-9) + np.arange(SIDE, dtype=np.float32) * y
        reach[:, direction] = furthest.max(axis=1) - centres @ (x, y) + 0.5
    return centres, np.where(np.isfinite(reach), reach, BOX / 2).astype(np.float32)


def _linear_maps(rotation: tf.Tensor, shear: tf.Tensor, stretch: tf.Tensor) -> tuple[tf.Tensor, ...]:
    """Multiply rotation, shear and stretch into matrices ((a, b), (c, d)), each part (b,)."""
    cosine, sine = tf.cos(rotation), tf.sin(rotation)
    wide, high = tf.exp(stretch / 2), tf.exp(-stretch / 2)
    return cosine * wide, (cosine * shear - sine) * high, sine * wide, (sine * shear + cosine) * high


def _extent(extents: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Measure how wide the digits are along vectors (x, y), times the vectors' lengths, (b,)."""
    direction = tf.cast(tf.round(tf.atan2(y, x) * (DIRECTIONS / (2 * math.pi))), tf.int32)
    both = tf.stack([direction, direction + DIRECTIONS // 2], axis=1) % DIRECTIONS
    return tf.reduce_sum(tf.gather(extents, both, batch_dims=1), axis=1) * tf.sqrt(x * x + y * y)


def _bumps() -> NDArray[np.float32]:
    """Spread the knots of a field smoothly over the pixels, (KNOTS * KNOTS, 784), at the knots' size."""
    knots = np.linspace(0, SIDE - 1, KNOTS)
    weights = np.exp(-(((np.arange(SIDE)[:, None] - knots) / KNOT_REACH) ** 2) / 2)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return np.einsum("pk,ql->klpq", weights, weights).reshape(KNOTS * KNOTS, PIXELS).astype(np.float32)


def _dilate(images: tf.Tensor, pick: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]) -> tf.Tensor:
    """Replace each pixel by the largest or smallest of itself and its four neighbours."""
    padded = tf.pad(images, [[0, 0], [1, 1], [1, 1]])
    rows = pick(padded[:, :-2, 1:-1], padded[:, 2:, 1:-1])
    columns = pick(padded[:, 1:-1, :-2], padded[:, 1:-1, 2:])
    return pick(images, pick(rows, columns))


def _sample(images: tf.Tensor, x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Read images (b, 28, 28) between their pixels, bilinearly, at x and y (b, 784)."""
    x, y = tf.clip_by_value(x, 0.0, SIDE - 1.001), tf.clip_by_value(y, 0.0, SIDE - 1.001)
    left, top = tf.floor(x), tf.floor(y)
    right_share, lower_share = x - left, y - top
    first = tf.cast(top * SIDE + left, tf.int32) + (tf.range(len(images)) * PIXELS)[:, None]
    flat = tf.reshape(images, [-1])
    corners = [tf.gather(flat, first + step) for step in (0, 1, SIDE, SIDE + 1)]
    upper = corners[0] + right_share * (corners[1] - corners[0])
    lower = corners[2] + right_share * (corners[3] - corners[2])
    return upper + lower_share * (lower - upper)


def _brighten(images: tf.Tensor) -> tf.Tensor:
    """Scale images (b, 784) so that the brightest pixel of each is 1, as in MNIST."""
    return images / tf.maximum(tf.reduce_max(images, axis=1, keepdims=True), INK)
