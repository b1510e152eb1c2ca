"""The page that lays runs over each other: what differs, their curves, a table of their figures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mnist_demo.charts import Measure
from mnist_demo.jobs import Experiment
from mnist_demo.runs import (
    Run,
    choice_labels,
    comparable_runs,
    escape_markdown,
    first_choice,
    group_by_test,
    offered_runs,
)
from mnist_demo.texts import Texts
from mnist_demo.ui.common.choice import choose_one
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.predictions import judged
from mnist_demo.ui.compare.curves import render_curves
from mnist_demo.ui.compare.experiments import (
    FOLLOW_SECONDS,
    compared_experiment,
    follow,
    render_experiments,
    watched_experiment,
)
from mnist_demo.ui.compare.labels import coincidences, differences, overfitting_sentence, short_names
from mnist_demo.ui.compare.table import render_table
from mnist_demo.ui.session import Comparison
from mnist_demo.ui.view import View, fragment

STYLE = """<style>
[data-testid="stMultiSelect"] [data-tag] { background-color: var(--fill-chosen); color: #ffffff; }
</style>"""
"""Chosen runs are as legible in the dark as in the light."""


def render_compare(view: View) -> None:
    """Show the experiments and the chosen runs; each test's runs by themselves."""
    texts = view.texts
    st.html(STYLE)
    render_experiments(view)
    if experiment := watched_experiment(view):
        growing = fragment(_render_growing, run_every=FOLLOW_SECONDS)
        growing(view, experiment, *_render_measure(texts))
        return
    chosen = _render_choice(view)
    if not chosen:
        st.info(texts.compare.choose_one)
        return
    if experiment := compared_experiment(view, [run.id for run in chosen]):
        guess = view.session.comparison.guesses.get(experiment.name)
        said = [judged(experiment.name, guess, texts)] if guess is not None else []
        seen = " ".join([*said, getattr(texts.experiments, f"{experiment.name}_seen")])
        st.info(seen, icon=":material/visibility:")
    measure, with_training = _render_measure(texts)
    groups = group_by_test(chosen)
    for number, group in enumerate(groups):
        if len(groups) > 1 or not group[0].dataset.is_mnist:
            _render_test(group[0], texts)
        _render_group(group, measure, with_training, str(number), texts)


def _render_growing(view: View, experiment: Experiment, measure: Measure, with_training: bool) -> None:
    """Show the curves of an experiment in training as they grow over each other."""
    runs = follow(experiment, view.state, view.runs).runs_so_far(view.state)
    names = short_names(runs, view.texts)
    render_curves(runs, names, measure, with_training, view.texts, key="growing")


def _render_choice(view: View) -> list[Run]:
    """Show the picker; it is built anew when there is other to choose from, with what was chosen before."""
    texts, comparison, runs = view.texts, view.session.comparison, comparable_runs(view.runs)
    latest = comparison.latest
    first = first_choice(runs, view.session.own_run_ids) if latest is None else latest
    labels = choice_labels(offered_runs(runs, view.person, {*first, *comparison.first}), texts)
    offered = (texts.code, *labels.items())
    key = f"compared_{comparison.revision}"
    if offered != comparison.offered or key not in st.session_state:
        comparison.offered = offered
        if comparison.has_lost(labels):
            st.toast(texts.compare.run_lost, icon=":material/warning:")
        comparison.propose(first if comparison.latest is None else comparison.latest)
        key = f"compared_{comparison.revision}"
    chosen = st.multiselect(
        texts.compare.choose,
        list(labels),
        list(comparison.first),
        key=key,
        format_func=labels.__getitem__,
        on_change=_choose,
        args=(comparison, key),
        placeholder=texts.compare.choose_one,
    )
    return [run for run_id in chosen for run in runs if run.id == run_id]


def _choose(comparison: Comparison, key: str) -> None:
    comparison.latest = tuple(st.session_state[key])


def _render_measure(texts: Texts) -> tuple[Measure, bool]:
    words = texts.compare
    names: dict[Measure, str] = {"loss": words.loss, "accuracy": words.accuracy}
    with st.container(horizontal=True, vertical_alignment="center"):
        measure = choose_one(words.measure, names, key=f"measure_{texts.code}", label_visibility="collapsed")
        with_training = st.toggle(words.with_training, value=True, key="with_training")
    return measure, with_training


def _render_test(run: Run, texts: Texts) -> None:
    """Say which test the figures that follow come from."""
    words = texts.compare
    if run.dataset.is_mnist:
        render_heading(words.mnist_test)
        return
    render_heading(words.other_test)
    st.warning(words.other_test_note, icon=":material/info:")


def _render_group(
    runs: Sequence[Run], measure: Measure, with_training: bool, place: str, texts: Texts
) -> None:
    """Show runs of one test: what differs, curves, overfitting, table."""
    names = short_names(runs, texts)
    if len(runs) > 1:
        st.markdown(differences(runs, texts))
    render_curves(runs, names, measure, with_training, texts, key=f"comparison_{place}")
    literal = [escape_markdown(name) for name in names]
    if said := coincidences(runs, literal, texts):
        st.markdown(said)
    if measure == "loss" and (said := overfitting_sentence(runs, literal, texts)):
        st.markdown(said)
    render_table(runs, names, texts, key=f"figures_{place}")
