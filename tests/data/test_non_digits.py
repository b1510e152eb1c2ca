"""Images that are no digits."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.non_digits import make_non_digits


@pytest.mark.parametrize("count", [1, 7, 300])
def test_there_are_as_many_as_are_wanted(count: int, mnist: Dataset) -> None:
    """All framed like digits: within the image, with ink, centred to a pixel."""
    made = make_non_digits(mnist.x_test, mnist.y_test, count, seed=3)
    assert (made.shape, made.dtype) == ((count, 28, 28), np.uint8)
    masses = made.astype(float).sum(axis=(1, 2))
    assert (masses > 0).all()
    for axis in (1, 2):
        centres = made.sum(axis=axis, dtype=float) @ np.arange(28) / masses
        assert np.abs(centres - 14).max() < 1.5


def test_same_seed_gives_the_same(mnist: Dataset) -> None:
    """And another seed others."""
    one, same, other = (make_non_digits(mnist.x_test, mnist.y_test, 50, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_a_single_digit_is_enough(mnist: Dataset) -> None:
    """Other images than MNIST's may have no 3 to turn."""
    ones = mnist.y_test == 1
    made = make_non_digits(mnist.x_test[ones][:1], mnist.y_test[ones][:1], 20, seed=3)
    assert made.any(axis=(1, 2)).all()
