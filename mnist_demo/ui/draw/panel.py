"""The drawing panel: a canvas, what the network sees of it, and what it answers."""

from __future__ import annotations

import numpy as np
import streamlit as st
from markupsafe import Markup
from numpy.typing import NDArray
from streamlit_drawable_canvas import st_canvas

from mnist_demo.charts import grey, picture_html, probability_figure
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.network import Network
from mnist_demo.runs import Run, escape_markdown, pretrained_runs, run_name
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import answer_html, does_abstain
from mnist_demo.ui.common.lessons import render_lesson_button
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.components import hide_canvas_toolbar, render_chart
from mnist_demo.ui.draw.canvas import CANVAS_PIXELS, Canvas
from mnist_demo.ui.draw.explanations import render_explanations
from mnist_demo.ui.draw.sample_digits import SAMPLES
from mnist_demo.ui.runs.export import render_drawing_download
from mnist_demo.ui.view import View, fragment

CANVAS_KEY = "canvas"
PEN_KEY = "pen"
PEN_RANGE_PIXELS = (8, 32)
FOLLOW_KEY = "follow"
FOLLOW_SECONDS = 0.5


def render_drawing(view: View) -> None:
    """Show the panel; a stroke reruns only what stands in its fragment. `style` arranges the parts."""
    follows = view.state.active is not None and st.session_state.get(FOLLOW_KEY, False)
    with st.container(key="drawing_room"), st.container(key="drawing"):
        _render_canvas_and_answer(view, follows)
        with st.container(key="choice"):
            render_network_picker(view)
            if view.run and view.run.id == view.session.new_run_id and not follows:
                st.html(Markup('<p class="news" role="status">{}</p>').format(view.texts.drawing.new_network))
            _render_other_network(view)
    hide_canvas_toolbar(CANVAS_KEY)  # out here, where no stroke has to send it again


def render_follow_switch(view: View) -> None:
    """Show the switch by which, while a network is trained, the drawing is answered by that one."""
    words = view.texts.drawing
    st.toggle(words.follow, key=FOLLOW_KEY, help=words.follow_help, disabled=not view.state.active)


def _render_other_network(view: View) -> None:
    """Offer the pretrained network that is not in use: first the robust one, then the notebook's."""
    in_use = view.run.id if view.run else ""
    other = next((run for run in pretrained_runs(view.runs) if run.id != in_use), None)
    if other:
        st.button(
            view.texts.drawing.switch_network.format(name=escape_markdown(run_name(other, view.texts))),
            on_click=view.session.choose_run,
            args=(other.id, view.state),
            type="tertiary",
            icon=":material/swap_horiz:",
        )


@fragment
def _render_canvas_and_answer(view: View, follows: bool) -> None:
    canvas, texts = view.session.canvas, view.texts
    with st.container(key="board"):
        st.header(texts.drawing.title, anchor=False)
        _render_canvas(canvas)
        services.session_store().keep(view.session)
        _render_tools(canvas, texts)
        if canvas.problem:
            show_problem(canvas.problem, texts, st.warning)
    with st.container(key="answers"):
        if follows:
            fragment(_render_followed_answer, run_every=FOLLOW_SECONDS)(view)
        else:
            _render_answer(view)
    with st.container(key="hand"):
        _render_samples_and_pen(canvas, texts)


def _render_canvas(canvas: Canvas) -> None:
    canvas.pen_pixels = st.session_state.get(PEN_KEY, canvas.pen_pixels)
    report = st_canvas(
        stroke_width=canvas.pen_pixels,
        stroke_color="#ffffff",
        background_color="#000000",
        height=CANVAS_PIXELS,
        width=CANVAS_PIXELS,
        initial_drawing=canvas.initial_drawing,
        return_image_data=True,
        key=CANVAS_KEY,
    )
    canvas.read(report)


def _render_tools(canvas: Canvas, texts: Texts) -> None:
    words = texts.drawing
    with st.container(horizontal=True, gap="xsmall", key="tools"):
        st.button(words.undo, on_click=canvas.undo, icon=":material/undo:", disabled=canvas.is_empty)
        st.button(words.clear, on_click=canvas.clear, icon=":material/delete:")
        render_drawing_download(canvas.steps, texts)


def _render_samples_and_pen(canvas: Canvas, texts: Texts) -> None:
    words = texts.drawing
    key = f"sample_{canvas.revision}"  # a new one at every choice, so that none stays marked
    st.pills(words.samples, list(SAMPLES), key=key, on_change=_put_sample, args=(canvas, key))
    help_text = words.pen_help.format(pixels=CANVAS_PIXELS)
    canvas.pen_pixels = st.slider(
        words.pen, *PEN_RANGE_PIXELS, canvas.pen_pixels, key=PEN_KEY, help=help_text
    )


def _put_sample(canvas: Canvas, key: str) -> None:
    canvas.put_sample(st.session_state[key])


def _render_answer(view: View, note: str = "") -> None:
    assert view.run
    try:
        network = services.calibrated_network(view.run)
    except (UnknownRun, DamagedRun) as error:
        show_problem(error, view.texts)
        return
    _show_answer(view, network, view.run, note)


def _render_followed_answer(view: View) -> None:
    """Answer with the network in training as it was after its last whole epoch."""
    job, words = view.state.active, view.texts.drawing
    if not job or not job.epoch_weights:
        _render_answer(view, words.follow_waits if job else "")
        return
    try:
        network = services.live_network(job.epoch_weights)
    except (UnknownRun, DamagedRun):
        return  # the job has just ended: the page is about to run again
    _show_answer(view, network, None, words.follow_epoch.format(epoch=job.history.reached_epoch))


def _show_answer(view: View, network: Network, run: Run | None, note: str) -> None:
    """Show what a network answers to the drawing; `run` is None for one in training."""
    steps, texts = view.session.canvas.steps, view.texts
    if steps is None:
        invitation = Markup('<div class="invitation"><span>✎</span><p>{}</p></div>')
        st.html(invitation.format(texts.drawing.invitation))
        return
    x = steps.frame.reshape(1, -1)
    answers = network.activations(x)
    probabilities = answers.probabilities[0]
    if note:
        st.caption(note)
    st.html(answer_html(probabilities, does_abstain(run, answers, x), texts))
    can_answer = np.isfinite(probabilities).all()
    with st.container(key="evidence"):
        st.html(picture_html(grey(steps.frame), texts.drawing.network_input))
        if can_answer:
            figure = probability_figure(probabilities.tolist(), texts.numbers)
            alt = _bars_alt(probabilities, texts)
            render_chart(figure, texts.charts.probability_title, alt, key="probabilities")
            render_lesson_button("probabilities", texts)
    if can_answer:
        render_explanations(view, steps, answers, network, run)


def _bars_alt(probabilities: NDArray[np.float32], texts: Texts) -> str:
    shares = ", ".join(f"{digit}: {texts.numbers.chance(float(p))}" for digit, p in enumerate(probabilities))
    return f"{texts.charts.probability_title}: {shares}"
