"""A sheet of the drawings that a network is surest of, and wrong."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.strokes import Placement, WrittenDigits, render_digit
from mnist_demo.data.shape import IMAGE_SIDE
from mnist_demo.network.mlp import Network

SHEET_DIGITS, SHEET_COLUMNS = 60, 6
CELL_PIXELS, CAPTION_PIXELS = 112, 18

Rows = NDArray[np.float32]


def find_surest_mistakes(probabilities: Rows, labels: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Find which of (n, 10) probabilities are wrong, the surest first, at most a sheet full."""
    answers = probabilities.argmax(axis=1)
    sureness = np.where(answers == labels, -1, probabilities.max(axis=1))
    order = np.argsort(-sureness, kind="stable")
    return order[sureness[order] >= 0][:SHEET_DIGITS]


def save_sheet(
    path: Path, network: Network, written: WrittenDigits, placements: list[Placement], framed: Rows
) -> None:
    """Save a picture of the surest mistakes: drawing, frame, truth, answer and its probability."""
    probabilities = network.predict(framed)
    mistakes = find_surest_mistakes(probabilities, written.labels)
    width, height = 2 * CELL_PIXELS, CELL_PIXELS + CAPTION_PIXELS
    rows = max(1, math.ceil(len(mistakes) / SHEET_COLUMNS))
    sheet = Image.new("L", (SHEET_COLUMNS * width, rows * height), 64)
    pen = ImageDraw.Draw(sheet)
    for place, index in enumerate(mistakes.tolist()):
        left, top = place % SHEET_COLUMNS * width, place // SHEET_COLUMNS * height
        drawing = render_digit(written.digits[index], placements[index])
        frame = np.rint(framed[index] * 255).astype(np.uint8).reshape(IMAGE_SIDE, IMAGE_SIDE)
        for column, picture, filter_ in (
            (left, drawing, Image.Resampling.BOX),
            (left + CELL_PIXELS, frame, Image.Resampling.NEAREST),
        ):
            cell = Image.fromarray(picture).resize((CELL_PIXELS - 2,) * 2, filter_)
            sheet.paste(cell, (column, top + CAPTION_PIXELS))
        answer = probabilities[index].argmax()
        caption = (
            f"{written.labels[index]} read as {answer}, {probabilities[index, answer]:.1%} (no. {index})"
        )
        pen.text((left + 3, top + 3), caption, 255)
    sheet.save(path)
