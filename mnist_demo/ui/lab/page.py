"""The laboratory: visitors perturb the drawing or the network and see where the answer flips."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import streamlit as st
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.charts import answer_map_figure, grey, picture_html
from mnist_demo.data import CANVAS_PIXELS, IMAGE_SIDE, frame_in_steps
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.network import (
    DEGREES,
    MAPS,
    NOISES,
    SHIFTS,
    THICKNESSES,
    AbstentionRule,
    ImagePerturbation,
    Network,
    perturb_image,
    perturb_images,
    perturbation_grid,
    predict_digits,
    recenter,
)
from mnist_demo.runs import digit_name
from mnist_demo.texts import Section, Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import find_doubt
from mnist_demo.ui.common.choice import choose_one
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.components import render_chart
from mnist_demo.ui.draw.sample_digits import render_sample
from mnist_demo.ui.lab.labels import map_alt, perturbed_answer_html
from mnist_demo.ui.lab.network import render_weight_perturbation
from mnist_demo.ui.session import Session
from mnist_demo.ui.view import View, fragment

SAMPLE_DIGIT = 3
KEPT_MAPS = 32


def render_lab(view: View) -> None:
    """Show the page; a slider reruns only its own half."""
    texts, canvas, run = view.texts, view.session.canvas, render_network_picker(view)
    if not run:
        return
    try:
        network, rule = services.calibrated_network(run), services.abstention_rule(run)
    except (UnknownRun, DamagedRun) as error:
        show_problem(error, texts)
        return
    if not canvas.steps:
        digit, page = digit_name(SAMPLE_DIGIT, texts), view.links["draw"].title
        st.info(texts.lab.nothing_drawn.format(digit=digit, page=page), icon=":material/draw:")
    frame = canvas.steps.frame if canvas.steps else _sample_frame(canvas.pen_pixels)
    if not np.isfinite(network.predict(frame.reshape(1, -1))).all():
        st.error(texts.drawing.overflowed)
        return
    _render_image_perturbation(view, frame, network, rule)
    render_weight_perturbation(view, frame, network, rule)


@lru_cache(maxsize=4)
def _sample_frame(pen_pixels: int) -> NDArray[np.float32]:
    return frame_in_steps(render_sample(SAMPLE_DIGIT, CANVAS_PIXELS, pen_pixels)).frame


@fragment
def _render_image_perturbation(
    view: View, frame: NDArray[np.float32], network: Network, rule: AbstentionRule | None
) -> None:
    words = view.texts.lab
    render_heading(words.image_title)
    st.markdown(words.image_lesson)
    # The answer comes first, so that on a phone it is right above the sliders.
    answer, controls, chart = st.columns([4, 4, 8], gap="medium")
    with controls:
        perturbation, recenters = _render_controls(view.session, words)
    with answer:
        _show_image(view, frame, perturbation, recenters, network, rule)
    with chart:
        _show_map(frame, perturbation, recenters, network, view.texts)


def _render_controls(session: Session, words: Section) -> tuple[ImagePerturbation, bool]:
    scales = {
        "right": (words.right, SHIFTS),
        "down": (words.down, SHIFTS),
        "degrees": (words.degrees, DEGREES),
        "thickness": (words.thickness, THICKNESSES),
        "noise": (words.noise, NOISES),
    }
    chosen = {
        field: st.select_slider(label, values, 0, key=f"lab_{field}_{session.lab_revision}")
        for field, (label, values) in scales.items()
    }
    recenters = st.toggle(words.recenter, key="lab_recenter", help=words.recenter_help)
    st.button(words.reset, on_click=_reset, args=(session,), icon=":material/undo:")
    return ImagePerturbation(**chosen), recenters


def _reset(session: Session) -> None:
    session.lab_revision += 1


def _show_image(
    view: View,
    frame: NDArray[np.float32],
    perturbation: ImagePerturbation,
    recenters: bool,
    network: Network,
    rule: AbstentionRule | None,
) -> None:
    texts, words = view.texts, view.texts.lab
    perturbed = perturb_image(frame, perturbation)
    image = recenter(perturbed[np.newaxis])[0] if recenters else perturbed
    x = image.reshape(1, -1)
    now = network.activations(x)
    before = int(predict_digits(network, frame[np.newaxis])[0][0])
    st.html(perturbed_answer_html(before, now.probabilities[0], find_doubt(rule, now, x), texts))
    st.html(picture_html(grey(image), words.recentered if recenters else words.network_input))


def _show_map(
    frame: NDArray[np.float32],
    perturbation: ImagePerturbation,
    recenters: bool,
    network: Network,
    texts: Texts,
) -> None:
    words = texts.lab
    names = {"shift": words.map_shift, "turn": words.map_turn, "noise": words.map_noise}
    name = choose_one(words.map, names, key="lab_map")
    across, downward = MAPS[name]
    titles = {
        "right": words.right,
        "down": words.down,
        "degrees": words.degrees,
        "thickness": words.thickness,
        "noise": words.noise,
        "seed": words.seed,
    }
    # The map's own two fields are left out: their sliders only move the box on the map.
    base = {
        field: value
        for field, value in vars(perturbation).items()
        if field not in (across.field, downward.field)
    }
    digits, shares = predict_digits(
        network, _map_images(frame.tobytes(), ImagePerturbation(**base), name, recenters)
    )
    shape = len(downward.values), len(across.values)
    figure = answer_map_figure(
        digits.reshape(shape).tolist(),
        shares.reshape(shape).tolist(),
        (titles[across.field], across.values),
        (titles[downward.field], downward.values),
        (getattr(perturbation, across.field), getattr(perturbation, downward.field)),
        texts.numbers,
    )
    alt = map_alt(digits, (titles[across.field], across), (titles[downward.field], downward), texts)
    render_chart(figure, words.map_title, alt, key="lab_map_chart")
    before = int(predict_digits(network, frame[np.newaxis])[0][0])
    kept = words.map_kept.format(kept=int((digits == before).sum()), cells=len(digits), digit=before)
    st.html(Markup('<p class="answer-words" role="status">{}</p>').format(kept))
    st.markdown(words.map_legend)


@lru_cache(maxsize=KEPT_MAPS)
def _map_images(
    frame: bytes, perturbation: ImagePerturbation, name: str, recenters: bool
) -> NDArray[np.float32]:
    """Return the perturbed images of a map's cells; they are cached because recentering them is slow."""
    image = np.frombuffer(frame, np.float32).reshape(IMAGE_SIDE, IMAGE_SIDE)
    images = perturb_images(image, perturbation_grid(perturbation, *MAPS[name]))
    return recenter(images) if recenters else images
