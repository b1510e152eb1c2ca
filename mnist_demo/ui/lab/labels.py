"""What the laboratory says about an answer, a map and a curve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.network import MIN_PROBABILITY, Axis
from mnist_demo.runs import digit_name
from mnist_demo.texts import NO_BREAK_SPACE, Texts
from mnist_demo.ui.common.answer import answer_html, large_answer_html


def perturbed_answer_html(
    before: int, probabilities: NDArray[np.float32], abstaining: bool, texts: Texts
) -> Markup:
    """Show an answer after some damage, in another colour and other words where it has flipped.

    One that the network should doubt is said as the drawing page says it: neither kept nor flipped.

    Args:
        before: The digit that was answered before the damage.
        probabilities: What is answered now, (10,) float32.
        abstaining: Whether the network should doubt it.
        texts: The words.
    """
    now = int(probabilities.argmax())
    share = float(probabilities[now])
    if abstaining or not share >= MIN_PROBABILITY:  # numbers that have overflowed compare with nothing
        return answer_html(probabilities, abstaining, texts)
    form = texts.lab.kept if now == before else texts.lab.flipped
    said = form.format(
        digit=_unbroken(digit_name(now, texts)),
        before=_unbroken(digit_name(before, texts)),
        share=texts.numbers.chance(share),
    )
    return large_answer_html(now, said, "" if now == before else "flipped")


def _unbroken(words: str) -> str:
    """Keep an article and its digit on one line."""
    return words.replace(" ", NO_BREAK_SPACE)


def map_alt(
    digits: NDArray[np.int64], across: tuple[str, Axis], downward: tuple[str, Axis], texts: Texts
) -> str:
    """Say what a map of answers shows: its two sides, and how many cells each digit has."""
    words = texts.lab
    (x_title, x), (y_title, y) = across, downward
    counts = (f"{digit}: {cells}" for digit, cells in Counter(digits.tolist()).most_common())
    return words.map_alt.format(
        title=words.map_title,
        across=x_title,
        left=x.values[0],
        right=x.values[-1],
        downward=y_title,
        top=y.values[0],
        bottom=y.values[-1],
        counts="; ".join(counts),
    )


def curve_alt(axis: str, strengths: Sequence[int], accuracies: Sequence[float], texts: Texts) -> str:
    """Say what a curve of accuracy shows: its points one by one."""
    points = (
        f"{strength}: {texts.numbers.percent(accuracy)}"
        for strength, accuracy in zip(strengths, accuracies, strict=True)
    )
    return texts.lab.curve_alt.format(title=f"{texts.lab.curve_title}, {axis}", points="; ".join(points))
