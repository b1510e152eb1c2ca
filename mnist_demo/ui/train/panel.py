"""The training panel: which images these are, how the trainer is, live charts, and lessons beside them."""

from __future__ import annotations

import streamlit as st

from mnist_demo.errors import UnknownRun
from mnist_demo.jobs import Job, JobPhase, TrainerState
from mnist_demo.runs import Run, escape_markdown
from mnist_demo.texts import Texts, message
from mnist_demo.ui import services
from mnist_demo.ui.common.images import render_images_note
from mnist_demo.ui.common.lessons import render_lesson
from mnist_demo.ui.components import render_live, render_sidebar_opener
from mnist_demo.ui.draw.panel import render_follow_switch
from mnist_demo.ui.routes import live_url
from mnist_demo.ui.session import Session
from mnist_demo.ui.train.live import empty_view, job_view, page_state_key, run_view
from mnist_demo.ui.train.settings import render_train_buttons, render_waiting


def render_training(session: Session, state: TrainerState, run: Run | None, texts: Texts) -> None:
    """Show the job in training, or what came of it; before and after that the run in use, if any."""
    with st.container(horizontal=True, vertical_alignment="center", key="train"):
        st.header(texts.training.title, anchor=False, width="content")
        render_train_buttons(session, state, texts, place="panel")
        render_sidebar_opener(texts.page_links.settings)
        if run:
            render_follow_switch(state, texts)
    render_waiting(session, state, texts, place="panel")
    if state.dataset:
        render_images_note(state.dataset, texts)
    if state.problem:
        st.error(escape_markdown(message(state.problem, texts.code)))
    job = state.current if state.current and state.current.id != session.dismissed_job_id else None
    view = _view(job, state, run, texts) | {"page_state_key": page_state_key(state, session.job_id)}
    render_live(view, live_url(texts.code, session.job_id), key="live")
    left, right = st.columns(2)
    with left:
        render_lesson("data", texts)
        render_lesson("one_hot", texts)
        render_lesson("layers", texts)
    with right:
        render_lesson("compile", texts)
        render_lesson("evaluation", texts)
        render_lesson("accuracy", texts)


def _view(job: Job | None, state: TrainerState, run: Run | None, texts: Texts) -> dict:
    if job and job.phase is not JobPhase.ENDED:
        return job_view(state, job, texts)
    if job:
        try:
            return run_view(state, services.store().get(job.run), texts)
        except UnknownRun:
            pass  # deleted since: the run in use is shown instead
    return run_view(state, run, texts) if run else empty_view(state, texts)
