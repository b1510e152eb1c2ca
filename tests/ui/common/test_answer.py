"""What a network says of a drawing."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.network.calibration import Calibration
from mnist_demo.network.mlp import Activations
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.common.answer import answer_html, does_abstain

EN = load_texts("en")


def shares(first: float) -> np.ndarray:
    """Give 4 so much of the probability, and 9 the rest."""
    return np.array([0, 0, 0, 0, first, 0, 0, 0, 0, 1 - first], np.float32)


@pytest.mark.parametrize(
    ("share", "abstaining", "sign", "said"),
    [
        (0.95, False, ">4<", EN.drawing.sure),
        (0.55, False, ">4<", EN.drawing.probable),
        (0.95, True, ">?<", EN.drawing.abstaining),
        (0.55, True, ">?<", EN.drawing.abstaining),
    ],
)
def test_words_follow_probability_and_doubt(share: float, abstaining: bool, sign: str, said: str) -> None:
    """A doubt comes before everything else, and no digit is claimed then."""
    markup = answer_html(shares(share), abstaining, EN)
    assert sign in markup
    assert said.split("{", maxsplit=1)[0].strip() in markup


def test_less_than_half_names_both() -> None:
    """By the stated rule this is a doubt, between two digits."""
    random_values = np.array([0, 0, 0, 0.4, 0, 0.3, 0.3, 0, 0, 0], np.float32)
    assert EN.drawing.unsure.split("{")[0].strip() in answer_html(random_values, True, EN)


def test_network_without_calibration_is_not_doubted() -> None:
    """Nobody has measured its confidence: in its first epoch, or in an older version."""
    answers = Activations((), np.zeros((1, 10), np.float32), np.full((1, 10), 0.1, np.float32))
    x = np.ones((1, 784), np.float32)
    assert not does_abstain(None, answers, x)
    assert does_abstain(Calibration(1.0, 1.0, 0.0, 0.0, 0.0), answers, x)
