"""What is done to runs when a button is pressed; what somebody may not do is refused in a sentence.

Who presses is asked for again here: what stands on a page says nothing about who may do it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from mnist_demo.errors import NoRoom, NotAllowed, UnknownRun
from mnist_demo.runs import escape_markdown, restore_runs, start_clean_lesson
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.identity import current_person
from mnist_demo.ui.session import Session

BIN_KEY = "bin"


def _try(change: Callable[[], Any], texts: Texts) -> bool:
    """Make a change; tell whether it was made, and say why not."""
    try:
        change()
    except (UnknownRun, NotAllowed, NoRoom) as error:
        show_problem(error, texts, st.toast)
        return False
    return True


def rename(run_id: str, opener: str, field: str, texts: Texts) -> None:
    """Give a run the name that stands in a field, and close the popover around it."""
    st.session_state[opener] = False
    name = st.session_state[field]
    _try(lambda: services.store().rename(run_id, name, current_person()), texts)


def delete(session: Session, run_ids: Collection[str], texts: Texts) -> None:
    """Put runs into the bin, and offer to undo that."""
    if _try(lambda: services.store().delete_all(run_ids, current_person()), texts):
        session.just_deleted = tuple(run_ids)
        session.choose_none()


def restore(session: Session, run_ids: Collection[str], texts: Texts) -> None:
    """Bring runs back from the bin, as many as there is room for."""
    limits = services.settings()
    # The title says how many there are, and under another title Streamlit opens another, closed bin.
    st.session_state[BIN_KEY] = st.session_state.get(BIN_KEY, False)

    def restore_all() -> None:
        restore_runs(
            services.store(),
            run_ids,
            current_person(),
            max_runs=limits.max_runs,
            max_gigabytes=limits.max_runs_gigabytes,
        )

    if _try(restore_all, texts):
        session.just_deleted = tuple(run_id for run_id in session.just_deleted if run_id not in run_ids)


def show_more_deleted(session: Session) -> None:
    """Show one more page of the bin, below the others."""
    session.bin_pages += 1


def clean_lesson(session: Session, texts: Texts) -> None:
    """Pack away what visitors have trained, and end what they train."""

    def start() -> None:
        person = current_person()
        closed = services.trainer().closed_to_visitors(person)
        packed = start_clean_lesson(services.store(), person, texts, closed)
        said = texts.runs.lesson_empty
        if packed.archive:
            said = texts.runs.lesson_packed.format(count=packed.runs, file=packed.archive.name)
        st.toast(escape_markdown(said), icon=":material/check:")
        if packed.unended:
            st.toast(texts.runs.lesson_unended.format(count=packed.unended), icon=":material/warning:")

    if _try(start, texts):
        session.choose_none()
