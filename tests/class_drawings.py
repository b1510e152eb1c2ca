"""Classes whose handwriting no network knows: MNIST's test images, mirrored."""

from __future__ import annotations

import numpy as np

from mnist_demo.data import PIXELS, ClassDrawings
from tests.mnist import whole_mnist

ASYMMETRIC = (2, 3, 4, 5, 7)
"""Digits that look unlike themselves in a mirror."""


def mirrored_class(people: int = 9, each: int = 10) -> ClassDrawings:
    """Let some people write their digits as in a mirror."""
    mnist = whole_mnist()
    rows = np.flatnonzero(np.isin(mnist.y_test, ASYMMETRIC))[: people * each]
    images = mnist.x_test[rows][:, :, ::-1].reshape(-1, PIXELS)
    numbers = np.repeat(np.arange(1, people + 1), each)
    return ClassDrawings(np.ascontiguousarray(images), mnist.y_test[rows], numbers)
