"""The experiment that the class is asked about: trained while everybody votes, seen when that is revealed."""

from __future__ import annotations

import streamlit as st

from mnist_demo.classroom import ClassState, Phase
from mnist_demo.jobs import EXPERIMENTS, Experiment
from mnist_demo.ui import services
from mnist_demo.ui.classroom.questions import experiment_id
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.compare.curves import render_curves
from mnist_demo.ui.compare.experiments import FOLLOW_SECONDS, follow, start, status
from mnist_demo.ui.compare.labels import short_names
from mnist_demo.ui.view import View, fragment


def render_experiment(view: View) -> None:
    """Show the experiment of the round, and follow it; nothing while the class does something else."""
    fragment(_render_asked, run_every=FOLLOW_SECONDS)(view)


def _render_asked(view: View) -> None:
    latest = services.classroom().latest
    experiment = _find_experiment(latest.state) if latest else None
    if not latest or not experiment:
        return
    words, progress = view.texts, follow(experiment, view.state, view.runs)
    with st.container(key="class_experiment"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{getattr(words.experiments, experiment.name)}**", width="content")
            st.caption(status(view, progress), width="content")
            if not progress.job and not progress.is_done:
                idle = view.state.dataset is None
                if st.button(words.compare.start, icon=":material/play_arrow:", disabled=idle):
                    start(view, experiment)
                    st.rerun(scope="fragment")
        if view.session.comparison.problem:
            show_problem(view.session.comparison.problem, words)
        if latest.state.phase is not Phase.REVEALED:
            return
        runs = progress.runs_so_far(view.state)
        if any(run.history.epochs for run in runs):
            names = short_names(runs, words)
            render_curves(runs, names, "accuracy", with_training=False, texts=words, key="class_curves")
        if progress.is_done:
            st.info(getattr(words.experiments, f"{experiment.name}_seen"), icon=":material/visibility:")


def _find_experiment(state: ClassState) -> Experiment | None:
    """Find what the class is being asked about; between two rounds it is asked nothing."""
    asked = state.round.question if state.round and state.phase is not Phase.LOBBY else None
    return next((each for each in EXPERIMENTS if asked and asked.id == experiment_id(each)), None)
