"""The page of trained runs: use, rename and delete them, take them home and bring them back."""

from __future__ import annotations

import streamlit as st

from mnist_demo.errors import UnknownRun
from mnist_demo.runs import (
    MAX_NAME_LENGTH,
    Run,
    escape_markdown,
)
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.runs.card import STYLE, run_html
from mnist_demo.ui.runs.export import render_downloads, render_upload
from mnist_demo.ui.session import Session
from mnist_demo.ui.view import View


def render_runs(view: View) -> None:
    """Show the list; runs on other images than MNIST stand apart, since their accuracy is another test's."""
    words = view.texts.runs
    st.html(STYLE)
    render_upload(view.session, view.texts)
    for run in view.runs:
        if run.dataset.is_mnist:
            _render_run(view, run)
    if other := [run for run in view.runs if not run.dataset.is_mnist]:
        render_heading(words.other_images)
        st.markdown(words.other_images_note)
        for run in other:
            _render_run(view, run)
    st.caption(words.kept_in.format(folder=escape_markdown(services.store().folder)))


def _render_run(view: View, listed: Run) -> None:
    texts, words = view.texts, view.texts.runs
    used = view.run is not None and listed.id == view.run.id
    with st.container(border=True):
        st.html(run_html(listed, used, texts))
        with st.container(horizontal=True):
            st.button(
                words.use,
                key=f"use_{listed.id}",
                on_click=_use,
                args=(view.session, listed.id),
                disabled=used or not listed.has_weights,
                icon=":material/check:",
            )
            render_downloads(listed, texts)
            if not listed.pretrained:
                _render_rename(listed, texts)
                _render_delete(listed, texts)


def _render_rename(listed: Run, texts: Texts) -> None:
    opener, field = f"rename_{listed.id}", f"name_{listed.id}"
    popover = st.popover(texts.runs.rename, icon=":material/edit:", key=opener, on_change="rerun")
    if popover.open:
        with popover, st.form(f"form_{listed.id}", border=False):
            st.text_input(texts.runs.new_name, listed.name, max_chars=MAX_NAME_LENGTH, key=field)
            st.form_submit_button(texts.runs.rename, on_click=_rename, args=(listed.id, opener, field, texts))


def _render_delete(listed: Run, texts: Texts) -> None:
    with st.popover(texts.runs.delete, icon=":material/delete:"):
        st.markdown(texts.runs.delete_question)
        st.button(texts.runs.delete_yes, key=f"delete_{listed.id}", on_click=_delete, args=(listed.id, texts))


def _use(session: Session, run_id: str) -> None:
    session.choose_run(run_id, services.trainer().state)


def _rename(run_id: str, opener: str, field: str, texts: Texts) -> None:
    st.session_state[opener] = False
    try:
        services.store().rename(run_id, st.session_state[field])
    except UnknownRun as error:
        show_problem(error, texts, st.toast)


def _delete(run_id: str, texts: Texts) -> None:
    try:
        services.store().delete(run_id)
    except UnknownRun as error:
        show_problem(error, texts, st.toast)
