"""Marks of a learning rate that was changed, on every kind of curves."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import plotly.graph_objects as go
import pytest

from mnist_demo.charts.comparison import Curve, comparison_figure, line_style
from mnist_demo.charts.rates import LABEL_SHARE, RateMark, rate_marks, rate_shapes, rates_alt
from mnist_demo.charts.svg import curves_svg
from mnist_demo.charts.theme import Colour
from mnist_demo.texts.loading import load_texts
from tests.factories import HISTORY

EN, ES = load_texts("en"), load_texts("es")
PLACES = [(1.5, 0.01)]
SVG = "{http://www.w3.org/2000/svg}"


def test_label_tells_the_new_rate_as_the_language_writes_it():
    """It stands on the right of its line."""
    assert rate_marks([(2.0, 0.003)], (0, 10), ES.numbers) == [RateMark(2.0, "0,003", is_left=False)]


def test_label_at_the_end_stands_on_the_left():
    """On the right it would be cut off."""
    assert rate_marks([(9.5, 0.003)], (0, 10), EN.numbers)[0].is_left


def test_of_labels_that_would_overlap_the_last_is_shown():
    """Every line is there; the one before the last keeps its label only if there is room for both."""
    near, far = 2 + 9 * LABEL_SHARE, 2 + 11 * LABEL_SHARE
    assert [mark.label for mark in rate_marks([(2, 0.1), (near, 0.2)], (0, 10), EN.numbers)] == ["", "0.2"]
    assert [mark.label for mark in rate_marks([(2, 0.1), (far, 0.2)], (0, 10), EN.numbers)] == ["0.1", "0.2"]


def test_label_on_the_left_takes_the_room_before_its_line():
    """There, the label of the line before would be under it."""
    labels = [mark.label for mark in rate_marks([(7, 0.1), (9.9, 0.2)], (0, 10), EN.numbers)]
    assert labels == ["", "0.2"]


@pytest.mark.parametrize(("at_top", "edge"), [(True, ("end", "top")), (False, ("start", "bottom"))])
def test_line_is_thin_dashed_and_upright(at_top: bool, edge: tuple[str, str]):
    """From edge to edge of the chart, with its label where the curves are not."""
    (shape,) = rate_shapes(rate_marks(PLACES, (0, 2), EN.numbers), at_top=at_top)
    assert (shape["x0"], shape["x1"], shape["y0"], shape["y1"]) == (1.5, 1.5, 0, 1)
    assert (shape["yref"], shape["line"]["dash"]) == ("paper", "dash")
    assert shape["line"]["color"] == Colour.BORDER
    assert shape["line"]["width"] < 2
    assert (shape["label"]["textposition"], shape["label"]["yanchor"]) == edge
    go.Figure({"layout": {"shapes": [shape]}})


def test_compared_run_has_its_line_in_its_colour():
    """A second run without a change has none."""
    curves = [Curve("A", HISTORY), Curve("B", HISTORY, rates=PLACES)]
    figure = comparison_figure(curves, "loss", True, 2, EN.charts, EN.numbers)
    (shape,) = figure["layout"]["shapes"]
    assert (shape["x0"], shape["label"]["text"]) == (1.5, "0.01")
    assert shape["line"]["color"] == line_style(1)[0]
    go.Figure(figure)


def test_change_in_the_first_epoch_is_on_the_compared_chart():
    """Whose axis else begins where the first epoch ends."""
    figure = comparison_figure(
        [Curve("A", HISTORY, rates=[(0.2, 0.1)])], "loss", True, 2, EN.charts, EN.numbers
    )
    assert figure["layout"]["xaxis"]["range"][0] < 0.2


def test_paper_has_the_line_and_its_label():
    """The report's curves; without a change there is none."""
    drawn = ET.fromstring(curves_svg(HISTORY, "loss", 2, ES.charts, ES.numbers, PLACES))
    (line,) = [path for path in drawn.findall(f"{SVG}path") if path.get("class") == "rate"]
    assert line.get("stroke-dasharray")
    assert "0,01" in [text.text for text in drawn.findall(f"{SVG}text")]
    assert "0,01 tras 1,50 épocas" in drawn.find(f"{SVG}title").text
    assert 'class="rate"' not in curves_svg(HISTORY, "loss", 2, ES.charts, ES.numbers)


def test_whoever_cannot_see_the_chart_is_told():
    """Of each change; nothing without any."""
    assert rates_alt([], EN.charts, EN.numbers) == ""
    assert rates_alt([(0.5, 0.01), (1.5, 0.1)], EN.charts, EN.numbers).endswith(
        ": 0.01 after 0.50 epochs, 0.1 after 1.50 epochs."
    )
