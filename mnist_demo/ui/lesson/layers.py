"""Step 4: the network, and how many numbers training has to find."""

from __future__ import annotations

from itertools import pairwise

import streamlit as st

from mnist_demo.data import DIGITS, PIXELS
from mnist_demo.runs import SETTINGS, Layers
from mnist_demo.texts import Texts
from mnist_demo.ui.common.lessons import network_code
from mnist_demo.ui.lesson.bars import calculation_html
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.view import View

HIDDEN = next(setting for setting in SETTINGS if isinstance(setting, Layers))


def render_layers(view: View, _subject: Subject) -> None:
    """Let the visitor change the layers, and count."""
    words, texts = view.texts.lesson, view.texts
    whole = texts.numbers.whole
    depth = st.segmented_control(
        HIDDEN.count_label(texts),
        range(HIDDEN.most + 1),
        default=len(HIDDEN.default),
        required=True,
        key="lesson_depth",
    )
    hidden = tuple(
        st.select_slider(
            words.layer_neurons.format(layer=layer),
            HIDDEN.steps,
            size,
            key=f"lesson_layer_{layer}",
            format_func=whole,
        )
        for layer, size in enumerate(HIDDEN.resized((), depth), 1)
    )
    lines, total = count_parameters((PIXELS, *hidden, DIGITS), texts)
    st.html(calculation_html(lines, [(words.parameters, whole(total))]))
    st.code(network_code(hidden), language="python")


def count_parameters(sizes: tuple[int, ...], texts: Texts) -> tuple[list[tuple[str, str]], int]:
    """Write for each layer how many weights and biases it has, and count them all.

    Args:
        sizes: Inputs, neurons of each hidden layer, outputs.
        texts: The words.
    """
    whole, lines, total = texts.numbers.whole, [], 0
    for layer, (inputs, neurons) in enumerate(pairwise(sizes), 1):
        count = inputs * neurons + neurons
        name = texts.lesson.layer_count.format(layer=layer, inputs=whole(inputs), neurons=whole(neurons))
        lines.append((name, whole(count)))
        total += count
    return lines, total
