from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.drawing import average_in_bins
from benchmarks.mistakes import find_surest_mistakes
from benchmarks.strokes import (
    Placement,
    average_by_writer,
    draw_placements,
    load_strokes,
    render_digit,
)
from mnist_demo.data import CANVAS_PIXELS

LINE = (np.array([[0, 0], [1, 0]], np.float32),)
HOOK = (np.array([[0, 0], [1, 0.2], [0.3, 1]], np.float32), np.array([[0.5, 0.5]], np.float32))


def box_of(drawing: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """First and last row and column that are at least half covered."""
    rows, columns = np.nonzero(drawing >= 128)
    return int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())


def test_ink_has_the_size_asked_for():
    """A line of 100 pixels with a pen of 20 is 100 by 20, in the middle of the canvas."""
    top, bottom, left, right = box_of(render_digit(LINE, Placement(100, 20)))
    assert (top, bottom, left, right) == pytest.approx((130, 149, 90, 189), abs=1)


def test_area_is_that_of_a_round_pen():
    """80 by 20 between two half discs: 1600 + 314 pixels, to 1 %."""
    drawing = render_digit(LINE, Placement(100, 20))
    assert drawing.sum(dtype=int) / 255 == pytest.approx(1600 + 100 * np.pi, rel=0.01)


@pytest.mark.parametrize("pen", [4, 5, 12, 32])
def test_stroke_is_as_wide_as_the_pen(pen: int):
    """Across its middle, with edges in parts of white."""
    drawing = render_digit(LINE, Placement(150, pen))
    assert drawing[:, CANVAS_PIXELS // 2].sum(dtype=int) / 255 == pytest.approx(pen, abs=0.15)


def test_drawing_is_white_on_black_with_smooth_edges():
    """Most of the ink is full white, its edges are not."""
    drawing = render_digit(HOOK, Placement(150, 18))
    assert drawing.dtype == np.uint8
    assert drawing.shape == (CANVAS_PIXELS, CANVAS_PIXELS)
    assert (drawing[drawing > 0] == 255).mean() > 0.7
    assert ((drawing > 60) & (drawing < 200)).any()


def test_offset_moves_the_drawing():
    """20 pixels to the right and 10 up, exactly."""
    still = render_digit(HOOK, Placement(120, 14))
    moved = render_digit(HOOK, Placement(120, 14, right=20, down=-10))
    np.testing.assert_array_equal(moved, np.roll(still, (-10, 20), axis=(0, 1)))


def test_ink_outside_the_canvas_is_lost():
    """A digit pushed over the edge is cut, and one far away leaves nothing."""
    assert render_digit(LINE, Placement(100, 20, right=120))[:, -1].any()
    assert not render_digit(LINE, Placement(100, 20, right=400)).any()


def test_single_point_is_a_dot():
    """A tap of the pen is a disc."""
    dot = render_digit((np.zeros((1, 2), np.float32),), Placement(100, 20))
    assert dot.sum(dtype=int) / 255 == pytest.approx(100 * np.pi, rel=0.02)


def test_default_protocol_is_fixed_and_stays_on_the_canvas():
    """The same seed gives the same placements, none of which lets ink leave the canvas."""
    placements = draw_placements(2000)
    assert placements == draw_placements(2000)
    assert all(90 <= p.size <= 220 and 12 <= p.pen <= 24 for p in placements)
    assert {p.pen for p in placements} == set(range(12, 25))
    assert all(p.size / 2 + max(abs(p.right), abs(p.down)) <= CANVAS_PIXELS / 2 + 0.001 for p in placements)


def test_file_is_read_as_it_is_described(tmp_path: Path):
    """Two digits, of two strokes and of one."""
    path = tmp_path / "strokes.npz"
    points = np.arange(12, dtype=np.float32).reshape(6, 2)
    np.savez(
        path,
        points=points,
        stroke_start=np.array([0, 2, 3, 6], np.int32),
        digit_start=np.array([0, 2, 3], np.int32),
        label=np.array([4, 1], np.uint8),
        writer=np.array([0, 9], np.int16),
    )
    written = load_strokes(path)
    assert [[len(stroke) for stroke in digit] for digit in written.digits] == [[2, 1], [3]]
    np.testing.assert_array_equal(written.digits[1][0], points[3:])
    assert written.labels.tolist() == [4, 1]
    assert load_strokes(path, limit=1).writers.tolist() == [0]


def test_each_writer_counts_alike():
    """Three of four right and none of one: (0.75 + 0) / 2."""
    right = np.array([True, True, True, False, False])
    assert average_by_writer(right, np.array([1, 1, 1, 1, 7], np.int16)) == 0.375


def test_bins_leave_out_what_is_empty():
    """From an edge to before the next."""
    right, writers = np.array([True, False]), np.array([1, 1], np.int16)
    shares = average_in_bins(right, writers, np.array([10, 20]), (10, 20, 30, 40))
    assert shares == {"10 to below 20": 1, "20 to below 30": 0}


def test_surest_mistakes_come_first():
    """What is right is no mistake, however sure."""
    probabilities = np.zeros((3, 10), np.float32)
    probabilities[[0, 1, 2], [5, 6, 7]] = 0.6, 0.9, 1
    assert find_surest_mistakes(probabilities, np.array([0, 0, 7], np.uint8)).tolist() == [1, 0]
