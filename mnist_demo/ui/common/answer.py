"""A network's answer to a drawing, in words and as HTML."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.network import MIN_PROBABILITY, Activations, Calibration, abstains
from mnist_demo.runs import digit_name
from mnist_demo.texts import Texts

SURE = 0.9


def does_abstain(calibration: Calibration | None, answers: Activations, x: NDArray[np.float32]) -> bool:
    """Return whether a network should say that it is not sure about one image.

    Args:
        calibration: The network's; without one it never abstains.
        answers: The activations for `x` of the network with its temperature applied.
        x: (1, 784) float32, 0 to 1.
    """
    return bool(calibration and abstains(calibration, answers, x)[0])


def answer_html(probabilities: NDArray[np.float32], abstaining: bool, texts: Texts) -> Markup:
    """Return an answer as HTML, see `answer_words`."""
    sign, words = answer_words(probabilities, abstaining, texts)
    return large_answer_html(sign, words) if sign else Markup('<p class="answer-words">{}</p>').format(words)


def answer_words(probabilities: NDArray[np.float32], abstaining: bool, texts: Texts) -> tuple[str, str]:
    """Put an answer into words.

    Args:
        probabilities: (10,) float32.
        abstaining: Whether the network abstains.
        texts: The words.

    Returns:
        The likeliest digit, or a question mark if the network abstains, or nothing where its weights have
        overflowed; and a sentence.
    """
    if not np.isfinite(probabilities).all():
        return "", texts.drawing.overflowed
    second, first = (int(digit) for digit in np.argsort(probabilities)[-2:])
    share = float(probabilities[first])
    sentence = _answer_template(share, abstaining, texts).format(
        digit=digit_name(first, texts), second=digit_name(second, texts), share=texts.numbers.chance(share)
    )
    return "?" if abstaining else str(first), sentence


def large_answer_html(sign: int | str, words: str, kind: str = "") -> Markup:
    """Return an answer large enough for the last row: a digit or a question mark, and a sentence."""
    return Markup(
        '<div class="answer {}" role="status"><span class="answer-digit" aria-hidden="true">{}</span>'
        '<p class="answer-words">{}</p></div>'
    ).format(kind, sign, words)


def _answer_template(share: float, abstaining: bool, texts: Texts) -> str:
    words = texts.drawing
    if share < MIN_PROBABILITY:
        return words.unsure
    if abstaining:
        return words.abstaining
    return words.sure if share >= SURE else words.probable
