"""The training panel: which images these are, how the trainer is, live charts, and lessons beside them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mnist_demo.jobs import Job, JobPhase
from mnist_demo.ui.common.images import render_images_note
from mnist_demo.ui.common.lessons import render_lesson
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.components import render_live, render_sidebar_opener
from mnist_demo.ui.draw.panel import render_follow_switch
from mnist_demo.ui.routes import live_url
from mnist_demo.ui.train.live import empty_view, job_view, page_state_key, run_view
from mnist_demo.ui.train.settings import render_train_buttons, render_waiting
from mnist_demo.ui.view import View


def render_training(view: View) -> None:
    """Show the job in training, or what came of it; before and after that the run in use, if any."""
    session, state, texts = view.session, view.state, view.texts
    with st.container(horizontal=True, vertical_alignment="center", key="train"):
        st.header(texts.training.title, anchor=False, width="content")
        render_train_buttons(session, state, texts, place="panel")
        render_sidebar_opener(texts.page_links.settings)
        if view.run:
            render_follow_switch(view)
    render_waiting(session, state, texts, place="panel")
    if state.dataset:
        render_images_note(state.dataset, texts)
    if state.problem:
        show_problem(state.problem, texts)
    job = state.current if state.current and state.current.id != session.dismissed_job_id else None
    panel = _panel_view(view, job) | {"page_state_key": page_state_key(state, session.job_id)}
    render_live(panel, live_url(texts.code, session.job_id), key="live")
    left, right = st.columns(2)
    with left:
        render_lesson("data", texts)
        render_lesson("one_hot", texts)
        render_lesson("layers", texts)
    with right:
        render_lesson("compile", texts)
        render_lesson("evaluation", texts)
        render_lesson("accuracy", texts)


def _panel_view(view: View, job: Job | None) -> dict[str, Any]:
    if job and job.phase is not JobPhase.ENDED:
        return job_view(view.state, job, view.texts)
    result = next((run for run in view.runs if job and run.id == job.run), view.run)  # perhaps deleted since
    return run_view(view.state, result, view.texts) if result else empty_view(view.state, view.texts)
