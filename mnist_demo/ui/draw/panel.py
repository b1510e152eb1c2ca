"""The drawing panel: a canvas, what the network sees of it, and what it answers."""

from __future__ import annotations

import numpy as np
import streamlit as st
from markupsafe import Markup
from numpy.typing import NDArray
from streamlit_drawable_canvas import CanvasResult, st_canvas

from mnist_demo.charts import grey, picture_html, probability_figure
from mnist_demo.data import FramingSteps, frame_in_steps
from mnist_demo.errors import DamagedRun, EmptyDrawing, UnknownRun
from mnist_demo.jobs import TrainerState
from mnist_demo.network import Network
from mnist_demo.runs import Run, pretrained_runs, run_name
from mnist_demo.texts import Texts, message
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import answer_html, does_abstain
from mnist_demo.ui.common.lessons import render_lesson_button
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.components import hide_canvas_toolbar, render_chart
from mnist_demo.ui.draw.explanations import render_explanations
from mnist_demo.ui.draw.sample_digits import SAMPLES, canvas_objects, render_sample
from mnist_demo.ui.runs.export import render_drawing_download
from mnist_demo.ui.session import Session

CANVAS_KEY = "canvas"
CANVAS_PIXELS = 280
PEN_RANGE_PIXELS = (8, 32)
FOLLOW_KEY = "follow"
FOLLOW_SECONDS = 0.5


def render_drawing(
    session: Session, state: TrainerState, runs: tuple[Run, ...], run: Run, texts: Texts
) -> None:
    """Show the panel; a stroke reruns only what stands in its fragment. `style` arranges the parts."""
    follows = state.active is not None and st.session_state.get(FOLLOW_KEY, False)
    with st.container(key="drawing_room"), st.container(key="drawing"):
        _render_canvas_and_answer(session, run, texts, follows)
        with st.container(key="choice"):
            render_network_picker(session, runs, run, texts, "network", texts.drawing.network_help)
            if run.id == session.new_run_id and not follows:
                st.html(Markup('<p class="news" role="status">{}</p>').format(texts.drawing.new_network))
            _render_other_network(session, runs, run, texts)
    hide_canvas_toolbar(CANVAS_KEY)  # out here, where no stroke has to send it again


def render_follow_switch(state: TrainerState, texts: Texts) -> None:
    """Show the switch by which, while a network is trained, the drawing is answered by that one."""
    words = texts.drawing
    st.toggle(words.follow, key=FOLLOW_KEY, help=words.follow_help, disabled=not state.active)


def _render_other_network(session: Session, runs: tuple[Run, ...], run: Run, texts: Texts) -> None:
    """Offer the shipped network that is not in use: first the robust one, then the notebook's."""
    other = next((pretrained for pretrained in pretrained_runs(runs) if pretrained.id != run.id), None)
    if other:
        st.button(
            texts.drawing.switch_network.format(name=run_name(other, texts)),
            on_click=session.choose_run,
            args=(other.id, services.trainer().state),
            type="tertiary",
            icon=":material/swap_horiz:",
        )


@st.fragment
def _render_canvas_and_answer(session: Session, run: Run, texts: Texts, follows: bool) -> None:
    with st.container(key="board"):
        st.header(texts.drawing.title, anchor=False)
        steps = _read_canvas(_render_canvas(session), session)
        services.session_store().keep(session)
        _render_tools(session, steps, texts)
    with st.container(key="answers"):
        if follows:
            _render_followed_answer(steps, run, texts)
        else:
            _render_answer(steps, run, texts)
    with st.container(key="hand"):
        _render_samples_and_pen(session, texts)


def _render_canvas(session: Session) -> CanvasResult:
    session.pen_pixels = st.session_state.get("pen", session.pen_pixels)
    result = st_canvas(
        stroke_width=session.pen_pixels,
        stroke_color="#ffffff",
        background_color="#000000",
        height=CANVAS_PIXELS,
        width=CANVAS_PIXELS,
        initial_drawing={"objects": session.initial_objects, "revision": session.drawing_revision},
        return_image_data=True,
        key=CANVAS_KEY,
    )
    session.objects = (result.json_data or {}).get("objects", [])
    return result


