"""Digits that people wrote, as strokes, drawn as the page's canvas would show them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CANVAS_PIXELS = 280
STAMP_STEPS = 8
"""A stamp of the pen is kept for each eighth of a pixel, along and across."""
CURVE_POINTS = 4

PLACEMENT_SEED = 20
SIZES = (90, 220)
OFFSETS = (-25, 25)
PENS = (12, 24)
"""Pixels between which sizes, offsets and pens are drawn, all of them equally likely."""

SCRIBBLE_POINTS = (8, 25)

Stroke = NDArray[np.float32]
Picture = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class WrittenDigits:
    """Digits as strokes.

    Attributes:
        digits: For each digit its strokes, (n, 2) float32 each: x right, y down, the larger side 1.
        labels: (d,) uint8, what was written.
        writers: (d,) int16, who wrote it.
    """

    digits: tuple[tuple[Stroke, ...], ...]
    labels: NDArray[np.uint8]
    writers: NDArray[np.int16]


@dataclass(frozen=True)
class Placement:
    """Where and how a digit is drawn on the canvas, in its pixels.

    Attributes:
        size: Larger side of the ink, the pen's width included.
        pen: Width of the pen.
        right: How far the middle of the ink lies right of the canvas's.
        down: How far it lies below it.
    """

    size: float
    pen: int
    right: float = 0
    down: float = 0


def load_strokes(path: Path, limit: int | None = None) -> WrittenDigits:
    """Load points, strokes, labels and writers of a file; where a limit is given, so many, evenly spread."""
    with np.load(path, allow_pickle=False) as file:
        strokes = np.split(file["points"], file["stroke_start"][1:-1])
        starts, labels, writers = file["digit_start"], file["label"], file["writer"]
    count = min(limit or len(labels), len(labels))
    chosen = np.linspace(0, len(labels), count, endpoint=False).astype(int)
    digits = tuple(tuple(strokes[starts[digit] : starts[digit + 1]]) for digit in chosen)
    return WrittenDigits(digits, labels[chosen], writers[chosen])


def draw_placements(count: int, seed: int = PLACEMENT_SEED) -> list[Placement]:
    """Draw sizes, pens and offsets at random; the same ones for the same seed. None leaves the canvas."""
    random = np.random.default_rng(seed)
    sizes = random.uniform(*SIZES, count).tolist()
    pens = random.integers(*PENS, count, endpoint=True).tolist()
    offsets = random.uniform(*OFFSETS, (count, 2)).tolist()
    return [Placement(size, pen, *offset) for size, pen, offset in zip(sizes, pens, offsets, strict=True)]


def draw_scribbles(count: int, seed: int = PLACEMENT_SEED) -> WrittenDigits:
    """Let the pen wander about: one to three strokes whose direction changes at random."""
    random = np.random.default_rng(seed)
    scribbles = []
    for _ in range(count):
        strokes: list[Stroke] = []
        for _ in range(random.integers(1, 4)):
            turns = random.normal(0, 1.2, random.integers(*SCRIBBLE_POINTS))
            steps = np.cumsum(turns) + random.uniform(0, 2 * np.pi)
            way = np.cumsum(np.stack([np.cos(steps), np.sin(steps)], axis=1), axis=0)
            strokes.append((way + random.uniform(-3, 3, 2)).astype(np.float32))
        scribbles.append(tuple(strokes))
    return WrittenDigits(tuple(scribbles), np.zeros(count, np.uint8), np.arange(count, dtype=np.int16))


def render_digit(strokes: tuple[Stroke, ...], placement: Placement) -> Picture:
    """Draw strokes with a round pen, white on black.

    A stroke is the union of the discs that the pen covers on its way, at most half a pixel apart: round ends
    and joints follow from that, and bumps stay below 1/64 pixel even with a pen of 4.

    Args:
        strokes: (n, 2) float32 each, 0 to 1.
        placement: Where and how; ink outside the canvas is lost.

    Returns:
        (280, 280) uint8, edges smoothed by the share of the pixel that is covered.
    """
    margin = placement.pen + 2
    paper = np.zeros((CANVAS_PIXELS + 2 * margin,) * 2, np.uint8)
    for stroke in place_strokes(strokes, placement):
        stamp_stroke(paper, stroke + margin, placement.pen)
    return paper[margin:-margin, margin:-margin]


def draw_all(written: WrittenDigits) -> list[Picture]:
    """Draw what was written on the canvas, at the places and with the pens of the usual protocol."""
    placements = draw_placements(len(written.digits))
    return [render_digit(*drawn) for drawn in zip(written.digits, placements, strict=True)]


def place_strokes(strokes: tuple[Stroke, ...], placement: Placement) -> list[Stroke]:
    """Bring strokes (n, 2), 0 to 1, to their pixels on the canvas; (0, 0) is its upper left corner."""
    points = np.concatenate(strokes)
    least, most = points.min(axis=0), points.max(axis=0)
    scale = (placement.size - placement.pen) / max(float((most - least).max()), 1e-6)
    middle = np.array([placement.right, placement.down], np.float32) + np.float32(CANVAS_PIXELS / 2)
    return [(stroke - (least + most) / 2) * np.float32(scale) + middle for stroke in strokes]


def stamp_stroke(paper: Picture, stroke: Stroke, pen: int) -> None:
    """Draw one stroke (n, 2) in pixels on `paper`; what would lie outside is left out."""
    way = walk_evenly(curve_through_middles(stroke), 0.5)
    reach = pen // 2 + 1
    eighths = np.unique(np.floor(way * STAMP_STEPS).astype(int), axis=0)
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
    curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end  # (n - 2, 4, 2)
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
    offsets = (np.arange(STAMP_STEPS) + 0.5) / STAMP_STEPS
    reach = pen // 2 + 1
    centres = np.arange(-reach, reach + 1) + 0.5  # of the pixels; the disc's centre lies in pixel 0
    across = centres - offsets[:, None]  # (8, side)
    distances = np.hypot(across[:, None, :, None], across[None, :, None, :])  # (down, right, row, column)
    stamps = np.rint(255 * np.clip(pen / 2 - distances + 0.5, 0, 1)).astype(np.uint8)
    return [list(row) for row in stamps]


def average_by_writer(right: NDArray[np.bool_], writers: NDArray[np.int16]) -> float:
    """Average what is right (n,) for each writer (n,), then over the writers."""
    _, numbers = np.unique(writers, return_inverse=True)
    return float((np.bincount(numbers, right) / np.bincount(numbers)).mean())
