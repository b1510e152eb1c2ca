"""What a network says of a drawing."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.network.mlp import Activations
from mnist_demo.runs.run import Calibration
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.common.answer import answer_html, is_doubtful
from tests.factories import make_run

EN = load_texts("en")


def shares(first: float) -> np.ndarray:
    """Give 4 so much of the probability, and 9 the rest."""
    return np.array([0, 0, 0, 0, first, 0, 0, 0, 0, 1 - first], np.float32)


@pytest.mark.parametrize(
    ("share", "doubtful", "sign", "said"),
    [
        (0.95, False, ">4<", EN.drawing.sure),
        (0.55, False, ">4<", EN.drawing.probable),
        (0.95, True, ">?<", EN.drawing.doubtful),
        (0.55, True, ">?<", EN.drawing.doubtful),
    ],
)
def test_words_follow_probability_and_doubt(share: float, doubtful: bool, sign: str, said: str) -> None:
    """A doubt comes before everything else, and no digit is claimed then."""
    markup = answer_html(shares(share), doubtful, EN)
    assert sign in markup
    assert said.split("{", maxsplit=1)[0].strip() in markup


def test_less_than_half_names_both() -> None:
    """By the stated rule this is a doubt, between two digits."""
    chances = np.array([0, 0, 0, 0.4, 0, 0.3, 0.3, 0, 0, 0], np.float32)
    assert EN.drawing.unsure.split("{")[0].strip() in answer_html(chances, True, EN)


def test_network_in_training_is_not_doubted() -> None:
    """Nobody has measured its confidence yet; nor that of a run of an older version."""
    answers = Activations((), np.zeros((1, 10), np.float32), np.full((1, 10), 0.1, np.float32))
    x = np.ones((1, 784), np.float32)
    assert not is_doubtful(None, answers, x)
    assert not is_doubtful(make_run(), answers, x)
    assert is_doubtful(make_run(calibration=Calibration(1.0, 1.0, 0.0, 0.0, 0.0)), answers, x)
