"""Counts, means and the split, held against sums by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.summary import count_split, mean_images, one_hot, summarise

LABELS = np.array([3, 3, 1, 3, 0], np.uint8)


def test_mean_image_averages_its_digit_only():
    """Two images of a 3 and one of a 1; a digit without images is black."""
    images = np.array([[[0, 255]], [[100, 255]], [[8, 9]]], np.uint8)
    means = mean_images(images, np.array([3, 3, 1]))
    np.testing.assert_array_equal(means[3], [[50, 255]])
    np.testing.assert_array_equal(means[1], [[8, 9]])
    assert not means[7].any()
    assert means.dtype == np.float32


def test_split_holds_back_the_end_of_the_training_images():
    """Of five images 40 % are the last two."""
    counts = count_split(LABELS, np.array([9, 9], np.uint8), 0.4)
    assert counts[:, 3].tolist() == [2, 1, 0]
    assert counts[:, 0].tolist() == [0, 1, 0]
    assert counts[:, 9].tolist() == [0, 0, 2]


def test_label_is_one_at_its_place():
    """Ten numbers that sum to 1."""
    assert one_hot(2) == (0, 0, 1, 0, 0, 0, 0, 0, 0, 0)


def test_summary_keeps_the_first_images_and_all_labels():
    """Counting needs every label, showing needs some images."""
    images = np.arange(5 * 784, dtype=np.uint32).astype(np.uint8).reshape(5, 28, 28)
    summary = summarise(Dataset(images, LABELS, images[:2], LABELS[:2], Path()), keep=3)
    np.testing.assert_array_equal(summary.images, images[:3])
    assert summary.rows(3).tolist() == [0, 1]
    assert len(summary.y_train) == 5
    assert len(summary.y_test) == 2


def test_mnist_has_images_of_every_digit_to_show(mnist: Dataset):
    """Of the 60,000 to train on, the first 10,000 are kept."""
    summary = summarise(mnist)
    assert summary.info.is_mnist
    assert len(summary.images) == 10_000
    assert all(len(summary.rows(digit)) > 800 for digit in range(10))
