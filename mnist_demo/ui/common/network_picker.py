"""The field in which a visitor chooses whose network is in use, the same on every page that has one."""

from __future__ import annotations

import streamlit as st

from mnist_demo.runs import Run, run_label
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.session import Session


def render_network_picker(
    session: Session, runs: tuple[Run, ...], run: Run, texts: Texts, place: str, help_text: str | None = None
) -> None:
    """Show the field; what is chosen is in use on all pages.

    Args:
        session: Who chooses.
        runs: All runs; those without weights are left out.
        run: The one in use.
        texts: The words.
        place: Names the field among those of other pages.
        help_text: What the field is for.
    """
    labels = {usable.id: run_label(usable, texts) for usable in runs if usable.has_weights}
    key = f"{place}_{run.id}_{texts.code}"  # a new language needs new options
    st.selectbox(
        texts.drawing.network,
        list(labels),
        list(labels).index(run.id),
        key=key,
        format_func=labels.__getitem__,
        help=help_text,
        on_change=_choose,
        args=(session, key),
    )


def _choose(session: Session, key: str) -> None:
    session.choose_run(st.session_state[key], services.trainer().state)
