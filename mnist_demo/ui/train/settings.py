"""The sidebar: what to train, and the buttons that start and end it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from mnist_demo.charts import contact_sheet, picture_html
from mnist_demo.jobs import TrainerState
from mnist_demo.runs import (
    BATCH_SIZES,
    HIDDEN_RANGE,
    OPTIMIZER_NAMES,
    OPTIMIZERS,
    SEED_RANGE,
    RunConfig,
    escape_markdown,
    images_label,
    run_date,
    run_identity,
    run_name,
)
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.lessons import render_lesson_button
from mnist_demo.ui.session import Offer, Session

LEARNING_RATES = (0.00001, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
VALIDATION_SPLITS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
MAX_EPOCHS = 30
JOB_PARAMETER = "job"


def chosen_config(session: Session) -> RunConfig:
    """Read the settings; those of before where the page does not show them."""
    first = session.first_config
    chosen = {
        name: st.session_state.get(_key(session, name), value) for name, value in _values(first).items()
    }
    hidden = (chosen.pop("hidden_1"), chosen.pop("hidden_2"))
    return RunConfig(hidden=hidden, **chosen)


def _values(config: RunConfig) -> dict[str, Any]:
    """Give a value for each widget."""
    values = {name: getattr(config, name) for name in RunConfig.__dataclass_fields__ if name != "hidden"}
    return values | {"hidden_1": config.hidden[0], "hidden_2": config.hidden[1]}


def _key(session: Session, name: str) -> str:
    return f"{name}_{session.settings_revision}"


def render_settings(session: Session, state: TrainerState, texts: Texts) -> None:
    """Show the settings and the buttons in the sidebar."""
    words, first = texts.settings, session.first_config
    with st.sidebar:
        st.subheader(words.title, anchor=False)
        st.slider(
            words.epochs,
            1,
            MAX_EPOCHS,
            min(first.epochs, MAX_EPOCHS),
            key=_key(session, "epochs"),
            help=words.epochs_help,
        )
        st.select_slider(
            words.batch_size,
            BATCH_SIZES,
            first.batch_size,
            key=_key(session, "batch_size"),
            help=words.batch_size_help,
        )
        with st.expander(words.more):
            _render_learning(session, texts)
            _render_network(session, texts)
            _render_augment(session, state, texts)
            st.button(words.defaults, on_click=session.show_config, args=(RunConfig(),), width="stretch")
        with st.container(horizontal=True):
            render_train_buttons(session, state, texts, place="sidebar")
        render_waiting(session, state, texts, place="sidebar")
        session.latest_config = chosen_config(session)
        with st.container(horizontal=True):
            for topic in ("epochs", "batch_size", "validation_split"):
                render_lesson_button(topic, texts)


def _render_learning(session: Session, texts: Texts) -> None:
    words, numbers, first = texts.settings, texts.numbers, session.first_config
    st.select_slider(
        words.learning_rate,
        LEARNING_RATES,
        first.learning_rate,
        key=_key(session, "learning_rate"),
        format_func=numbers.shortest,
        help=words.learning_rate_help,
    )
    st.select_slider(
        words.validation_split,
        VALIDATION_SPLITS,
        first.validation_split,
        key=_key(session, "validation_split"),
        format_func=lambda split: numbers.percent(split, 0),
        help=words.validation_split_help,
    )
    st.selectbox(
        words.optimizer,
        OPTIMIZERS,
        OPTIMIZERS.index(first.optimizer),
        key=_key(session, "optimizer"),
        format_func=OPTIMIZER_NAMES.__getitem__,
        help=words.optimizer_help,
    )


def _render_network(session: Session, texts: Texts) -> None:
    words, first = texts.settings, session.first_config
    left, right = st.columns(2)
    for column, label, name, size in (
        (left, words.hidden_1, "hidden_1", first.hidden[0]),
        (right, words.hidden_2, "hidden_2", first.hidden[1]),
    ):
        column.number_input(label, *HIDDEN_RANGE, size, key=_key(session, name), help=words.hidden_help)
    st.number_input(words.seed, *SEED_RANGE, first.seed, key=_key(session, "seed"), help=words.seed_help)


def _render_augment(session: Session, state: TrainerState, texts: Texts) -> None:
    words, first = texts.settings, session.first_config
    augments = st.toggle(words.augment, first.augment, key=_key(session, "augment"), help=words.augment_help)
    if (
        augments
        and state.dataset
        and (augmented := services.store().live.load_samples(state.dataset)) is not None
    ):
        st.html(picture_html(contact_sheet(augmented), words.augment_sample, kind="sheet"))


def render_train_buttons(session: Session, state: TrainerState, texts: Texts, place: str) -> None:
    """Show Train, and Stop while something can be stopped."""
    words = texts.settings
    st.button(
        words.train,
        type="primary",
        key=f"train_{place}",
        on_click=_press_train,
        args=(session,),
        icon=":material/play_arrow:",
        disabled=bool(_place_in_queue(session, state)),
    )
    if state.active:
        st.button(
            words.stop,
            key=f"stop_{place}",
            on_click=services.trainer().stop,
            args=(state.active.id,),
            icon=":material/stop:",
        )


def render_waiting(session: Session, state: TrainerState, texts: Texts, place: str) -> None:
    """Show the visitor's place in the queue, and an offer from the store where there is one."""
    words = texts.settings
    if mine_waits := _place_in_queue(session, state):
        st.info(words.queued.format(place=mine_waits) if state.active else words.waits)
        st.button(
            words.leave_queue, key=f"leave_{place}", on_click=services.trainer().stop, args=(session.job_id,)
        )
    _render_offer(session, texts, place)


def _place_in_queue(session: Session, state: TrainerState) -> int | None:
    return state.place_in_queue(session.job_id) if session.job_id else None


def _render_offer(session: Session, texts: Texts, place: str) -> None:
    offered = session.offer
    run = next((run for run in services.store().list() if offered and run.id == offered.run_id), None)
    if not run or not offered or chosen_config(session) != offered.config:
        return
    words = texts.settings
    accuracy = texts.numbers.percent(run.test_accuracy) if run.test_accuracy is not None else "–"
    if not run.dataset.is_mnist:
        accuracy += f" ({images_label(run, texts)})"
    st.info(
        words.offer.format(
            name=escape_markdown(run_name(run, texts)), date=run_date(run, texts), accuracy=accuracy
        )
    )
    with st.container(horizontal=True):
        st.button(
            words.use_it, key=f"use_{place}", type="primary", on_click=_use_offer, args=(session, run.id)
        )
        st.button(
            words.train_again, key=f"again_{place}", on_click=_submit, args=(session, chosen_config(session))
        )


def _press_train(session: Session) -> None:
    """Train what is chosen, unless it is in training already or lies in the store."""
    config, state = chosen_config(session), services.trainer().state
    mine = state.find(session.job_id) if session.job_id else None
    if mine and not mine.phase.is_over and mine.config == config:
        return  # pressed twice
    found = services.store().find(run_identity(config, state.dataset)) if state.dataset else None
    if found:
        session.offer = Offer(found.id, config)
    else:
        _submit(session, config)


def _submit(session: Session, config: RunConfig) -> None:
    session.await_job(services.trainer().submit(config).id)
    st.query_params[JOB_PARAMETER] = session.job_id


def _use_offer(session: Session, run_id: str) -> None:
    session.choose_run(run_id, services.trainer().state)
