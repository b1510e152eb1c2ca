import json

import plotly.graph_objects as go
import pytest

from mnist_demo.charts.coverage import coverage_figure, coverage_label
from mnist_demo.network.coverage import answer_from
from mnist_demo.texts.loading import load_texts
from tests.network.test_evaluation import sure_of

ES = load_texts("es")
SOME = sure_of((4, 9, 0.75), (4, 4, 0.875), (9, 9, 0.5), (0, 0, 0.9))
LEVELS = [answer_from(SOME, threshold) for threshold in (0.1, 0.8, 0.95)]


def test_line_goes_from_all_answers_to_few():
    """In shares; where nothing is answered, there is no point."""
    figure = coverage_figure(LEVELS, LEVELS[1], ES.evaluation, ES.numbers)
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure
    go.Figure(figure)
    line, place = figure["data"]
    assert (line["x"], line["y"]) == ([1, 0.5], [0.75, 1])
    assert (place["x"], place["y"], place["text"]) == ([0.5], [1], ["80\u00a0%"])
    assert figure["layout"]["yaxis"]["range"][0] < 0.75


def test_a_threshold_without_answers_has_no_mark():
    """The sentence beside the chart says it."""
    _, place = coverage_figure(LEVELS, LEVELS[2], ES.evaluation, ES.numbers)["data"]
    assert place["x"] == place["y"] == place["text"] == []
    with pytest.raises(ValueError, match="no share"):
        coverage_label(LEVELS[2], ES.evaluation, ES.numbers)


def test_finger_scrolls_the_page_over_the_chart():
    """No axis can be zoomed, and dragging means nothing."""
    layout = coverage_figure(LEVELS, LEVELS[0], ES.evaluation, ES.numbers)["layout"]
    assert layout["dragmode"] is False
    assert all(layout[axis]["fixedrange"] for axis in ("xaxis", "yaxis"))
