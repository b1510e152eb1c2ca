"""The neurons of a network's first layer: their weights as images, and what activates one of them.

Of a network without hidden layers these are the ten outputs.
"""

from __future__ import annotations

import numpy as np
import streamlit as st
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.charts import Sprite, grey, lay_out, picture_html, row_html, weight_pictures
from mnist_demo.data import DataSummary
from mnist_demo.network import IMPORTANCE_IMAGES, Network, first_layer_activations, top_activating_images
from mnist_demo.runs import Run, digit_name
from mnist_demo.texts import Texts
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.components import render_gallery

NEURONS_AT_FIRST = 64
TOP_IMAGES = 8
SPRITES_KEPT = 8


def render_neurons(
    network: Network,
    run: Run,
    epoch: int | None,
    summary: DataSummary,
    order: tuple[int, ...],
    frame: NDArray[np.float32],
    counts: NDArray[np.bool_],
    texts: Texts,
) -> None:
    """Show the neurons, and more about the one that the visitor chooses.

    Args:
        network: The network, perhaps after an earlier epoch.
        run: Its run.
        epoch: After which one it is; None: as it is now.
        summary: The training images that may activate a neuron.
        order: The neurons, the most influential first.
        frame: (28, 28) float32, the image that the network is reading.
        counts: (28, 28) bool, the pixels whose weights are shown.
        texts: The words.
    """
    words, whole = texts.inside, texts.numbers.whole
    title = words.neurons if network.hidden else words.outputs
    render_heading(title)
    left, right = st.columns([7, 5], gap="large")
    with left:
        images = whole(min(IMPORTANCE_IMAGES, len(summary.images)))
        st.markdown(words.neurons_note.format(images=images) if network.hidden else words.outputs_note)
        shown = order if _wants_all(len(order), texts) else order[:NEURONS_AT_FIRST]
        sprite = _sprite(run.id, epoch, shown, network, counts)
        names = [_name(network, neuron, texts) for neuron in shown]
        place = render_gallery(
            sprite, names, title, f"neurons_{run.id}", "3rem" if network.hidden else "6rem"
        )
    with right:
        rank = words.influence_rank.format(rank=whole(place + 1), neurons=whole(len(order)))
        st.markdown(f"**{names[place]}** · {rank}" if network.hidden else f"**{names[place]}**")
        (tile,) = weight_pictures(network.layers[0][0][:, [shown[place]]], counts)
        _render_neuron(network, shown[place], tile, frame, texts)
        _render_top_images(network, run, summary, shown[place], texts)


def _name(network: Network, neuron: int, texts: Texts) -> str:
    if not network.hidden:
        return texts.stage.output.format(digit=neuron)
    return texts.inside.neuron.format(number=texts.numbers.whole(neuron + 1))


@st.cache_resource(show_spinner=False, max_entries=SPRITES_KEPT)
def _sprite(
    run_id: str,  # noqa: ARG001 - this and the epoch tell the network
    epoch: int | None,  # noqa: ARG001
    shown: tuple[int, ...],
    _network: Network,
    _counts: NDArray[np.bool_],
) -> Sprite:
    """Lay out the weights of neurons; once, for of 1,024 of them it takes half a second."""
    return lay_out(weight_pictures(_network.layers[0][0][:, list(shown)], _counts))


def _wants_all(neurons: int, texts: Texts) -> bool:
    if neurons <= NEURONS_AT_FIRST:
        return True
    label = texts.inside.all_neurons.format(neurons=texts.numbers.whole(neurons))
    return st.toggle(label, key="all_neurons")


def _render_neuron(
    network: Network, neuron: int, tile: NDArray[np.uint8], frame: NDArray[np.float32], texts: Texts
) -> None:
    """Show one neuron's weights large, and its activation for the drawing."""
    words = texts.inside
    activation = float(first_layer_activations(network, frame.reshape(1, -1))[0, neuron])
    written = texts.numbers.number(activation, 2)
    if not network.hidden:
        caption = words.output_sum.format(sum=written)
    else:
        caption = words.activation.format(activation=written) if activation else words.inactive
    drawing = picture_html(grey(frame), caption)
    st.html(Markup('<div class="pair">{}{}</div>').format(picture_html(tile, words.weights), drawing))


def _render_top_images(network: Network, run: Run, summary: DataSummary, neuron: int, texts: Texts) -> None:
    """Show the training images that activate a neuron most."""
    words, numbers = texts.inside, texts.numbers
    rows, activations = top_activating_images(network, neuron, summary.images, TOP_IMAGES)
    if not len(rows):
        st.info(words.dead_neuron)
        return
    st.markdown(f"**{words.top_images}**")
    captions = [
        f"{digit_name(int(summary.labels[row]), texts)}: {numbers.number(float(activation), 1)}"
        for row, activation in zip(rows, activations, strict=True)
    ]
    pictures = [
        picture_html(summary.images[row], caption) for row, caption in zip(rows, captions, strict=True)
    ]
    st.html(row_html(pictures))
    st.markdown(words.top_images_note.format(images=numbers.whole(len(summary.images))))
    if summary.info.fingerprint != run.dataset.fingerprint:
        st.markdown(words.other_images)
