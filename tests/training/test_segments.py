"""When an epoch is reported, and what a report counts."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.training import segments
from mnist_demo.training.control import RunControl
from mnist_demo.training.segments import EpochMeter, Pace

CONTROL = RunControl(rate=0.001)
"""Of a run that nobody touches."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that shows the number in the list."""
    now = [0.0]
    monkeypatch.setattr(segments.time, "perf_counter", lambda: now[0])
    return now


def test_pace_follows_the_clock():
    """A segment grows eightfold at most, then takes as many steps as fit into its time, and at least one."""
    pace = Pace(1, CONTROL)
    pace.adapt(steps=1, seconds=0.0001)
    assert pace.steps == 8
    pace.adapt(steps=100, seconds=segments.SEGMENT_SECONDS / 2)
    assert pace.steps == 200
    pace.adapt(steps=1, seconds=60)
    assert pace.steps == 1


def test_epoch_ends_without_a_crumb():
    """What would be less than half a segment is added to the last one."""
    pace = Pace(1, CONTROL)
    pace.steps = 10
    assert [pace.next_report(step, steps=24) for step in (0, 10)] == [10, 24]
    assert [pace.next_report(step, steps=25) for step in (0, 10, 20)] == [10, 20, 25]


def test_segment_goes_on_from_one_source_to_the_next():
    """It ends where a report is due, however the epoch's images come in parts."""
    pace = Pace(1, CONTROL)
    pace.steps = 3
    meter, pieces = EpochMeter(1, 8, pace), []
    for batches in (4, 4):
        for piece in meter.cut(batches):
            pieces.append((*piece, meter.report_is_due))
            if meter.report_is_due:
                meter.start_segment()
    assert pieces == [(0, 3, True), (3, 4, False), (0, 2, True), (2, 4, True)]


def test_short_run_has_a_point_at_every_report():
    """Ten epochs with ten reports each are far fewer than curves can show."""
    pace = Pace(10, CONTROL)
    positions = [epoch + step / 1500 for epoch in range(10) for step in range(150, 1501, 150)]
    assert all(pace.take_point(position) for position in (1 / 1500, *positions))


def test_long_run_has_a_bounded_number_of_points():
    """An hour of reports makes no more points than a quarter of one, and every epoch ends with one."""
    pace, epochs, steps = Pace(200, CONTROL), 200, 500
    taken = [
        position
        for epoch in range(epochs)
        for step in range(1, steps + 1)
        if pace.take_point(position := epoch + step / steps)
    ]
    assert segments.MAX_POINTS / 2 < len(taken) <= segments.MAX_POINTS + epochs + 1
    assert taken[0] == 1 / steps
    assert set(range(1, epochs + 1)) <= set(taken)


def test_figures_of_a_point_count_from_the_last_point(clock: list[float]):
    """Though there was a report between them, whose speed counts from the report before."""
    pace = Pace(segments.MAX_POINTS, CONTROL)  # a point an epoch
    pace.take_point(0.0)
    pace.steps = 2
    meter, reports = EpochMeter(1, 4, pace), []
    for first, _ in meter.cut(4):
        meter.totals = meter.totals + np.float32([64 * (1 + first), 32, 64])
        clock[0] += 2
        reports.append(meter.report())
        pace.steps = 2
        meter.start_segment()
    assert [report.is_point for report in reports] == [False, True]
    assert [report.segment_loss for report in reports] == [1, 2]
    assert [report.images_per_second for report in reports] == [32, 32]
    assert meter.totals[1].tolist() == [0, 0, 0]


def test_clock_stands_still_while_a_report_is_read(clock: list[float]):
    """A slow reader makes no epoch longer: only the seconds of training and validation count."""
    pace = Pace(1, CONTROL)
    pace.steps = 2
    meter = EpochMeter(1, 4, pace)
    for _ in meter.cut(4):
        meter.totals = meter.totals + np.float32([1, 1, 64])
        clock[0] += 2
        assert meter.report().images_per_second == 32
        clock[0] += 100
        pace.steps = 2
        meter.start_segment()
    clock[0] += 1
    assert meter.record(0.5, 0.75, 0.0).seconds == 5
