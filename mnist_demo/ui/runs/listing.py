"""Which of many runs are shown: those that were searched for, a page at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial

import streamlit as st

from mnist_demo.runs import Run, run_date, run_label, run_summary
from mnist_demo.texts import Texts
from mnist_demo.ui.session import Session

RUNS_ON_A_PAGE = 20
SEARCH_KEY = "search_runs"


def found_runs(runs: Sequence[Run], typed: str, texts: Texts) -> list[Run]:
    """Find the runs of which all typed words are said: name, owner, settings, date, accuracy, how it ended.

    Capital letters and accents make no difference.
    """
    words = _plain(typed).split()
    if not words:
        return list(runs)
    searchable = ((run, _searchable(run, texts)) for run in runs)
    return [run for run, text in searchable if all(word in text for word in words)]


def _searchable(run: Run, texts: Texts) -> str:
    said = [run_label(run, texts), run_summary(run, texts), run_date(run, texts)]
    if run.test_accuracy is not None:
        said.append(texts.numbers.percent(run.test_accuracy))
    return _plain(" ".join(said))


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def render_search(session: Session, runs: Sequence[Run], texts: Texts) -> list[Run]:
    """Show the search field, where the runs do not fit on a page, and return what was found."""
    if len(runs) <= RUNS_ON_A_PAGE:
        return list(runs)
    typed = st.text_input(
        texts.runs.search,
        key=SEARCH_KEY,
        placeholder=texts.runs.search_hint,
        icon=":material/search:",
        on_change=partial(_turn_to, session, 0),
    )
    found = found_runs(runs, typed, texts)
    if not found:
        st.info(texts.runs.none_found)
    return found


def page_of_runs(session: Session, found: Sequence[Run]) -> list[Run]:
    """Return the runs of the page that is turned to; the last page where that is gone."""
    last = max(0, (len(found) - 1) // RUNS_ON_A_PAGE)
    session.runs_page = min(session.runs_page, last)
    first = session.runs_page * RUNS_ON_A_PAGE
    return list(found[first : first + RUNS_ON_A_PAGE])


def render_pager(session: Session, found: Sequence[Run], texts: Texts, place: str) -> None:
    """Show which runs of how many these are, and the buttons that turn the page; nothing where all fit."""
    if len(found) <= RUNS_ON_A_PAGE:
        return
    words, page = texts.runs, session.runs_page
    first, last = page * RUNS_ON_A_PAGE + 1, min((page + 1) * RUNS_ON_A_PAGE, len(found))
    with st.container(horizontal=True, vertical_alignment="center", key=f"pager_{place}"):
        st.button(
            words.previous,
            key=f"previous_{place}",
            on_click=_turn_to,
            args=(session, page - 1),
            disabled=page == 0,
            icon=":material/chevron_left:",
        )
        whole = texts.numbers.whole
        st.markdown(
            words.page_of.format(first=whole(first), last=whole(last), count=whole(len(found))),
            width="content",
        )
        st.button(
            words.next,
            key=f"next_{place}",
            on_click=_turn_to,
            args=(session, page + 1),
            disabled=last == len(found),
            icon=":material/chevron_right:",
            icon_position="right",
        )


def _turn_to(session: Session, page: int) -> None:
    session.runs_page = page
