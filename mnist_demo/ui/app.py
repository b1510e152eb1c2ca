"""One run of the page: language, navigation, and what all pages have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from mnist_demo.jobs import JobPhase, TrainerState
from mnist_demo.runs import Run, escape_markdown, pretrained_runs
from mnist_demo.texts import Texts, languages, load_texts, match_language, message
from mnist_demo.ui import services
from mnist_demo.ui.common.style import render_style
from mnist_demo.ui.compare.page import render_compare
from mnist_demo.ui.components import render_language
from mnist_demo.ui.data.page import render_data
from mnist_demo.ui.draw.panel import render_drawing
from mnist_demo.ui.evaluate.page import render_evaluation
from mnist_demo.ui.explore import name_menu, render_links
from mnist_demo.ui.inside.page import render_inside
from mnist_demo.ui.lab.page import render_lab
from mnist_demo.ui.runs.page import render_runs
from mnist_demo.ui.session import Session, current_session
from mnist_demo.ui.train.panel import render_training
from mnist_demo.ui.train.settings import JOB_PARAMETER, render_settings

LANGUAGE_PARAMETER = "lang"
RUN_PARAMETER = "run"
VISIT_PARAMETER = "visit"
FAVICON = Path(__file__).parent / "favicon.svg"


def main() -> None:
    """Draw the page that the visitor is on."""
    language = _language()
    texts = load_texts(language)
    # Before the navigation, which would fetch the page's own icon from another host.
    st.set_page_config(page_icon=str(FAVICON), layout="wide")
    state = services.trainer().state
    session = current_session(state, _restore)
    _come_back(session, state)
    runs = services.store().list()
    run = _run_in_use(session, runs)
    pages = _pages(session, state, runs, run, texts)
    page = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{page.title} · {texts.app.title}")
    render_language(texts)
    on_main_page = page is pages[0]
    render_style()
    name_menu(texts.page_links.menu_and_settings if on_main_page else texts.page_links.menu)
    _render_header(language, texts)
    for error in services.store().damaged:
        st.warning(escape_markdown(message(error, language)), icon=":material/warning:")
    with st.container(key=f"page_{page.url_path}"):  # so that no page keeps a node of another one's
        page.run()
    if on_main_page:
        render_links(pages[1:], texts)
    services.session_store().keep(session)


def _pages(
    session: Session, state: TrainerState, runs: tuple[Run, ...], run: Run | None, texts: Texts
) -> list[StreamlitPage]:
    """List the pages in the order of the navigation: title, icon, last part of the address, what it draws."""
    main_page = st.Page(
        partial(_render_main_page, session, state, runs, run, texts),
        title=texts.app.main_page,
        icon=":material/draw:",
        url_path="main",
        default=True,
    )
    others: list[tuple[str, str, str, Callable[[], None]]] = [
        (
            texts.data_page.page,
            "photo_library",
            "data",
            partial(render_data, session, state, main_page, texts),
        ),
        (texts.inside.page, "hub", "inside", partial(render_inside, session, runs, run, texts)),
        (texts.evaluation.page, "fact_check", "evaluation", partial(render_evaluation, runs, run, texts)),
        (
            texts.compare.page,
            "compare_arrows",
            "compare",
            partial(render_compare, session, state, runs, texts),
        ),
        (texts.lab.page, "science", "lab", partial(render_lab, session, runs, run, texts)),
        (texts.app.runs_page, "inventory_2", "runs", partial(render_runs, session, run, texts)),
    ]
    return [main_page] + [
        st.Page(
            partial(_render_other_page, session, render),
            title=title,
            icon=f":material/{icon}:",
            url_path=path,
        )
        for title, icon, path, render in others
    ]


def _render_main_page(
    session: Session, state: TrainerState, runs: tuple[Run, ...], run: Run | None, texts: Texts
) -> None:
    with st.container(key="tagline"):
        st.markdown(texts.app.tagline)
    render_settings(session, state, texts)
    if run:
        render_drawing(session, state, runs, run, texts)
    render_training(session, state, run, texts)


def _render_other_page(session: Session, render: Callable[[], None]) -> None:
    """Draw a page without settings and canvas, which are built anew when the visitor comes back to them."""
    session.show_config(session.latest_config)
    session.initial_objects = session.objects
    render()


def _language() -> str:
    """Choose the language: as picked on the page, as in the address, or by the browser's list."""
    for asked in (st.session_state.get("language"), st.query_params.get(LANGUAGE_PARAMETER)):
        if asked in languages():
            return asked
    return match_language(st.context.headers.get("Accept-Language") or st.context.locale)


def _render_header(language: str, texts: Texts) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="header"
    ):
        st.title(texts.app.title, width="content", anchor=False)
        _render_language_choice(language, texts)


def _render_language_choice(language: str, texts: Texts) -> None:
    st.segmented_control(
        texts.app.language,
        languages(),
        default=language,
        required=True,
        key="language",
        format_func=lambda code: load_texts(code).language_name,
        label_visibility="collapsed",
    )


def _restore(session: Session) -> None:
    """Give a new visitor what the address tells of an earlier session: drawing, pen, settings, job, run.

    Only a new one: the browser's Back shows addresses of before, and must undo no choice.
    """
    services.session_store().restore(st.query_params.get(VISIT_PARAMETER, ""), session)
    session.job_id = st.query_params.get(JOB_PARAMETER)
    session.run_id = st.query_params.get(RUN_PARAMETER)


def _come_back(session: Session, state: TrainerState) -> None:
    """Take up the result of the visitor's job, and write into the address what a reload needs."""
    job = state.find(session.job_id) if session.job_id else None
    if job and job.phase is JobPhase.ENDED and job.run:
        session.take_result(job.run)
    if not job or job.phase.is_over:
        session.job_id = None
    _write_address(
        {JOB_PARAMETER: session.job_id, RUN_PARAMETER: session.run_id, VISIT_PARAMETER: session.session_id}
    )


def _write_address(values: dict[str, str | None]) -> None:
    """Keep in the address what a reload needs; going to another page clears it.

    All at once: each change of the address is a step more for the browser's Back.
    """
    if language := st.session_state.get("language"):
        values |= {LANGUAGE_PARAMETER: language}
    before = st.query_params.to_dict()
    after = {name: value for name, value in (before | values).items() if value is not None}
    if after != before:
        st.query_params.from_dict(after)


def _run_in_use(session: Session, runs: tuple[Run, ...]) -> Run | None:
    """Find the visitor's run; the one that ships with the app where it is gone."""
    usable = [run for run in runs if run.has_weights]
    chosen = [run for run in usable if run.id == session.run_id]
    return next(iter([*chosen, *pretrained_runs(usable), *usable]), None)
