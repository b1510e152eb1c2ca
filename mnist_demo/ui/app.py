"""One run of the page: language, navigation, and what all pages have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from mnist_demo.jobs.state import JobPhase, TrainerState
from mnist_demo.runs.labels import plain
from mnist_demo.runs.run import Run, shipped_runs
from mnist_demo.texts.catalogue import Texts
from mnist_demo.texts.loading import languages, load_texts, match_language
from mnist_demo.ui import services
from mnist_demo.ui.common.style import render_style
from mnist_demo.ui.compare.page import render_compare
from mnist_demo.ui.data.page import render_data
from mnist_demo.ui.draw.panel import render_drawing
from mnist_demo.ui.evaluate.page import render_evaluation
from mnist_demo.ui.explore import name_menu, render_links
from mnist_demo.ui.inside.page import render_inside
from mnist_demo.ui.lab.page import render_lab
from mnist_demo.ui.runs.page import render_runs
from mnist_demo.ui.session import Visitor, current_visitor
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
    st.set_page_config(page_title=texts.app.title, page_icon=str(FAVICON), layout="wide")
    state = services.trainer().state
    visitor = current_visitor(state, _bring_back)
    _come_back(visitor, state)
    runs = services.store().list()
    run = _run_in_use(visitor, runs)
    pages = _pages(visitor, state, runs, run, texts)
    page = st.navigation(pages, position="top")
    on_main_page = page is pages[0]
    render_style()
    name_menu(texts.explore.menu_and_settings if on_main_page else texts.explore.menu)
    _render_header(language, texts)
    for error in services.store().damaged:
        st.warning(plain(error.sentence(language)), icon=":material/warning:")
    page.run()
    if on_main_page:
        render_links(pages[1:], texts)
    services.visits().keep(visitor)


def _pages(
    visitor: Visitor, state: TrainerState, runs: tuple[Run, ...], run: Run | None, texts: Texts
) -> list[StreamlitPage]:
    """List the pages in the order of the navigation: title, icon, last part of the address, what it draws."""
    main_page = st.Page(
        partial(_render_main_page, visitor, state, runs, run, texts),
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
            partial(render_data, visitor, state, main_page, texts),
        ),
        (texts.inside.page, "hub", "inside", partial(render_inside, visitor, runs, run, texts)),
        (texts.evaluation.page, "fact_check", "evaluation", partial(render_evaluation, runs, run, texts)),
        (
            texts.compare.page,
            "compare_arrows",
            "compare",
            partial(render_compare, visitor, state, runs, texts),
        ),
        (texts.lab.page, "science", "lab", partial(render_lab, visitor, runs, run, texts)),
        (texts.app.runs_page, "inventory_2", "runs", partial(render_runs, visitor, run, texts)),
    ]
    return [main_page] + [
        st.Page(
            partial(_render_other_page, visitor, render),
            title=title,
            icon=f":material/{icon}:",
            url_path=path,
        )
        for title, icon, path, render in others
    ]


def _render_main_page(
    visitor: Visitor, state: TrainerState, runs: tuple[Run, ...], run: Run | None, texts: Texts
) -> None:
    with st.container(key="tagline"):
        st.markdown(texts.app.tagline)
    render_settings(visitor, state, texts)
    if run:
        render_drawing(visitor, state, runs, run, texts)
    render_training(visitor, state, run, texts)


def _render_other_page(visitor: Visitor, render: Callable[[], None]) -> None:
    """Draw a page without settings and canvas, which are built anew when the visitor comes back to them."""
    visitor.show_config(visitor.latest_config)
    visitor.initial_objects = visitor.objects
    render()


def _language() -> str:
    """Choose the language: as picked on the page, as in the address, or as the browser asks."""
    for asked in (st.session_state.get("language"), st.query_params.get(LANGUAGE_PARAMETER)):
        if asked in languages():
            return asked
    return match_language(st.context.locale)


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


def _bring_back(visitor: Visitor) -> None:
    """Give a new visitor what the address tells of an earlier session: drawing, pen, settings, job, run.

    Only a new one: the browser's Back shows addresses of before, and must undo no choice.
    """
    services.visits().bring_back(st.query_params.get(VISIT_PARAMETER, ""), visitor)
    visitor.job_id = st.query_params.get(JOB_PARAMETER)
    visitor.run_id = st.query_params.get(RUN_PARAMETER)


def _come_back(visitor: Visitor, state: TrainerState) -> None:
    """Take up the result of the visitor's job, and write into the address what a reload needs."""
    job = state.find(visitor.job_id) if visitor.job_id else None
    if job and job.phase is JobPhase.ENDED and job.run:
        visitor.take_result(job.run)
    if not job or job.phase.is_over:
        visitor.job_id = None
    _write_address(
        {JOB_PARAMETER: visitor.job_id, RUN_PARAMETER: visitor.run_id, VISIT_PARAMETER: visitor.visit}
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


def _run_in_use(visitor: Visitor, runs: tuple[Run, ...]) -> Run | None:
    """Find the visitor's run; the one that ships with the app where it is gone."""
    usable = [run for run in runs if run.has_weights]
    chosen = [run for run in usable if run.id == visitor.run_id]
    return next(iter([*chosen, *shipped_runs(usable), *usable]), None)
