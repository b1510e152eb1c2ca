"""The sidebar: what to train, and the buttons that start and end it."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import streamlit as st

from mnist_demo.charts import contact_sheet, picture_html
from mnist_demo.errors import InvalidConfig
from mnist_demo.jobs import TrainerState
from mnist_demo.runs import (
    SETTINGS,
    Choice,
    Layers,
    Number,
    RunConfig,
    Setting,
    Switch,
    brief_settings,
    escape_markdown,
    folded_changes,
    run_date,
    run_identity,
    run_name,
)
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.lessons import render_lesson_button
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.session import Offer, Session

JOB_PARAMETER = "job"
FOLDED_KEY = "folded_settings"


def chosen_config(session: Session) -> RunConfig | None:
    """Read the settings, those of before where the page does not show them; None while one is wrong."""
    try:
        return RunConfig(**{setting.name: _chosen(session, setting) for setting in SETTINGS})
    except InvalidConfig:
        return None  # the field says so, see `_tell_fault`


def _chosen(session: Session, setting: Setting[Any]) -> Any:  # noqa: ANN401 - a value of this setting
    first = getattr(session.first_config, setting.name)
    if isinstance(setting, Layers):
        sizes = enumerate(first, 1)
        return tuple(
            st.session_state.get(_key(session, setting, number), neurons) for number, neurons in sizes
        )
    return st.session_state.get(_key(session, setting), first)


def _key(session: Session, setting: Setting[Any], layer: int = 0) -> str:
    return f"{setting.name}{layer or ''}_{session.settings_revision}"


def render_settings(session: Session, state: TrainerState, texts: Texts) -> None:
    """Show the settings and the buttons in the sidebar."""
    if session.settings_language != texts.code:  # what a slider holds is written in a language
        session.show_config(chosen_config(session) or session.latest_config)
        session.settings_language = texts.code
    config = session.latest_config = chosen_config(session) or session.latest_config
    with st.sidebar:
        st.subheader(texts.settings.title, anchor=False)
        for setting in SETTINGS:
            if setting.panel == "top":
                _render_setting(session, setting, texts)
        with st.expander(texts.settings.more, key=FOLDED_KEY):
            _count_changes(config, texts)
            for setting in SETTINGS:
                if setting.panel == "folded":
                    _render_setting(session, setting, texts)
            if config.augment:
                _render_augmented(state, texts)
            st.button(
                texts.settings.defaults, on_click=session.show_config, args=(RunConfig(),), width="stretch"
            )
        st.caption(brief_settings(config, texts))
        with st.container(horizontal=True):
            render_train_buttons(session, state, texts, place="sidebar")
        render_waiting(session, state, texts, place="sidebar")
        with st.container(horizontal=True):
            for topic in ("epochs", "batch_size", "validation_split"):
                render_lesson_button(topic, texts)


def _count_changes(config: RunConfig, texts: Texts) -> None:
    """Add to the title of the folded settings how many are changed.

    By a style, since Streamlit would build anew, and fold, what gets another title: under the hand that has
    just changed something in it.
    """
    if count := len(folded_changes(config)):
        form = texts.settings.changed_one if count == 1 else texts.settings.changed
        title = json.dumps(f" ({form.format(count=count)})", ensure_ascii=False)
        st.html(f"<style>.st-key-{FOLDED_KEY} summary p::after {{ content: {title}; }}</style>")


def _render_setting(session: Session, setting: Setting[Any], texts: Texts) -> None:
    """Show the widget for a setting; a value that was chosen elsewhere is kept, offered or not."""
    first = getattr(session.first_config, setting.name)
    write = partial(setting.write, texts=texts)
    label, key, note = setting.label(texts), _key(session, setting), setting.help(texts)
    match setting:
        case Switch():
            st.toggle(label, first, key=key, help=note)
        case Choice(has_words=True, choices=words):
            st.selectbox(label, words, words.index(first), key=key, help=note, format_func=write)
        case Choice(choices=steps) | Number(steps=steps) if steps:
            offered = sorted({*steps, first})
            st.select_slider(label, offered, first, key=key, help=note, format_func=write)
        case Number(is_whole=is_whole):
            typed = st.number_input(label, value=first, step=1 if is_whole else None, key=key, help=note)
            _tell_fault(setting, typed, texts)
        case Layers(steps=steps):
            for number, neurons in enumerate(first, 1):
                label, key = setting.layer_label(number, texts), _key(session, setting, number)
                offered, whole = sorted({*steps, neurons}), texts.numbers.whole
                st.select_slider(label, offered, neurons, key=key, help=note, format_func=whole)
        case _:
            raise NotImplementedError(f"There is no widget for {setting}.")


def _tell_fault(setting: Setting[Any], value: object, texts: Texts) -> None:
    """Say what is wrong with a typed value; Streamlit's own bounds would silently keep the former one."""
    try:
        setting.check(value)
    except InvalidConfig as fault:
        named = InvalidConfig(fault.code, **fault.details | {"name": setting.label(texts)})
        show_problem(named, texts)


def _render_augmented(state: TrainerState, texts: Texts) -> None:
    """Show what augmentation makes of some training images, once the trainer has left a sample."""
    samples = services.store().live.load_samples(state.dataset) if state.dataset else None
    if samples is not None:
        st.html(picture_html(contact_sheet(samples), texts.settings.augment_sample, kind="sheet"))


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
        disabled=bool(_place_in_queue(session, state)) or chosen_config(session) is None,
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
        st.info(words.queued.format(place=mine_waits) if state.active else words.waiting)
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
        accuracy += f" ({texts.runs.not_mnist})"
    st.info(
        words.offer.format(
            name=escape_markdown(run_name(run, texts)), date=run_date(run, texts), accuracy=accuracy
        )
    )
    with st.container(horizontal=True):
        st.button(
            words.use_it, key=f"use_{place}", type="primary", on_click=_use_offer, args=(session, run.id)
        )
        st.button(words.train_again, key=f"again_{place}", on_click=_submit, args=(session, offered.config))


def _press_train(session: Session) -> None:
    """Train what is chosen, unless it is wrong, is in training already, or lies in the store."""
    config, state = chosen_config(session), services.trainer().state
    if config is None:
        return  # typed at the last moment: the field says what is wrong
    mine = state.find(session.job_id) if session.job_id else None
    if mine and not mine.phase.is_over and mine.config == config:
        return  # pressed twice
    found = services.store().find(run_identity(config, state.dataset)) if state.dataset else None
    if found:
        session.offer = Offer(found.id, config)
    else:
        _submit(session, config)


def _submit(session: Session, config: RunConfig) -> None:
    job = services.trainer().submit(config)
    session.await_job(job.id)
    st.query_params[JOB_PARAMETER] = job.id


def _use_offer(session: Session, run_id: str) -> None:
    session.choose_run(run_id, services.trainer().state)
