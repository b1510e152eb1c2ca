"""From pixels to what the network reads: the same way for training images and for drawings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_demo.data.shape import IMAGE_SIDE
from mnist_demo.errors import EmptyDrawing

INK_PIXELS = 20
FRAME_CENTRE = IMAGE_SIDE // 2
FAINT = 4
"""Up to this brightness, pixels that touch nothing brighter are no ink: a browser that hides what computer it
runs on flips the lowest bits of some pixels when a page reads a canvas."""
STROKE_PIXELS = (1.5, 3.0)
"""Nearly nine of ten MNIST images have a `stroke_width` between these, in pixels of the 28 by 28 image."""
PATCH_FILL = 0.75
"""Ink that fills more of its box than this is a patch or a single bar rather than a stroke."""
FINE = 4
"""Stroke edges are moved in an image enlarged by this factor, so that they can move by part of a pixel."""


def prepare_images(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Flatten images and scale them to 0 to 1, as the network reads them.

    Args:
        images: (n, 28, 28) uint8, 0 to 255, white on black; flattened ones, (n, 784), will do.

    Returns:
        (n, 784) float32, 0 to 1.
    """
    rows = images.reshape(len(images), -1)  # (n, 28, 28) -> (n, 784)
    return rows.astype(np.float32) / np.float32(255)


def frame_drawing(drawing: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Frame a drawing the way MNIST's images were made.

    The drawing is cropped to its ink, a stroke much thinner or thicker than MNIST's is brought to MNIST's
    width, the longer side is scaled to 20 pixels by area averaging, the peak is stretched to full white, and
    the result is shifted by whole pixels until its centre of mass is at pixel 14 of the 28 by 28 image.

    Args:
        drawing: RGBA pixels (H, W, 4), or white ink on black (H, W), uint8, 0 to 255.

    Returns:
        (28, 28) float32, 0 to 1, white on black.

    Raises:
        EmptyDrawing: There is no ink.

    Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits"; the details (area average,
    peak, whole pixels) after Yadav, Bottou, "Cold Case: The Lost MNIST Digits" (NeurIPS 2019).
    """
    return frame_in_steps(drawing).frame


@dataclass(frozen=True, eq=False)
class FramingSteps:
    """A drawing after each step of its preprocessing, white on black.

    Attributes:
        ink: (H, W) uint8, the whole canvas.
        crop: (h, w) uint8, cropped to the ink.
        box: (h, w) uint8, scaled so that the longer side is 20 pixels.
        frame: (28, 28) float32, 0 to 1, what the network reads.
    """

    ink: NDArray[np.uint8]
    crop: NDArray[np.uint8]
    box: NDArray[np.uint8]
    frame: NDArray[np.float32]


def frame_in_steps(drawing: NDArray[np.uint8]) -> FramingSteps:
    """Frame a drawing as `frame_drawing` does, and keep the result of each step.

    Raises:
        EmptyDrawing: There is no ink.
    """
    ink = read_ink(drawing)
    crop = crop_to_ink(ink)
    box = scale_into_box(normalize_stroke_width(crop))
    return FramingSteps(ink, crop, box, _prepare_one(centre_by_mass(box)))


def shrink_unframed(ink: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Shrink a whole canvas, (H, W) uint8, to (28, 28) float32, 0 to 1: a shortcut that is misread."""
    shrunk = Image.fromarray(ink).resize((IMAGE_SIDE, IMAGE_SIDE), Image.Resampling.BOX)
    return _prepare_one(np.asarray(shrunk))


