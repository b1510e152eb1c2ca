"""Small pictures of arrays, as HTML that needs no further request."""

from __future__ import annotations

import base64
import html
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SUPPORT = np.array([47, 127, 224], np.float32)
"""Colour of what speaks for a digit: blue."""
OPPOSITION = np.array([240, 140, 20], np.float32)
"""Colour of what speaks against it: orange, apart from blue for every kind of colour vision."""


def picture_html(pixels: NDArray[np.uint8], caption: str, *, wide: bool = False) -> str:
    """Show an image, (h, w) grey or (h, w, 3), every pixel sharp, with a caption that is also its text."""
    encoded = base64.b64encode(png_bytes(pixels)).decode()
    said = html.escape(caption)
    return (
        f'<figure class="picture{" wide" if wide else ""}">'
        f'<img alt="{said}" src="data:image/png;base64,{encoded}"><figcaption>{said}</figcaption></figure>'
    )


def png_bytes(pixels: NDArray[np.uint8]) -> bytes:
    """Write an image, (h, w) grey or (h, w, 3), as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


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


def neuron_grid(activations: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Lay neurons (n,) out as grey cells, the strongest white; the last row is filled up with black."""
    columns = min(32, max(8, int(np.ceil(np.sqrt(2 * len(activations))))))
    rows = -(-len(activations) // columns)
    cells = np.zeros(rows * columns, np.float32)
    cells[: len(activations)] = activations / max(float(activations.max()), 1e-12)
    return grey(cells.reshape(rows, columns))
