"""Digits for whoever cannot or does not want to draw: ten as strokes of the pen."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mnist_demo.ui.draw.drawing import Drawing, Point, Stroke

ARC_POINTS = 24


def _arc(centre: Point, radii: Point, start: float, end: float) -> list[Point]:
    """Follow an ellipse from one angle to another, in degrees, clockwise from the right, y down."""
    angles = [math.radians(start + (end - start) * step / ARC_POINTS) for step in range(ARC_POINTS + 1)]
    return [(centre[0] + radii[0] * math.cos(a), centre[1] + radii[1] * math.sin(a)) for a in angles]


SAMPLES: dict[int, list[list[Point]]] = {
    0: [_arc((0.5, 0.5), (0.27, 0.4), -80, 280)],
    1: [[(0.43, 0.24), (0.55, 0.1), (0.45, 0.9)]],
    2: [[*_arc((0.5, 0.32), (0.25, 0.22), -165, 30), (0.25, 0.88), (0.78, 0.86)]],
    3: [[*_arc((0.48, 0.3), (0.22, 0.2), -150, 85), *_arc((0.48, 0.69), (0.26, 0.2), -85, 150)]],
    4: [[(0.36, 0.12), (0.24, 0.55), (0.78, 0.53)], [(0.64, 0.14), (0.6, 0.9)]],
    5: [[(0.72, 0.12), (0.36, 0.13), (0.33, 0.45), *_arc((0.47, 0.64), (0.26, 0.24), -110, 140)]],
    6: [[(0.62, 0.1), (0.4, 0.32), *_arc((0.5, 0.67), (0.23, 0.22), 190, -170)]],
    7: [[(0.24, 0.14), (0.76, 0.13), (0.44, 0.9)]],
    8: [[*_arc((0.5, 0.3), (0.2, 0.19), 90, -270), *_arc((0.5, 0.7), (0.24, 0.21), -90, 270)]],
    9: [[*_arc((0.5, 0.33), (0.21, 0.22), 10, 370), (0.66, 0.9)]],
}
"""Strokes in the unit square, x right, y down."""


def sample_drawing(digit: int, canvas_pixels: int, pen_pixels: int) -> Drawing:
    """Write a digit as it would be drawn by hand, stroke by stroke."""
    strokes = (Stroke.through(_scale(points, canvas_pixels), pen_pixels) for points in SAMPLES[digit])
    return Drawing(strokes=tuple(strokes))


def render_sample(digit: int, canvas_pixels: int, pen_pixels: int) -> NDArray[np.uint8]:
    """Draw a digit as the canvas does, with round ends and joints: (canvas, canvas) uint8."""
    image = Image.new("L", (canvas_pixels, canvas_pixels))
    pen, radius = ImageDraw.Draw(image), pen_pixels / 2
    for stroke in SAMPLES[digit]:
        points = _scale(stroke, canvas_pixels)
        pen.line(points, 255, pen_pixels, joint="curve")
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    return np.asarray(image)


def _scale(points: list[Point], canvas_pixels: int) -> list[Point]:
    return [(round(x * canvas_pixels, 1), round(y * canvas_pixels, 1)) for x, y in points]
