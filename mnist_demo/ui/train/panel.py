"""The training panel: the settings, the buttons, and the curves of the network that reads the drawing."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mnist_demo.jobs import Job, JobPhase
from mnist_demo.ui import services
from mnist_demo.ui.common.images import render_images_note
from mnist_demo.ui.common.lessons import TOPICS, render_lesson
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.common.step_link import render_step_link
from mnist_demo.ui.components import render_live
from mnist_demo.ui.draw.panel import render_follow_switch
from mnist_demo.ui.routes import live_url
from mnist_demo.ui.train.hint import render_hint
from mnist_demo.ui.train.live import empty_view, interest_view, job_view, run_view
from mnist_demo.ui.train.settings import render_settings, render_waiting
from mnist_demo.ui.view import View

STEPS = ("image", "label", "layers", "softmax", "learning", "epochs", "evaluation")
"""Steps of the lesson that say how a network is trained, beside those that say what the curves are."""


def render_training(view: View) -> None:
    """Show the visitor's job, in training or failed, or else the run in use, beside the settings."""
    state, texts = view.state, view.texts
    with st.container(key="controls"):
        render_settings(view)
        render_follow_switch(view)
        render_waiting(view)
        render_hint(view)
        if state.dataset and not state.dataset.is_mnist:
            render_images_note(state.dataset, texts)
        if state.problem:
            show_problem(state.problem, texts)
    render_curves(view)


def render_curves(view: View) -> None:
    """Show the curves of the visitor's job, or of the run in use, and follow them by HTTP."""
    session, state, texts = view.session, view.state, view.texts
    with st.container(key="curves"):
        interest = session.interest
        panel = _panel_view(view) | interest_view(state, interest, texts)
        render_live(panel, live_url(texts.code, interest), "live", on_watch=lambda: _watch(view))


def render_lessons(view: View) -> None:
    """Link to what explains the curves and the training, and offer what the lesson does not say."""
    texts = view.texts
    with st.container(horizontal=True, key="curve_lessons"):
        render_step_link(view, "loss", f"{texts.compare.loss}: {texts.lesson_steps.loss_title}")
        render_step_link(view, "overfitting")
    st.header(texts.training.lessons, anchor=False)
    with st.container(horizontal=True, key="step_links"):
        for step in STEPS:
            render_step_link(view, step)
    left, right = st.columns(2)
    for place, topic in enumerate(TOPICS):
        with left if place < len(TOPICS) / 2 else right:
            render_lesson(topic, texts)


def _watch(view: View) -> None:
    others = view.session.interest.others(services.trainer().state)
    view.session.watched_job_id = others[0].id if others else None


def _panel_view(view: View) -> dict[str, Any]:
    job = view.followed or _failed_job(view)
    if job:
        return job_view(view.state, job, view.texts)
    return run_view(view.state, view.run, view.texts) if view.run else empty_view(view.state, view.texts)


def _failed_job(view: View) -> Job | None:
    job = view.state.find(view.session.job_id) if view.session.job_id else None
    return job if job and job.phase is JobPhase.FAILED else None
