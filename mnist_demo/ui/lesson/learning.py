"""Step 7: a copy of the network learns one drawing, step by step."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.charts import grey, picture_html, row_html
from mnist_demo.data import DIGITS, IMAGE_SIDE, one_hot
from mnist_demo.network import Learner, Network, cross_entropy, loss_gradient
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.lesson.probabilities import bars
from mnist_demo.ui.lesson.progress import Progress
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.view import View

PRESSES = (1, 10, 100)
MAX_STEPS = 500
FINGERPRINT_DIGITS = 12
KEPT_LEARNERS = 6
"""With what Adam remembers, 1.3 MB each for the usual network, 48 MB for the largest."""


def render_learning(view: View, subject: Subject) -> None:
    """Let a copy of the network in use take steps of learning on the drawing, and take them back."""
    assert view.run
    words, texts, progress = view.texts.lesson, view.texts, view.session.lesson
    network = services.calibrated_network(view.run)
    before = subject.answers(network).probabilities
    label = st.segmented_control(
        words.learn_label,
        range(DIGITS),
        default=int(before[0].argmax()),
        required=True,
        key="lesson_learn_label",
    )
    token = hashlib.sha256(subject.x.tobytes() + view.run.id.encode() + bytes([label])).hexdigest()
    progress.begin_to_learn_from(token)
    _render_buttons(progress, texts)
    copy = learner_after(view.run.id, subject.x.tobytes(), label, sum(progress.presses)).network
    _render_change(network, copy, subject, label, texts)
    _render_fingerprints(network, copy, texts)


@st.cache_resource(show_spinner=False, max_entries=KEPT_LEARNERS)
def learner_after(run_id: str, drawing: bytes, label: int, taken: int) -> Learner:
    """Return what a copy has become after some steps, however they were pressed.

    It goes on from the round number of steps before. While few are kept for a whole class, that one may be
    gone, too, and is made again in the same way: from a hundred, not from each single press.

    Args:
        run_id: Of the run that it is a copy of.
        drawing: (784,) float32 as bytes.
        label: What it learns to call it.
        taken: How many steps.
    """
    if not taken:
        return Learner(services.calibrated_network(services.store().get(run_id)))
    further = taken % 10 or taken % 100 or 100
    before = learner_after(run_id, drawing, label, taken - further)
    return learn(before, np.frombuffer(drawing, np.float32).reshape(1, -1), label, further)


def learn(learner: Learner, x: NDArray[np.float32], label: int, steps: int) -> Learner:
    """Take some steps of Adam on one image (1, 784) and its label; the learner of before stays as it is."""
    labels = np.array([one_hot(label)], np.float32)
    for _ in range(steps):
        learner = learner.step(x, labels)
    return learner


def fingerprint(network: Network) -> str:
    """Return a fingerprint of all weights and biases: one that changes, changes it."""
    digest = hashlib.sha256()
    for array in network.arrays:
        digest.update(array.tobytes())
    return digest.hexdigest()[:FINGERPRINT_DIGITS]


def _render_buttons(progress: Progress, texts: Texts) -> None:
    words, taken = texts.lesson, sum(progress.presses)
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_learn"):
        for steps in PRESSES:
            st.button(
                words.one_step if steps == 1 else words.more_steps.format(steps=steps),
                key=f"learn_{steps}",
                on_click=progress.learn,
                args=(steps,),
                disabled=taken + steps > MAX_STEPS,
            )
        st.button(words.undo, key="unlearn", on_click=progress.unlearn, disabled=not progress.presses)
        st.markdown(words.steps_taken.format(steps=texts.numbers.whole(taken)), width="content")


def _render_change(network: Network, copy: Network, subject: Subject, label: int, texts: Texts) -> None:
    """Show probabilities and loss of both networks, and where the gradient of the copy is large."""
    words, digits = texts.lesson, np.array([label])
    before, after = (subject.answers(one).probabilities for one in (network, copy))
    losses = [texts.numbers.number(cross_entropy(some, digits), 4) for some in (before, after)]
    st.markdown(words.losses.format(before=losses[0], after=losses[1]))
    st.html(bars(after[0], label, texts, [texts.numbers.chance(float(share)) for share in before[0]]))
    gradient = loss_gradient(copy, subject.x, np.array([one_hot(label)], np.float32))[0]
    st.html(row_html([picture_html(gradient_picture(gradient), words.gradient)]))


def gradient_picture(gradient: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Draw how strongly each pixel's weights would change: the gradient's length, the largest white.

    Args:
        gradient: (784, neurons) float32, of the first layer's weights.

    Returns:
        (28, 28) uint8; black where no weight changes, as under every pixel without ink.
    """
    lengths = np.linalg.norm(gradient, axis=1).reshape(IMAGE_SIDE, IMAGE_SIDE)
    return grey((lengths / max(float(lengths.max()), 1e-12)).astype(np.float32))


def _render_fingerprints(network: Network, copy: Network, texts: Texts) -> None:
    words = texts.lesson
    st.markdown(words.fingerprints.format(in_use=fingerprint(network), copy=fingerprint(copy)))
