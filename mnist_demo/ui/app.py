"""One run of the app: language, navigation, and what stands around every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page as Link

from mnist_demo.jobs import JobPhase, TrainerState
from mnist_demo.runs import Owner, escape_markdown, run_name
from mnist_demo.texts import Texts, languages, load_texts, match_language
from mnist_demo.ui import services
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.common.person import render_person
from mnist_demo.ui.common.problem import problem_markdown
from mnist_demo.ui.common.style import render_style
from mnist_demo.ui.components import render_language, render_projector_button
from mnist_demo.ui.identity import current_person
from mnist_demo.ui.pages import PAGES, Page
from mnist_demo.ui.session import Session, current_session
from mnist_demo.ui.train.settings import JOB_PARAMETER
from mnist_demo.ui.view import View, take_view

LANGUAGE_PARAMETER = "lang"
RUN_PARAMETER = "run"
SESSION_PARAMETER = "visit"
FAVICON = Path(__file__).parent / "favicon.svg"
HOME = PAGES[0]


def main() -> None:
    """Draw the page that the visitor is on."""
    texts = load_texts(_language())
    # Before the navigation, which would fetch the page's own icon from another host.
    st.set_page_config(page_icon=str(FAVICON), layout="wide")
    state = services.trainer().state
    session = current_session(_restore)
    person = current_person()
    services.open_pages().note(person.id)
    _follow_job(session, state, person)

    def draw(page: Page) -> None:
        page.render(view)  # which is there when Streamlit calls this

    pages = [page for page in PAGES if person.is_teacher or not page.teaches]
    links = {page.name: _link(page, partial(draw, page), texts) for page in pages}
    view = take_view(session, state, texts, links)
    _write_address(session)
    link = st.navigation(list(links.values()), position="top")
    page = next(page for page in pages if links[page.name] is link)
    session.turn_to(page.name)
    _dress(page, texts)
    with _make_places(page)[page.name]:
        _render_header(view, page)
        _render_notices(view)
        link.run()
        if page is HOME:
            _render_links(view)
    services.session_store().keep(session)


def _link(page: Page, draw: Callable[[], None], texts: Texts) -> Link:
    return st.Page(
        draw,
        title=page.label(texts),
        icon=f":material/{page.icon}:",
        url_path=page.name,
        default=page is HOME,
        help=page.purpose(texts),
    )


def _language() -> str:
    """Choose the language: as picked on the page, as in the address, or by the browser's list."""
    for asked in (st.session_state.get("language"), st.query_params.get(LANGUAGE_PARAMETER)):
        if asked in languages():
            return asked
    return match_language(st.context.headers.get("Accept-Language") or st.context.locale)


def _restore(session: Session) -> None:
    """Give a new session what the address tells of an earlier one: drawing, pen, settings, job, run.

    Only a new one: the browser's Back shows addresses of before, and must undo no choice.
    """
    services.session_store().restore(st.query_params.get(SESSION_PARAMETER, ""), session)
    session.job_id = st.query_params.get(JOB_PARAMETER)
    session.run_id = st.query_params.get(RUN_PARAMETER)


def _follow_job(session: Session, state: TrainerState, person: Owner) -> None:
    """Take up the result of the visitor's job, once it has ended; a failure stays in sight.

    A job that they have left, or that somebody else's address names, is not theirs.
    """
    job = state.find(session.job_id) if session.job_id else None
    if job and job.phase is JobPhase.ENDED and job.run and job.is_of(person):
        session.take_result(job.run)
    if not job or job.phase is JobPhase.ENDED or not job.is_of(person):
        session.job_id = None


def _write_address(session: Session) -> None:
    """Keep in the address what a reload needs; going to another page clears it.

    All at once: each change of the address is a step more for the browser's Back.
    """
    values = {
        JOB_PARAMETER: session.job_id,
        RUN_PARAMETER: session.run_id,
        SESSION_PARAMETER: session.session_id,
    }
    if language := st.session_state.get("language"):
        values[LANGUAGE_PARAMETER] = language
    before = st.query_params.to_dict()
    after = {name: value for name, value in (before | values).items() if value}
    if after != before:
        st.query_params.from_dict(after)


def _dress(page: Page, texts: Texts) -> None:
    """Give the browser the page's title, language and style."""
    title = page.title(texts)
    st.set_page_config(page_title=title if page is HOME else f"{title} · {texts.app.title}")
    render_language(texts)
    render_style(texts.page_links.menu)


def _make_places(page: Page) -> dict[str, DeltaGenerator]:
    """Make a place for each page, all empty but one, so that the browser draws every page anew.

    In one place for all a page begins with the heading of the page before it, and only then gets its own.
    A browser that translates takes text nodes out of the page meanwhile, and the change is not seen.
    """
    return {
        each.name: st.container(key=f"page_{each.name}") if each is page else st.empty() for each in PAGES
    }


def _render_header(view: View, page: Page) -> None:
    """Show the page's title and purpose, and the languages; above them the app's name, which leads home.

    The title of the first page is the app's name.
    """
    texts, title = view.texts, page.title(view.texts)
    if page is not HOME:
        with st.container(key="home"):
            st.page_link(view.links[HOME.name], label=texts.app.title, icon="", help="")
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="header"
    ):
        st.title(title, width="content", anchor=False)
        if page is HOME:
            render_network_picker(view)
        with st.container(horizontal=True, width="content", vertical_alignment="center", key="looks"):
            render_person(view)
            render_projector_button(texts)
            _render_language_choice(texts)
    if page is not HOME:
        with st.container(key="tagline"):
            st.markdown(page.purpose(texts))


def _render_language_choice(texts: Texts) -> None:
    st.segmented_control(
        texts.app.language,
        languages(),
        default=texts.code,
        required=True,
        key="language",
        format_func=lambda code: load_texts(code).language_name,
        label_visibility="collapsed",
    )


def _render_notices(view: View) -> None:
    """Say that the run in use is gone, until that is acknowledged, and in one line which runs are damaged."""
    texts = view.texts
    if view.session.run_is_lost and view.run:
        with st.container(horizontal=True, vertical_alignment="center", key="lost_run"):
            name = escape_markdown(run_name(view.run, texts))
            st.warning(texts.app.run_lost.format(name=name), icon=":material/warning:")
            st.button(texts.app.understood, on_click=view.session.forget_loss)
    if damaged := services.store().damaged:
        title = texts.app.damaged.format(count=texts.numbers.whole(len(damaged)))
        with st.expander(title, icon=":material/warning:", key="damaged"):
            st.markdown("\n".join(f"- {problem_markdown(error, texts)}" for error in damaged))


def _render_links(view: View) -> None:
    """Show the other pages, each with what it is for; in `style` hidden where the navigation is in sight."""
    with st.container(key="explore", gap="xsmall"):
        st.header(view.texts.page_links.title, anchor=False)
        for page in PAGES[1:]:
            if page.name not in view.links:
                continue  # it is not for this person
            label = f"**{page.label(view.texts)}**: {page.purpose(view.texts)}"
            st.page_link(view.links[page.name], label=label, help="")
