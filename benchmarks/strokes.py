"""Digits that people wrote, as strokes, drawn as the page's canvas would show them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import CANVAS_PIXELS, Picture, Stroke, draw_strokes

PLACEMENT_SEED = 20
SIZES = (90, 220)
OFFSETS = (-25, 25)
PENS = (12, 24)
"""Pixels between which sizes, offsets and pens are drawn, all of them equally likely."""

SCRIBBLE_POINTS = (8, 25)


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
    """Draw strokes (n, 2), 0 to 1, white on black: see `data.draw_strokes`; ink outside is lost."""
    return draw_strokes(place_strokes(strokes, placement), placement.pen)


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


def average_by_writer(right: NDArray[np.bool_], writers: NDArray[np.int16]) -> float:
    """Average what is right (n,) for each writer (n,), then over the writers."""
    _, numbers = np.unique(writers, return_inverse=True)
    return float((np.bincount(numbers, right) / np.bincount(numbers)).mean())
