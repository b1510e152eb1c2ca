import json
from typing import Any

import plotly.graph_objects as go
import pytest

from mnist_demo.charts.comparison import Curve, Measure, comparison_figure, line_style
from mnist_demo.runs.run import EpochRecord, History
from mnist_demo.texts.loading import load_texts
from tests.factories import HISTORY

EN, ES = load_texts("en"), load_texts("es")
CURVES = [Curve("A", HISTORY, overfitting_epoch=1), Curve("B", HISTORY)]


def figure(measure: Measure = "loss", *, with_training: bool = True) -> dict[str, Any]:
    """Draw two runs in English."""
    return comparison_figure(CURVES, measure, with_training, 2, EN.charts, EN.numbers)


def test_no_two_of_many_runs_look_alike():
    """The first six differ in colour and in marker, the first 36 in one of them."""
    styles = [line_style(number) for number in range(36)]
    assert len({colour for colour, _ in styles[:6]}) == len({symbol for _, symbol in styles[:6]}) == 6
    assert len(set(styles)) == 36


def test_validation_is_thick_and_training_is_dotted():
    """In the run's colour both."""
    training, validation = figure()["data"][:2]
    assert training["line"]["dash"] == "dot"
    assert "dash" not in validation["line"]
    assert validation["line"]["width"] > training["line"]["width"]
    assert validation["line"]["color"] == training["line"]["color"]
    assert validation["y"] == [0.25, 0.375]
    assert training["y"] == [0.5, 0.125]


def test_shorter_run_lies_above_a_longer_one():
    """Both begin alike where the seed is the same: none may hide the other, in whatever order they come."""
    short = History(epochs=HISTORY.epochs[:1])
    for curves in ([Curve("A", HISTORY), Curve("B", short)], [Curve("B", short), Curve("A", HISTORY)]):
        drawn = comparison_figure(curves, "loss", True, 2, EN.charts, EN.numbers)["data"]
        heights = {line["name"][0]: line["zorder"] for line in drawn}
        assert heights["B"] > heights["A"]


def test_accuracy_is_drawn_without_rings():
    """Overfitting shows in the loss."""
    lines = figure("accuracy", with_training=False)["data"]
    assert [line["y"] for line in lines] == [[87.5, 90], [87.5, 90]]
    assert [line["name"] for line in lines] == ["A · Validation", "B · Validation"]


def test_overfitting_has_a_ring_in_the_colour_of_its_run():
    """Only where there is any."""
    *lines, ring = figure(with_training=False)["data"]
    assert len(lines) == 2
    assert (ring["x"], ring["y"]) == ([1], [0.25])
    assert ring["marker"]["color"] == line_style(0)[0]
    assert ring["marker"]["size"] > lines[0]["marker"]["size"]


def test_name_that_somebody_typed_is_no_markup():
    """plotly.js would make a link of it, or ask another host for a picture."""
    curve = Curve('<b style="background:url(http://other/x)">B</b>', HISTORY)
    drawn = comparison_figure([curve], "loss", True, 2, EN.charts, EN.numbers)
    assert all("<" not in line["name"] for line in drawn["data"])
    assert drawn["data"][0]["name"].endswith("&lt;/b&gt; · Training")


def test_values_are_written_with_three_or_four_digits():
    """When somebody points at them; accuracy as the language writes per cent."""
    assert {line["hovertemplate"] for line in figure(with_training=False)["data"][:2]} == {"%{y:.3~r}"}
    spanish = comparison_figure(CURVES, "accuracy", False, 2, ES.charts, ES.numbers)
    assert {line["hovertemplate"] for line in spanish["data"]} == {"%{y:.2f}\N{NO-BREAK SPACE}%"}
    assert spanish["layout"]["yaxis"]["ticksuffix"] == "\N{NO-BREAK SPACE}%"


def test_overflowed_loss_is_a_gap():
    """JSON has no word for it."""
    overflowed = History((EpochRecord(1, float("nan"), 0.1, float("inf"), 0.1, 1.0),))
    drawn = comparison_figure([Curve("A", overflowed)], "loss", True, 2, EN.charts, EN.numbers)
    assert [line["y"] for line in drawn["data"]] == [[None], [None]]
    json.dumps(drawn, allow_nan=False)


def test_axes_have_their_place_before_the_first_epoch():
    """A chart that waits looks like one that will be drawn."""
    waiting = comparison_figure([Curve("A", History())], "accuracy", True, 5, ES.charts, ES.numbers)
    assert waiting["layout"]["yaxis"]["range"] == [0, 100]
    assert waiting["layout"]["xaxis"]["range"][1] > 5
    assert "range" not in figure()["layout"]["yaxis"]


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_figure_is_one_that_plotly_knows(measure: Measure):
    """Plotly's own check finds no unknown property and no wrong value."""
    assert go.Figure(figure(measure)).to_plotly_json()["data"]
