"""From strokes to pixels: what a canvas shows of the points that a pen has passed.

The canvas of the page and the canvas of the phones both draw with a round pen along parabolas, so a drawing
can travel as a few hundred points and becomes the same 280 by 280 pixels here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

CANVAS_PIXELS = 280
PEN_PIXELS = 18
STAMP_STEPS = 8
"""A stamp of the pen is kept for each eighth of a pixel, along and across."""
CURVE_POINTS = 16
"""Of each parabola: between points as far apart as the canvas is wide, it is drawn to a fifth of a pixel."""
BUMP_PIXELS = 1 / 64
"""How far the edge of a stroke may be from smooth, for being made of discs."""

Stroke = NDArray[np.float32]
Picture = NDArray[np.uint8]


def draw_strokes(strokes: Sequence[Stroke], pen: int = PEN_PIXELS) -> Picture:
    """Draw strokes with a round pen, white on black.

    A stroke is the union of the discs that the pen covers on its way, so near each other that nobody sees it:
    round ends and joints follow from that.

    Args:
        strokes: (n, 2) float32 each, x right and y down in pixels; (0, 0) is the canvas's upper left corner.
        pen: Width of the pen in pixels.

    Returns:
        (280, 280) uint8, edges smoothed by the share of the pixel that is covered; ink outside is lost.
    """
    margin = pen + 2
    paper = np.zeros((CANVAS_PIXELS + 2 * margin,) * 2, np.uint8)
    for stroke in strokes:
        stamp_stroke(paper, stroke + np.float32(margin), pen)
    return paper[margin:-margin, margin:-margin]


def stamp_stroke(paper: Picture, stroke: Stroke, pen: int) -> None:
    """Draw one stroke (n, 2) in pixels on `paper`; what would lie outside is left out.

    Between discs of radius r that are s apart, an edge is s^2 / 8r lower than beside their middles.
    """
    way = walk_evenly(curve_through_middles(stroke), (4 * pen * BUMP_PIXELS) ** 0.5)
    reach = pen // 2 + 1
    eighths = np.unique(np.rint(way * STAMP_STEPS).astype(int), axis=0)
    (pixels, parts) = np.divmod(eighths, STAMP_STEPS)
    inside = ((pixels >= reach) & (pixels < len(paper) - reach)).all(axis=1)
    stamps, side = pen_stamps(pen), 2 * reach + 1
    for (x, y), (x_part, y_part) in zip(
        (pixels[inside] - reach).tolist(), parts[inside].tolist(), strict=True
    ):
        area = paper[y : y + side, x : x + side]
        np.maximum(area, stamps[y_part][x_part], out=area)


def curve_through_middles(stroke: Stroke) -> Stroke:
    """Round a stroke (n, 2) as the canvas does: parabolas from middle to middle of the points it was given.

    Source: Fabric.js, `PencilBrush`, which draws with `quadraticCurveTo` the middle of the next two points.
    """
    if len(stroke) < 3:
        return stroke
    middles = (stroke[:-1] + stroke[1:]) / 2
    start, bend, end = middles[:-1, None], stroke[1:-1, None], middles[1:, None]  # (n - 2, 1, 2)
    t = np.linspace(0, 1, CURVE_POINTS, endpoint=False, dtype=np.float32)[:, None]
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end  # (n - 2, CURVE_POINTS, 2)
    return np.concatenate([stroke[:1], curve.reshape(-1, 2), middles[-1:], stroke[-1:]])


def walk_evenly(stroke: Stroke, step_pixels: float) -> Stroke:
    """Give points (m, 2) along a stroke (n, 2), at most a step apart, its two ends among them."""
    lengths = np.hypot(*np.diff(stroke, axis=0).T)
    travelled = np.concatenate([[0], np.cumsum(lengths)])
    stops = np.linspace(0, travelled[-1], int(np.ceil(travelled[-1] / step_pixels)) + 1)
    return np.stack([np.interp(stops, travelled, stroke[:, axis]) for axis in (0, 1)], axis=1)


@cache
def pen_stamps(pen: int) -> list[list[Picture]]:
    """Draw the disc of a pen with its centre in each eighth of a pixel: [eighth down][eighth right]."""
    offsets = np.arange(STAMP_STEPS) / STAMP_STEPS
    reach = pen // 2 + 1
    centres = np.arange(-reach, reach + 1) + 0.5  # of the pixels; the disc's centre lies in pixel 0
    across = centres - offsets[:, None]  # (8, side)
    distances = np.hypot(across[:, None, :, None], across[None, :, None, :])  # (down, right, row, column)
    stamps = np.rint(255 * np.clip(pen / 2 - distances + 0.5, 0, 1)).astype(np.uint8)
    return [list(row) for row in stamps]
