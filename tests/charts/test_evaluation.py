import json
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from mnist_demo.charts.evaluation import confusion_figure, digits_figure, reliability_figure
from mnist_demo.network.evaluation import Evaluation
from mnist_demo.texts.loading import load_texts
from tests.network.test_evaluation import sure_of

EN, ES = load_texts("en"), load_texts("es")
SOME = sure_of((4, 9, 0.95), (4, 9, 0.85), (4, 4, 0.9), (9, 9, 0.62), (0, 0, 1.0))


def matrix(evaluation: Evaluation = SOME, *, shares: bool = False) -> dict[str, Any]:
    """Draw the matrix in English, the cell of 4s taken for 9s chosen."""
    return confusion_figure(evaluation, (4, 9), EN.evaluation, EN.numbers, shares=shares)


FIGURES = [
    matrix(),
    matrix(shares=True),
    digits_figure(SOME, EN.evaluation, EN.numbers),
    reliability_figure(SOME, EN.evaluation, EN.numbers),
]


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_is_plain_json_that_plotly_knows(figure: dict[str, Any]):
    """It goes to the browser as it is, shares that do not exist included."""
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure
    go.Figure(figure)


@pytest.mark.parametrize("figure", FIGURES)
def test_finger_scrolls_the_page_over_the_chart(figure: dict[str, Any]):
    """No axis can be zoomed, and dragging means nothing."""
    assert figure["layout"]["dragmode"] is False
    assert all(figure["layout"][axis]["fixedrange"] for axis in ("xaxis", "yaxis"))


class TestMatrix:
    def test_mistakes_stand_in_their_cells(self):
        """Their scale knows neither right answers nor empty cells."""
        right, wrong, _ = matrix()["data"]
        assert wrong["z"][4][9] == pytest.approx(np.sqrt(2))
        assert sum(cell is not None for row in wrong["z"] for cell in row) == 1
        assert [row.index(1) for row in right["z"]] == list(range(10))

    def test_cells_say_how_many(self):
        """Only where there are any."""
        text = matrix()["data"][2]
        said = dict(zip(zip(text["y"], text["x"], strict=True), text["text"], strict=True))
        assert said == {("4", "9"): "2", ("4", "4"): "1", ("9", "9"): "1", ("0", "0"): "1"}

    def test_cells_say_the_share_of_their_row(self):
        """Two of three 4s; in Spanish with a comma."""
        assert "66.7" in matrix(shares=True)["data"][2]["text"]
        figure = confusion_figure(SOME, (0, 0), ES.evaluation, ES.numbers, shares=True)
        assert "66,7" in figure["data"][2]["text"]

    def test_chosen_cell_is_framed(self):
        """Around row 4, column 9."""
        (frame,) = matrix()["layout"]["shapes"]
        assert [frame[edge] for edge in ("x0", "x1", "y0", "y1")] == [8.5, 9.5, 3.5, 4.5]


class TestDigits:
    def test_both_measures_are_told_apart_without_colour(self):
        """Each has its own marker, and its number."""
        recall, precision = digits_figure(SOME, EN.evaluation, EN.numbers)["data"]
        assert recall["marker"]["symbol"] != precision["marker"]["symbol"]
        assert (recall["text"][4], precision["text"][9]) == ("33.3%", "33.3%")
        assert recall["x"][3] is None
        assert recall["text"][3] == ""

    def test_numbers_stand_away_from_each_other(self):
        """The lower one on the left; of equal ones, recall."""
        recall, precision = digits_figure(SOME, EN.evaluation, EN.numbers)["data"]
        for digit, sides in {4: ("left", "right"), 9: ("right", "left"), 0: ("left", "right")}.items():
            assert (recall["textposition"][digit], precision["textposition"][digit]) == tuple(
                f"middle {side}" for side in sides
            )

    @pytest.mark.parametrize(("wrong", "lowest"), [(1, 0.9), (90, 0.0)])
    def test_axis_reaches_the_worst_digit(self, wrong: int, lowest: float):
        """The scale is fine for a good network and whole for a bad one."""
        answers = [(1, 1, 0.9)] * (100 - wrong) + [(1, 7, 0.9)] * wrong + [(7, 7, 0.9)] * 20 * wrong
        axis = digits_figure(sure_of(*answers), EN.evaluation, EN.numbers)["layout"]["xaxis"]
        assert axis["range"][0] < min(axis["tickvals"])
        assert axis["tickvals"][0] == 1
        assert lowest - 0.06 <= min(axis["tickvals"]) < 1


def test_reliability_has_a_point_for_each_range():
    """At mean confidence and accuracy, larger where there are more images."""
    diagonal, none, points = reliability_figure(SOME, EN.evaluation, EN.numbers)["data"]
    assert (diagonal["x"], diagonal["y"]) == ([0, 1], [0, 1])
    assert none["x"] == []
    assert points["x"] == pytest.approx([0.62, 0.875, 0.975])
    assert points["y"] == [1, 0.5, 0.5]
    assert points["marker"]["size"][0] < points["marker"]["size"][1] == points["marker"]["size"][2]
    assert points["text"][0] == "confidence 62.0%: right in 100.0% of 1"


def test_no_line_leads_to_ranges_with_few_images():
    """One image alone is right in 0 % or in 100 %: that is chance, and is said to be."""
    evaluation = sure_of((4, 9, 0.45), *[(4, 4, 0.95)] * 10, *[(4, 4, 0.85)] * 9)
    _, many, few = reliability_figure(evaluation, EN.evaluation, EN.numbers)["data"]
    assert many["x"] == pytest.approx([0.95])
    assert "lines" in many["mode"]
    assert few["x"] == pytest.approx([0.45, 0.85])
    assert few["mode"] == "markers"
    assert few["marker"]["color"] != many["line"]["color"]
    assert "fewer than 10" in few["name"]


def test_ranges_with_many_images_need_no_second_legend():
    """Nothing is said to be chance where nothing is."""
    evaluation = sure_of(*[(4, 4, 0.95)] * 10)
    assert len(reliability_figure(evaluation, EN.evaluation, EN.numbers)["data"]) == 2
