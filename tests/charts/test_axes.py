"""Where the value axis of curves begins and ends."""

import math

import pytest

from mnist_demo.charts.axes import CHANCE, Measure, axis_ranges, nice_ticks, value_ticks
from mnist_demo.runs.run import EpochRecord, History, StepRecord
from tests.factories import HISTORY

EARLY = (StepRecord(0.05, 2.3, 0.1), StepRecord(0.5, 0.9, 0.7))
"""The first batches, of a network that knows nothing yet."""


def guessing(loss: float = 2.31, accuracy: float = 0.098) -> History:
    """Make three epochs of a network that only guesses."""
    return History(
        tuple(EpochRecord(epoch, loss + epoch / 100, accuracy, loss, accuracy, 1.0) for epoch in range(1, 4)),
        EARLY,
    )


class TestTicks:
    @pytest.mark.parametrize(
        ("low", "high", "ticks"),
        [
            (0.02, 0.27, [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]),
            (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
            (0.9223, 0.9933, [0.92, 0.94, 0.96, 0.98, 1.0]),
        ],
    )
    def test_ticks_are_round(self, low: float, high: float, ticks: list[float]):
        """Steps of 1, 2 or 5."""
        assert nice_ticks(low, high) == pytest.approx(ticks)

    @pytest.mark.parametrize("value", [0.0, 1.0, -3.0, 1e-12, 3e38])
    def test_single_value_has_room_around_it(self, value: float):
        """An axis is never of no length."""
        ticks = nice_ticks(value, value)
        assert ticks[0] < value < ticks[-1]


class TestRange:
    def test_first_batches_set_the_axis_only_at_first(self):
        """They are all that there is; after the second epoch they leave the chart."""
        first = History(HISTORY.epochs[:1], EARLY)
        assert value_ticks(first, "loss")[-1] >= 2.3
        assert value_ticks(first, "accuracy")[0] <= 0.1
        whole = History(HISTORY.epochs, EARLY)
        assert value_ticks(whole, "loss") == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
        assert value_ticks(whole, "accuracy")[0] == pytest.approx(0.75)

    def test_two_close_curves_are_told_apart(self):
        """After ten epochs, training at 0.013 and validation at 0.113 are a third of the chart apart."""
        falls = [(0.25, 0.13), (0.1, 0.1), (0.013, 0.113)]
        records = [EpochRecord(n, loss, 0.9, val, 0.9, 1.0) for n, (loss, val) in enumerate(falls, 1)]
        low, high = axis_ranges(History(tuple(records), EARLY), "loss")["linear"]
        assert (0.113 - 0.013) / (high - low) > 0.3

    @pytest.mark.parametrize(("measure", "scale"), [("loss", 1), ("accuracy", 100)])
    def test_there_is_some_room_beyond_the_round_numbers(self, measure: Measure, scale: float):
        """Three per cent at both ends, so that a marker at an end is whole; accuracy is in per cent."""
        ticks = value_ticks(HISTORY, measure)
        low, high = axis_ranges(HISTORY, measure)["linear"]
        room = 0.03 * scale * (ticks[-1] - ticks[0])
        assert scale * ticks[0] - low == pytest.approx(room)
        assert high - scale * ticks[-1] == pytest.approx(room)

    def test_guessing_looks_as_bad_as_it_is(self):
        """Both curves stay at chance, and all the room to the best value is empty."""
        low, high = axis_ranges(guessing(), "loss")["linear"]
        assert low <= 0 < CHANCE["loss"] < high < 3
        low, high = axis_ranges(guessing(), "accuracy")["linear"]
        assert low <= 9.8
        assert high >= 100

    def test_loss_that_shoots_up_is_in_range(self):
        """At a learning rate of 1 it may be hundreds."""
        low, high = axis_ranges(guessing(loss=740.0), "loss")["linear"]
        assert low <= 0
        assert high > 740

    def test_what_has_overflowed_is_left_out(self):
        """The rest decides; without any rest, both chance and the best value are in range."""
        record = EpochRecord(2, math.nan, 0.1, math.inf, 0.1, 1.0)
        history = History((HISTORY.epochs[0], record), (StepRecord(0.5, -math.inf, 0.1),))
        assert value_ticks(history, "loss")[-1] == pytest.approx(0.5)
        assert value_ticks(History((record,)), "loss") == pytest.approx([0, 0.5, 1, 1.5, 2, 2.5])

    @pytest.mark.parametrize("history", [History(), History((), EARLY[:1])])
    def test_empty_chart_has_an_axis(self, history: History):
        """It is the one of the first batch, so that nothing jumps when that comes."""
        assert axis_ranges(history, "loss") == axis_ranges(History((), EARLY[:1]), "loss")
        assert value_ticks(history, "accuracy")[-1] == pytest.approx(1.0)


class TestLogarithms:
    def test_range_encloses_the_values(self):
        """With room at both ends, and without the first batches once two epochs are done."""
        low, high = axis_ranges(History(HISTORY.epochs, EARLY), "loss")["log"]
        assert 0 < low < 0.125
        assert 0.5 < high < 0.6

    @pytest.mark.parametrize(
        "history",
        [History(), guessing(), History(tuple(EpochRecord(n, 0.0, 1.0, 0.0, 1.0, 1.0) for n in (1, 2)))],
    )
    def test_both_ends_are_positive_and_apart(self, history: History):
        """Also where a loss is 0, or where there is none."""
        low, high = axis_ranges(history, "loss")["log"]
        assert 0 < low < high / 1.05

    def test_accuracy_has_none(self):
        """It is near 100 % all the time."""
        assert set(axis_ranges(HISTORY, "accuracy")) == {"linear"}
