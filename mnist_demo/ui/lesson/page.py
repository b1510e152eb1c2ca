"""The page of the lesson: one step on the screen, its question, and what there is to do and to see."""

from __future__ import annotations

import streamlit as st

from mnist_demo.charts import picture_html, row_html
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.runs import escape_markdown, run_name
from mnist_demo.ui import services
from mnist_demo.ui.common.lessons import render_code
from mnist_demo.ui.common.network_picker import render_network_picker, render_other_network
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.components import prepare_canvas, scroll_to_step
from mnist_demo.ui.draw.panel import CANVAS_KEY, render_canvas, render_tools
from mnist_demo.ui.lesson.progress import Progress, asked_step
from mnist_demo.ui.lesson.question import ask
from mnist_demo.ui.lesson.sheet import render_sheet
from mnist_demo.ui.lesson.steps import STEPS, Step
from mnist_demo.ui.lesson.subject import find_subject
from mnist_demo.ui.view import View, fragment

STEP_PARAMETER = "step"
TOP_KEY = "lesson_steps"
WRITTEN_KEY = "lesson_written_step"


def render_lesson_page(view: View) -> None:
    """Show the step that the address asks for, or that the visitor was at."""
    progress = view.session.lesson
    _follow_address(progress)
    step = STEPS[progress.step - 1]
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="lesson_top"
    ):
        _render_bar(view)
        if not step.hides_network or step.name in progress.answers:
            render_network_picker(view)
    if step.draws:
        _render_alone(view, step)
        prepare_canvas(CANVAS_KEY, view.texts)
    else:
        _render_step(view, step)  # a training that ends changes the whole page
    _render_back_and_next(view)
    if progress.step == len(STEPS):
        render_sheet(view)


def _follow_address(progress: Progress) -> None:
    """Turn to the step of a link or of the browser's Back, and keep the step in the address."""
    asked = asked_step(st.query_params, STEP_PARAMETER)
    if asked is not None and asked != st.session_state.get(WRITTEN_KEY):
        progress.go_to(asked, len(STEPS))
    if asked != progress.step:
        st.query_params[STEP_PARAMETER] = str(progress.step)
    st.session_state[WRITTEN_KEY] = progress.step


def _render_bar(view: View) -> None:
    """Show all steps, of which one can be chosen."""
    words, progress = view.texts.lesson, view.session.lesson
    key = f"lesson_bar_{progress.step}"  # a new one for each step, which Back and Next choose, too
    scroll_to_step(progress.step, TOP_KEY)
    with st.container(key=TOP_KEY):
        st.segmented_control(
            words.steps,
            range(1, len(STEPS) + 1),
            default=progress.step,
            required=True,
            key=key,
            on_change=_choose_step,
            args=(progress, key),
            label_visibility="collapsed",
        )


def _choose_step(progress: Progress, key: str) -> None:
    progress.go_to(st.session_state[key], len(STEPS))


def _render_back_and_next(view: View) -> None:
    words, progress = view.texts.lesson, view.session.lesson
    with st.container(horizontal=True, horizontal_alignment="distribute", key="lesson_turn"):
        for name, label, icon, change in (
            ("back", words.back, "arrow_back", -1),
            ("next", words.next, "arrow_forward", 1),
        ):
            st.button(
                label,
                key=f"lesson_{name}",
                icon=f":material/{icon}:",
                on_click=progress.go_to,
                args=(progress.step + change, len(STEPS)),
                disabled=not 1 <= progress.step + change <= len(STEPS),
            )


def _render_step(view: View, step: Step) -> None:
    """Show text and question, beside them the canvas, and below or beside it what comes of it."""
    texts, progress = view.texts, view.session.lesson
    number = texts.lesson.step.format(step=progress.step, steps=len(STEPS))
    st.header(f"{number}: {step.title(texts)}", anchor=False)
    if step.code:
        render_code(step.code, "step", texts)  # across the page: lines of code are long, and never wrapped
    left, right = st.columns([5, 7], gap="large")
    with left:
        is_answered = _render_question(view, step)
    with right, st.container(key="lesson_doing"):
        if step.draws:
            _render_board(view)
        if not (step.wide and is_answered):
            _render_doing(view, step, is_answered=is_answered)
    if step.wide and is_answered:
        _render_doing(view, step, is_answered=True)


@fragment
def _render_alone(view: View, step: Step) -> None:
    """Show a step so that a stroke reruns nothing else; what it changes outlives a reload."""
    _render_step(view, step)
    services.session_store().keep(view.session)


def _render_question(view: View, step: Step) -> bool:
    """Show text and question; return whether the result may be shown."""
    texts, progress = view.texts, view.session.lesson
    st.markdown(step.text(texts))
    if step.hides_network and view.run and step.name not in progress.answers:
        st.markdown(texts.lesson.network.format(name=escape_markdown(run_name(view.run, texts))))
        render_other_network(view)
    question = step.question(view)
    if not question:
        return True
    if not ask(question, progress, texts):
        return False
    st.markdown(question.why)
    st.button(
        texts.lesson.again,
        type="tertiary",
        key=f"again_{step.name}",
        on_click=progress.ask_again,
        args=(question.name,),
    )
    return True


def _render_board(view: View) -> None:
    canvas, texts = view.session.canvas, view.texts
    with st.container(key="board"):
        render_canvas(canvas)
        render_tools(canvas, texts)
        if canvas.problem:
            show_problem(canvas.problem, texts, st.warning)
        if not canvas.steps:
            st.html(row_html([picture_html(find_subject(canvas).image, texts.lesson.sample)]))


def _render_doing(view: View, step: Step, *, is_answered: bool) -> None:
    """Show what there is to do and to see, once the question is answered."""
    texts = view.texts
    with st.container(key="lesson_result"):
        if not is_answered:
            st.info(texts.lesson.first_answer, icon=":material/help:")
        elif not view.run:
            st.info(texts.app.no_run)
        else:
            try:
                step.render(view, find_subject(view.session.canvas))
            except (UnknownRun, DamagedRun) as error:
                show_problem(error, texts)
