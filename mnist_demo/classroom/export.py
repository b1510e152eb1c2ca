"""The class to take away, anonymous: a zip of all that was drawn, and a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Collection, Iterable
from typing import Any

from mnist_demo.classroom.drawing import Drawing, counted_drawings
from mnist_demo.classroom.strokes import unpack_strokes

COLUMNS = (
    "person",
    "round",
    "sequence",
    "asked",
    "read",
    "probability",
    "verdict",
    "held",
    "hidden",
    "counts",
    "guess",
)
DRAWINGS_FILE, TABLE_FILE = "drawings.json", "drawings.csv"


def export_csv(drawings: Iterable[Drawing], present: Collection[int]) -> bytes:
    """Write a table with a row for each drawing, UTF-8; a person is a number.

    Args:
        drawings: Of all rounds.
        present: Numbers of the seats that take part, without which nothing counts.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_rows(list(drawings), present))
    return text.getvalue().encode()


def export_zip(drawings: Iterable[Drawing], present: Collection[int]) -> bytes:
    """Pack the table, and a JSON that has the strokes (x, y, t) and the framed image's bytes besides."""
    found = list(drawings)
    entries = [
        row | {"strokes": unpack_strokes(drawing.strokes), "image": list(drawing.reading.image)}
        for drawing, row in zip(found, _rows(found, present), strict=True)
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TABLE_FILE, export_csv(found, present))
        archive.writestr(DRAWINGS_FILE, json.dumps(entries, separators=(",", ":")))
    return packed.getvalue()


def _rows(drawings: list[Drawing], present: Collection[int]) -> list[dict[str, Any]]:
    counted = {drawing.id for drawing in counted_drawings(drawings, present)}
    return [_row(drawing) | {"counts": int(drawing.id in counted)} for drawing in drawings]


def _row(drawing: Drawing) -> dict[str, Any]:
    reading = drawing.reading
    return {
        "person": drawing.seat,
        "round": drawing.round,
        "sequence": drawing.sequence,
        "asked": drawing.asked,
        "read": reading.read,
        "probability": round(reading.probability, 4),
        "verdict": drawing.verdict.value,
        "held": reading.held.value if reading.held else "",
        "hidden": int(drawing.shown is False),
        "guess": drawing.guess_word or "",
    }
