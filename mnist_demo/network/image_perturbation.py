"""Perturbations of an image, to see what a network has not learned: shift, rotation, thickness, noise.

A dense network has a weight for each pixel and knows nothing about position: a digit that is shifted, rotated
or thickened meets weights that have never seen it there. Noise has a seed, so that it can be repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mnist_demo.data import FINE, IMAGE_SIDE, dilate, frame_drawing
from mnist_demo.errors import EmptyDrawing
from mnist_demo.network.mlp import Network

SHIFTS = tuple(range(-6, 7))
DEGREES = tuple(range(-90, 91, 15))
THICKNESSES = tuple(range(-2, 5))
NOISES = tuple(range(0, 101, 10))
SEEDS = tuple(range(1, 10))


@dataclass(frozen=True)
class ImagePerturbation:
    """What is done to an image, in this order: thicken, rotate, shift, add noise.

    Attributes:
        right: Shift to the right in pixels; negative to the left.
        down: Shift downwards in pixels; negative upwards.
        degrees: Rotation, clockwise.
        thickness: Change of the stroke width in pixels; negative makes it thinner.
        noise: Standard deviation of the noise, in per cent of full white.
        seed: Seed of the noise.
    """

    right: int = 0
    down: int = 0
    degrees: int = 0
    thickness: int = 0
    noise: int = 0
    seed: int = 1


@dataclass(frozen=True)
class Axis:
    """One side of a map: a field of `ImagePerturbation` and its values."""

    field: str
    values: Sequence[int]


MAPS = {
    "shift": (Axis("right", SHIFTS), Axis("down", SHIFTS)),
    "turn": (Axis("degrees", DEGREES), Axis("thickness", THICKNESSES)),
    "noise": (Axis("noise", NOISES), Axis("seed", SEEDS)),
}
"""Which two perturbations a map varies: across, and from row to row."""


def perturb_image(frame: NDArray[np.float32], perturbation: ImagePerturbation) -> NDArray[np.float32]:
    """Return the perturbed image: (28, 28) float32, 0 to 1, to the same."""
    return perturb_images(frame, [perturbation])[0]


def perturb_images(
    frame: NDArray[np.float32], perturbations: Sequence[ImagePerturbation]
) -> NDArray[np.float32]:
    """Perturb an image in several ways; what they have in common is computed once.

    Args:
        frame: (28, 28) float32, 0 to 1, white on black.
        perturbations: n perturbations.

    Returns:
        (n, 28, 28) float32, 0 to 1.
    """
    thickened = cache(lambda pixels: thicken(frame, pixels))
    rotated = cache(lambda pixels, degrees: rotate(thickened(pixels), degrees))
    images = [
        add_noise(shift(rotated(one.thickness, one.degrees), one.right, one.down), one.noise, one.seed)
        for one in perturbations
    ]
    return np.stack(images)


def perturbation_grid(
    perturbation: ImagePerturbation, across: Axis, downward: Axis
) -> list[ImagePerturbation]:
    """Return the cells of a map, row by row: two fields vary, the others are those of `perturbation`."""
    return [
        replace(perturbation, **{across.field: x, downward.field: y})
        for y in downward.values
        for x in across.values
    ]


def thicken(frame: NDArray[np.float32], pixels: float) -> NDArray[np.float32]:
    """Make the strokes of an image, (28, 28) float32, thicker by some pixels, or thinner if negative."""
    if not pixels:
        return frame
    side = FINE * IMAGE_SIDE
    image = Image.fromarray(np.rint(255 * frame).astype(np.uint8))
    fine = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))
    moved = dilate(fine, FINE * pixels / 2)  # a stroke has two edges
    margin = (len(moved) - side) // 2
    cut = Image.fromarray(moved[margin : margin + side, margin : margin + side])
    small = np.asarray(cut.resize(frame.shape, Image.Resampling.BOX))
    return small.astype(np.float32) / np.float32(255)


def rotate(frame: NDArray[np.float32], degrees: int) -> NDArray[np.float32]:
    """Rotate an image, (28, 28) float32, clockwise about its centre; what leaves the image is lost."""
    return np.asarray(Image.fromarray(frame).rotate(-degrees, Image.Resampling.BILINEAR))


def shift(frame: NDArray[np.float32], right: int, down: int) -> NDArray[np.float32]:
    """Shift an image, (28, 28) float32, by whole pixels; what leaves it is lost, what comes in is black."""
    height, width = frame.shape
    moved = np.zeros_like(frame)
    moved[max(down, 0) : height + down, max(right, 0) : width + right] = frame[
        max(-down, 0) : height - down, max(-right, 0) : width - right
    ]
    return moved


def add_noise(frame: NDArray[np.float32], per_cent: float, seed: int) -> NDArray[np.float32]:
    """Add normal noise to an image, (28, 28) float32, and clip it to black and white."""
    if not per_cent:
        return frame
    noise = np.random.default_rng(seed).standard_normal(frame.shape, np.float32)
    return np.clip(frame + np.float32(per_cent / 100) * noise, 0, 1)


def recenter(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Frame perturbed images, (n, 28, 28) float32, as drawings are framed; one without ink stays black."""
    return np.stack([_recenter_one(image) for image in np.rint(255 * images).astype(np.uint8)])


def _recenter_one(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    try:
        return frame_drawing(image)
    except EmptyDrawing:
        return np.zeros(image.shape, np.float32)


def predict_digits(
    network: Network, images: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the likeliest digit of each image, (n, 28, 28) float32, and its probability, both (n,)."""
    probabilities = network.predict(images.reshape(len(images), -1))
    return probabilities.argmax(axis=1), np.nan_to_num(probabilities.max(axis=1))
