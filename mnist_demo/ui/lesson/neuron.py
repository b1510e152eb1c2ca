"""Step 3: one neuron, a weighted sum taken apart number by number."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mnist_demo.charts import grey, heat_map, picture_html, row_html, weight_pictures
from mnist_demo.data import IMAGE_SIDE
from mnist_demo.network import RELU, Network, NeuronSum, layer_lights, neuron_sum
from mnist_demo.runs import function_name
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.lesson.bars import calculation_html
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.view import View

SHOWN_CONTRIBUTIONS = 6


def render_neuron(view: View, subject: Subject) -> None:
    """Show the sum of a neuron of layer 1, at first of the one that the image activates most.

    Without a hidden layer it is one of the ten outputs.
    """
    assert view.run
    words, texts = view.texts.lesson, view.texts
    network = services.calibrated_network(view.run)
    answers = subject.answers(network)
    strongest = int(layer_lights(answers)[0][0].argmax())
    first = 1 if network.hidden else 0  # neurons are counted from 1, but outputs are called by their digits
    neurons = len(network.layers[0][1])
    label, key = words.neuron if network.hidden else words.output, f"lesson_neuron_{view.run.id}"
    number = st.slider(label, first, neurons - 1 + first, strongest + first, key=key) if neurons > 1 else 1
    neuron = number - first
    taken = neuron_sum(network, subject.x, answers, 1, neuron)
    st.html(_pictures(network, taken, neuron, texts))
    st.html(calculation_html(largest_contributions(taken, texts), totals(taken, texts)))
    st.markdown(_note(taken, neuron, texts))


def _note(taken: NeuronSum, neuron: int, texts: Texts) -> str:
    """Say what becomes of the sum."""
    words = texts.lesson
    if not taken.function:
        return words.neuron_output.format(digit=neuron)
    if taken.function != RELU:
        return words.neuron_squashed.format(function=function_name(taken.function, texts))
    return words.neuron_active if taken.activation else words.neuron_silent


def _pictures(network: Network, taken: NeuronSum, neuron: int, texts: Texts) -> str:
    words, square = texts.stage, (IMAGE_SIDE, IMAGE_SIDE)
    weights = weight_pictures(network.layers[0][0][:, [neuron]], np.ones(square, bool))[0]
    inputs = taken.inputs.reshape(square)
    product = heat_map(taken.product.reshape(square), np.zeros_like(inputs))
    pictures = (
        picture_html(grey(inputs), words.inputs),
        picture_html(weights, words.weights),
        picture_html(product, words.product),
    )
    return row_html(pictures)


def largest_contributions(taken: NeuronSum, texts: Texts) -> list[tuple[str, str]]:
    """Write the largest contributions as products, and what all others come to."""
    words, write = texts.lesson, texts.numbers.number
    order = np.argsort(-np.abs(taken.product), kind="stable")
    shown, others = order[:SHOWN_CONTRIBUTIONS], order[SHOWN_CONTRIBUTIONS:]
    lines = []
    for pixel in shown.tolist():
        row, column = divmod(pixel, IMAGE_SIDE)
        product = f"{write(float(taken.inputs[pixel]), 4)} × {write(float(taken.weights[pixel]), 4)}"
        name = words.pixel.format(row=row + 1, column=column + 1, product=product)
        lines.append((name, write(float(taken.product[pixel]), 4)))
    rest = float(taken.product[others].sum())
    return [*lines, (words.others.format(count=texts.numbers.whole(len(others))), write(rest, 4))]


def totals(taken: NeuronSum, texts: Texts) -> list[tuple[str, str]]:
    """Write sum, bias, both together, and what the activation function makes of it, all to four digits."""
    words = texts.lesson
    figures = {
        words.sum: taken.total,
        words.bias: taken.bias,
        words.total: taken.total + taken.bias,
    }
    if taken.function:
        squashed = words.squashed.format(function=function_name(taken.function, texts))
        figures[words.relu if taken.function == RELU else squashed] = taken.activation
    return [(name, texts.numbers.number(value, 4)) for name, value in figures.items()]
