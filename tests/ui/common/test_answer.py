"""What a network says of a drawing."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.network.calibration import AbstentionRule, Calibration
from mnist_demo.network.mlp import Activations
from mnist_demo.network.outliers import UNITS, OutlierDetector
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.common.answer import Doubt, answer_html, find_doubt

EN = load_texts("en")


def shares(first: float) -> np.ndarray:
    """Give 4 so much of the probability, and 9 the rest."""
    return np.array([0, 0, 0, 0, first, 0, 0, 0, 0, 1 - first], np.float32)


@pytest.mark.parametrize(
    ("share", "doubt", "sign", "said"),
    [
        (0.95, Doubt.NONE, ">4<", EN.drawing.sure),
        (0.55, Doubt.NONE, ">4<", EN.drawing.probable),
        (0.95, Doubt.NO_DIGIT, ">?<", EN.drawing.no_digit),
        (0.55, Doubt.NO_DIGIT, ">?<", EN.drawing.no_digit),
        (0.95, Doubt.SEVERAL, ">?<", EN.drawing.several),
        (0.95, Doubt.DOT, ">?<", EN.drawing.dot),
    ],
)
def test_words_follow_probability_and_doubt(share: float, doubt: Doubt, sign: str, said: str) -> None:
    """A doubt comes before everything else, and no digit is claimed then."""
    markup = answer_html(shares(share), doubt, EN)
    assert sign in markup
    assert said.split("{", maxsplit=1)[0].strip() in markup


@pytest.mark.parametrize(
    ("one", "seven", "doubt", "is_said"),
    [
        (0.7, 0.25, Doubt.NONE, True),
        (0.12, 0.85, Doubt.NONE, True),
        (0.45, 0.44, Doubt.UNSURE, True),
        (0.02, 0.97, Doubt.NONE, False),
        (0.7, 0.25, Doubt.NO_DIGIT, False),
        (0.7, 0.25, Doubt.SEVERAL, False),
    ],
)
def test_where_one_and_seven_compete_it_says_how_ones_are_written(
    one: float, seven: float, doubt: Doubt, is_said: bool
) -> None:
    """Not where the network is sure, nor where something else is wrong with the drawing."""
    probabilities = np.full(10, (1 - one - seven) / 8, np.float32)
    probabilities[[1, 7]] = one, seven
    assert ("hardly any 1 has a flag" in answer_html(probabilities, doubt, EN)) is is_said


def test_less_than_half_names_both() -> None:
    """By the stated rule this is a doubt, between two digits."""
    random_values = np.array([0, 0, 0, 0.4, 0, 0.3, 0.3, 0, 0, 0], np.float32)
    assert EN.drawing.unsure.split("{")[0].strip() in answer_html(random_values, Doubt.UNSURE, EN)


def test_network_without_calibration_is_not_doubted() -> None:
    """Nobody has measured its confidence: in its first epoch, or in an older version."""
    answers = Activations((), np.zeros((1, 10), np.float32), np.full((1, 10), 0.1, np.float32))
    x = np.ones((1, 784), np.float32)
    assert find_doubt(None, answers, x) is Doubt.NONE
    assert find_doubt(None, answers, x, drawn=Doubt.SEVERAL) is Doubt.SEVERAL
    assert find_doubt(AbstentionRule(Calibration(1.0, 1.0)), answers, x) is Doubt.UNSURE


def test_what_looks_like_no_digit_is_said_even_where_two_digits_compete() -> None:
    """The detector speaks of the drawing; which digit it might be matters no more."""
    layers = (np.ones((1, 2), np.float32), np.ones((1, 2), np.float32))
    answers = Activations(layers, np.zeros((1, 10), np.float32), np.full((1, 10), 0.1, np.float32))
    x = np.ones((1, 784), np.float32)
    zeros = np.zeros((4, UNITS), np.float32), np.zeros(UNITS, np.float32)
    for bias, doubt in ((1, Doubt.NO_DIGIT), (-1, Doubt.UNSURE)):
        detector = OutlierDetector(zeros, (np.zeros(UNITS, np.float32), np.array([bias], np.float32)))
        assert find_doubt(AbstentionRule(Calibration(1.0, 1.0), detector), answers, x) is doubt
