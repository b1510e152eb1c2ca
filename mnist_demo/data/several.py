"""Whether a drawing holds several digits side by side, which a network would read as one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.preprocessing import crop_to_ink

ROWS = 40
"""The drawing is looked at with about so many rows: finer gaps than that are the pen's, not the writer's."""
INK_LEVEL = 64
"""Mean brightness of a cell, from which it is ink: less is a soft edge."""
MIN_HEIGHT = 0.4
"""Of the whole drawing: a smaller part is a dot, a loose bar, a piece of a broken stroke."""
MAX_OVERLAP = 0.3
"""Share of the narrower part's width by which two digits side by side may reach over each other."""


@dataclass(frozen=True)
class Part:
    """Ink that hangs together: the box around it, ends excluded, in cells."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """Rows of the box."""
        return self.bottom - self.top

    def overlap(self, other: Part) -> float:
        """Return by which share of the narrower box the two lie above each other."""
        shared = min(self.right, other.right) - max(self.left, other.left)
        return max(0, shared) / min(self.right - self.left, other.right - other.left)


def looks_like_several(ink: NDArray[np.uint8]) -> bool:
    """Tell whether a drawing falls into parts side by side that are each as tall as a digit.

    Args:
        ink: White on black (H, W) uint8.

    Raises:
        EmptyDrawing: There is no ink.
    """
    parts = find_parts(_shrink(crop_to_ink(ink)))
    tallest = max((part.height for part in parts), default=0)
    tall = [part for part in parts if part.height >= MIN_HEIGHT * tallest]
    return any(one.overlap(other) <= MAX_OVERLAP for one, other in combinations(tall, 2))


def _shrink(ink: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where there is ink, in square cells of whole pixels."""
    side = max(1, round(len(ink) / ROWS))
    height, width = (-(-length // side) for length in ink.shape)
    padded = np.pad(ink, ((0, height * side - ink.shape[0]), (0, width * side - ink.shape[1])))
    means = padded.reshape(height, side, width, side).mean(axis=(1, 3))
    return means >= INK_LEVEL * min(1, ink.max() / 255)


def find_parts(marked: NDArray[np.bool_]) -> list[Part]:
    """Find the connected parts of an image (h, w) bool; cells that touch at a corner are connected.

    Each run of ink in a row begins as a part of its own, and is joined with the runs above that it touches.

    Source: Rosenfeld, Pfaltz, "Sequential Operations in Digital Picture Processing" (Journal of the ACM
    1966), with runs in place of pixels.
    """
    edges = np.diff(np.pad(marked, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges > 0)
    ends = np.nonzero(edges < 0)[1]
    roots, numbers = np.unique(_join_runs(rows.tolist(), starts.tolist(), ends.tolist()), return_inverse=True)
    tops, lefts = np.full((2, len(roots)), max(marked.shape))
    bottoms, rights = np.zeros((2, len(roots)), int)
    np.minimum.at(tops, numbers, rows)
    np.maximum.at(bottoms, numbers, rows + 1)
    np.minimum.at(lefts, numbers, starts)
    np.maximum.at(rights, numbers, ends)
    return [Part(*sides) for sides in np.stack([tops, bottoms, lefts, rights], axis=1).tolist()]


def _join_runs(rows: list[int], starts: list[int], ends: list[int]) -> NDArray[np.intp]:
    """Return for each run, row by row, the first run of its part, (n,)."""
    parents = list(range(len(rows)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    above = 0
    for run, row in enumerate(rows):
        while rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[run]):
            above += 1
        touched = above
        while rows[touched] == row - 1 and starts[touched] <= ends[run]:
            one, other = root(run), root(touched)
            parents[max(one, other)] = min(one, other)
            touched += 1
    return np.array([root(run) for run in range(len(rows))], np.intp)
