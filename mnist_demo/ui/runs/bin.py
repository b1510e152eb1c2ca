"""Deleted runs, to be brought back, and the lessons that were packed away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mnist_demo.runs import (
    KEPT_FOR,
    MAX_ARCHIVE_MEGABYTES,
    MAX_ARCHIVES,
    MAX_BIN_MEGABYTES,
    DeletedRun,
    escape_markdown,
    lesson_archives,
    run_name,
)
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.runs import changes
from mnist_demo.ui.session import Session
from mnist_demo.ui.view import View

DELETED_ON_A_PAGE = 20
ARCHIVES_SHOWN = 3


def render_undo(view: View, deleted: Sequence[DeletedRun]) -> None:
    """Say what was deleted a moment ago, and offer to bring it back."""
    session, texts = view.session, view.texts
    latest = [entry.run for entry in deleted if entry.run.id in session.just_deleted]
    if not latest:
        return
    names = ", ".join(escape_markdown(run_name(run, texts)) for run in latest[:3])
    names += f" … ({len(latest)})" if len(latest) > 3 else ""
    with st.container(horizontal=True, vertical_alignment="center", key="just_deleted"):
        st.markdown(texts.runs.just_deleted.format(names=names), width="content")
        st.button(
            texts.runs.undo,
            on_click=changes.restore,
            args=(session, tuple(run.id for run in latest), texts),
            icon=":material/undo:",
        )


def render_bin(view: View, deleted: Sequence[DeletedRun]) -> None:
    """Show the deleted runs that the visitor may bring back, the latest first; without any nothing."""
    session, texts, words = view.session, view.texts, view.texts.runs
    if not deleted:
        return
    with st.expander(words.bin.format(count=len(deleted)), key=changes.BIN_KEY, on_change="rerun") as opened:
        if not opened.open:
            return
        st.markdown(words.bin_note.format(days=KEPT_FOR.days, limit=MAX_BIN_MEGABYTES))
        for entry in deleted[: session.bin_pages * DELETED_ON_A_PAGE]:
            with st.container(horizontal=True, vertical_alignment="center", key=f"deleted_{entry.run.id}"):
                st.markdown(_about(entry, texts))
                st.button(
                    words.restore,
                    key=f"restore_{entry.run.id}",
                    on_click=changes.restore,
                    args=(session, (entry.run.id,), texts),
                )
        _render_others(session, deleted, texts)


def _render_others(session: Session, deleted: Sequence[DeletedRun], texts: Texts) -> None:
    """Show the buttons that concern more runs than one, below them."""
    words, hidden = texts.runs, len(deleted) - session.bin_pages * DELETED_ON_A_PAGE
    with st.container(horizontal=True, key="bin_others"):
        if hidden > 0:
            st.button(
                words.bin_more.format(count=min(hidden, DELETED_ON_A_PAGE)),
                on_click=changes.show_more_deleted,
                args=(session,),
            )
        if len(deleted) > 1:
            st.button(
                words.restore_all.format(count=len(deleted)),
                key="restore_all",
                on_click=changes.restore,
                args=(session, tuple(entry.run.id for entry in deleted), texts),
                icon=":material/undo:",
            )


def _about(entry: DeletedRun, texts: Texts) -> str:
    form = texts.runs.bin_entry_by if entry.by.name else texts.runs.bin_entry
    date = entry.at.astimezone().strftime(texts.runs.date_format)
    return form.format(
        name=escape_markdown(run_name(entry.run, texts)), date=date, person=escape_markdown(entry.by.name)
    )


def render_lesson(view: View) -> None:
    """Show the teacher how a clean lesson is started, if visitors have trained, and what was packed away."""
    if not view.person.is_teacher:
        return
    count = sum(not run.owner.is_teacher for run in view.runs)
    archives = lesson_archives(services.store())[:ARCHIVES_SHOWN]
    if not count and not archives:
        return
    with st.expander(view.texts.runs.lesson, key="lesson"):
        if count:
            _render_start(view.session, count, view.texts)
        for archive in archives:
            st.download_button(
                view.texts.runs.lesson_archive.format(file=archive.name),
                archive.read_bytes,
                archive.name,
                "application/zip",
                key=f"archive_{archive.name}",
                on_click="ignore",
                icon=":material/download:",
            )


def _render_start(session: Session, count: int, texts: Texts) -> None:
    words = texts.runs
    st.markdown(words.lesson_note.format(count=count))
    st.markdown(words.lesson_kept.format(number=MAX_ARCHIVES, limit=MAX_ARCHIVE_MEGABYTES))
    with st.popover(words.lesson_start, key="start_lesson"):
        st.button(words.lesson_yes, on_click=changes.clean_lesson, args=(session, texts))
