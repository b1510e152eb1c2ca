"""What the curves say, in one sentence, with one press that applies the remedy to the settings."""

from __future__ import annotations

import streamlit as st

from mnist_demo.runs import History, RunConfig, config_in_the_end, find_hint, remedy_label
from mnist_demo.texts import Texts
from mnist_demo.ui.common.step_link import render_step_link
from mnist_demo.ui.view import View


def hint_note(history: History, config: RunConfig, texts: Texts) -> str:
    """Say what the first hint sees; nothing where there is none."""
    hint = find_hint(history, config)
    return str(getattr(texts.hints, hint.name)) if hint else ""


def render_hint(view: View) -> None:
    """Offer the remedy of what is seen in the visitor's own curves, and the lesson that says why."""
    shown = _shown(view)
    hint = find_hint(*shown) if shown else None
    if not shown or not hint:
        return
    words = view.texts.hints
    with st.container(horizontal=True, vertical_alignment="center", key="hint"):
        st.button(
            words.apply.format(change=remedy_label(config_in_the_end(*shown), hint.remedy, view.texts)),
            icon=":material/healing:",
            key="apply_hint",
            on_click=view.session.show_config,
            args=(hint.remedy,),
        )
        render_step_link(view, hint.step, words.why)


def _shown(view: View) -> tuple[History, RunConfig] | None:
    """Return the curves on the page, if they are of a job or run of this visitor."""
    if job := view.followed:
        return job.history, job.config
    run = view.run
    return (run.history, run.config) if run and run.id in view.session.own_run_ids else None
