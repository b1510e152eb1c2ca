"""What phones send of a drawing: strokes within limits, or one sentence that says what is wrong."""

from __future__ import annotations

import json
import zlib
from itertools import chain
from typing import Any

import numpy as np

from mnist_demo.data import CANVAS_PIXELS, Stroke
from mnist_demo.errors import InvalidRequest

MAX_BYTES = 64 * 1024
MAX_STROKES = 40
MAX_POINTS = 4000
MARGIN_PIXELS = CANVAS_PIXELS
"""A hand that draws leaves the canvas, but not by more than another canvas."""
MAX_LENGTH_PIXELS = 60_000
"""Of all strokes together; a digit has some hundreds, and this is three minutes of scribbling."""
MAX_MILLISECONDS = 1e14
NUMBERS = (int, float)
HALF_A_SIGN = b"\\ud"
"""How JSON writes one half of a sign beyond 16 bits, such as an emoji, which takes two (RFC 8259, 7)."""


def read_json(body: bytes) -> dict[str, Any]:
    """Read a JSON object, in which every number is one, and every text can be written down again.

    Raises:
        InvalidRequest: It is something else.
    """
    try:
        read = json.loads(body, parse_constant=_refuse_constant)
        if HALF_A_SIGN in body.lower():
            json.dumps(read, ensure_ascii=False).encode()  # raises where the other half is missing
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("class_json") from error
    if not isinstance(read, dict):
        raise InvalidRequest("class_json")
    return read


def _refuse_constant(_name: str) -> None:
    raise InvalidRequest("class_json")


def read_strokes(value: object) -> tuple[Stroke, ...]:
    """Read strokes as phones send them.

    Args:
        value: A list of strokes; a stroke is a list of points, a point a list of x, y in pixels of the canvas
            and t in milliseconds.

    Returns:
        (n, 2) float32 each.

    Raises:
        InvalidRequest: It is something else, or too much.
    """
    if not isinstance(value, list) or not value or not all(isinstance(stroke, list) for stroke in value):
        raise InvalidRequest("class_strokes")
    points = list(chain.from_iterable(value))
    if len(value) > MAX_STROKES or len(points) > MAX_POINTS:
        raise InvalidRequest("class_many_points", strokes=MAX_STROKES, points=MAX_POINTS)
    if not all(value) or not all(map(_is_point, points)):
        raise InvalidRequest("class_strokes")
    strokes = tuple(np.array([point[:2] for point in stroke], np.float32) for stroke in value)
    length = sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes)
    if length > MAX_LENGTH_PIXELS:
        raise InvalidRequest("class_many_points", strokes=MAX_STROKES, points=MAX_POINTS)
    return strokes


def _is_point(point: object) -> bool:
    """Tell a point within the canvas and its margin; true, infinity and what is no number are none."""
    if not isinstance(point, list) or len(point) != 3 or not all(type(part) in NUMBERS for part in point):
        return False
    x, y, t = point
    low, high = -MARGIN_PIXELS, CANVAS_PIXELS + MARGIN_PIXELS
    return bool(low <= x <= high and low <= y <= high and 0 <= t <= MAX_MILLISECONDS)


def pack_strokes(value: object) -> bytes:
    """Pack strokes that were read as they are kept; `unpack_strokes` gives them back."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 1)


def unpack_strokes(packed: bytes) -> list[list[list[float]]]:
    """Return the points (x, y, t) of each stroke."""
    strokes: list[list[list[float]]] = json.loads(zlib.decompress(packed))
    return strokes
