"""Steps 8 to 10: epochs, overfitting, and the test."""

from __future__ import annotations

import streamlit as st

from mnist_demo.charts import picture_html, row_html
from mnist_demo.data import MNIST
from mnist_demo.errors import DamagedRun, DatasetUnavailable, UnknownRun
from mnist_demo.runs import Run, RunConfig
from mnist_demo.ui import services
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.train.controls import render_controls
from mnist_demo.ui.train.panel import render_curves
from mnist_demo.ui.train.settings import render_stop, render_waiting, start_training
from mnist_demo.ui.view import View

ONE_EPOCH, TEN_EPOCHS = RunConfig(epochs=1), RunConfig(epochs=10)
FEW_IMAGES = RunConfig(epochs=60, train_images=100)
SHOWN_MISTAKES = 12
BOUNDS = (30, 100, 1000)
"""Between the options of how many mistakes there are."""


def render_epochs(view: View, _subject: Subject) -> None:
    """Train for one epoch, then for ten, and watch."""
    words = view.texts.lesson
    _render_training(view, {words.train_one: ONE_EPOCH, words.train_ten: TEN_EPOCHS})


def render_overfitting(view: View, _subject: Subject) -> None:
    """Train on a hundred images only, and watch the two losses part."""
    _render_training(view, {view.texts.lesson.train_few: FEW_IMAGES})


def _render_training(view: View, offered: dict[str, RunConfig]) -> None:
    state, own = view.state, view.session.job_id
    busy = view.followed is not None or bool(own and state.place_in_queue(own))
    with st.container(horizontal=True, vertical_alignment="center", key="lesson_train"):
        for place, (name, config) in enumerate(offered.items()):
            st.button(
                name,
                type="secondary" if place else "primary",
                icon=":material/play_arrow:",
                key=f"lesson_train_{place}",
                on_click=start_training,
                args=(view, config),
                disabled=busy,
            )
        render_stop(view)
    render_controls(view)
    render_waiting(view)
    render_curves(view)


def mistakes_option(view: View) -> int | None:
    """Return which option is right, from 0; None where the network in use cannot be tested."""
    if not view.run:
        return None
    try:
        mistakes = _count_mistakes(view.run)
    except (DatasetUnavailable, UnknownRun, DamagedRun):
        return None  # the step itself says why
    return sum(mistakes >= bound for bound in BOUNDS)


def _count_mistakes(run: Run) -> int:
    """Tell how many of the app's test images a run misreads.

    Its own figure says so if these are MNIST's, as they mostly are: to read all images and have the network
    answer takes seconds on a slow computer, for which whoever only opens a page should not wait.

    Raises:
        UnknownRun, DamagedRun, DatasetUnavailable: See `services.run_evaluation`.
    """
    is_of_app = run.dataset.fingerprint == MNIST.fingerprint and not services.settings().data
    if is_of_app and run.test_accuracy is not None:
        return round((1 - run.test_accuracy) * MNIST.n_test)
    return services.run_evaluation(run.id).mistakes


def render_evaluation(view: View, _subject: Subject) -> None:
    """Show how many test images are misread, and those of which the network is surest."""
    assert view.run
    words, texts = view.texts.lesson, view.texts
    try:
        evaluation, held_out = services.run_evaluation(view.run.id), services.held_out_images()
    except (DatasetUnavailable, UnknownRun, DamagedRun) as error:
        show_problem(error, texts)
        return
    whole = texts.numbers.whole
    st.markdown(
        words.mistakes.format(
            mistakes=whole(evaluation.mistakes),
            images=whole(evaluation.images),
            accuracy=texts.numbers.percent(evaluation.accuracy, 2),
        )
    )
    rows = evaluation.most_confident_mistakes(SHOWN_MISTAKES)
    captions = [
        words.mistake.format(predicted=int(evaluation.predictions[row]), actual=int(evaluation.labels[row]))
        for row in rows
    ]
    st.html(
        row_html(
            picture_html(held_out.images[row], caption) for row, caption in zip(rows, captions, strict=True)
        )
    )
    st.page_link(view.links["evaluation"])
