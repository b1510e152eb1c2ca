"""Images that are no digits, made of digits and of scribbles: examples of what a network should not read."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnist_demo.data.preprocessing import FRAME_CENTRE, INK_PIXELS
from mnist_demo.data.shape import IMAGE_SIDE

Images = NDArray[np.uint8]

UNLIKE_MIRRORED = (2, 3, 4, 5, 6, 7, 9)
"""Digits whose mirror image, and whose image after a quarter turn, is no digit."""
UNLIKE_UPSIDE_DOWN = (3, 4, 7)
SCRIBBLED_SHARE = 0.4
FINE = 4
"""Scribbles are drawn enlarged by this factor, so that their edges are smooth."""
PENS = (6, 13)
"""Pixels, in the enlarged image, between which the pen of a scribble is drawn, the last one excluded."""
STROKES = (2, 5)
CURVED_SHARE = 0.4
CURVE_POINTS = 9


def make_non_digits(images: Images, labels: NDArray[np.uint8], count: int, seed: int) -> Images:
    """Make images that are no digits: mirrored, turned, cut and joined ones, and scribbles of a few strokes.

    Strokes and thickness of the first are those of real digits, so that only the shape can tell; the second
    are made of lines and arcs. They are framed as MNIST's images are.

    Args:
        images: (n, 28, 28) uint8, digits, at least one.
        labels: (n,) uint8, which ones.
        count: How many are wanted.
        seed: The same ones for the same seed.

    Returns:
        (count, 28, 28) uint8.

    Source: learning from such examples is the "outlier exposure" of Hendrycks, Mazeika, Dietterich, "Deep
    Anomaly Detection with Outlier Exposure" (ICLR 2019).
    """
    random = np.random.default_rng(seed)
    scribbles = math.ceil(count * SCRIBBLED_SHARE)
    each = math.ceil((count - scribbles) / 5)

    def pick(digits: tuple[int, ...]) -> Images:
        """Pick digits of these kinds; of any kind, where there are none of these."""
        rows = np.flatnonzero(np.isin(labels, digits))
        return images[random.choice(rows if len(rows) else len(images), each)]

    made = [
        pick(UNLIKE_MIRRORED)[:, :, ::-1],
        np.rot90(pick(UNLIKE_MIRRORED), axes=(1, 2)),
        np.rot90(pick(UNLIKE_UPSIDE_DOWN), 2, axes=(1, 2)),
        _join(images, each, random),
        _join(images.transpose(0, 2, 1), each, random).transpose(0, 2, 1),
        np.stack([_scribble(random) for _ in range(scribbles)]),
    ]
    return _centre(np.concatenate(made)[:count])


def _join(images: Images, count: int, random: np.random.Generator) -> Images:
    """Join the upper half of one image and the lower half of another."""
    joined = images[random.integers(len(images), size=count)]
    joined[:, FRAME_CENTRE:] = images[random.integers(len(images), size=count), FRAME_CENTRE:]
    return joined


def _scribble(random: np.random.Generator) -> Images:
    """Draw a few straight or curved strokes anywhere within 20 by 20 pixels of an image (28, 28) uint8."""
    pen = int(random.integers(*PENS))
    margin = (FINE * (IMAGE_SIDE - INK_PIXELS) + pen) / 2
    paper = Image.new("L", (FINE * IMAGE_SIDE,) * 2)
    draw = ImageDraw.Draw(paper)
    strokes = []
    for _ in range(random.integers(*STROKES)):
        points = random.random((int(random.integers(2, 4)), 2))
        if random.random() < CURVED_SHARE:
            points = _curve(random.random((3, 2)))
        strokes.append(points)
    everywhere = np.concatenate(strokes)
    least, extent = everywhere.min(axis=0), np.ptp(everywhere, axis=0).max()
    scale = (FINE * IMAGE_SIDE - 2 * margin) / extent
    for points in strokes:
        draw.line(((points - least) * scale + margin).ravel().tolist(), fill=255, width=pen, joint="curve")
    return np.asarray(paper.reduce(FINE))


def _curve(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bend a line from the first to the last of three points (3, 2) towards the second: a parabola."""
    t = np.linspace(0, 1, CURVE_POINTS)[:, None]
    return (1 - t) ** 2 * points[0] + 2 * t * (1 - t) * points[1] + t**2 * points[2]


def _centre(images: Images) -> Images:
    """Shift images (n, 28, 28) by whole pixels until their centres of mass are at pixel 14; edges are cut."""
    shifts = []
    for axis in (2, 1):
        masses = images.sum(axis=axis, dtype=np.float64)  # (n, 28): of the rows, then of the columns
        centres = masses @ np.arange(IMAGE_SIDE) / np.maximum(masses.sum(axis=1), 1)
        shifts.append(np.rint(centres - FRAME_CENTRE).astype(int))
    padded = np.pad(images, ((0, 0), (FRAME_CENTRE,) * 2, (FRAME_CENTRE,) * 2))
    rows, columns = (shift[:, None] + np.arange(IMAGE_SIDE) + FRAME_CENTRE for shift in shifts)
    return padded[np.arange(len(images))[:, None, None], rows[:, :, None], columns[:, None, :]]
