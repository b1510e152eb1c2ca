"""A closer look at one drawing: its way into the network, what speaks for the answer, what looks alike."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mnist_demo.charts import grey, heat_map, neuron_grid, picture_html, row_html
from mnist_demo.data import FramingSteps, shrink_unframed
from mnist_demo.errors import DamagedRun, DatasetUnavailable, UnknownRun
from mnist_demo.network import RELU, Activations, Network, integrated_gradients, nearest_neighbors
from mnist_demo.runs import Run, digit_name, escape_markdown, pretrained_runs, run_name
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import answer_html, doubt_of_ink, find_doubt
from mnist_demo.ui.common.lessons import render_lesson_button
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.draw.reader import LIVE, Reader
from mnist_demo.ui.view import View

ALIKE = 6


def render_explanations(view: View, steps: FramingSteps, reader: Reader) -> None:
    """Offer some looks at the drawing and show the chosen one.

    Args:
        view: What the page shows.
        steps: The drawing.
        reader: The network that reads it; one in training is looked at as it is now.
    """
    texts, words, network = view.texts, view.texts.explanations, reader.network
    answers = network.activations(steps.frame.reshape(1, -1))
    if not np.isfinite(answers.probabilities).all():
        return
    run = view.run if reader.name != LIVE else None
    looks = {"way": words.preprocessing, "why": words.why}
    if run and any(other.id != run.id for other in pretrained_runs(view.runs)):
        looks["beside"] = words.side_by_side
    if run and _images_are_here(view, run):
        looks["alike"] = words.similar_images
    chosen = st.segmented_control(
        words.title, list(looks), key="closer_look", format_func=lambda look: looks.get(look, look)
    )
    match chosen:
        case "way":
            _show_way(steps, network, texts)
        case "why":
            _show_why(steps, answers, network, texts)
        case "beside" if run and "beside" in looks:
            _show_beside(view, steps, run)
        case "alike" if run and "alike" in looks:
            _show_alike(answers, run, texts)


def _show_way(steps: FramingSteps, network: Network, texts: Texts) -> None:
    words = texts.explanations
    unframed = shrink_unframed(steps.ink)
    digit, share = _answer(network, unframed)
    st.html(
        row_html(
            [
                picture_html(steps.ink, words.canvas),
                picture_html(steps.crop, words.cropped),
                picture_html(steps.box, words.scaled),
                picture_html(grey(steps.frame), words.centered),
                picture_html(
                    grey(unframed),
                    words.without_preprocessing.format(digit=digit, share=texts.numbers.chance(share)),
                ),
            ]
        )
    )
    render_lesson_button("preprocessing", texts)


def _show_why(steps: FramingSteps, answers: Activations, network: Network, texts: Texts) -> None:
    words = texts.explanations
    digit = int(answers.probabilities[0].argmax())
    shares = integrated_gradients(network, steps.frame.ravel(), digit).reshape(steps.frame.shape)
    pictures = [
        picture_html(heat_map(shares, steps.frame), words.heat_map.format(digit=digit_name(digit, texts)))
    ]
    for number, layer in enumerate(answers.hidden, 1):
        active, neurons = int((layer[0] > 0).sum()), layer.shape[1]
        caption = words.layer_neurons.format(number=number, neurons=neurons)
        if network.activation == RELU:
            caption = words.active_neurons.format(number=number, active=active, neurons=neurons)
        pictures.append(picture_html(neuron_grid(np.abs(layer[0])), caption, kind="wide"))
    st.html(row_html(pictures))
    render_lesson_button("why", texts)


def _show_alike(answers: Activations, run: Run, texts: Texts) -> None:
    words = texts.explanations
    try:
        summary = services.data_summary()
    except DatasetUnavailable as error:  # the file has gone since the trainer read it
        show_problem(error, texts)
        return
    images, labels = summary.images, summary.labels
    rows = nearest_neighbors(services.known_points(run.id), answers.features[-1][0], ALIKE)
    st.html(row_html([picture_html(images[row], digit_name(int(labels[row]), texts)) for row in rows]))
    note = words.similar_images_note if answers.hidden else words.similar_outputs_note
    st.caption(note.format(images=texts.numbers.whole(len(images))))


def _show_beside(view: View, steps: FramingSteps, run: Run) -> None:
    """Let the pretrained networks and the one in use answer side by side."""
    texts = view.texts
    runs = [run, *(other for other in pretrained_runs(view.runs) if other.id != run.id)]
    x, drawn = steps.frame.reshape(1, -1), doubt_of_ink(steps)
    for column, shown in zip(st.columns(len(runs)), runs, strict=True):
        with column:
            st.markdown(f"**{escape_markdown(run_name(shown, texts))}**")
            try:
                answers = services.calibrated_network(shown).activations(x)
                rule = services.abstention_rule(shown)
            except (UnknownRun, DamagedRun) as error:
                show_problem(error, texts)
                continue
            doubt = find_doubt(rule, answers, x, drawn)
            st.html(answer_html(answers.probabilities[0], doubt, texts))


def _images_are_here(view: View, run: Run) -> bool:
    """Whether the images that a run was trained on are those that this computer has."""
    dataset = view.state.dataset
    return dataset is not None and dataset.fingerprint == run.dataset.fingerprint


def _answer(network: Network, image: np.ndarray) -> tuple[int, float]:
    probabilities = network.predict(image.reshape(1, -1))[0]
    return int(probabilities.argmax()), float(probabilities.max())
