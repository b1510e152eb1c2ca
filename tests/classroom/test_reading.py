"""What the network makes of drawings, with the network that ships with the app."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mnist_demo.classroom import Reader, Reading
from mnist_demo.classroom.drawing import Held
from mnist_demo.data import CANVAS_PIXELS, Stroke, draw_strokes, frame_drawing
from mnist_demo.errors import InvalidRequest
from mnist_demo.network import PRETRAINED_RUNS, AbstentionRule, Network, apply_temperature, load_detector
from mnist_demo.runs import read_run
from mnist_demo.ui.draw.sample_digits import SAMPLES


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The robust network with its rule."""
    folder = PRETRAINED_RUNS / "robust"
    run, network = read_run(folder), Network.load(folder)
    rule = AbstentionRule(run.calibration, load_detector(folder, network.hidden))
    return Reader(run.id, apply_temperature(network, run.calibration.temperature), rule, run.test_accuracy)


def sample(digit: int) -> tuple[Stroke, ...]:
    """A digit as strokes."""
    return tuple(np.array(stroke, np.float32) * CANVAS_PIXELS for stroke in SAMPLES[digit])


def line(*points: tuple[float, float]) -> Stroke:
    """A stroke through points."""
    return np.array(points, np.float32)


SCRIBBLE = line(*((20 + 240 * (step % 2), 20 + step * 4) for step in range(60)))
HASH = (
    line((100, 50), (100, 230)),
    line((180, 50), (180, 230)),
    line((50, 100), (230, 100)),
    line((50, 180), (230, 180)),
)
STAR = line(
    *(
        (140 + 100 * np.cos(k * 0.8 * np.pi), 140 + 100 * np.sin(k * 0.8 * np.pi))
        for k in np.repeat(range(6), 2)
    )
)
"""Each corner twice, so that the pen does not round it."""


def test_samples_are_read(reader: Reader):
    """All at once, in their order."""
    readings = reader.read([sample(digit) for digit in range(10)])
    assert [reading.read for reading in readings if isinstance(reading, Reading)] == list(range(10))
    assert not [reading for reading in readings if reading.held]


def test_image_is_the_framed_drawing(reader: Reader):
    """What the network has seen, a byte for each pixel."""
    (reading,) = reader.read([sample(5)])
    framed = np.rint(255 * frame_drawing(draw_strokes(sample(5)))).astype(np.uint8)
    assert reading.image == framed.tobytes()
    assert sum(reading.probabilities) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("strokes", "held"),
    [
        ((line((140, 140)),), Held.INK),
        ((SCRIBBLE,), Held.INK),
        (HASH, Held.NO_DIGIT),
        ((line((60, 60), (60, 220)), line((220, 60), (220, 220))), Held.SEVERAL),
    ],
    ids=["dot", "scribble", "hash", "two"],
)
def test_what_is_hardly_a_digit_is_held(reader: Reader, strokes: tuple[Stroke, ...], held: Held):
    """With the reason."""
    (reading,) = reader.read([strokes])
    assert isinstance(reading, Reading)
    assert reading.held is held


def test_drawing_on_which_the_network_is_not_sure_is_held(reader: Reader):
    """Where the likeliest digit has less than half of the probability; here without the other rule."""
    (reading,) = replace(reader, rule=None).read([(STAR,)])
    assert isinstance(reading, Reading)
    assert (reading.held, reading.probability < 0.5) == (Held.UNSURE, True)


def test_much_ink_does_not_make_a_network_sure(reader: Reader):
    """That is held, too; but shown, it would count as read."""
    hesitant = replace(reader, network=apply_temperature(reader.network, 20), rule=None)
    (reading,) = hesitant.read([(SCRIBBLE,)])
    assert isinstance(reading, Reading)
    assert reading.held is Held.UNSURE


def test_drawing_without_ink_is_refused_alone(reader: Reader):
    """Those that came with it are read."""
    outside = (line((-200, -200), (-150, -200)),)
    first, refused, last = reader.read([sample(1), outside, sample(2)])
    assert isinstance(refused, InvalidRequest)
    assert (first.read, last.read) == (1, 2)
    assert isinstance(reader.read([outside])[0], InvalidRequest)
    assert reader.read([]) == []
