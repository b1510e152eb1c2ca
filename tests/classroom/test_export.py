"""What a teacher takes away of a class."""

from __future__ import annotations

import csv
import io
import json
import zipfile

from mnist_demo.classroom import ClassState, export_csv, export_zip, own_view, tally
from mnist_demo.classroom.drawing import Held
from tests.classroom.classes import IMAGE, STROKES, drawn, opened, told

PRESENT = {1, 2, 3}
STATE = told(drawn(drawn(opened(), 2, 8, guess=True), 1, held=Held.NO_DIGIT), "hide", tile="1-1-1")


def test_table_has_a_row_for_each_drawing():
    """A person is a number."""
    rows = list(csv.DictReader(io.StringIO(export_csv(STATE.drawings.values(), PRESENT).decode())))
    assert [list(row.values()) for row in rows] == [
        ["2", "1", "1", "3", "8", "0.91", "wrong", "", "0", "1", "yes"],
        ["1", "1", "1", "3", "3", "0.91", "unsure", "no_digit", "1", "0", ""],
    ]


def counts(state: ClassState) -> list[str]:
    """The column that says what counts."""
    text = export_csv(state.drawings.values(), state.present_numbers).decode()
    return [row["counts"] for row in csv.DictReader(io.StringIO(text))]


def test_table_stage_and_phones_agree_on_what_counts():
    """Nothing that waits for the teacher or is hidden, none but the last drawing, nobody sent away."""
    state = drawn(drawn(drawn(drawn(opened(4), 1), 2, held=Held.UNSURE), 3), 4)
    state = told(told(drawn(state, 1, 8, sequence=2), "remove", seat=4), "hide", tile="1-3-1")
    state = told(told(state, "close"), "reveal")
    own = [own_view(state, seat)["counts"] for seat in state.present]
    assert (counts(state), tally(state).of, own) == (list("00001"), 1, [True, False, False])
    released = told(state, "show", tile="1-2-1")
    own = [own_view(released, seat)["counts"] for seat in released.present]
    assert (counts(released), tally(released).of, own) == (list("01001"), 2, [True, True, False])


def test_zip_has_strokes_and_images_too():
    """And nothing by which somebody could be found."""
    packed = export_zip(iter(STATE.drawings.values()), PRESENT)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.read("drawings.csv") == export_csv(STATE.drawings.values(), PRESENT)
        first, _ = json.loads(archive.read("drawings.json"))
    assert (first["strokes"], bytes(first["image"])) == (STROKES, IMAGE)
    assert set(first) - {"strokes", "image"} == {
        *("person", "round", "sequence", "asked", "read"),
        *("probability", "verdict", "held", "hidden", "counts", "guess"),
    }
