"""The experiments: each started by one click, followed while it is trained, shown when it is done."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mnist_demo.errors import NoRoom
from mnist_demo.jobs import (
    EXPERIMENTS,
    Experiment,
    Job,
    Progress,
    TrainerState,
    WorkerPhase,
    follow_experiment,
    is_held_up,
)
from mnist_demo.runs import Run, RunConfig, finished_runs, run_identity
from mnist_demo.ui import services
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.predictions import choices, question
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.train.live import worker_line
from mnist_demo.ui.view import View, fragment

FOLLOW_SECONDS = 0.7
CARDS_IN_A_ROW = 3


def follow(experiment: Experiment, state: TrainerState, runs: Sequence[Run]) -> Progress:
    """Look how far an experiment is; before the trainer knows its images, no run counts as one of it."""
    dataset, finished = state.dataset, finished_runs(runs)

    def find(config: RunConfig) -> Run | None:
        return finished.get(run_identity(config, dataset)) if dataset else None

    return follow_experiment(experiment, find, state)


def compared_experiment(view: View, run_ids: Sequence[str]) -> Experiment | None:
    """Find the experiment whose runs, and no others, are compared."""
    for experiment in EXPERIMENTS:
        progress = follow(experiment, view.state, view.runs)
        if progress.is_done and set(progress.run_ids) == set(run_ids):
            return experiment
    return None


def watched_experiment(view: View) -> Experiment | None:
    """Find the experiment that this visitor started; once it is done, its runs are shown instead."""
    comparison = view.session.comparison
    for experiment in EXPERIMENTS:
        if experiment.name == comparison.experiment:
            progress = follow(experiment, view.state, view.runs)
            if progress.job:
                return experiment
            if progress.is_done:
                comparison.choose(progress.run_ids)
    comparison.experiment = ""  # done, stopped or failed
    return None


def render_experiments(view: View) -> None:
    """Show the experiments, and follow them while this visitor waits for a run."""
    render_heading(view.texts.compare.experiments)
    cards = fragment(_render_cards, run_every=FOLLOW_SECONDS if _waits(view) else None)
    cards(view, cards_state_key(view))


def _own_jobs(view: View) -> tuple[str, ...]:
    """List the jobs that this visitor waits for, of experiments or not: their runs can be compared."""
    return tuple(sorted(job.id for job in view.state.pending if job.is_of(view.person)))


def _waits(view: View) -> bool:
    worker = view.state.worker
    return bool(_own_jobs(view)) or not (worker is WorkerPhase.READY or worker.is_stuck)


def cards_state_key(view: View) -> str:
    """Return what the page as a whole depends on: of jobs, only those of this visitor make it run again."""
    state = view.state
    dataset = state.dataset.fingerprint if state.dataset else None
    return f"{hash((dataset, state.worker.is_stuck, _own_jobs(view), _waits(view))):x}"


def _render_cards(view: View, key: str) -> None:
    """Show how far each is; when more than numbers has changed, the whole page runs again."""
    watches = view.session.comparison.experiment != ""
    if cards_state_key(view) != key or (watches and not watched_experiment(view)):
        st.rerun()
    for first in range(0, len(EXPERIMENTS), CARDS_IN_A_ROW):
        columns = st.columns(CARDS_IN_A_ROW, gap="small")
        for column, experiment in zip(columns, EXPERIMENTS[first : first + CARDS_IN_A_ROW], strict=False):
            with column.container(border=True, height="stretch", vertical_alignment="distribute"):
                _render_card(view, follow(experiment, view.state, view.runs))
    for problem in (view.state.problem, view.session.comparison.problem):
        if problem:
            show_problem(problem, view.texts)


def _render_card(view: View, progress: Progress) -> None:
    st.markdown(f"**{getattr(view.texts.experiments, progress.experiment.name)}**")
    if progress.job:
        st.progress(progress.share)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(status(view, progress), width="content")
        _render_button(view, progress)
    if progress.failed and progress.failed.problem and not progress.job:
        show_problem(progress.failed.problem, view.texts)


def _render_button(view: View, progress: Progress) -> None:
    """Show what can be done with an experiment; a press concerns the whole page, not only the cards."""
    comparison, words, name = view.session.comparison, view.texts.compare, progress.experiment.name
    if progress.job:
        may_end = any(job.may_end(view.person) for job in progress.jobs if job)
        if may_end and st.button(words.stop, key=f"stop_{name}", icon=":material/stop:"):
            _stop(view, progress)
            st.rerun()
    elif progress.is_done:
        if st.button(words.show, key=f"show_{name}", icon=":material/show_chart:"):
            comparison.experiment = ""
            comparison.choose(progress.run_ids)
            st.rerun()
    elif view.person.is_teacher:  # a visitor has one job at a time
        # Before the images are known it cannot tell what is in the store.
        idle = view.state.dataset is None and not view.state.worker.is_stuck
        with st.popover(words.start, icon=":material/play_arrow:", disabled=idle, key=f"start_{name}"):
            _render_question(view, progress.experiment)


def _render_question(view: View, experiment: Experiment) -> None:
    """Ask what will come of an experiment; the answer starts it."""
    texts, name = view.texts, experiment.name
    st.markdown(f"**{question(name, texts)}**")
    for number, choice in enumerate(choices(name, texts)):
        if st.button(choice, key=f"guess_{name}_{number}", width="stretch"):
            view.session.comparison.guesses[name] = number
            start(view, experiment)
            st.rerun()


def status(view: View, progress: Progress) -> str:
    """Say how far an experiment is."""
    words, count = view.texts.compare, len(progress.runs)
    if progress.is_done:
        return words.all_trained
    said = [words.trained.format(trained=progress.trained, count=count)]
    if not progress.job:
        done = said[0] if progress.trained else words.to_train.format(count=count)
        return done if view.person.is_teacher else f"{done} · {words.teacher_starts}"
    return " · ".join([*said, _job_status(view, progress.job)])


def _job_status(view: View, job: Job) -> str:
    state, texts = view.state, view.texts
    if line := worker_line(state, texts):
        return line
    if place := state.place_in_queue(job.id):
        form = texts.compare.queued_behind_held if is_held_up(state) else texts.compare.queued
        return form.format(place=place)
    epoch = job.step.epoch if job.step else 1
    return texts.compare.in_training.format(epoch=epoch, epochs=job.config.epochs)


def start(view: View, experiment: Experiment) -> None:
    """Queue what is missing of an experiment; what others wait for already is not trained twice."""
    trainer, comparison = services.trainer(), view.session.comparison
    comparison.problem = None
    try:
        for config in follow(experiment, trainer.state, services.store().list()).missing:
            trainer.submit(config, view.person)
    except NoRoom as error:
        comparison.problem = error
    comparison.experiment = experiment.name


def _stop(view: View, progress: Progress) -> None:
    """Take an experiment's jobs from the queue, last first, so that none begins meanwhile."""
    for job in reversed(progress.jobs):
        if job and job.may_end(view.person):
            services.trainer().stop(job.id, view.person)
