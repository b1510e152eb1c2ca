"""Every number that the lesson shows is the network's own."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mnist_demo.network import PRETRAINED_RUNS, Learner, Network, neuron_sum
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.draw.canvas import Canvas
from mnist_demo.ui.lesson.bars import calculation_html, ten_bars_html
from mnist_demo.ui.lesson.learning import MAX_STEPS, fingerprint, gradient_picture, learn, learner_after
from mnist_demo.ui.lesson.neuron import largest_contributions, totals
from mnist_demo.ui.lesson.probabilities import significant
from mnist_demo.ui.lesson.subject import Subject, find_subject

EN = load_texts("en")
NETWORK = Network.load(PRETRAINED_RUNS / "notebook")


def number(text: str) -> float:
    """Read a number as English writes it, with a true minus."""
    return float(text.replace("\u2212", "-").replace(",", ""))


@pytest.fixture
def subject() -> Subject:
    """A sample that was put on the canvas."""
    canvas = Canvas()
    canvas.put_sample(7)
    return find_subject(canvas)


def test_without_a_drawing_there_is_a_sample():
    """Nobody has to draw before they learn."""
    assert not find_subject(Canvas()).is_drawn


@pytest.mark.parametrize("neuron", [0, 17, 127])
def test_sum_of_a_neuron_is_that_of_the_network(subject: Subject, neuron: int):
    """The lines add up to the sum, sum and bias to what the network calculates, to 1e-6 of it."""
    answers = subject.answers(NETWORK)
    taken = neuron_sum(NETWORK, subject.x, answers, 1, neuron)
    lines = [number(value) for _, value in largest_contributions(taken, EN)]
    total, bias, both, active = (number(value) for _, value in totals(taken, EN))
    weights, biases = NETWORK.layers[0]
    exact = subject.x[0].astype(np.float64) @ weights[:, neuron].astype(np.float64)
    assert taken.total == pytest.approx(float(exact), rel=1e-6, abs=1e-6)
    assert max(taken.total + taken.bias, 0) == pytest.approx(taken.activation, rel=1e-6, abs=1e-6)
    assert sum(lines) == pytest.approx(total, abs=1e-3)  # each is written with four digits
    assert total == pytest.approx(float(exact), abs=6e-5)
    assert both == pytest.approx(total + bias, abs=2e-4)
    assert bias == pytest.approx(float(biases[neuron]), abs=6e-5)
    assert active == pytest.approx(float(answers.hidden[0][0, neuron]), abs=6e-5)


def test_largest_contributions_come_first(subject: Subject):
    """By size, whatever their sign; all others are told in one line."""
    taken = neuron_sum(NETWORK, subject.x, subject.answers(NETWORK), 1, 3)
    sizes = [abs(number(value)) for _, value in largest_contributions(taken, EN)][:-1]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == pytest.approx(float(np.abs(taken.product).max()), abs=1e-4)


def test_copy_learns_and_the_network_in_use_does_not(subject: Subject):
    """A hundred steps make a wrong label nearly certain, and the fingerprint in use stays the same."""
    before = fingerprint(NETWORK)
    copy = learn(Learner(NETWORK), subject.x, 2, 100).network
    assert copy.predict(subject.x)[0, 2] > 0.99
    assert fingerprint(NETWORK) == before != fingerprint(copy)


def test_steps_are_the_same_however_they_are_pressed(subject: Subject):
    """Ten at once, or one by one: taking a press back leads to exactly the network of before."""
    labels, learner = np.eye(10, dtype=np.float32)[[4]], Learner(NETWORK)
    for _ in range(10):
        learner = learner.step(subject.x, labels)
    together = learn(learn(Learner(NETWORK), subject.x, 4, 3), subject.x, 4, 7)
    assert fingerprint(together.network) == fingerprint(learner.network)
    assert fingerprint(learn(Learner(NETWORK), subject.x, 4, 10).network) == fingerprint(learner.network)
    assert fingerprint(learn(Learner(NETWORK), subject.x, 4, 0).network) == fingerprint(NETWORK)


@pytest.mark.parametrize("taken", [7, 257, MAX_STEPS])
def test_copy_that_is_kept_no_more_is_made_again(subject: Subject, taken: int):
    """A class presses more often than copies are kept; the steps may all have been single ones."""
    learner_after.clear()
    copy = learner_after("notebook", subject.x.tobytes(), 4, taken)
    assert fingerprint(copy.network) == fingerprint(
        learn(learner_after("notebook", b"", 4, 0), subject.x, 4, taken).network
    )


def test_gradient_is_black_without_ink():
    """And white where it is largest."""
    gradient = np.zeros((784, 5), np.float32)
    gradient[30] = 2
    picture = gradient_picture(gradient)
    assert picture.max() == picture[1, 2] == 255
    assert (picture > 0).sum() == 1
    assert not gradient_picture(np.zeros((784, 5), np.float32)).any()


@pytest.mark.parametrize(
    ("probability", "written"),
    [
        (0.5, "0.5000"),
        (0.99955, "0.9995500"),
        (0.0012, "0.001200"),
        (1.3e-5, "0.0000130"),
        (0.0, "0.0000000"),
    ],
)
def test_probability_has_digits_that_count(probability: float, written: str):
    """So that the logarithm beside it can be checked."""
    assert significant(probability, EN) == written


def test_bars_are_as_long_as_their_shares():
    """The digit that matters has a colour; what is written is escaped."""
    markup = ten_bars_html([0.1] * 10, ["<1 %"] * 10, 'ten "bars"', 3)
    assert markup.count("width:10.00%") == 10
    assert re.findall(r"<b>(\d)</b><i class=''", markup) == ["3"]
    assert "&lt;1 %" in markup
    assert "ten &#34;bars&#34;" in markup


def test_calculation_ends_with_its_totals():
    """Below a line."""
    markup = calculation_html([("a", "1"), ("b", "2")], [("sum", "3")])
    assert re.findall(r'<tr class="(\w*)"><td>(\w+)', markup) == [("", "a"), ("", "b"), ("total", "sum")]
