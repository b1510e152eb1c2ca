"""The laboratory's second part: a layer of the network is perturbed, and its accuracy falls."""

from __future__ import annotations

import numpy as np
import streamlit as st
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.charts import accuracy_fall_figure
from mnist_demo.errors import DamagedRun, DatasetUnavailable, UnknownRun
from mnist_demo.network import WEIGHT_PERTURBATIONS, AbstentionRule, Network, predict_digits
from mnist_demo.texts import Section
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import find_doubt
from mnist_demo.ui.common.choice import choose_one
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.components import render_chart
from mnist_demo.ui.lab.labels import curve_alt, perturbed_answer_html
from mnist_demo.ui.view import View, fragment


@fragment
def render_weight_perturbation(
    view: View, frame: NDArray[np.float32], network: Network, rule: AbstentionRule | None
) -> None:
    """Let the visitor perturb a layer; show the curve of accuracy and the perturbed network's answer.

    Args:
        view: What the page shows.
        frame: The drawing, (28, 28) float32, as the network reads it.
        network: The network of the run in use, which is not changed.
        rule: When that one abstains.
    """
    words = view.texts.lab
    render_heading(words.network_title)
    st.markdown(words.network_lesson)
    controls, chart = st.columns([6, 10], gap="medium")
    with controls:
        perturbation, layer, strength = _render_controls(network, words)
        perturbed = WEIGHT_PERTURBATIONS[perturbation].perturb(network, layer, strength)
        before = int(predict_digits(network, frame[np.newaxis])[0][0])
        x = frame.reshape(1, -1)
        now = perturbed.activations(x)
        st.markdown(words.answer)
        # By the calibration of the run, as it has none of its own; the run's detector knows other neurons.
        doubt = find_doubt(AbstentionRule(rule.calibration) if rule else None, now, x)
        st.html(perturbed_answer_html(before, now.probabilities[0], doubt, view.texts))
    with chart:
        _show_curve(view, perturbation, layer, strength)


def _render_controls(network: Network, words: Section) -> tuple[str, int, int]:
    """Let the visitor choose a damage, a layer and a strength, among those that this network can have."""
    named = {"ablate": words.ablate, "noise": words.weight_noise}
    kinds = {kind: name for kind, name in named.items() if WEIGHT_PERTURBATIONS[kind].layers(network)}
    perturbation = choose_one(words.perturbations, kinds, key=f"lab_perturbation_{len(kinds)}")
    chosen, depth = WEIGHT_PERTURBATIONS[perturbation], len(network.layers)
    layer = st.segmented_control(
        words.layer,
        list(chosen.layers(network)),
        default=0,
        required=True,
        key=f"lab_layer_{perturbation}_{depth}",
        format_func=lambda number: _layer_name(number, depth, words),
    )
    label = words.ablated if perturbation == "ablate" else words.noisy
    strength = st.select_slider(label, chosen.strengths, 0, key=f"lab_strength_{perturbation}")
    return perturbation, layer, strength


def _layer_name(layer: int, depth: int, words: Section) -> str:
    return words.output_layer if layer == depth - 1 else words.hidden_layer.format(number=layer + 1)


def _show_curve(view: View, perturbation: str, layer: int, strength: int) -> None:
    assert view.run
    texts, words, numbers = view.texts, view.texts.lab, view.texts.numbers
    try:
        images = services.held_out_images()
        accuracies = services.lab_curve(view.run.id, perturbation, layer)
    except (DatasetUnavailable, UnknownRun, DamagedRun) as error:
        show_problem(error, texts)
        return
    strengths = WEIGHT_PERTURBATIONS[perturbation].strengths
    axis = words.ablated if perturbation == "ablate" else words.noisy
    figure = accuracy_fall_figure(strengths, accuracies, strength, axis, words, numbers)
    alt = curve_alt(axis, strengths, accuracies, texts)
    render_chart(figure, words.curve_title, alt, key="lab_curve")
    template = words.outcome if strength else words.unperturbed
    outcome = template.format(
        accuracy=numbers.percent(accuracies[strengths.index(strength)]),
        before=numbers.percent(accuracies[0]),
        images=numbers.whole(len(images.labels)),
    )
    st.html(Markup('<p class="answer-words" role="status">{}</p>').format(outcome))
    if not images.info.is_mnist:
        st.info(words.other_images)
