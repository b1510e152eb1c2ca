"""The field in which a visitor chooses whose network is in use, the same on every page that has one."""

from __future__ import annotations

import streamlit as st

from mnist_demo.runs.labels import run_label
from mnist_demo.runs.run import Run
from mnist_demo.texts.catalogue import Texts
from mnist_demo.ui import services
from mnist_demo.ui.session import Visitor


def render_network_picker(
    visitor: Visitor, runs: tuple[Run, ...], run: Run, texts: Texts, place: str, help_text: str | None = None
) -> None:
    """Show the field; what is chosen is in use on all pages.

    Args:
        visitor: Who chooses.
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
        args=(visitor, key),
    )


def _choose(visitor: Visitor, key: str) -> None:
    visitor.choose_run(st.session_state[key], services.trainer().state)
