import json
import math
from typing import Any

import plotly.graph_objects as go
import pytest

from mnist_demo.charts.axes import Measure, axis_ranges
from mnist_demo.charts.curves import curve_points, curves_alt, curves_figure
from mnist_demo.charts.theme import Colour
from mnist_demo.runs.run import EpochRecord, History, StepRecord
from mnist_demo.texts.loading import load_texts
from tests.factories import HISTORY

EN, ES = load_texts("en"), load_texts("es")
NBSP = "\N{NO-BREAK SPACE}"


def loss(history: History = HISTORY, epochs: int = 2, revision: str = "r1") -> dict[str, Any]:
    """Draw a loss figure in English."""
    return curves_figure(history, "loss", epochs, EN.charts, EN.numbers, revision)


def accuracy(history: History = HISTORY, epochs: int = 2) -> dict[str, Any]:
    """Draw an accuracy figure in English."""
    return curves_figure(history, "accuracy", epochs, EN.charts, EN.numbers, "r1")


def points(trace: dict[str, Any]) -> list[tuple[float, float]]:
    """Points of a line."""
    return list(zip(trace["x"], trace["y"], strict=True))


class TestCurves:
    def test_loss_has_three_lines(self):
        """Within the epoch, at its end, and validation."""
        assert [trace["name"] for trace in loss()["data"]] == ["during the epoch", "Training", "Validation"]

    def test_loss_lines_have_their_points(self):
        """Steps lie within epochs; training and validation at the end of each."""
        within, training, validation = loss()["data"]
        assert points(within) == [(0.5, 0.75), (1.5, 0.2)]
        assert points(training) == [(1, 0.5), (2, 0.125)]
        assert points(validation) == [(1, 0.25), (2, 0.375)]

    def test_accuracy_lines_have_their_points(self):
        """The same places with the other measure, in per cent."""
        within, training, validation = accuracy()["data"]
        assert points(within) == [(0.5, 50), (1.5, 90)]
        assert points(training) == [(1, 75), (2, 93.75)]
        assert points(validation) == [(1, 87.5), (2, 90)]

    def test_digits_that_nobody_sees_are_not_sent(self):
        """A float of 17 digits is three times as long as what a chart can show of it."""
        record = EpochRecord(1, 1 / 3, 2 / 3, 123456.789, 0.1, 1.0)
        history = History((record,), (StepRecord(1 / 3, 0.0001234567, 0.1),))
        within, training, validation = curve_points(history, "loss")
        assert (within, training["y"], validation["y"]) == (
            {"x": [0.3333], "y": [0.00012346]},
            [0.33333],
            [123460],
        )
        assert curve_points(history, "accuracy")[1]["y"] == [66.667]

    def test_points_that_follow_are_the_rest_of_the_lines(self):
        """What a page has and what it gets later make the whole figure."""
        first, rest = History(HISTORY.epochs[:1], HISTORY.steps[:1]), HISTORY.since(1, 1)
        for whole, known, news in zip(
            *(curve_points(history, "loss") for history in (HISTORY, first, rest)), strict=True
        ):
            assert points(whole) == points(known) + points(news)

    def test_nothing_measured_gives_empty_lines(self):
        """Axes and legend are there before the first step."""
        figure = loss(History())
        assert [points(trace) for trace in figure["data"]] == [[], [], []]

    def test_overflowed_loss_leaves_a_gap(self):
        """JSON has no word for what is not a number, and the browser would refuse the whole answer."""
        record = EpochRecord(1, math.nan, 0.1, math.inf, 0.1, 1.0)
        figure = loss(History((record,), (StepRecord(0.5, -math.inf, 0.1), StepRecord(0.9, 2.5, 0.1))))
        assert [trace["y"] for trace in figure["data"]] == [[None, 2.5], [None], [None]]
        json.dumps(figure, allow_nan=False)

    @pytest.mark.parametrize("figure", [loss(), accuracy()])
    def test_figure_is_plain_json(self, figure: dict[str, Any]):
        """It goes to the browser as it is."""
        assert json.loads(json.dumps(figure, allow_nan=False)) == figure

    def test_lines_are_told_apart_without_colour(self):
        """Each has its own colour, dash and marker."""
        _, training, validation = loss()["data"]
        assert (training["line"]["color"], training["line"]["dash"]) == (Colour.TRAINING, "solid")
        assert (validation["line"]["color"], validation["line"]["dash"]) == (Colour.VALIDATION, "dash")
        assert training["marker"]["symbol"] != validation["marker"]["symbol"]

    @pytest.mark.parametrize(
        ("epochs", "tick"), [(1, 1), (10, 1), (15, 1), (20, 2), (30, 2), (90, 10), (200, 20)]
    )
    def test_axis_shows_all_epochs_from_the_start(self, epochs: int, tick: int):
        """It ends a little after the last one, so that its marker is whole, and has at most 15 ticks."""
        axis = loss(epochs=epochs)["layout"]["xaxis"]
        assert axis["range"] == [0, pytest.approx(1.03 * epochs)]
        assert axis["dtick"] == tick

    @pytest.mark.parametrize("figure", [loss(), accuracy()])
    def test_value_axis_is_fitted(self, figure: dict[str, Any]):
        """Nothing is left to plotly.js, which would fit it to the first batches."""
        measure: Measure = "accuracy" if figure == accuracy() else "loss"
        assert figure["layout"]["yaxis"]["range"] == axis_ranges(HISTORY, measure)["linear"]

    @pytest.mark.parametrize(("figure", "level"), [(loss(), math.log(10)), (accuracy(), 10)])
    def test_chance_is_a_dotted_line_across(self, figure: dict[str, Any], level: float):
        """Named, in a colour that is seen on both pages, and belonging to the axis, which cuts it off."""
        (line,) = figure["layout"]["shapes"]
        assert (line["y0"], line["y1"]) == (pytest.approx(level), pytest.approx(level))
        assert (line["xref"], line["x0"], line["x1"]) == ("paper", 0, 1)
        assert line["label"]["text"] == "by chance"
        assert line["line"]["dash"] == "dot"
        assert line["line"]["color"] in set(Colour)

    def test_zoom_is_kept_within_a_job(self):
        """Plotly keeps what a visitor has zoomed to as long as the revision stays."""
        assert loss(revision="job7")["layout"]["uirevision"] == "job7"

    def test_words_and_marks_are_the_languages(self):
        """In Spanish the comma parts the decimals, a space that does not break the thousands."""
        figure = curves_figure(HISTORY, "loss", 2, ES.charts, ES.numbers, "r1")
        assert figure["layout"]["separators"] == ",\u00a0"
        assert figure["layout"]["xaxis"]["title"]["text"] == "Épocas"
        assert [trace["name"] for trace in figure["data"]][1:] == ["Entrenamiento", "Validación"]
        assert loss()["layout"]["separators"] == ".,"

    def test_accuracy_is_written_as_the_language_writes_per_cent(self):
        """On the axis, and with four digits when somebody points at it; loss with three."""
        spanish = curves_figure(HISTORY, "accuracy", 2, ES.charts, ES.numbers, "r1")
        assert spanish["layout"]["yaxis"]["ticksuffix"] == f"{NBSP}%"
        assert {line["hovertemplate"] for line in spanish["data"]} == {f"%{{y:.2f}}{NBSP}%"}
        assert {line["hovertemplate"] for line in loss()["data"]} == {"%{y:.3~r}"}

    @pytest.mark.parametrize(("epochs", "mode"), [(40, "lines+markers"), (41, "lines")])
    def test_markers_of_many_epochs_would_hide_the_line(self, epochs: int, mode: str):
        """They stay or stay away for the whole run, whose first epochs do not know how many will come."""
        assert [line["mode"] for line in loss(epochs=epochs)["data"]] == ["lines", mode, mode]

    def test_plotlys_default_template_is_left_out(self):
        """It is 7 kB that every update would carry."""
        assert "template" not in loss()["layout"]
        assert len(json.dumps(loss())) < 2400


class TestAlt:
    @pytest.mark.parametrize(
        ("measure", "figures"),
        [("loss", "training 0.125, validation 0.375"), ("accuracy", "training 93.8%, validation 90.0%")],
    )
    def test_last_epoch_is_told(self, measure: Measure, figures: str):
        """For whoever cannot see the chart."""
        said = curves_alt(HISTORY, measure, 5, EN.charts, EN.numbers)
        assert said.endswith(f". After epoch 2 of 5: {figures}.")

    def test_chart_without_an_epoch_has_its_title(self):
        """There is nothing to tell yet."""
        assert curves_alt(History(), "loss", 5, EN.charts, EN.numbers) == EN.charts.loss_title


@pytest.mark.parametrize(
    "figure",
    [
        loss(),
        accuracy(),
    ],
)
def test_figure_is_one_that_plotly_knows(figure: dict):
    """Plotly's own check finds no unknown property and no wrong value."""
    assert go.Figure(figure).to_plotly_json()["data"][0]["type"] == figure["data"][0]["type"]
