"""Steps 5 and 6: ten sums become ten probabilities, and what an answer costs."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.data import DIGITS
from mnist_demo.network import SMALLEST_PROBABILITY, cross_entropy, softmax
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.lesson.bars import ten_bars_html
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.view import View

DIVISORS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
MAX_DIGITS = 7
"""As far as Keras counts a probability in the loss, see `network.gradient`."""


def render_softmax(view: View, subject: Subject) -> None:
    """Show the ten sums, and the probabilities that softmax makes of them at a temperature."""
    assert view.run
    words, texts = view.texts.lesson, view.texts
    logits = subject.answers(services.calibrated_network(view.run)).logits
    temperature = st.select_slider(
        words.temperature,
        DIVISORS,
        1.0,
        key="lesson_temperature",
        format_func=texts.numbers.shortest,
    )
    probabilities = softmax(logits / np.float32(temperature))[0]
    sums = [texts.numbers.number(float(value), 2) for value in logits[0]]
    st.html(bars(probabilities, int(probabilities.argmax()), texts, sums))
    st.markdown(
        words.softmax_formula.format(
            digit=int(probabilities.argmax()), temperature=texts.numbers.shortest(temperature)
        )
    )


def render_loss(view: View, subject: Subject) -> None:
    """Show what the answer costs, whichever digit was meant."""
    assert view.run
    words, texts = view.texts.lesson, view.texts
    probabilities = subject.answers(services.calibrated_network(view.run)).probabilities
    meant = st.segmented_control(
        words.meant, range(DIGITS), default=int(probabilities[0].argmax()), required=True, key="lesson_meant"
    )
    losses = losses_of(probabilities)
    alt = words.loss_alt.format(digit=meant, loss=texts.numbers.number(losses[meant], 4))
    written = [texts.numbers.number(loss, 2) for loss in losses]
    shares = [loss / max(losses) if max(losses) else 0.0 for loss in losses]
    said = [texts.numbers.chance(float(share)) for share in probabilities[0]]
    st.html(ten_bars_html(shares, written, alt, meant, said))
    if min(float(share) for share in probabilities[0]) < SMALLEST_PROBABILITY:
        st.markdown(words.loss_floor)
    st.markdown(
        words.loss_formula.format(
            digit=meant,
            probability=significant(float(probabilities[0, meant]), texts),
            loss=texts.numbers.number(losses[meant], 4),
        )
    )


def significant(probability: float, texts: Texts) -> str:
    """Write a probability with four digits that count, near 0 and near 1: its logarithm can be checked."""
    rest = min(probability, 1 - probability)
    digits = min(3 - math.floor(math.log10(rest)), MAX_DIGITS) if rest > 0 else MAX_DIGITS
    return texts.numbers.number(probability, digits)


def losses_of(probabilities: NDArray[np.float32]) -> list[float]:
    """Return the loss of an answer (1, 10) for each digit that may have been the right one."""
    return [cross_entropy(probabilities, np.array([digit])) for digit in range(DIGITS)]


def bars(probabilities: NDArray[np.float32], marked: int, texts: Texts, sums: list[str] | None = None) -> str:
    """Draw ten probabilities (10,) as bars."""
    written = [texts.numbers.chance(float(share)) for share in probabilities]
    told = ", ".join(f"{digit}: {share}" for digit, share in enumerate(written))
    alt = texts.lesson.bars_alt.format(probabilities=told)
    return ten_bars_html([float(share) for share in probabilities], written, alt, marked, sums or [])
