"""The field in which a visitor chooses the network in use, the same on every page."""

from __future__ import annotations

import streamlit as st

from mnist_demo.runs import Run, run_label
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.session import Session


def render_network_picker(
    session: Session, runs: tuple[Run, ...], run: Run, texts: Texts, place: str, help_text: str | None = None
) -> None:
    """Show the field; the chosen network is in use on all pages.

    Args:
        session: The visitor's session.
        runs: All runs; those without weights are left out.
        run: The run in use.
        texts: The words.
        place: Tells the field apart from those of other pages.
        help_text: The field's tooltip.
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
