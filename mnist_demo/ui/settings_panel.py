"""The sidebar: what to train, and the buttons that start and end it."""

from __future__ import annotations

import streamlit as st

from mnist_demo.catalogue import Texts
from mnist_demo.runs import (
    BATCH_SIZES,
    EPOCHS_RANGE,
    HIDDEN_RANGE,
    OPTIMIZERS,
    SEED_RANGE,
    RunConfig,
    run_identity,
)
from mnist_demo.training.jobs import TrainerState
from mnist_demo.ui import services
from mnist_demo.ui.lessons import render_lesson_button
from mnist_demo.ui.visitor import Visitor
from mnist_demo.ui.words import OPTIMIZER_NAMES, run_date, run_name

LEARNING_RATES = (0.00001, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
VALIDATION_SPLITS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
JOB_PARAMETER = "job"
CONFIG_KEYS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "validation_split",
    "hidden_1",
    "hidden_2",
    "optimizer",
    "seed",
)


def show_config(config: RunConfig) -> None:
    """Set the widgets to a configuration."""
    first, second = config.hidden
    values = config.to_json() | {"hidden_1": first, "hidden_2": second}
    for key in CONFIG_KEYS:
        st.session_state[key] = values[key]


def chosen_config() -> RunConfig:
    """Read the widgets."""
    chosen = {key: st.session_state[key] for key in CONFIG_KEYS}
    hidden = (chosen.pop("hidden_1"), chosen.pop("hidden_2"))
    return RunConfig(hidden=hidden, **chosen)


def render_settings(visitor: Visitor, state: TrainerState, texts: Texts) -> None:
    """Show the settings and the buttons in the sidebar."""
    if any(key not in st.session_state for key in CONFIG_KEYS):
        show_config(RunConfig())
    words = texts.settings
    with st.sidebar:
        st.subheader(words.title)
        st.slider(words.epochs, *EPOCHS_RANGE, key="epochs", help=words.epochs_help)
        st.select_slider(words.batch_size, BATCH_SIZES, key="batch_size", help=words.batch_size_help)
        with st.expander(words.more):
            _render_more(texts)
        render_train_buttons(visitor, state, texts, place="sidebar")
        with st.container(horizontal=True):
            for topic in ("epochs", "batch_size", "validation_split"):
                render_lesson_button(topic, texts)


def _render_more(texts: Texts) -> None:
    words, numbers = texts.settings, texts.numbers
    st.select_slider(
        words.learning_rate,
        LEARNING_RATES,
        key="learning_rate",
        format_func=numbers.shortest,
        help=words.learning_rate_help,
    )
    st.select_slider(
        words.validation_split,
        VALIDATION_SPLITS,
        key="validation_split",
        format_func=lambda split: numbers.percent(split, 0),
        help=words.validation_split_help,
    )
    left, right = st.columns(2)
    left.number_input(words.hidden_1, *HIDDEN_RANGE, key="hidden_1", help=words.hidden_help)
    right.number_input(words.hidden_2, *HIDDEN_RANGE, key="hidden_2", help=words.hidden_help)
    left.selectbox(
        words.optimizer,
        OPTIMIZERS,
        key="optimizer",
        format_func=OPTIMIZER_NAMES.__getitem__,
        help=words.optimizer_help,
    )
    right.number_input(words.seed, *SEED_RANGE, key="seed", help=words.seed_help)
    st.button(words.defaults, on_click=show_config, args=(RunConfig(),), width="stretch")


def render_train_buttons(visitor: Visitor, state: TrainerState, texts: Texts, place: str) -> None:
    """Show Train, and Stop while something can be stopped; an offer from the store where there is one."""
    words = texts.settings
    mine_waits = visitor.job_id and state.place_in_queue(visitor.job_id)
    with st.container(horizontal=True):
        st.button(
            words.train,
            type="primary",
            key=f"train_{place}",
            on_click=_press_train,
            args=(visitor,),
            icon=":material/play_arrow:",
            disabled=bool(mine_waits),
        )
        if state.active:
            st.button(
                words.stop,
                key=f"stop_{place}",
                on_click=services.trainer().stop,
                args=(state.active.id,),
                icon=":material/stop:",
            )
    if mine_waits:
        st.info(words.queued.format(place=mine_waits))
        st.button(
            words.leave_queue, key=f"leave_{place}", on_click=services.trainer().stop, args=(visitor.job_id,)
        )
    _render_offer(visitor, texts, place)


def _render_offer(visitor: Visitor, texts: Texts, place: str) -> None:
    run = next((run for run in services.store().list() if run.id == visitor.offered_run_id), None)
    if not run:
        return
    words = texts.settings
    accuracy = texts.numbers.percent(run.test_accuracy) if run.test_accuracy is not None else "–"
    st.info(words.offer.format(name=run_name(run, texts), date=run_date(run, texts), accuracy=accuracy))
    with st.container(horizontal=True):
        st.button(
            words.use_it, key=f"use_{place}", type="primary", on_click=_use_offer, args=(visitor, run.id)
        )
        st.button(words.train_again, key=f"again_{place}", on_click=_submit, args=(visitor, chosen_config()))


def _press_train(visitor: Visitor) -> None:
    """Train what is chosen, unless it is in training already or lies in the store."""
    config, state = chosen_config(), services.trainer().state
    mine = state.find(visitor.job_id) if visitor.job_id else None
    if mine and not mine.phase.is_over and mine.config == config:
        return  # pressed twice
    found = services.store().find(run_identity(config, state.dataset)) if state.dataset else None
    if found:
        visitor.offered_run_id = found.id
    else:
        _submit(visitor, config)


def _submit(visitor: Visitor, config: RunConfig) -> None:
    visitor.offered_run_id = None
    visitor.job_id = services.trainer().submit(config).id
    st.query_params[JOB_PARAMETER] = visitor.job_id


def _use_offer(visitor: Visitor, run_id: str) -> None:
    visitor.choose_run(run_id, services.trainer().state)
