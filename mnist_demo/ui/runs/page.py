"""The page of trained runs: use, rename and delete them, take them home and bring them back."""

from __future__ import annotations

from functools import partial

import streamlit as st

from mnist_demo.export import build_runs_spreadsheet
from mnist_demo.runs import KEPT_FOR, MAX_NAME_LENGTH, Run, escape_markdown, may_change
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.runs import changes
from mnist_demo.ui.runs.bin import render_bin, render_lesson, render_undo
from mnist_demo.ui.runs.card import STYLE, run_html
from mnist_demo.ui.runs.chosen import render_choice, render_chosen
from mnist_demo.ui.runs.export import render_downloads
from mnist_demo.ui.runs.listing import page_of_runs, render_pager, render_search
from mnist_demo.ui.runs.uploads import render_upload
from mnist_demo.ui.session import Session
from mnist_demo.ui.view import View


def render_runs(view: View) -> None:
    """Show the list; runs on other images than MNIST stand apart, since their accuracy is another test's."""
    session, texts, words = view.session, view.texts, view.texts.runs
    st.html(STYLE)
    deleted = services.store().deleted(view.person)
    render_upload(session, texts)
    render_undo(view, deleted)
    runs = sorted(view.runs, key=lambda run: not run.dataset.is_mnist)
    found = render_search(session, runs, texts)
    page = page_of_runs(session, found)
    render_chosen(view, found)
    render_pager(session, found, texts, "above")
    for run in page:
        if run.dataset.is_mnist:
            _render_run(view, run)
    if other := [run for run in page if not run.dataset.is_mnist]:
        render_heading(words.other_images)
        st.markdown(words.other_images_note)
        for run in other:
            _render_run(view, run)
    render_pager(session, found, texts, "below")
    st.download_button(
        words.run_table,
        partial(build_runs_spreadsheet, view.runs, texts),
        f"mnist-{words.run_table_file}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/table:",
        type="tertiary",
    )
    render_bin(view, deleted)
    render_lesson(view)
    st.caption(words.kept_in.format(folder=escape_markdown(services.store().folder)))


def _render_run(view: View, listed: Run) -> None:
    texts, words = view.texts, view.texts.runs
    used = view.run is not None and listed.id == view.run.id
    with st.container(border=True):
        st.html(run_html(listed, used, texts))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                words.use,
                key=f"use_{listed.id}",
                on_click=_use,
                args=(view.session, listed.id),
                disabled=used or not listed.has_weights,
                icon=":material/check:",
            )
            render_downloads(listed, texts)
            if listed.pretrained:
                return
            if may_change(view.person, listed.owner):
                _render_rename(listed, texts)
                _render_delete(view.session, listed, texts)
            render_choice(view.session, listed, texts)


def _render_rename(listed: Run, texts: Texts) -> None:
    opener, field = f"rename_{listed.id}", f"name_{listed.id}"
    popover = st.popover(texts.runs.rename, icon=":material/edit:", key=opener, on_change="rerun")
    if popover.open:
        with popover, st.form(f"form_{listed.id}", border=False):
            st.text_input(texts.runs.new_name, listed.name, max_chars=MAX_NAME_LENGTH, key=field)
            st.form_submit_button(
                texts.runs.rename, on_click=changes.rename, args=(listed.id, opener, field, texts)
            )


def _render_delete(session: Session, listed: Run, texts: Texts) -> None:
    with st.popover(texts.runs.delete, icon=":material/delete:"):
        st.markdown(texts.runs.delete_question.format(days=KEPT_FOR.days))
        st.button(
            texts.runs.delete_yes,
            key=f"delete_{listed.id}",
            on_click=changes.delete,
            args=(session, (listed.id,), texts),
        )


def _use(session: Session, run_id: str) -> None:
    session.choose_run(run_id, services.trainer().state)
