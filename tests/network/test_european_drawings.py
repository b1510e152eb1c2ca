"""The robust network reads the digits that pupils in Europe draw on the canvas."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.forms import FLAG_ANGLES, LOWER_END, UPPER_END, Points, draw_flagged_one, draw_on_canvas
from mnist_demo.data import Picture
from mnist_demo.data.preprocessing import frame_drawing
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network
from mnist_demo.runs.run import ROBUST_RUN


@pytest.fixture(scope="module")
def robust() -> Network:
    return Network.load(PRETRAINED_RUNS / ROBUST_RUN)


def read(network: Network, drawing: Picture) -> int:
    return int(network.predict(frame_drawing(drawing).reshape(1, -1)).argmax())


def read_strokes(network: Network, *strokes: Points) -> int:
    return read(network, draw_on_canvas(*strokes))


@pytest.mark.parametrize("degrees", FLAG_ANGLES)
def test_straight_one_with_a_long_flag_is_a_one(robust: Network, degrees: float):
    """At any angle of the flag."""
    assert read(robust, draw_flagged_one(degrees)) == 1


def test_one_of_every_spanish_class_is_a_one(robust: Network):
    """As a pupil draws it, with and without a foot."""
    assert read_strokes(robust, [(90, 115), UPPER_END, LOWER_END]) == 1
    assert read_strokes(robust, [(90, 115), UPPER_END, LOWER_END], [(95, 230), (185, 230)]) == 1


def test_zero_with_a_stroke_is_a_zero(robust: Network):
    """Inside the ring, and far beyond it."""
    angles = np.linspace(0, 2 * np.pi, 60)
    ring = [(140 + 50 * np.sin(angle), 145 - 75 * np.cos(angle)) for angle in angles]
    assert read_strokes(robust, ring) == 0
    for reach in (0.8, 1.1, 1.5):
        slash = [(140 - 45 * reach, 145 + 60 * reach), (140 + 45 * reach, 145 - 60 * reach)]
        assert read_strokes(robust, ring, slash) == 0


def test_seven_is_a_seven_with_and_without_a_bar(robust: Network):
    """A flag does not make every 7 a 1."""
    seven = [(75, 70), (200, 70), (130, 230)]
    assert read_strokes(robust, seven) == 7
    assert read_strokes(robust, seven, [(115, 145), (195, 140)]) == 7
