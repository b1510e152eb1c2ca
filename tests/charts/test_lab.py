import json
from typing import Any

import plotly.graph_objects as go
import pytest

from mnist_demo.charts.lab import accuracy_fall_figure, answer_map_figure
from mnist_demo.texts.loading import load_texts

EN, ES = load_texts("en"), load_texts("es")
NBSP = "\N{NO-BREAK SPACE}"
XS, YS = (-1, 0, 1), (0, 10)


def answer_map(here: tuple[int, int] = (0, 10)) -> dict[str, Any]:
    """Draw a map of two rows and three columns."""
    digits, shares = [[3, 3, 8], [3, 9, 0]], [[1.0, 0.9, 0.5], [0.75, 0.25, 0.0]]
    return answer_map_figure(digits, shares, ("Right", XS), ("Noise", YS), here, EN.numbers)


def fall(here: int = 50) -> dict[str, Any]:
    """Draw a curve of three points."""
    return accuracy_fall_figure((0, 50, 100), (0.97, 0.8, 0.1), here, "Silenced", ES.lab, ES.numbers)


class TestMap:
    def test_digit_stands_in_its_cell(self):
        """Nobody needs colour to read the map."""
        (cells,) = answer_map()["data"]
        assert cells["text"] == [["3", "3", "8"], ["3", "9", "0"]]
        assert cells["customdata"][0] == ["99.9%", "90.0%", "50.0%"]
        assert (cells["x"], cells["y"]) == (list(XS), list(YS))

    def test_colour_tells_digit_and_certainty(self):
        """Each digit has its own stretch of the scale, and certainty never reaches into the next one's."""
        (cells,) = answer_map()["data"]
        assert [[int(value) for value in row] for row in cells["z"]] == [[3, 3, 8], [3, 9, 0]]
        assert cells["z"][0][0] > cells["z"][0][1]
        assert (cells["zmin"], cells["zmax"], len(cells["colorscale"])) == (0, 10, 20)

    def test_frame_marks_the_cell_of_the_sliders(self):
        """Half a step around their values."""
        (frame,) = answer_map((1, 10))["layout"]["shapes"]
        assert (frame["x0"], frame["x1"], frame["y0"], frame["y1"]) == (0.5, 1.5, 5, 15)

    def test_first_row_is_on_top(self):
        """What moves down goes down on the map."""
        assert answer_map()["layout"]["yaxis"]["autorange"] == "reversed"


class TestFall:
    def test_chosen_strength_is_marked_on_the_line(self):
        """Where the slider stands."""
        _, line, point = fall(50)["data"]
        assert list(zip(line["x"], line["y"], strict=True)) == [(0, 97), (50, 80), (100, 10)]
        assert (point["x"], point["y"]) == ([50], [80])

    def test_guessing_is_shown(self):
        """One in ten digits is right by chance."""
        guess = fall()["data"][0]
        assert guess["y"] == [10, 10]
        assert guess["name"] == ES.lab.chance_level

    def test_scale_is_the_same_for_every_damage(self):
        """From 0 to 100 per cent, so that two curves can be compared."""
        assert fall()["layout"]["yaxis"]["range"][0] == 0
        assert fall()["layout"]["separators"] == f",{NBSP}"

    def test_point_is_told_as_the_language_writes_it(self):
        """Strength and accuracy, in per cent both."""
        assert fall()["data"][1]["hovertemplate"] == f"%{{x}}{NBSP}%: %{{y:.1f}}{NBSP}%<extra></extra>"


@pytest.mark.parametrize("figure", [answer_map(), fall()])
def test_figure_is_one_that_plotly_knows(figure: dict[str, Any]):
    """Plotly's own check finds no unknown property, and it goes to the browser as plain JSON."""
    assert go.Figure(figure).to_plotly_json()["data"][0]["type"] == figure["data"][0]["type"]
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure
