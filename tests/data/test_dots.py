"""A pen that touched the canvas and did not move."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.abstention import enlarge
from mnist_demo.data.dots import looks_like_dot
from mnist_demo.data.mnist import Dataset
from mnist_demo.data.preprocessing import crop_to_ink
from mnist_demo.data.rasterize import CANVAS_PIXELS, draw_strokes
from mnist_demo.errors import EmptyDrawing
from mnist_demo.ui.draw.sample_digits import render_sample

PENS = (8, 18, 32)


def is_dot(ink: NDArray[np.uint8]) -> bool:
    """Tell it of what lies on a canvas."""
    return looks_like_dot(crop_to_ink(ink), max(ink.shape))


@pytest.mark.parametrize("pen", PENS)
def test_a_touch_is_a_dot(pen: int) -> None:
    """Also where the hand trembled by a few pixels, and at the edge of the canvas."""
    for points in ([(140, 140)], [(140, 140), (140 + pen / 4, 141)], [(pen / 4, 150)]):
        assert is_dot(draw_strokes([np.array(points, np.float32)], pen))


@pytest.mark.parametrize("pen", PENS)
def test_digits_are_none(pen: int) -> None:
    """The samples, and the shortest 1 that is longer than wide."""
    assert not any(is_dot(render_sample(digit, CANVAS_PIXELS, pen)) for digit in range(10))
    assert not is_dot(draw_strokes([np.array([(140, 140), (140, 140 + pen)], np.float32)], pen))


def test_tiny_digits_are_none(mnist: Dataset) -> None:
    """Of a seventh of the canvas, pens of MNIST's width."""
    for image in mnist.x_test[:300]:
        ink = enlarge(image, CANVAS_PIXELS // 7)
        margin = [(0, CANVAS_PIXELS - length) for length in ink.shape]
        assert not is_dot(np.pad(ink, margin))


def test_without_ink_there_is_no_answer() -> None:
    """Not even that it is no dot."""
    with pytest.raises(EmptyDrawing):
        is_dot(np.zeros((CANVAS_PIXELS, CANVAS_PIXELS), np.uint8))