def _render_tools(session: Session, steps: FramingSteps | None, texts: Texts) -> None:
    words = texts.drawing
    with st.container(horizontal=True, gap="xsmall", key="tools"):
        st.button(
            words.undo, on_click=_undo, args=(session,), icon=":material/undo:", disabled=not session.objects
        )
        st.button(words.clear, on_click=session.put_on_canvas, args=([],), icon=":material/delete:")
        render_drawing_download(steps, texts)


def _render_samples_and_pen(session: Session, texts: Texts) -> None:
    words = texts.drawing
    key = f"sample_{session.drawing_revision}"  # a new one at every choice, so that none stays marked
    st.pills(words.samples, list(SAMPLES), key=key, on_change=_put_sample, args=(session, key))
    pen = st.slider(words.pen, *PEN_RANGE_PIXELS, session.pen_pixels, key="pen", help=words.pen_help)
    session.pen_pixels = pen


def _undo(session: Session) -> None:
    session.put_on_canvas(session.objects[:-1])


def _put_sample(session: Session, key: str) -> None:
    digit, pen = st.session_state[key], session.pen_pixels
    sample = frame_in_steps(render_sample(digit, CANVAS_PIXELS, pen))
    session.put_on_canvas(canvas_objects(digit, CANVAS_PIXELS, pen), sample)


def _read_canvas(result: CanvasResult, session: Session) -> FramingSteps | None:
    """Frame the drawing; None for an empty canvas.

    The canvas is not always to be waited for: one that was built anew with a drawing on it sends nothing
    before the next stroke, so what it sent last still holds; and a sample that quickly follows another may
    never be sent, so the page's own picture of it holds until the canvas sends something else.
    """
    session.sent_image = result.image_bytes
    if not session.objects:
        session.steps = None
    elif session.sample and session.sent_image == session.stale_image:
        session.steps = session.sample
    elif result.image_data is not None:
        try:
            session.steps = frame_in_steps(result.image_data)
        except EmptyDrawing:
            session.steps = None  # strokes outside the canvas leave no ink on it
    return session.steps


@st.fragment(run_every=FOLLOW_SECONDS)
def _render_followed_answer(steps: FramingSteps | None, run: Run, texts: Texts) -> None:
    """Answer with the network in training as it was after its last whole epoch."""
    job = services.trainer().state.active
    if not job or not job.weights:
        _render_answer(steps, run, texts, note=texts.drawing.follow_waits if job else "")
        return
    epoch = job.history.reached_epoch
    try:
        network = services.live_network(job.weights)
    except (UnknownRun, DamagedRun):
        return  # the job has just ended: the page is about to run again
    _show_answer(steps, network, None, texts, note=texts.drawing.follow_epoch.format(epoch=epoch))


def _render_answer(steps: FramingSteps | None, run: Run, texts: Texts, note: str = "") -> None:
    try:
        network = services.calibrated_network(run)
    except (UnknownRun, DamagedRun) as error:
        st.error(message(error, texts.code))
        return
    _show_answer(steps, network, run, texts, note)


def _show_answer(
    steps: FramingSteps | None, network: Network, run: Run | None, texts: Texts, note: str
) -> None:
    words = texts.drawing
    if steps is None:
        st.html(Markup('<div class="invitation"><span>✎</span><p>{}</p></div>').format(words.invitation))
        return
    x = steps.frame.reshape(1, -1)
    answers = network.activations(x)
    probabilities = answers.probabilities[0]
    abstaining = does_abstain(run, answers, x)
    if note:
        st.caption(note)
    st.html(answer_html(probabilities, abstaining, texts))
    can_answer = np.isfinite(probabilities).all()
    with st.container(key="evidence"):
        st.html(picture_html(grey(steps.frame), words.network_input))
        if can_answer:
            figure = probability_figure(probabilities.tolist(), texts.numbers)
            alt = _bars_alt(probabilities, texts)
            render_chart(figure, texts.charts.probability_title, alt, key="probabilities")
            render_lesson_button("probabilities", texts)
    if can_answer:
        render_explanations(steps, network, run, texts)


def _bars_alt(probabilities: NDArray[np.float32], texts: Texts) -> str:
    shares = ", ".join(f"{digit}: {texts.numbers.chance(float(p))}" for digit, p in enumerate(probabilities))
    return f"{texts.charts.probability_title}: {shares}"
