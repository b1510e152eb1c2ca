"""The experiments: each started by one click, followed while it is trained, shown when it is done."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import streamlit as st

from mnist_demo.jobs import (
    EXPERIMENTS,
    Experiment,
    Job,
    Progress,
    TrainerState,
    WorkerPhase,
    follow_experiment,
)
from mnist_demo.runs import Run, RunConfig, escape_markdown, finished_runs, run_identity
from mnist_demo.texts import Texts, message
from mnist_demo.ui import services
from mnist_demo.ui.session import Session
from mnist_demo.ui.train.live import worker_line

FOLLOW_SECONDS = 0.7
STUCK = {WorkerPhase.NO_DATA, WorkerPhase.BROKEN}
_STARTING = threading.Lock()


def follow(experiment: Experiment, state: TrainerState, runs: Sequence[Run]) -> Progress:
    """Look how far an experiment is; before the trainer knows its images, no run counts as one of it."""
    dataset, finished = state.dataset, finished_runs(runs)

    def find(config: RunConfig) -> Run | None:
        return finished.get(run_identity(config, dataset)) if dataset else None

    return follow_experiment(experiment, find, state)


def compared_experiment(
    run_ids: Sequence[str], state: TrainerState, runs: Sequence[Run]
) -> Experiment | None:
    """Find the experiment whose runs, and no others, are compared."""
    for experiment in EXPERIMENTS:
        progress = follow(experiment, state, runs)
        if progress.is_done and set(progress.run_ids) == set(run_ids):
            return experiment
    return None


def watched_experiment(session: Session, state: TrainerState, runs: Sequence[Run]) -> Experiment | None:
    """Find the experiment that this visitor started; once it is done, its runs are shown instead."""
    comparison = session.comparison
    for experiment in EXPERIMENTS:
        if experiment.name == comparison.experiment:
            progress = follow(experiment, state, runs)
            if progress.job:
                return experiment
            if progress.is_done:
                comparison.choose(progress.run_ids)
    comparison.experiment = ""  # done, stopped or failed
    return None


def render_experiments(session: Session, state: TrainerState, texts: Texts) -> None:
    """Show the experiments, and follow whatever is in training, whoever started it."""
    st.subheader(texts.compare.experiments, anchor=False)
    waits = state.active or state.queue or state.worker not in {WorkerPhase.READY, *STUCK}
    cards = st.fragment(_render_cards, run_every=FOLLOW_SECONDS if waits else None)
    cards(session, state.page_state_key, texts)


def _render_cards(session: Session, page_state_key: str, texts: Texts) -> None:
    """Show how far each is; when more than numbers has changed, the whole page runs again."""
    state = services.trainer().state
    if state.page_state_key != page_state_key:
        st.rerun()
    runs = services.store().list()
    columns = st.columns(len(EXPERIMENTS), gap="small")
    for column, experiment in zip(columns, EXPERIMENTS, strict=True):
        with column.container(border=True, height="stretch", vertical_alignment="distribute"):
            _render_card(session, state, follow(experiment, state, runs), texts)
    if state.problem:
        st.error(escape_markdown(message(state.problem, texts.code)))


def _render_card(session: Session, state: TrainerState, progress: Progress, texts: Texts) -> None:
    st.markdown(f"**{getattr(texts.experiments, progress.experiment.name)}**")
    if progress.job:
        st.progress(progress.share)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_status(progress, state, texts), width="content")
        _render_button(session, state, progress, texts)
    if progress.failed and progress.failed.problem and not progress.job:
        st.error(escape_markdown(message(progress.failed.problem, texts.code)))


def _render_button(session: Session, state: TrainerState, progress: Progress, texts: Texts) -> None:
    """Show what can be done with an experiment; a press concerns the whole page, not only the cards."""
    words, name = texts.compare, progress.experiment.name
    if progress.job:
        if st.button(words.stop, key=f"stop_{name}", icon=":material/stop:"):
            _stop(progress)
            st.rerun()
    elif progress.is_done:
        if st.button(words.show, key=f"show_{name}", icon=":material/show_chart:"):
            session.comparison.experiment = ""
            session.comparison.choose(progress.run_ids)
            st.rerun()
    else:
        idle = state.dataset is None and state.worker not in STUCK  # it cannot tell yet what is in the store
        if st.button(words.start, key=f"start_{name}", icon=":material/play_arrow:", disabled=idle):
            _start(session, progress.experiment)
            st.rerun()


def _status(progress: Progress, state: TrainerState, texts: Texts) -> str:
    words, count = texts.compare, len(progress.runs)
    if progress.is_done:
        return words.all_trained
    said = [words.trained.format(trained=progress.trained, count=count)]
    if not progress.job:
        return said[0] if progress.trained else words.to_train.format(count=count)
    return " · ".join([*said, _job_status(progress.job, state, texts)])


def _job_status(job: Job, state: TrainerState, texts: Texts) -> str:
    if line := worker_line(state, texts):
        return line
    if place := state.place_in_queue(job.id):
        return texts.compare.queued.format(place=place)
    epoch = job.step.epoch if job.step else 1
    return texts.compare.in_training.format(epoch=epoch, epochs=job.config.epochs)


def _start(session: Session, experiment: Experiment) -> None:
    """Queue what is missing of an experiment, once, however many visitors press at the same time."""
    trainer = services.trainer()
    with _STARTING:
        for config in follow(experiment, trainer.state, services.store().list()).missing:
            trainer.submit(config)
    session.comparison.experiment = experiment.name


def _stop(progress: Progress) -> None:
    """Take an experiment's jobs from the queue, last first, so that none begins meanwhile."""
    for job in reversed(progress.jobs):
        if job:
            services.trainer().stop(job.id)
