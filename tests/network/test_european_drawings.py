"""The robust network reads the digits that pupils in Europe draw on the canvas."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.strokes import CANVAS_PIXELS, stamp_stroke
from mnist_demo.data.preprocessing import frame_drawing
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network
from mnist_demo.runs.run import ROBUST_RUN

PEN, MARGIN = 18, 30
FLAG_PIXELS = CANVAS_PIXELS / 4
TOP, BOTTOM = (140.0, 60.0), (140.0, 230.0)
ANGLES = np.linspace(20, 75, 8)


@pytest.fixture(scope="module")
def robust() -> Network:
    return Network.load(PRETRAINED_RUNS / ROBUST_RUN)


def read(network: Network, *strokes: list[tuple[float, float]]) -> int:
    """Draw strokes on the canvas with a pen of 18 pixels, and let the network read them."""
    paper = np.zeros((CANVAS_PIXELS + 2 * MARGIN,) * 2, np.uint8)
    for stroke in strokes:
        stamp_stroke(paper, np.array(stroke, np.float32) + MARGIN, PEN)
    frame = frame_drawing(paper[MARGIN:-MARGIN, MARGIN:-MARGIN])
    return int(network.predict(frame.reshape(1, -1)).argmax())


def flag_end(degrees: float) -> tuple[float, float]:
    """Where a flag ends that hangs so far below the level, a quarter of the canvas long."""
    angle = np.radians(degrees)
    return TOP[0] - FLAG_PIXELS * np.cos(angle), TOP[1] + FLAG_PIXELS * np.sin(angle)


@pytest.mark.parametrize("degrees", ANGLES)
def test_straight_one_with_a_long_flag_is_a_one(robust: Network, degrees: float):
    """At any angle of the flag."""
    assert read(robust, [flag_end(degrees), TOP, BOTTOM]) == 1


def test_one_of_every_spanish_class_is_a_one(robust: Network):
    """As a pupil draws it, with and without a foot."""
    assert read(robust, [(90, 115), TOP, BOTTOM]) == 1
    assert read(robust, [(90, 115), TOP, BOTTOM], [(95, 230), (185, 230)]) == 1


def test_zero_with_a_stroke_is_a_zero(robust: Network):
    """Inside the ring, and far beyond it."""
    angles = np.linspace(0, 2 * np.pi, 60)
    ring = [(140 + 50 * np.sin(angle), 145 - 75 * np.cos(angle)) for angle in angles]
    assert read(robust, ring) == 0
    for reach in (0.8, 1.1, 1.5):
        slash = [(140 - 45 * reach, 145 + 60 * reach), (140 + 45 * reach, 145 - 60 * reach)]
        assert read(robust, ring, slash) == 0


def test_seven_is_a_seven_with_and_without_a_bar(robust: Network):
    """A flag does not make every 7 a 1."""
    seven = [(75, 70), (200, 70), (130, 230)]
    assert read(robust, seven) == 7
    assert read(robust, seven, [(115, 145), (195, 140)]) == 7