def _prepare_one(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Prepare one image, (28, 28) uint8, just like the training images, but keep its shape."""
    return prepare_images(image[np.newaxis]).reshape(IMAGE_SIDE, IMAGE_SIDE)


def read_ink(drawing: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the ink, (H, W) uint8, of a canvas's RGBA image; a grey image already is ink."""
    if drawing.ndim == 2:
        return drawing
    if drawing.ndim != 3 or drawing.shape[2] != 4:
        raise ValueError(f"A drawing is (H, W) or (H, W, 4), not {drawing.shape}.")
    # Channel by channel, which is much faster than the maximum along an axis of three.
    red, green, blue, alpha = (drawing[..., channel] for channel in range(4))
    grey = np.maximum(np.maximum(red, green), blue)
    return grey if alpha.min() == 255 else (grey.astype(np.uint16) * alpha // 255).astype(np.uint8)


def crop_to_ink(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Crop an image, (H, W) uint8, to the bounding box of its ink.

    Faint ink counts only where it hangs together with brighter ink, like the soft edge of a stroke.

    Raises:
        EmptyDrawing: There is no ink.
    """
    bright, any_ink = ink > FAINT, ink > 0
    if not bright.any():
        raise EmptyDrawing
    if bounding_box(bright) != bounding_box(any_ink):
        bright = _grow_within(bright, any_ink)
    return ink[bounding_box(bright)]


def bounding_box(marked: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Return rows and columns of the box around what is marked, one pixel at least, in (H, W) bool."""
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _grow_within(marked: NDArray[np.bool_], allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Grow what is marked, (H, W) bool, by allowed neighbours, as far as a pixel of MNIST reaches."""
    for _ in range(max(2, max(marked.shape) // IMAGE_SIDE)):
        across = marked.copy()
        across[:, 1:] |= marked[:, :-1]
        across[:, :-1] |= marked[:, 1:]
        grown = across.copy()
        grown[1:] |= across[:-1]
        grown[:-1] |= across[1:]
        grown &= allowed
        if (grown == marked).all():
            break
        marked = grown
    return marked


def normalize_stroke_width(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Bring a very thin or very thick stroke to the width of MNIST's thinnest or thickest.

    MNIST's writers used ordinary pens. On a canvas somebody may draw a small digit with a thick pen or a
    large one with a hairline, and a network trained on MNIST has never seen anything like it. Ordinary
    strokes are left alone. So is a patch that fills its box, whose width is its shape, and so is ink that is
    no larger than MNIST's own, which has no finer pixels to work with.

    Args:
        ink: (h, w) uint8, cropped to the ink.

    Returns:
        `ink` itself if its stroke is ordinary, otherwise a new (h, w) uint8 image, cropped to the ink.

    Source: `benchmarks/drawing.py` measures the effect on digits that people drew.
    """
    if max(ink.shape) <= INK_PIXELS or ink.mean() > PATCH_FILL * ink.max():
        return ink
    side = FINE * INK_PIXELS
    fine = scale_into_box(ink, side)
    width = stroke_width(fine)
    wanted = min(max(width, FINE * STROKE_PIXELS[0]), FINE * STROKE_PIXELS[1])
    if wanted == width:
        return ink
    change = (wanted - width) / (1 - wanted / side)  # the side grows too, and is scaled to 20 pixels later
    change = max(change, -width / 2)  # a patch, which is no stroke, must not vanish
    return crop_to_ink(dilate(fine, change / 2))


def stroke_width(ink: NDArray[np.uint8]) -> float:
    """Return the mean stroke width, in pixels, of an image (h, w) uint8.

    The edges of a long stroke are twice as long as the stroke, so its width is twice its area divided by the
    length of its edges. In a grey image the length of the edges is the total variation.
    """
    padded = np.pad(ink.astype(np.float32), 1)
    down, right = np.diff(padded, axis=0)[:, :-1], np.diff(padded, axis=1)[:-1]
    return float(2 * padded.sum() / np.hypot(down, right).sum())


def dilate(ink: NDArray[np.uint8], pixels: float) -> NDArray[np.uint8]:
    """Move the edges of an image, (h, w) uint8, outwards, or inwards if negative; the result is larger."""
    # Eroding ink is dilating its background.
    whole, flip = int(abs(pixels)), np.uint8(255 if pixels < 0 else 0)
    picture = np.pad(ink, whole + 2) ^ flip
    for round_ in range(whole):
        picture = _dilate_once(picture, round_)
    part = np.float32(abs(pixels) - whole)
    mixed = (1 - part) * picture + part * _dilate_once(picture, whole)
    return np.rint(mixed).astype(np.uint8) ^ flip


def _dilate_once(picture: NDArray[np.uint8], round_: int) -> NDArray[np.uint8]:
    """Dilate by a 3 by 3 square or, in odd rounds, by a cross; alternating, they approximate a disc."""
    upright = np.maximum.reduce([np.roll(picture, step, axis=0) for step in (-1, 0, 1)])
    across = picture if round_ % 2 else upright
    return np.maximum.reduce([upright, *(np.roll(across, step, axis=1) for step in (-1, 1))])


def scale_into_box(ink: NDArray[np.uint8], side: int = INK_PIXELS) -> NDArray[np.uint8]:
    """Scale an image, (h, w) uint8, to a longer side of `side` pixels and a peak of 255, keeping its shape.

    Shrinking averages areas, as MNIST's makers did; a smaller drawing is enlarged smoothly.
    """
    factor = side / max(ink.shape)
    height, width = (max(1, round(length * factor)) for length in ink.shape)
    if factor <= 1:  # in float: faint ink might vanish if it were rounded before its peak is stretched
        image, filter_ = Image.fromarray(ink.astype(np.float32)), Image.Resampling.BOX
    else:
        image, filter_ = Image.fromarray(ink), Image.Resampling.BICUBIC
    scaled = np.asarray(image.resize((width, height), filter_), dtype=np.float32)
    return np.rint(scaled * (255 / scaled.max())).astype(np.uint8)


def centre_by_mass(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Place an image, at most (20, 20) uint8, in (28, 28) with its centre of mass nearest to pixel 14."""
    frame = np.zeros((IMAGE_SIDE, IMAGE_SIDE), np.uint8)
    top, left = (_offset(ink.sum(axis=axis, dtype=np.float64)) for axis in (1, 0))
    frame[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return frame


def _offset(mass: NDArray[np.float64]) -> int:
    """Return the offset that centres the masses (n,) in the image without leaving it."""
    centre = float(np.arange(len(mass)) @ mass / mass.sum())
    return min(max(round(FRAME_CENTRE - centre), 0), IMAGE_SIDE - len(mass))
