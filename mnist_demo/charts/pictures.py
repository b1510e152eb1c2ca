"""Small pictures of arrays, as HTML that needs no further request."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

DARK_TEXT_FROM = 118
"""From this grey on, black text is easier to read than white; the contrast is at least 4.6:1 either way."""
SUPPORT = np.array([47, 127, 224], np.float32)
"""Colour of what speaks for a digit: blue."""
OPPOSITION = np.array([240, 140, 20], np.float32)
"""Colour of what speaks against it: orange, apart from blue for every kind of colour vision."""

BRIGHT_SUPPORT = np.array([90, 170, 255], np.float32)
"""A brighter blue for small pictures on black."""
PNG_LEVEL = 1
"""For a thousand small pictures it takes a quarter of the default level's time, for nearly the same size."""
WEIGHT_SHADES = 15
WEIGHT_QUANTILE = 0.97


def picture_html(pixels: NDArray[np.uint8], caption: str, *, kind: str = "") -> str:
    """Return an image as HTML, with a caption that is also its text alternative.

    Args:
        pixels: (h, w) or (h, w, 3) uint8, shown with sharp pixels.
        caption: The caption.
        kind: Its size: "" for small, "wide" or "sheet".
    """
    said = html.escape(caption)
    return (
        f'<figure class="{f"picture {kind}".rstrip()}">'
        f'<img alt="{said}" src="{picture_url(pixels)}"><figcaption>{said}</figcaption></figure>'
    )


def picture_url(pixels: NDArray[np.uint8]) -> str:
    """Return an image, (h, w) or (h, w, 3) uint8, as a data URL."""
    return "data:image/png;base64," + base64.b64encode(png_bytes(pixels)).decode()


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """Return an image, (h, w) or (h, w, 3) uint8, as the bytes of a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=PNG_LEVEL)
    return file.getvalue()


@dataclass(frozen=True)
class Sprite:
    """Many pictures of one size in a single one: its data URL, and how many columns and rows it has."""

    url: str
    columns: int
    rows: int


def lay_out(tiles: NDArray[np.uint8]) -> Sprite:
    """Arrange pictures, (n, h, w) or (n, h, w, 3) uint8, in a grid that is as square as possible."""
    sheet = contact_sheet(tiles)
    height, width = tiles.shape[1:3]
    return Sprite(picture_url(sheet), sheet.shape[1] // width, sheet.shape[0] // height)


def contact_sheet(tiles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the pixels of pictures arranged as `lay_out` does; the last row is padded with black."""
    count, height, width, *colours = tiles.shape
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width, *colours), np.uint8)
    sheet[:count] = tiles
    sheet = sheet.reshape(rows, columns, height, width, *colours).swapaxes(1, 2)  # (rows, h, columns, w)
    return sheet.reshape(rows * height, columns * width, *colours)


def row_html(pictures: list[str]) -> str:
    """Put pictures in a row that wraps where there is no room."""
    return f'<div class="pictures">{"".join(pictures)}</div>'


def grey(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return values from 0 to 1 as grey pixels."""
    return np.rint(255 * image).astype(np.uint8)


def heat_map(shares: NDArray[np.float32], ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Colour a drawing by the attribution of its pixels.

    Args:
        shares: (h, w) float32, positive for, negative against.
        ink: (h, w) float32, 0 to 1, shown in grey where the attribution is 0.

    Returns:
        (h, w, 3) uint8.
    """
    strength = np.abs(shares) / max(float(np.abs(shares).max()), 1e-12)
    strength = np.sqrt(strength)[..., np.newaxis]  # a root, so that small values are visible too
    colour = np.where(shares[..., np.newaxis] >= 0, SUPPORT, OPPOSITION)
    base = 70 * ink[..., np.newaxis]
    return np.rint(base + strength * (colour - base)).astype(np.uint8)


def weight_picture(weights: NDArray[np.float32], counts: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Colour the weights of neurons: blue for positive, orange for negative, black for 0.

    Args:
        weights: (784, n) float32, a column for each neuron; its brightness is relative to its large weights.
        counts: (28, 28) bool, the pixels to show; the others stay black.

    Returns:
        (n, 28, 28, 3) uint8, in few shades, so that a PNG of many pictures stays small.
    """
    images = np.where(counts, weights.T.reshape(-1, *counts.shape), np.float32(0))
    large = np.quantile(np.abs(images[:, counts]), WEIGHT_QUANTILE, axis=1)[:, np.newaxis, np.newaxis]
    shades = np.rint(WEIGHT_SHADES * np.clip(images / np.maximum(large, 1e-12), -1, 1)).astype(np.int16)
    strengths = np.arange(-WEIGHT_SHADES, WEIGHT_SHADES + 1)[:, np.newaxis] / WEIGHT_SHADES
    palette = np.rint(np.abs(strengths) * np.where(strengths > 0, BRIGHT_SUPPORT, OPPOSITION)).astype(
        np.uint8
    )
    return palette[shades + WEIGHT_SHADES]


def neuron_grid(activations: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Draw activations, (n,) float32, as grey cells, the strongest white; the last row is padded."""
    columns = min(32, max(8, int(np.ceil(np.sqrt(2 * len(activations))))))
    rows = -(-len(activations) // columns)
    cells = np.zeros(rows * columns, np.float32)
    cells[: len(activations)] = activations / max(float(activations.max()), 1e-12)
    return grey(cells.reshape(rows, columns))
