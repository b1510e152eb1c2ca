"""When an epoch is reported, and what a report counts."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.training import segments
from mnist_demo.training.segments import EpochMeter, Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that shows the number in the list."""
    now = [0.0]
    monkeypatch.setattr(segments.time, "perf_counter", lambda: now[0])
    return now


def test_pace_follows_the_clock():
    """A segment grows eightfold at most, then takes as many steps as fit into its time, and at least one."""
    pace = Pace()
    pace.adapt(steps=1, seconds=0.0001)
    assert pace.steps == 8
    pace.adapt(steps=100, seconds=segments.SEGMENT_SECONDS / 2)
    assert pace.steps == 200
    pace.adapt(steps=1, seconds=60)
    assert pace.steps == 1


def test_epoch_ends_without_a_crumb():
    """What would be less than half a segment is added to the last one."""
    pace = Pace()
    pace.steps = 10
    assert [pace.next_report(step, steps=24) for step in (0, 10)] == [10, 24]
    assert [pace.next_report(step, steps=25) for step in (0, 10, 20)] == [10, 20, 25]


def test_segment_goes_on_from_one_source_to_the_next():
    """It ends where a report is due, however the epoch's images come in parts."""
    pace = Pace()
    pace.steps = 3
    meter, pieces = EpochMeter(1, 8, pace), []
    for batches in (4, 4):
        for piece in meter.cut(batches):
            pieces.append((*piece, meter.report_is_due))
            if meter.report_is_due:
                meter.start_segment()
    assert pieces == [(0, 3, True), (3, 4, False), (0, 2, True), (2, 4, True)]


def test_clock_stands_still_while_a_report_is_read(clock: list[float]):
    """A slow reader makes no epoch longer: only the seconds of training and validation count."""
    pace = Pace()
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
    assert meter.record(0.5, 0.75).seconds == 5
