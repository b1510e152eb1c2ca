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


def picture_html(pixels: NDArray[np.uint8], caption: str, *, kind: str = "") -> str:
    """Show an image, (h, w) grey or (h, w, 3), every pixel sharp, with a caption that is also its text.

    `kind` is empty, "wide" or "sheet", and says how large it is shown.
    """
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    encoded = base64.b64encode(file.getvalue()).decode()
    said = html.escape(caption)
    return (
        f'<figure class="{f"picture {kind}".rstrip()}">'
        f'<img alt="{said}" src="data:image/png;base64,{encoded}"><figcaption>{said}</figcaption></figure>'
    )


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


def contact_sheet(images: NDArray[np.uint8], columns: int = 4) -> NDArray[np.uint8]:
    """Lay images (n, h, w) out in rows; the last row is filled up with black."""
    rows = -(-len(images) // columns)
    count, height, width = images.shape
    cells = np.zeros((rows * columns, height, width), np.uint8)
    cells[:count] = images
    return cells.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
