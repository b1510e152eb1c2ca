"""How many images of each digit there are, as bars."""

from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from mnist_demo.charts.counts import counts_figure
from mnist_demo.texts import NumberTexts, load_texts

EN, ES = load_texts("en").numbers, load_texts("es").numbers
PARTS = ("a", "b", "c")
COUNTS = np.array([[4000] * 10, [1000] * 10, [2000] * 10])


def test_bars_of_a_digit_stand_upon_each_other():
    """Three parts, ten digits, each part with a pattern of its own for whoever sees no colours."""
    figure = counts_figure(COUNTS, PARTS, EN)
    assert figure["layout"]["barmode"] == "stack"
    assert [bar["name"] for bar in figure["data"]] == ["a", "b", "c"]
    assert [bar["y"][3] for bar in figure["data"]] == [4000, 1000, 2000]
    assert len({bar["marker"]["pattern"]["shape"] for bar in figure["data"]}) == 3


@pytest.mark.parametrize(("numbers", "written"), [(EN, ["0", "2,000", "4,000"]), (ES, ["0", "2000", "4000"])])
def test_axis_is_written_as_the_language_writes_numbers(numbers: NumberTexts, written: list[str]):
    """In Spanish four digits stand without a mark, as in the sentences beside the chart."""
    axis = counts_figure(COUNTS, PARTS, numbers)["layout"]["yaxis"]
    assert axis["ticktext"][:3] == written
    assert axis["tickvals"][-1] >= 7000


@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_few_images_are_counted_in_whole_numbers(most: int):
    """There is no half image."""
    ticks = counts_figure(np.full((3, 10), [[most], [0], [0]]), PARTS, EN)["layout"]["yaxis"]["tickvals"]
    assert ticks == sorted(set(map(round, ticks)))


def test_figure_is_one_that_plotly_knows():
    """Plotly's own check finds no unknown property, and it goes to the browser as plain JSON."""
    figure = counts_figure(COUNTS, PARTS, ES)
    assert go.Figure(figure).to_plotly_json()["data"]
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure
