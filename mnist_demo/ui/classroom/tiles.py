"""One tile of the wall: why it was read as it was, and its picture for the canvas."""

from __future__ import annotations

import base64
import binascii

import numpy as np
from numpy.typing import NDArray

from mnist_demo.charts import heat_map, png_bytes
from mnist_demo.data import IMAGE_SIDE, PIXELS, prepare_images
from mnist_demo.errors import NotFound
from mnist_demo.network import integrated_gradients
from mnist_demo.ui.classroom.latest import Latest


def why_picture(latest: Latest, tile: str) -> bytes:
    """Draw which pixels of a tile speak for the digit that was read, and which against it, as a PNG.

    Raises:
        NotFound: It is not on the wall, or not revealed yet.
    """
    state = latest.state
    drawing = state.find_tile(tile)
    if not drawing or not state.is_revealed:
        raise NotFound("class_tile_unknown")
    digit = latest.after.get(tile, drawing.reading.read)
    (x,) = prepare_images(np.frombuffer(drawing.reading.image, np.uint8)[np.newaxis])
    shares = integrated_gradients(latest.reader.network, x, digit)
    side = (IMAGE_SIDE, IMAGE_SIDE)
    return png_bytes(heat_map(shares.reshape(side), x.reshape(side)))


def read_tile(packed: str) -> NDArray[np.uint8] | None:
    """Read a tile's picture, base64 of 784 bytes, as (28, 28) uint8; None for what is none."""
    try:
        grey = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        return None
    return np.frombuffer(grey, np.uint8).reshape(IMAGE_SIDE, IMAGE_SIDE) if len(grey) == PIXELS else None
