"""A network's answer to a drawing, in words and as HTML."""

from __future__ import annotations

from enum import Enum, auto

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.data import FramingSteps, looks_like_dot, looks_like_several
from mnist_demo.network import MIN_PROBABILITY, AbstentionRule, Activations, is_unsure
from mnist_demo.runs import digit_name
from mnist_demo.texts import Texts

SURE = 0.9
ONE_OR_SEVEN = {1, 7}


class Doubt(Enum):
    """Why a network should name no digit."""

    NONE = auto()
    UNSURE = auto()
    """Two digits or more compete."""
    NO_DIGIT = auto()
    """It looks like none."""
    SEVERAL = auto()
    """It looks like more than one, side by side."""
    DOT = auto()
    """The pen has hardly moved."""


def doubt_of_ink(steps: FramingSteps) -> Doubt:
    """Find out whether what lies on a canvas can be one digit at all, whatever a network says."""
    if looks_like_several(steps.ink):
        return Doubt.SEVERAL
    return Doubt.DOT if looks_like_dot(steps.crop, max(steps.ink.shape)) else Doubt.NONE


def find_doubt(
    rule: AbstentionRule | None, answers: Activations, x: NDArray[np.float32], drawn: Doubt = Doubt.NONE
) -> Doubt:
    """Find out whether a network should name a digit for one image.

    Args:
        rule: The network's; without one it never abstains.
        answers: The activations for `x` of the network with its temperature applied.
        x: (1, 784) float32, 0 to 1.
        drawn: What speaks against a drawing already, see `doubt_of_ink`.
    """
    if drawn is not Doubt.NONE:
        return drawn
    if not rule:
        return Doubt.NONE
    if rule.sees_no_digit(answers, x)[0]:
        return Doubt.NO_DIGIT
    return Doubt.UNSURE if is_unsure(answers)[0] else Doubt.NONE


def answer_html(probabilities: NDArray[np.float32], doubt: Doubt, texts: Texts) -> Markup:
    """Return an answer as HTML, see `answer_words`."""
    sign, words = answer_words(probabilities, doubt, texts)
    return large_answer_html(sign, words) if sign else Markup('<p class="answer-words">{}</p>').format(words)


def answer_words(probabilities: NDArray[np.float32], doubt: Doubt, texts: Texts) -> tuple[str, str]:
    """Put an answer into words.

    Args:
        probabilities: (10,) float32.
        doubt: Why no digit should be named.
        texts: The words.

    Returns:
        The likeliest digit, or a question mark if there is a doubt, or nothing where the network's weights
        have overflowed; and a sentence. Where 1 and 7 compete, it says what MNIST's writers did.
    """
    if not np.isfinite(probabilities).all():
        return "", texts.drawing.overflowed
    second, first = (int(digit) for digit in np.argsort(probabilities)[-2:])
    share = float(probabilities[first])
    template = _answer_template(share, doubt, texts, one_or_seven={first, second} == ONE_OR_SEVEN)
    sentence = template.format(
        digit=digit_name(first, texts), second=digit_name(second, texts), share=texts.numbers.chance(share)
    )
    return str(first) if doubt is Doubt.NONE else "?", sentence


def large_answer_html(sign: int | str, words: str, kind: str = "") -> Markup:
    """Return an answer large enough for the last row: a digit or a question mark, and a sentence."""
    return Markup(
        '<div class="answer {}" role="status"><span class="answer-digit" aria-hidden="true">{}</span>'
        '<p class="answer-words">{}</p></div>'
    ).format(kind, sign, words)


def _answer_template(share: float, doubt: Doubt, texts: Texts, *, one_or_seven: bool) -> str:
    words = texts.drawing
    if doubt is Doubt.SEVERAL:
        return words.several
    if doubt is Doubt.DOT:
        return words.dot
    if doubt is Doubt.NO_DIGIT:
        return words.no_digit
    if share < MIN_PROBABILITY:
        return words.unsure_one_or_seven if one_or_seven else words.unsure
    if share >= SURE:
        return words.sure
    return words.probable_one_or_seven if one_or_seven else words.probable
