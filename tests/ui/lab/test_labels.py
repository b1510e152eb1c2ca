import numpy as np

from mnist_demo.network.image_perturbation import MAPS
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.common.answer import Doubt, answer_html
from mnist_demo.ui.lab.labels import curve_alt, map_alt, perturbed_answer_html

EN, ES = load_texts("en"), load_texts("es")
NBSP = "\N{NO-BREAK SPACE}"


def shares(first: int, share: float, second: int = 9) -> np.ndarray:
    """Give a digit so much of the probability, and another one the rest."""
    probabilities = np.zeros(10, np.float32)
    probabilities[first], probabilities[second] = share, 1 - share
    return probabilities


def test_kept_answer_is_said_in_other_words_than_a_flipped_one():
    """Colour is not needed to tell them apart."""
    kept, flipped = (perturbed_answer_html(8, shares(now, 0.75), Doubt.NONE, EN) for now in (8, 3))
    assert f"Still an{NBSP}8 (75.0%)" in kept
    assert f"Now a{NBSP}3 (75.0%), no longer an{NBSP}8" in flipped
    assert 'class="answer flipped"' in flipped
    assert "flipped" not in kept


def test_answer_is_said_in_spanish():
    """With the language's own marks."""
    assert f"Ahora es un{NBSP}3 (75,0{NBSP}%), ya no un{NBSP}8" in perturbed_answer_html(
        8, shares(3, 0.75), Doubt.NONE, ES
    )


def test_doubtful_answer_is_said_as_of_a_drawing():
    """No digit is claimed, whether it is the one of before or another."""
    for now in (8, 3):
        said = perturbed_answer_html(8, shares(now, 0.95), Doubt.NO_DIGIT, EN)
        assert said == answer_html(shares(now, 0.95), Doubt.NO_DIGIT, EN)
        assert ">?<" in said


def test_answer_of_less_than_half_is_not_called_kept():
    """Also of a run whose confidence nobody has measured."""
    torn = np.array([0, 0, 0, 0.3, 0, 0, 0, 0, 0.4, 0.3], np.float32)
    assert EN.drawing.unsure.split("{")[0].strip() in perturbed_answer_html(8, torn, Doubt.NONE, EN)


def test_overflowed_answer_is_said_to_be_none():
    """Noise in the weights may go beyond what a number can hold."""
    broken = np.full(10, np.nan, np.float32)
    assert EN.drawing.overflowed.split("'")[0] in perturbed_answer_html(8, broken, Doubt.NONE, EN)


def test_map_is_told_in_words():
    """Its sides and how many cells each digit has, the most frequent first."""
    across, downward = MAPS["shift"]
    told = map_alt(np.array([3, 8, 8]), ("Right", across), ("Down", downward), EN)
    assert (
        told
        == f"{EN.lab.map_title}. Right from -6 to 6, Down from -6 to 6. Cells for each answer: 8: 2; 3: 1."
    )


def test_curve_is_told_point_by_point():
    """For whoever does not see it."""
    told = curve_alt("Silenced", (0, 50), (0.97, 0.5), EN)
    assert told == f"{EN.lab.curve_title}, Silenced: 0: 97.0%; 50: 50.0%."
