"""Step 12: six things that many believe of such a network, each tried on the spot."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.data import DIGITS, IMAGE_SIDE, PIXELS
from mnist_demo.errors import DatasetUnavailable
from mnist_demo.network import RELU, Network
from mnist_demo.runs import Run, digit_name, run_date
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.lesson.learning import fingerprint
from mnist_demo.ui.lesson.question import Question, ask
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.view import View

TENTH = np.float32(0.1)


def render_checks(view: View, subject: Subject) -> None:
    """Ask of each whether it is true, and then show."""
    assert view.run
    network, run, texts = services.calibrated_network(view.run), view.run, view.texts
    columns = st.columns(2)
    for place, (question, show) in enumerate(zip(checks(texts), SHOWN, strict=True)):
        answered = question.name in view.session.lesson.answers  # the question itself has a border until then
        with columns[place % 2], st.container(border=answered, key=f"belief_{place}"):
            if ask(question, view.session.lesson, texts):
                st.markdown(show(network, run, subject, texts))


def checks(texts: Texts) -> list[Question]:
    """Return the six questions; none of the six statements is true."""
    words = texts.lesson_checks
    statements = (words.rules, words.exact, words.images, words.learns, words.trained, words.internet)
    options = (words.true, words.false)
    return [
        Question(f"check_{number}", statement, options, 1, "")
        for number, statement in enumerate(statements, 1)
    ]


def _show_rules(network: Network, _run: Run, subject: Subject, texts: Texts) -> str:
    untrained = untrained_network(network.hidden, network.activation)
    told: list[str] = []
    for one in (untrained, network):
        probabilities = one.predict(subject.x)[0]
        told += [
            digit_name(int(probabilities.argmax()), texts),
            texts.numbers.chance(float(probabilities.max())),
        ]
    return texts.lesson_checks.rules_shown.format(
        random_digit=told[0], random_share=told[1], digit=told[2], share=told[3]
    )


def untrained_network(hidden: tuple[int, ...], activation: str = RELU) -> Network:
    """Draw a network as training begins with: weights at random, as Keras draws them, and biases of 0.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks".
    """
    random, arrays = np.random.default_rng(1), []
    sizes = (PIXELS, *hidden, DIGITS)
    for inputs, neurons in pairwise(sizes):
        limit = np.sqrt(6 / (inputs + neurons))
        arrays += [random.uniform(-limit, limit, (inputs, neurons)).astype(np.float32)]
        arrays += [np.zeros(neurons, np.float32)]
    return Network.from_arrays(arrays, activation)


def _show_exact(network: Network, _run: Run, subject: Subject, texts: Texts) -> str:
    before = network.predict(subject.x)[0]
    after = network.predict(move_right(subject.x, TENTH))[0]
    digit = int(before.argmax())
    write = texts.numbers.number
    return texts.lesson_checks.exact_shown.format(
        digit=digit,
        before=write(100 * float(before[digit]), 4),
        after=write(100 * float(after[digit]), 4),
    )


def move_right(x: NDArray[np.float32], pixels: np.float32) -> NDArray[np.float32]:
    """Move an image (1, 784) right by less than a pixel: each pixel gets some of its left neighbour's ink."""
    image = x.reshape(IMAGE_SIDE, IMAGE_SIDE)
    neighbour = np.pad(image, ((0, 0), (1, 0)))[:, :-1]
    return ((1 - pixels) * image + pixels * neighbour).reshape(1, PIXELS)


def _show_images(network: Network, _run: Run, _subject: Subject, texts: Texts) -> str:
    numbers = sum(array.size for array in network.arrays)
    whole = texts.numbers.whole
    try:
        images = services.data_summary().info.n_train
    except DatasetUnavailable:
        return texts.lesson_checks.images_gone.format(numbers=whole(numbers))
    return texts.lesson_checks.images_shown.format(
        images=whole(images),
        megabytes=whole(images * PIXELS / 1e6),
        numbers=whole(numbers),
        kilobytes=whole(4 * numbers / 1e3),
    )


def _show_learns(network: Network, _run: Run, _subject: Subject, texts: Texts) -> str:
    return texts.lesson_checks.learns_shown.format(fingerprint=fingerprint(network))


def _show_trained(_network: Network, run: Run, _subject: Subject, texts: Texts) -> str:
    words = texts.lesson_checks
    if run.pretrained:
        return words.trained_shown.format(epochs=run.history.reached_epoch, date=run_date(run, texts))
    date = run_date(run, texts)
    return (words.trained_elsewhere if run.uploaded else words.trained_here).format(date=date)


def _show_internet(_network: Network, _run: Run, _subject: Subject, texts: Texts) -> str:
    return texts.lesson_checks.internet_shown


SHOWN: tuple[Callable[[Network, Run, Subject, Texts], str], ...] = (
    _show_rules,
    _show_exact,
    _show_images,
    _show_learns,
    _show_trained,
    _show_internet,
)
"""What shows that a statement is not true, in the order of `checks`."""
