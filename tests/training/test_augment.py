"""Augmented training images, as the trainer makes them."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.training.augment import (
    AUGMENTED_AT_ONCE,
    CENTRE,
    DIRECTIONS,
    SIDE,
    AugmentationConfig,
    Augmenter,
    measure_shapes,
)
from mnist_demo.training.batches import MAX_BATCH_SIZE, PADDING, Images
from tests.mnist import part_of_mnist

STILL = AugmentationConfig(rotation=0, shear=0, stretch=0, elastic=0, thickness=0, scale=0, shift=0)
COUNT = 64


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """Real digits, (64, 784)."""
    return prepare_images(part_of_mnist(COUNT, 1).x_train)


@pytest.fixture(scope="module")
def augmented(images: np.ndarray) -> np.ndarray:
    """The same, augmented as in training."""
    return Augmenter(tf.constant(images)).augment(tf.range(COUNT), (1, 2)).numpy()


@pytest.fixture(scope="module")
def still(images: np.ndarray) -> np.ndarray:
    """The same, augmented with no strength at all."""
    return Augmenter(tf.constant(images), STILL).augment(tf.range(COUNT), (1, 2)).numpy()


def centres(rows: np.ndarray) -> np.ndarray:
    """Measure centres of mass, (n, 2), x and y."""
    y, x = np.divmod(np.arange(SIDE * SIDE), SIDE)
    return rows @ np.stack([x, y], axis=1) / rows.sum(axis=1, keepdims=True)


def sides(rows: np.ndarray) -> np.ndarray:
    """Measure the larger side of the box around the ink, (n,), in pixels."""
    inked = rows.reshape(-1, SIDE, SIDE) >= 0.2
    spans = [np.ptp(np.flatnonzero(image.any(axis=axis))) + 1 for image in inked for axis in (0, 1)]
    return np.array(spans).reshape(-1, 2).max(axis=1)


def test_augmented_images_are_centered(augmented: np.ndarray) -> None:
    """The centre of mass near index 14, the box about 20 pixels, the brightest pixel white."""
    assert np.abs(centres(augmented) - CENTRE).mean() < 0.75
    assert abs(np.median(sides(augmented)) - 20) <= 1
    assert augmented.max(axis=1) == pytest.approx(1, abs=1e-6)
    assert augmented.min() >= 0


def test_every_image_is_changed_and_stays_itself(images: np.ndarray, augmented: np.ndarray) -> None:
    """Augmented, a digit resembles its own original far more than it does the others."""
    likeness = (augmented / np.linalg.norm(augmented, axis=1, keepdims=True)) @ images.T
    likeness /= np.linalg.norm(images, axis=1)
    assert (likeness.diagonal() < 0.999).all()
    assert likeness.diagonal().mean() > likeness.mean() + 0.1


def test_augmentation_of_no_strength_only_centers(still: np.ndarray) -> None:
    """The images were centered before, so that they hardly change."""
    assert np.abs(centres(still) - CENTRE).max() < 0.1
    assert np.abs(sides(still) - 20).max() <= 1


@pytest.mark.parametrize("kind", ["rotation", "shear", "stretch", "elastic", "thickness", "scale", "shift"])
def test_each_kind_of_augmentation_has_an_effect(images: np.ndarray, still: np.ndarray, kind: str) -> None:
    """Alone, each changes the images."""
    alone = dict.fromkeys(STILL.__dataclass_fields__, 0.0) | {kind: getattr(AugmentationConfig(), kind)}
    augmenter = Augmenter(tf.constant(images), AugmentationConfig(**alone))
    assert np.abs(augmenter.augment(tf.range(COUNT), (1, 2)) - still).max() > 0.1


def test_same_seed_augments_the_same_way(images: np.ndarray, augmented: np.ndarray) -> None:
    """And another seed another way."""
    augmenter = Augmenter(tf.constant(images))
    assert np.array_equal(augmenter.augment(tf.range(COUNT), (1, 2)), augmented)
    assert not np.array_equal(augmenter.augment(tf.range(COUNT), (1, 3)), augmented)


def test_reach_is_that_of_the_ink() -> None:
    """A block of 4 by 8 pixels reaches 4 to the sides of its centre, and 2 up and down."""
    block = np.zeros((1, SIDE, SIDE), np.float32)
    block[0, 10:14, 8:16] = 1
    (centre,), (reach,) = measure_shapes(block.reshape(1, -1))
    assert centre.tolist() == [11.5, 11.5]
    quarter = DIRECTIONS // 4
    assert reach[::quarter] == pytest.approx([4, 2, 4, 2])


def test_empty_image_is_no_trouble() -> None:
    """It stays empty, and numbers stay finite."""
    empty = Augmenter(tf.zeros((2, SIDE * SIDE))).augment(tf.range(2), (0, 0)).numpy()
    assert not empty.any()


def test_augmented_sources_hold_each_image_once_in_order(images: np.ndarray) -> None:
    """The labels go with their images; padding is no image."""
    labels = np.eye(10, dtype=np.float32)[np.arange(COUNT) % 10]
    rows = np.tile(np.arange(COUNT), AUGMENTED_AT_ONCE // COUNT + 1)
    assert AUGMENTED_AT_ONCE % MAX_BATCH_SIZE == 0  # else batches inside an epoch would not be whole
    first, second = Images(images, labels).changed_batches(rows, 5, augment=True, european=False)
    assert first.images.shape == second.images.shape  # else another compilation
    assert (first.count, second.count) == (AUGMENTED_AT_ONCE, len(rows) - AUGMENTED_AT_ONCE)
    assert np.array_equal(first.order, np.arange(AUGMENTED_AT_ONCE))
    rest = second.count
    assert np.array_equal(second.order[:rest], np.arange(rest))
    assert set(second.order[rest:].numpy()) == {PADDING}
    assert np.array_equal(np.argmax(second.labels[:rest], axis=1), rows[AUGMENTED_AT_ONCE:] % COUNT % 10)
