"""Curves on paper."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

from mnist_demo.charts.axes import Measure
from mnist_demo.charts.svg import Plane, curves_svg
from mnist_demo.charts.theme import Colour
from mnist_demo.runs.run import History, StepRecord
from mnist_demo.texts.loading import load_texts
from tests.factories import HISTORY

EN, ES = load_texts("en"), load_texts("es")
SVG = "{http://www.w3.org/2000/svg}"


def draw(history: History = HISTORY, measure: Measure = "loss") -> ET.Element:
    """Draw curves in Spanish, and read them as XML."""
    return ET.fromstring(curves_svg(history, measure, 2, ES.charts, ES.numbers))


def test_both_lines_are_drawn_and_named():
    """Each in its colour, validation dashed; the legend has a sample of both."""
    paths = draw().findall(f"{SVG}path")
    assert [path.get("stroke") for path in paths].count(Colour.TRAINING) == 3
    assert [path.get("stroke-dasharray") for path in paths if path.get("stroke") == Colour.VALIDATION] == [
        "9 5",
        "9 5",
    ]
    words = [text.text for text in draw().findall(f"{SVG}text")]
    assert {ES.charts.training, ES.charts.validation, ES.charts.epochs_axis} <= set(words)


def test_numbers_are_the_languages():
    """Of the axis of each measure."""
    assert "0,1" in [text.text for text in draw().findall(f"{SVG}text")]
    said = [text.text for text in draw(measure="accuracy").findall(f"{SVG}text")]
    assert "80\N{NO-BREAK SPACE}%" in said


def test_nothing_measured_is_an_empty_plane():
    """A run that failed at once has axes, and a legend, and no points of its own."""
    empty = draw(History())
    assert len(empty.findall(f"{SVG}circle")) == 1
    assert empty.find(f"{SVG}title").text == ES.charts.loss_title


def test_line_has_a_gap_where_a_value_has_overflowed():
    """The pen is lifted, and set down again."""
    plane = Plane(4, 0.0, 1.0)
    path = plane.path([(1, 0.5), (2, math.nan), (3, 0.5), (4, 0.25)])
    assert (path.count("M"), path.count("L")) == (2, 1)
    assert [x for x, _ in plane.places([(0, 0.5), (2, math.inf), (4, 0.5)])] == [plane.left, plane.right]


def test_axis_is_the_one_of_the_page():
    """Its round numbers enclose the ends of both epochs, and the first batch leaves it."""
    history = History(HISTORY.epochs, (StepRecord(0.1, 2.4, 0.1), *HISTORY.steps))
    labels = [text.text for text in draw(history).findall(f"{SVG}text")]
    assert labels[:5] == ["0,1", "0,2", "0,3", "0,4", "0,5"]
