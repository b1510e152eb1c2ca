"""What a teacher takes away of a class."""

from __future__ import annotations

import csv
import io
import json
import zipfile

from mnist_demo.classroom import export_csv, export_zip
from mnist_demo.classroom.drawing import Held
from tests.classroom.classes import IMAGE, STROKES, drawn, opened, told

STATE = told(drawn(drawn(opened(), 2, 8, guess=True), 1, held=Held.NO_DIGIT), "hide", tile="1-1-1")


def test_table_has_a_row_for_each_drawing():
    """A person is a number."""
    rows = list(csv.DictReader(io.StringIO(export_csv(STATE.drawings.values()).decode())))
    assert [list(row.values()) for row in rows] == [
        ["2", "1", "1", "3", "8", "0.91", "wrong", "", "0", "yes"],
        ["1", "1", "1", "3", "3", "0.91", "unsure", "no_digit", "1", ""],
    ]


def test_zip_has_strokes_and_images_too():
    """And nothing by which somebody could be found."""
    packed = export_zip(iter(STATE.drawings.values()))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.read("drawings.csv") == export_csv(STATE.drawings.values())
        first, _ = json.loads(archive.read("drawings.json"))
    assert (first["strokes"], bytes(first["image"])) == (STROKES, IMAGE)
    assert set(first) - {"strokes", "image"} == {
        *("person", "round", "sequence", "asked", "read"),
        *("probability", "verdict", "held", "hidden", "guess"),
    }
