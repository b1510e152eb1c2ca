"""Several runs at once: chosen, taken home in one file, deleted."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial

import streamlit as st

from mnist_demo.runs import KEPT_FOR, Run, comparable_runs, may_change, pack_runs, packed_size
from mnist_demo.texts import Texts
from mnist_demo.ui.runs import changes
from mnist_demo.ui.session import Session
from mnist_demo.ui.view import View

MAX_PACKED_MEGABYTES = 100
"""Of one download: it is made, and kept for the browser, in the server's memory."""


def render_choice(session: Session, run: Run, texts: Texts) -> None:
    """Show the box that chooses a run."""
    key = f"choose_{session.choice_revision}_{run.id}"
    st.checkbox(
        texts.runs.choose,
        run.id in session.chosen_runs,
        key=key,
        on_change=_choose,
        args=(session, run.id, key),
    )


def render_chosen(view: View, found: Sequence[Run]) -> None:
    """Show what can be done with the chosen runs; before one is chosen nothing."""
    session, texts, words = view.session, view.texts, view.texts.runs
    chosen = [run for run in view.runs if run.id in session.chosen_runs]
    if not chosen:
        return
    fits = sum(map(packed_size, chosen)) <= MAX_PACKED_MEGABYTES * 1000**2
    if not fits:
        st.info(words.chosen_too_large.format(limit=MAX_PACKED_MEGABYTES))
    with st.container(horizontal=True, vertical_alignment="center", key="chosen"):
        st.markdown(words.chosen.format(count=len(chosen)), width="content")
        st.download_button(
            words.download_chosen,
            partial(_packed, chosen if fits else (), texts),  # a browser can press what is disabled
            f"mnist-{words.chosen_file}.zip",
            "application/zip",
            key="download_chosen",
            disabled=not fits,
            on_click="ignore",
            icon=":material/download:",
        )
        if st.button(words.compare_chosen, icon=":material/compare_arrows:"):
            session.comparison.choose(tuple(run.id for run in comparable_runs(chosen)))
            st.switch_page(view.links["compare"])
        if all(may_change(view.person, run.owner) for run in chosen):
            with st.popover(words.delete_chosen, icon=":material/delete:", key="delete_chosen"):
                st.markdown(words.delete_chosen_question.format(count=len(chosen), days=KEPT_FOR.days))
                st.button(
                    words.delete_chosen_yes,
                    on_click=changes.delete,
                    args=(session, tuple(run.id for run in chosen), texts),
                )
        choosable = tuple(run.id for run in found if not run.pretrained)
        st.button(
            words.choose_all.format(count=len(choosable)),
            on_click=session.choose_runs,
            args=(choosable,),
            type="tertiary",
        )
        st.button(words.choose_none, on_click=session.choose_none, type="tertiary")


def _packed(runs: Sequence[Run], texts: Texts) -> bytes:
    packed = io.BytesIO()
    pack_runs(runs, texts, packed)
    return packed.getvalue()


def _choose(session: Session, run_id: str, key: str) -> None:
    others = session.chosen_runs - {run_id}
    session.chosen_runs = others | {run_id} if st.session_state[key] else others
