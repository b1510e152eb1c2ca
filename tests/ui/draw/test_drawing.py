"""Whatever a browser says of its canvas, plain strokes come out of it, or nothing."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from mnist_demo.errors import UnreadableDrawing
from mnist_demo.ui.draw.drawing import FARTHEST_PIXELS, MAX_STEPS, Drawing, Stroke, read_drawing

HAND = {
    "type": "Path",
    "version": "6.7.1",
    "left": 72.5,
    "top": 3,
    "stroke": "#ffffff",
    "strokeWidth": 18,
    "path": [["M", 10.004, 20], ["Q", 10, 20, 11, 21.5], ["L", 12, 23]],
}
STROKE = Stroke((("M", 10.0, 20), ("Q", 10, 20, 11, 21.5), ("L", 12, 23)), 18)
IMAGE = np.arange(784, dtype=np.uint16).astype(np.uint8).tobytes()
FOREIGN = "http://other.example/x.png"


def canvas(*objects: object) -> dict[str, Any]:
    """Write a canvas as a browser does."""
    return {"version": "6.7.1", "objects": list(objects), "background": "#000000"}


def test_stroke_of_a_hand_is_read():
    """Its path and its width, and nothing else that the browser says of it."""
    assert read_drawing(canvas(HAND)) == Drawing(strokes=(STROKE,))


def test_stroke_goes_back_to_the_canvas_as_it_came():
    """White and round, as the pen draws."""
    (fabric,) = Drawing(strokes=(STROKE,)).to_fabric(280)
    assert read_drawing(canvas(fabric)) == Drawing(strokes=(STROKE,))
    assert (fabric["stroke"], fabric["fill"]) == ("#ffffff", None)
    assert (fabric["strokeLineCap"], fabric["strokeLineJoin"]) == ("round", "round")


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "Image", "src": FOREIGN},
        {"type": "image", "src": FOREIGN},
        {"type": "Group", "objects": [{"type": "Image", "src": FOREIGN}, HAND]},
        {"type": "Textbox", "text": "hello"},
        HAND | {"type": "Polyline"},
        HAND | {"strokeWidth": 1e9},
        HAND | {"strokeWidth": True},
        HAND | {"strokeWidth": float("nan")},
        HAND | {"strokeWidth": "18"},
        HAND | {"path": []},
        HAND | {"path": "M 0 0 L 10 10"},
        HAND | {"path": [["L", 1, 2]]},
        HAND | {"path": [["M", 1, 2], ["A", 1, 2, 3, 4, 5, 6, 7]]},
        HAND | {"path": [["M", 1, 2], ["L", 1]]},
        HAND | {"path": [["M", 1, 2], ["L", 1, "2"]]},
        HAND | {"path": [["M", 1, 2], ["L", 1, float("inf")]]},
        HAND | {"path": [["M", 1, 2], ["L", 1, FARTHEST_PIXELS + 1]]},
        HAND | {"path": [["M", 1, 2], ["L", 1, [2]]]},
        HAND | {"path": [["M", 1, 2], [["L"], 1, 2]]},
        HAND | {"path": [["M", 1, 2], []]},
        HAND | {"path": [["M", 1, 2], None]},
        "Path",
        None,
        [],
    ],
)
def test_what_no_pen_draws_is_left_out(entry: object):
    """And the strokes beside it stay."""
    assert read_drawing(canvas(entry, HAND)) == Drawing(strokes=(STROKE,))


@pytest.mark.parametrize("fabric", [None, [], "x", 5, {}, {"objects": None}, {"objects": {"0": HAND}}])
def test_what_is_no_canvas_has_nothing_on_it(fabric: object):
    """It is read as an empty one."""
    assert read_drawing(fabric) == Drawing()


def test_more_steps_than_a_hand_makes_are_refused():
    """In one stroke or in many, before any of them is read."""
    stroke = HAND | {"path": [["M", 1, 2]] * (MAX_STEPS // 2)}
    assert read_drawing(canvas(stroke, stroke)).steps == MAX_STEPS
    with pytest.raises(UnreadableDrawing):
        read_drawing(canvas(stroke, stroke, {"type": "Junk", "path": [0]}))


def test_nothing_of_the_browsers_words_goes_back_to_a_browser():
    """Colours, filters, patterns and shadows may name addresses."""
    traps = {"fill": {"source": FOREIGN}, "stroke": {"source": FOREIGN}, "shadow": FOREIGN, "src": FOREIGN}
    drawing = read_drawing(canvas({"type": "Image", "src": FOREIGN}, HAND | traps), IMAGE)
    assert "other.example" not in json.dumps(drawing.to_fabric(280))


def test_image_is_ours_as_long_as_the_browser_has_one():
    """The browser tells only that there is one; without one of ours there is none."""
    seen = canvas({"type": "Image", "src": FOREIGN}, HAND)
    assert read_drawing(seen, IMAGE) == Drawing(IMAGE, (STROKE,))
    assert read_drawing(seen) == Drawing(strokes=(STROKE,))
    assert read_drawing(canvas(HAND), IMAGE) == Drawing(strokes=(STROKE,))


def test_image_is_one_object_as_large_as_the_canvas():
    """So Undo takes it back at once, after the strokes upon it."""
    shown, stroke = Drawing(IMAGE, (STROKE,)).to_fabric(280)
    assert (shown["type"], shown["width"], shown["height"]) == ("Image", 280, 280)
    assert shown["src"].startswith("data:image/png;base64,")
    assert stroke["type"] == "Path"
    assert Drawing(IMAGE, (STROKE,)).without_last() == Drawing(IMAGE)
    assert Drawing(IMAGE).without_last() == Drawing().without_last() == Drawing()


def test_thinned_stroke_keeps_its_ends_and_loses_what_is_close():
    """What is left is at least so far apart, but for the last point."""
    stroke = Stroke.through([(0, 0), (1, 0), (2, 0), (3, 0), (3.5, 0)], 18)
    assert stroke.thinned(2).path == (("M", 0, 0), ("L", 2, 0), ("L", 3.5, 0))
    assert stroke.thinned(0) == stroke
    assert Stroke.through([(5, 5)], 18).thinned(9).path == (("M", 5, 5),)
