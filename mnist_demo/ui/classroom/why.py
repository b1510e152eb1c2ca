"""Why the network has read a drawing of the class as it did."""

from __future__ import annotations

import numpy as np

from mnist_demo.charts import heat_map, png_bytes
from mnist_demo.data import IMAGE_SIDE
from mnist_demo.errors import NotFound
from mnist_demo.network import integrated_gradients
from mnist_demo.ui.classroom.service import Latest


def why_picture(latest: Latest, tile: str) -> bytes:
    """Draw which pixels of a tile speak for the digit that was read, and which against it, as a PNG.

    Raises:
        NotFound: It is not on the wall, or not revealed yet.
    """
    state = latest.state
    drawing = next((found for found in state.tiles if found.id == tile), None)
    if not drawing or not state.is_revealed:
        raise NotFound("class_tile_unknown")
    x = np.frombuffer(drawing.reading.image, np.uint8).astype(np.float32) / np.float32(255)
    shares = integrated_gradients(latest.reader.network, x, drawing.reading.read)
    side = (IMAGE_SIDE, IMAGE_SIDE)
    return png_bytes(heat_map(shares.reshape(side), x.reshape(side)))
