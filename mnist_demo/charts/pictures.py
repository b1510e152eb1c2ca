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
"""On a lighter grey black is easier to read than white; at least 4.6 to 1 either way."""
SUPPORT = np.array([47, 127, 224], np.float32)
"""Colour of what speaks for a digit: blue."""
OPPOSITION = np.array([240, 140, 20], np.float32)
"""Colour of what speaks against it: orange, apart from blue for every kind of colour vision."""

BRIGHT_SUPPORT = np.array([90, 170, 255], np.float32)
"""The same blue for small pictures on black."""
PNG_LEVEL = 1
"""A quarter of the time of the usual level for a thousand small pictures, and nearly their size."""
WEIGHT_SHADES = 15
WEIGHT_QUANTILE = 0.97


def picture_html(pixels: NDArray[np.uint8], caption: str, *, kind: str = "") -> str:
    """Show an image, (h, w) grey or (h, w, 3), every pixel sharp, with a caption that is also its text.

    `kind` is empty, "wide" or "sheet", and says how large it is shown.
    """
    said = html.escape(caption)
    return (
        f'<figure class="{f"picture {kind}".rstrip()}">'
        f'<img alt="{said}" src="{picture_url(pixels)}"><figcaption>{said}</figcaption></figure>'
    )


def picture_url(pixels: NDArray[np.uint8]) -> str:
    """Write an image, (h, w) grey or (h, w, 3), as the address of a PNG that is contained in it."""
    return "data:image/png;base64," + base64.b64encode(png_bytes(pixels)).decode()


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """Write an image, (h, w) grey or (h, w, 3), as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=PNG_LEVEL)
    return file.getvalue()


@dataclass(frozen=True)
class Sprite:
    """Many pictures of one size in one: `url` is its address, `columns` and `rows` say how they lie in it."""

    url: str
    columns: int
    rows: int


def lay_out(tiles: NDArray[np.uint8]) -> Sprite:
    """Lay pictures (n, h, w) or (n, h, w, 3) uint8 out in one, row by row, as square as can be."""
    sheet = contact_sheet(tiles)
    height, width = tiles.shape[1:3]
    return Sprite(picture_url(sheet), sheet.shape[1] // width, sheet.shape[0] // height)


def contact_sheet(tiles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay pictures out in one, as `lay_out` does, and give its pixels; the last row is filled up."""
    count, height, width, *colours = tiles.shape
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    sheet = np.zeros((rows * columns, height, width, *colours), np.uint8)
    sheet[:count] = tiles
    sheet = sheet.reshape(rows, columns, height, width, *colours).swapaxes(1, 2)  # (rows, h, columns, w)
    return sheet.reshape(rows * height, columns * width, *colours)


def row_html(pictures: list[str]) -> str:
    """Set pictures beside each other, and below where there is no room."""
    return f'<div class="pictures">{"".join(pictures)}</div>'


def grey(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Turn shares from 0 to 1 into grey pixels."""
    return np.rint(255 * image).astype(np.uint8)


def heat_map(shares: NDArray[np.float32], ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Colour a drawing by what its pixels say.

    Args:
        shares: (h, w) float32, positive for, negative against.
        ink: (h, w) float32, 0 to 1, shown in grey where nothing is said.

    Returns:
        (h, w, 3) uint8.
    """
    strength = np.abs(shares) / max(float(np.abs(shares).max()), 1e-12)
    strength = np.sqrt(strength)[..., np.newaxis]  # a root, so that weak voices are seen too
    colour = np.where(shares[..., np.newaxis] >= 0, SUPPORT, OPPOSITION)
    base = 70 * ink[..., np.newaxis]
    return np.rint(base + strength * (colour - base)).astype(np.uint8)


def weight_picture(weights: NDArray[np.float32], counts: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Colour weights by what they say to their neuron: blue excites it, orange calms it, black says nothing.

    Args:
        weights: (784, n) float32, a column for each neuron, which is as bright as its larger weights allow.
        counts: (28, 28), the pixels that count; the others stay black.

    Returns:
        (n, 28, 28, 3) uint8, in few shades, so that a PNG of many stays small.
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
    """Lay neurons (n,) out as grey cells, the strongest white; the last row is filled up with black."""
    columns = min(32, max(8, int(np.ceil(np.sqrt(2 * len(activations))))))
    rows = -(-len(activations) // columns)
    cells = np.zeros(rows * columns, np.float32)
    cells[: len(activations)] = activations / max(float(activations.max()), 1e-12)
    return grey(cells.reshape(rows, columns))
