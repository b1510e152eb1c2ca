"""The bar by which one holds a run while it trains: pause, a step, an epoch, slow motion, its rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

import streamlit as st

from mnist_demo.errors import InvalidConfig, NotAllowed
from mnist_demo.jobs import Controls, Goal, Job
from mnist_demo.runs import SETTINGS, Number
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.view import View

RATE = cast("Number[float]", next(setting for setting in SETTINGS if setting.name == "learning_rate"))


def render_controls(view: View) -> None:
    """Show the bar to whoever may hold the run in training; nobody else sees any of it."""
    job = view.followed
    if not job or not job.is_steerable or not job.may_steer(view.person):
        return
    words = view.texts.controls
    with st.container(key="hand"):
        with st.container(horizontal=True, key="hand_goals"):
            _render_pause(view, job)
            _render_goal(view, job, "step", words.step)
            _render_goal(view, job, "epoch", words.epoch)
        with st.container(horizontal=True, vertical_alignment="center", key="hand_pace"):
            _render_slow(view, job)
            _render_rate(view, job)


def _render_pause(view: View, job: Job) -> None:
    """Show Pause, or Go on where training stands still; what takes a moment says so."""
    words = view.texts.controls
    pauses = job.controls.goal == "pause" and not job.is_paused
    label = words.pausing if pauses else words.go_on if job.is_paused else words.pause
    goal: Goal = "run" if job.is_paused else "pause"
    st.button(
        label,
        key="hand_pause",
        icon=":material/play_arrow:" if job.is_paused else ":material/pause:",
        on_click=_press,
        args=(view, job.id, partial(Controls.press, goal=goal)),
    )


def _render_goal(view: View, job: Job, goal: Goal, label: str) -> None:
    press = partial(Controls.press, goal=goal)
    st.button(label, key=f"hand_{goal}", on_click=_press, args=(view, job.id, press))


def _render_slow(view: View, job: Job) -> None:
    words, key = view.texts.controls, f"hand_slow_{job.id}"
    st.session_state[key] = job.controls.slow  # pressed by the teacher, or let go, elsewhere
    st.toggle(words.slow, key=key, on_change=_choose_pace, args=(view, job.id, key))


def _render_rate(view: View, job: Job) -> None:
    """Show the usual learning rates, and the one that there is."""
    texts, key = view.texts, f"hand_rate_{job.id}"
    st.session_state[key] = job.rate
    st.selectbox(
        RATE.label(texts),
        sorted({*RATE.steps, job.rate}),
        key=key,
        format_func=partial(_write_rate, texts=texts),
        on_change=_choose_rate,
        args=(view, job.id, key),
        label_visibility="collapsed",
    )


def _write_rate(rate: float, texts: Texts) -> str:
    return texts.controls.rate.format(rate=RATE.write(rate, texts))


def _choose_pace(view: View, job_id: str, key: str) -> None:
    slow = st.session_state[key]
    _press(view, job_id, lambda controls: replace(controls, slow=slow))


def _choose_rate(view: View, job_id: str, key: str) -> None:
    rate = st.session_state[key]
    _press(view, job_id, lambda controls: controls.choose_rate(rate))


def _press(view: View, job_id: str, change: Callable[[Controls], Controls]) -> None:
    view.session.train_problem = None
    try:
        services.trainer().steer(job_id, change, view.person)
    except (NotAllowed, InvalidConfig) as error:  # the page was behind: somebody has joined meanwhile
        view.session.train_problem = error
