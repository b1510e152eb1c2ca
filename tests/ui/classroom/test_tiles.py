"""One tile of the wall, on its way to the canvas."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from mnist_demo.ui.classroom.tiles import read_tile


def test_picture_is_read_as_it_was_sent():
    """Row by row."""
    image = np.arange(784).astype(np.uint8).reshape(28, 28)
    assert (read_tile(base64.b64encode(image.tobytes()).decode()) == image).all()


@pytest.mark.parametrize("packed", ["", "????", "AAAA", "é", base64.b64encode(bytes(785)).decode()])
def test_what_is_no_picture_puts_nothing_on_the_canvas(packed: str):
    """A browser can send anything."""
    assert read_tile(packed) is None
