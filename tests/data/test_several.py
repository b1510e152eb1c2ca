"""Several digits side by side."""

from __future__ import annotations

import time

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.abstention import enlarge
from mnist_demo.data.mnist import Dataset
from mnist_demo.data.several import find_parts, looks_like_several
from mnist_demo.errors import EmptyDrawing
from mnist_demo.ui.draw.sample_digits import render_sample

SIDE = 280


def draw(*strokes: tuple[int, ...], pen: int = 18) -> NDArray[np.uint8]:
    """Draw lines on a canvas, each through points x, y, x, y, ..."""
    paper = Image.new("L", (SIDE, SIDE))
    for stroke in strokes:
        ImageDraw.Draw(paper).line(stroke, fill=255, width=pen, joint="curve")
    return np.asarray(paper)


def draw_pair(images: NDArray[np.uint8], heights: tuple[int, int], gap: int) -> NDArray[np.uint8]:
    """Put two of MNIST's images side by side in the middle of a canvas."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    inks = [enlarge(image, height) for image, height in zip(images, heights, strict=True)]
    left = (SIDE - gap - sum(ink.shape[1] for ink in inks)) // 2
    for ink in inks:
        top = (SIDE - len(ink)) // 2
        canvas[top : top + len(ink), left : left + ink.shape[1]] = ink
        left += ink.shape[1] + gap
    return canvas


@pytest.mark.parametrize("gap", [5, 30])
@pytest.mark.parametrize("heights", [(60, 60), (110, 110), (110, 70)])
def test_pairs_of_digits_are_told(heights: tuple[int, int], gap: int, mnist: Dataset) -> None:
    """Nearly all of them, whatever their size and distance."""
    x = mnist.x_test
    found = [looks_like_several(draw_pair(x[row : row + 2], heights, gap)) for row in range(0, 120, 2)]
    assert np.mean(found) > 0.95


def test_single_digits_are_none(mnist: Dataset) -> None:
    """MNIST's own, as the canvas shows them, and the samples."""
    shown = [image.repeat(10, axis=0).repeat(10, axis=1) for image in mnist.x_test[:300]]
    assert np.mean([looks_like_several(ink) for ink in shown]) < 0.01
    assert not any(
        looks_like_several(render_sample(digit, SIDE, pen)) for digit in range(10) for pen in (8, 32)
    )


@pytest.mark.parametrize(
    "ink",
    [
        draw((110, 60, 110, 140, 170, 160, 160, 220, 100, 220), (150, 50, 210, 50)),
        draw((140, 40, 140, 130), (140, 160, 140, 240)),
        draw((140, 40, 140, 240), (60, 60, 62, 62), (220, 200, 222, 203)),
        draw((90, 40, 70, 150, 200, 150), (150, 100, 150, 240)),
    ],
    ids=["five with a loose bar", "broken one", "one with dots of noise", "four"],
)
def test_loose_parts_of_a_digit_stay_one(ink: NDArray[np.uint8]) -> None:
    """What lies above another part, or is small, is no other digit."""
    assert not looks_like_several(ink)


def test_two_ones_are_two() -> None:
    """The narrowest pair there is; a speck of faint noise far away changes nothing."""
    ink = draw((100, 60, 100, 220), (160, 60, 160, 220), pen=12).copy()
    ink[2, 2] = 1
    assert looks_like_several(ink)


def test_empty_canvas_has_no_parts() -> None:
    """As when it is framed."""
    with pytest.raises(EmptyDrawing):
        looks_like_several(np.zeros((SIDE, SIDE), np.uint8))


def test_parts_are_those_that_hang_together() -> None:
    """A ring that closes only in its last row, a cell that touches it at a corner, and one beside it."""
    rows = ["#...#...", "#...#..#", "#####...", ".....#.."]
    parts = find_parts(np.array([[cell == "#" for cell in row] for row in rows]))
    boxes = sorted((part.top, part.bottom, part.left, part.right) for part in parts)
    assert boxes == [(0, 4, 0, 6), (1, 2, 7, 8)]


def test_noise_takes_no_time() -> None:
    """A browser may send anything: thousands of parts are found in a moment."""
    ink = np.zeros((SIDE, SIDE), np.uint8)
    ink[::2, ::2] = 255
    started = time.process_time()
    looks_like_several(ink)
    find_parts(ink > 0)
    assert time.process_time() - started < 1
