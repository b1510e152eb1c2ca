"""The drawing panel: a canvas, and the network that reads it, with its answer."""

from __future__ import annotations

import threading
from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_demo.data import CANVAS_PIXELS
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import doubt_of_ink
from mnist_demo.ui.common.network_picker import render_other_network
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.components import render_stage
from mnist_demo.ui.draw.answer import answer_view
from mnist_demo.ui.draw.canvas import Canvas
from mnist_demo.ui.draw.explanations import render_explanations
from mnist_demo.ui.draw.reader import LIVE, Reader, live_name, live_reader, run_reader
from mnist_demo.ui.draw.sample_digits import SAMPLES
from mnist_demo.ui.runs.export import render_drawing_download
from mnist_demo.ui.view import View, fragment

CANVAS_KEY = "canvas"
PEN_KEY = "pen"
PEN_RANGE_PIXELS = (8, 32)
FOLLOW_KEY = "follow"
DRAWN_AT_ONCE = threading.Semaphore(2)
"""More threads would take the interpreter from each other in the middle of their work: of 200 people's
strokes, half as many were answered in the same time. Two, since some of the work leaves it to another."""


@fragment
def render_drawing(view: View) -> None:
    """Show the tools, and what a stroke draws anew: without them, which are a quarter of the work."""
    render_tools(view.session.canvas, view.texts)
    _render_drawn(view)


@fragment
def _render_drawn(view: View) -> None:
    """Show canvas, network, answer and closer looks; a stroke reruns only these."""
    with DRAWN_AT_ONCE:
        _render_parts(view)


def _render_parts(view: View) -> None:
    canvas, texts = view.session.canvas, view.texts
    with st.container(key="board"):
        render_canvas(canvas)
        services.session_store().keep(view.session)
        if canvas.problem:
            show_problem(canvas.problem, texts, st.warning)
    reader = _find_reader(view)
    with st.container(key="network_view"):
        _render_network(view, reader)
    with st.container(key="closer"):
        _render_notes(view)
        if reader and canvas.steps:
            render_explanations(view, canvas.steps, reader)


def follows(view: View) -> bool:
    """Whether the drawing is read by the network in training."""
    return view.followed is not None and st.session_state.get(FOLLOW_KEY, True)


def render_follow_switch(view: View) -> None:
    """Show the switch by which the visitor's own network reads the drawing while it is trained."""
    words = view.texts.drawing
    st.toggle(words.follow, True, key=FOLLOW_KEY, help=words.follow_help)


def _find_reader(view: View) -> Reader | None:
    """Find who reads the drawing; None while the network in training has not begun, or has just ended."""
    assert view.run
    if follows(view) and view.followed:
        try:
            return live_reader(view.followed)
        except (UnknownRun, DamagedRun):
            return None
    try:
        return run_reader(view.run)
    except (UnknownRun, DamagedRun) as error:
        show_problem(error, view.texts)
        return None


def _render_network(view: View, reader: Reader | None) -> None:
    canvas, texts = view.session.canvas, view.texts
    answer: dict[str, Any] | None = None
    if reader and canvas.steps:
        drawn = doubt_of_ink(canvas.steps)
        answer = answer_view(reader, canvas.steps.frame, texts, drawn=drawn)
    followed = view.followed if follows(view) else None
    name = live_name(followed) if followed else view.run.id if view.run else LIVE
    render_stage(
        run=name,
        live=followed is not None,
        answer=answer,
        drawing=canvas.token,
        canvas=CANVAS_KEY,
        texts=texts,
        key="stage_network",
    )


def _render_notes(view: View) -> None:
    """Say whose network reads the drawing, where that has just changed, and offer another one."""
    if follows(view):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="notes"):
        if view.run and view.run.id == view.session.new_run_id:
            st.markdown(f"**{view.texts.drawing.new_network}**", width="content")
        render_other_network(view)


def render_canvas(canvas: Canvas) -> None:
    """Show the canvas, and take in what the browser tells of it."""
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


def render_tools(canvas: Canvas, texts: Texts) -> None:
    """Show what one can do with a drawing besides drawing."""
    words = texts.drawing
    with st.container(horizontal=True, gap="xsmall", key="tools"):
        st.button(words.undo, on_click=canvas.undo, icon=":material/undo:")
        st.button(words.clear, on_click=canvas.clear, icon=":material/delete:")
        with st.popover(words.tools, icon=":material/edit:", key="pen_tools"):
            _render_samples_and_pen(canvas, texts)
        render_drawing_download(canvas, texts)


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
