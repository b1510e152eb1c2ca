"""The laboratory: damage the drawing or the network, and see where the answer flips."""

from __future__ import annotations

import html
from functools import lru_cache

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.charts.lab import answer_map_figure
from mnist_demo.charts.pictures import grey, picture_html
from mnist_demo.data.preprocessing import FRAME_PIXELS, frame_in_steps
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.network.image_perturbation import (
    DEGREES,
    MAPS,
    NOISES,
    SHIFTS,
    THICKNESSES,
    PictureDamage,
    answers,
    damage_picture,
    damage_pictures,
    frame_again,
    map_damages,
)
from mnist_demo.network.mlp import Network
from mnist_demo.runs.labels import digit_words
from mnist_demo.runs.run import Run
from mnist_demo.texts.catalogue import LabTexts, Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import is_doubtful
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.components import render_chart
from mnist_demo.ui.draw.sample_digits import render_sample
from mnist_demo.ui.lab.labels import damaged_answer_html, map_alt
from mnist_demo.ui.lab.network import render_network_damage
from mnist_demo.ui.session import Visitor

SAMPLE_DIGIT = 3
SAMPLE_PIXELS = 280
KEPT_MAPS = 32


def render_lab(visitor: Visitor, runs: tuple[Run, ...], run: Run | None, texts: Texts) -> None:
    """Show the page; a slider reruns only its own part."""
    words = texts.lab
    st.header(words.title, anchor=False)
    if run is None:
        st.info(texts.app.no_run)
        return
    render_network_picker(visitor, runs, run, texts, "lab_network")
    try:
        network = services.calibrated_network(run)
    except (UnknownRun, DamagedRun) as error:
        st.error(error.sentence(texts.code))
        return
    if visitor.steps is None:
        digit = digit_words(SAMPLE_DIGIT, texts)
        st.info(words.nothing_drawn.format(digit=digit, page=texts.app.main_page), icon=":material/draw:")
    frame = visitor.steps.frame if visitor.steps else _sample_frame(visitor.pen_pixels)
    if not np.isfinite(network.predict(frame.reshape(1, -1))).all():
        st.error(texts.drawing.overflown)
        return
    _render_picture_damage(visitor, frame, network, run, texts)
    render_network_damage(frame, network, run, texts)


@lru_cache(maxsize=4)
def _sample_frame(pen_pixels: int) -> NDArray[np.float32]:
    return frame_in_steps(render_sample(SAMPLE_DIGIT, SAMPLE_PIXELS, pen_pixels)).frame


@st.fragment
def _render_picture_damage(
    visitor: Visitor, frame: NDArray[np.float32], network: Network, run: Run, texts: Texts
) -> None:
    words = texts.lab
    st.subheader(words.picture_title, divider="gray", anchor=False)
    st.markdown(words.picture_lesson)
    # The answer comes first, so that on a phone it stands right above the sliders.
    seen, controls, chart = st.columns([4, 4, 8], gap="medium")
    with controls:
        damage, again = _render_controls(visitor, words)
    with seen:
        _show_picture(frame, damage, again, network, run, texts)
    with chart:
        _show_map(frame, damage, again, network, texts)


def _render_controls(visitor: Visitor, words: LabTexts) -> tuple[PictureDamage, bool]:
    scales = {
        "right": (words.right, SHIFTS),
        "down": (words.down, SHIFTS),
        "degrees": (words.degrees, DEGREES),
        "thickness": (words.thickness, THICKNESSES),
        "noise": (words.noise, NOISES),
    }
    chosen = {
        field: st.select_slider(label, values, 0, key=f"lab_{field}_{visitor.lab_revision}")
        for field, (label, values) in scales.items()
    }
    again = st.toggle(words.reframe, key="lab_reframe", help=words.reframe_help)
    st.button(words.undo, on_click=_undo, args=(visitor,), icon=":material/undo:")
    return PictureDamage(**chosen), again


def _undo(visitor: Visitor) -> None:
    visitor.lab_revision += 1


def _show_picture(
    frame: NDArray[np.float32], damage: PictureDamage, again: bool, network: Network, run: Run, texts: Texts
) -> None:
    words = texts.lab
    damaged = damage_picture(frame, damage)
    read = frame_again(damaged[np.newaxis])[0] if again else damaged
    x = read.reshape(1, -1)
    now = network.activations(x)
    before = int(answers(network, frame[np.newaxis])[0][0])
    st.html(damaged_answer_html(before, now.probabilities[0], is_doubtful(run, now, x), texts))
    st.html(picture_html(grey(read), words.framed_again if again else words.read))


def _show_map(
    frame: NDArray[np.float32], damage: PictureDamage, again: bool, network: Network, texts: Texts
) -> None:
    words = texts.lab
    names = {"shift": words.map_shift, "turn": words.map_turn, "noise": words.map_noise}
    name = st.segmented_control(
        words.maps, list(names), default="shift", required=True, key="lab_map", format_func=names.__getitem__
    )
    across, downward = MAPS[name]
    titles = {
        "right": words.right,
        "down": words.down,
        "degrees": words.degrees,
        "thickness": words.thickness,
        "noise": words.noise,
        "seed": words.seed,
    }
    # Where the sliders of the map's own two damages stand makes no other map, only another place in it.
    base = {
        field: value for field, value in vars(damage).items() if field not in (across.field, downward.field)
    }
    digits, shares = answers(network, _map_images(frame.tobytes(), PictureDamage(**base), name, again))
    shape = len(downward.values), len(across.values)
    figure = answer_map_figure(
        digits.reshape(shape).tolist(),
        shares.reshape(shape).tolist(),
        (titles[across.field], across.values),
        (titles[downward.field], downward.values),
        (getattr(damage, across.field), getattr(damage, downward.field)),
        texts.numbers,
    )
    alt = map_alt(digits, (titles[across.field], across), (titles[downward.field], downward), texts)
    render_chart(figure, words.map_title, alt, key="lab_map_chart")
    undamaged = int(answers(network, frame[np.newaxis])[0][0])
    kept = words.map_kept.format(kept=int((digits == undamaged).sum()), cells=len(digits), digit=undamaged)
    st.html(f'<p class="answer-words" role="status">{html.escape(kept)}</p>')
    st.markdown(words.map_key)


@lru_cache(maxsize=KEPT_MAPS)
def _map_images(frame: bytes, damage: PictureDamage, name: str, again: bool) -> NDArray[np.float32]:
    """Damage a frame for every cell of a map; the slow part, framing again, is done once for a while."""
    picture = np.frombuffer(frame, np.float32).reshape(FRAME_PIXELS, FRAME_PIXELS)
    images = damage_pictures(picture, map_damages(damage, *MAPS[name]))
    return frame_again(images) if again else images
