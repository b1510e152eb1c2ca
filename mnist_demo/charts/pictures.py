"""Small pictures of arrays, as HTML that needs no further request."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray
from PIL import Image

from mnist_demo.charts.theme import Colour, OnBlack, rgb
from mnist_demo.data import IMAGE_SIDE

PNG_LEVEL = 1
"""For a thousand small pictures it takes a quarter of the default level's time, for nearly the same size."""
SHEET_NEURONS, SHEET_COLUMNS, SHEET_GAP_PIXELS = 32, 8, 1
WEIGHT_SHADES = 15
WEIGHT_QUANTILE = 0.97


def picture_html(pixels: NDArray[np.uint8], caption: str, *, kind: str = "") -> Markup:
    """Show an image, (h, w) grey or (h, w, 3), every pixel sharp, with a caption that is also its text.

    Args:
        pixels: (h, w) or (h, w, 3) uint8, shown with sharp pixels.
        caption: The caption.
        kind: Its size: "" for small, "wide" or "sheet".
    """
    return Markup(
        '<figure class="{kind}"><img alt="{caption}" src="{url}"><figcaption>{caption}</figcaption></figure>'
    ).format(kind=f"picture {kind}".rstrip(), caption=caption, url=picture_url(pixels))


def picture_url(pixels: NDArray[np.uint8]) -> str:
    """Return an image, (h, w) grey or (h, w, 3), as a data URL."""
    return "data:image/png;base64," + base64.b64encode(png_bytes(pixels)).decode()


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """Return an image, (h, w) grey or (h, w, 3), as a PNG file."""
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


def contact_sheet(tiles: NDArray[np.uint8], columns: int | None = None, paper: int = 0) -> NDArray[np.uint8]:
    """Lay pictures out in one, as `lay_out` does, and return its pixels.

    Args:
        tiles: (n, h, w) or (n, h, w, 3).
        columns: Pictures in a row; None: as many as make it square.
        paper: The grey, 0 to 255, with which the last row is filled up.
    """
    count, height, width, *colours = tiles.shape
    columns = columns or int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    sheet = np.full((rows * columns, height, width, *colours), paper, np.uint8)
    sheet[:count] = tiles
    sheet = sheet.reshape(rows, columns, height, width, *colours).swapaxes(1, 2)  # (rows, h, columns, w)
    return sheet.reshape(rows * height, columns * width, *colours)


def row_html(pictures: Iterable[Markup]) -> Markup:
    """Put pictures in a row that wraps where there is no room."""
    return Markup('<div class="pictures">{}</div>').format(Markup().join(pictures))


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
    colour = np.where(shares[..., np.newaxis] >= 0, rgb(OnBlack.POSITIVE), rgb(OnBlack.NEGATIVE))
    base = 70 * ink[..., np.newaxis]
    return np.rint(base + strength * (colour - base)).astype(np.uint8)


def weight_pictures(
    weights: NDArray[np.float32], counts: NDArray[np.bool_], *, on_white: bool = False
) -> NDArray[np.uint8]:
    """Colour weights by what ink on them does to their neuron: blue activates it, orange inhibits it.

    Args:
        weights: (784, n) float32, a column for each neuron, which is as bright as its larger weights allow.
        counts: (28, 28), the pixels that count; the others stay as if their weight were 0.
        on_white: A weight of 0 is white, not black.

    Returns:
        (n, 28, 28, 3) uint8, in few shades, so that a PNG of many pictures stays small.
    """
    images = np.where(counts, weights.T.reshape(-1, *counts.shape), np.float32(0))
    large = np.quantile(np.abs(images[:, counts]), WEIGHT_QUANTILE, axis=1)[:, np.newaxis, np.newaxis]
    shades = np.rint(WEIGHT_SHADES * np.clip(images / np.maximum(large, 1e-12), -1, 1)).astype(np.int16)
    strengths = np.arange(-WEIGHT_SHADES, WEIGHT_SHADES + 1)[:, np.newaxis] / WEIGHT_SHADES
    signs, paper = (Colour, 255) if on_white else (OnBlack, 0)
    colours = np.where(strengths > 0, rgb(signs.POSITIVE), rgb(signs.NEGATIVE))
    palette = np.rint(paper + np.abs(strengths) * (colours - paper)).astype(np.uint8)
    return palette[shades + WEIGHT_SHADES]


def first_layer_sheet(weights: NDArray[np.float32], *, sort: bool = True) -> NDArray[np.uint8]:
    """Draw the neurons of the first layer with the largest weights, at most `SHEET_NEURONS`, on white.

    Args:
        weights: (784, neurons) float32, finite.
        sort: Whether the largest come first; else the neurons keep their order.

    Returns:
        (h, w, 3) uint8.
    """
    sizes = np.linalg.norm(weights.astype(np.float64), axis=0)
    chosen = weights[:, np.argsort(-sizes, kind="stable")] if sort else weights
    tiles = weight_pictures(chosen[:, :SHEET_NEURONS], np.ones((IMAGE_SIDE, IMAGE_SIDE), bool), on_white=True)
    gap = (SHEET_GAP_PIXELS, SHEET_GAP_PIXELS)
    framed = np.pad(tiles, ((0, 0), gap, gap, (0, 0)), constant_values=255)
    return contact_sheet(framed, SHEET_COLUMNS, paper=255)


def neuron_grid(activations: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Draw activations, (n,) float32, as grey cells, the strongest white; the last row is padded."""
    columns = min(32, max(8, int(np.ceil(np.sqrt(2 * len(activations))))))
    rows = -(-len(activations) // columns)
    cells = np.zeros(rows * columns, np.float32)
    cells[: len(activations)] = activations / max(float(activations.max()), 1e-12)
    return grey(cells.reshape(rows, columns))
