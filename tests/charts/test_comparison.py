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


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("page", ["#ffffff", "#10151f"])
@pytest.mark.parametrize("number", range(6))
def test_every_line_is_seen_on_both_themes(page: str, number: int):
    """Lines have at least 3:1 against the page, as WCAG asks of graphics."""
    lighter, darker = sorted([luminance(line_style(number)[0]), luminance(page)], reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


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


def test_accuracy_is_drawn_without_rings():
    """The turn is one of the loss."""
    lines = figure("accuracy", with_training=False)["data"]
    assert [line["y"] for line in lines] == [[0.875, 0.9], [0.875, 0.9]]
    assert [line["name"] for line in lines] == ["A · Validation", "B · Validation"]


def test_turn_has_a_ring_in_the_colour_of_its_run():
    """Only where there is a turn."""
    *lines, ring = figure(with_training=False)["data"]
    assert len(lines) == 2
    assert (ring["x"], ring["y"]) == ([1], [0.25])
    assert ring["marker"]["color"] == line_style(0)[0]
    assert ring["marker"]["size"] > lines[0]["marker"]["size"]


def test_overflowed_loss_is_a_gap():
    """JSON has no word for it."""
    overflowed = History((EpochRecord(1, float("nan"), 0.1, float("inf"), 0.1, 1.0),))
    drawn = comparison_figure([Curve("A", overflowed)], "loss", True, 2, EN.charts, EN.numbers)
    assert [line["y"] for line in drawn["data"]] == [[None], [None]]
    json.dumps(drawn, allow_nan=False)


def test_axes_have_their_place_before_the_first_epoch():
    """A chart that waits looks like one that will be drawn."""
    waiting = comparison_figure([Curve("A", History())], "accuracy", True, 5, ES.charts, ES.numbers)
    assert waiting["layout"]["yaxis"]["range"] == [0, 1]
    assert waiting["layout"]["xaxis"]["range"][1] > 5
    assert "range" not in figure()["layout"]["yaxis"]


@pytest.mark.parametrize("measure", ["loss", "accuracy"])
def test_figure_is_one_that_plotly_knows(measure: Measure):
    """Plotly's own check finds no unknown property and no wrong value."""
    assert go.Figure(figure(measure)).to_plotly_json()["data"]
