"""The fields in which settings are chosen, each by its declaration."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from mnist_demo.data import DIGITS
from mnist_demo.errors import InvalidConfig
from mnist_demo.runs import SETTINGS, Choice, Digit, Layers, Number, RunConfig, Setting, Switch
from mnist_demo.texts import Texts
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.session import Session

NO_DIGIT = "none"
"""Stands for None among the digits: Streamlit takes None for a field in which nothing is chosen."""


def chosen_config(session: Session) -> RunConfig | None:
    """Read the settings, those of before where the page does not show them; None while one is wrong."""
    try:
        chosen = RunConfig(**{setting.name: _chosen(session, setting) for setting in SETTINGS})
        return _without_idle(chosen)
    except InvalidConfig:
        return None  # the page says so, see `tell_faults`


def _without_idle(config: RunConfig) -> RunConfig:
    """Take the default of what says nothing of this network, which else would be trained as two runs."""
    if config.hidden:
        return config
    return replace(config, **{setting.name: setting.default for setting in SETTINGS if setting.is_of_hidden})


def _chosen(session: Session, setting: Setting[Any]) -> Any:  # noqa: ANN401 - a value of this setting
    first = getattr(session.first_config, setting.name)
    if isinstance(setting, Layers):
        return tuple(
            st.session_state.get(_key(session, setting, number), neurons)
            for number, neurons in enumerate(_offered_layers(session, setting), 1)
        )
    value = st.session_state.get(_key(session, setting), first)
    return _read_digit(value) if isinstance(setting, Digit) else value


def _read_digit(option: Any) -> Any:  # noqa: ANN401 - a digit or None
    return None if option == NO_DIGIT else option


def _offered_layers(session: Session, setting: Layers) -> tuple[int, ...]:
    """Return what the panel first shows for each of as many layers as are chosen."""
    first = getattr(session.first_config, setting.name)
    return setting.resized(first, st.session_state.get(_key(session, setting), len(first)))


def _key(session: Session, setting: Setting[Any], layer: int = 0) -> str:
    return f"{setting.name}{layer or ''}_{session.settings_revision}"


def render_setting(session: Session, setting: Setting[Any], texts: Texts) -> None:
    """Show the widget for a setting; a value that was chosen elsewhere is kept, offered or not."""
    first = getattr(session.first_config, setting.name)
    write = partial(setting.write, texts=texts)
    label, key, note = setting.label(texts), _key(session, setting), setting.help(texts)
    match setting:
        case Switch():
            st.toggle(label, first, key=key, help=note)
        case Choice(has_words=True, choices=words):
            st.selectbox(label, words, words.index(first), key=key, help=note, format_func=write)
        case Digit():
            digits = (NO_DIGIT, *range(DIGITS))
            chosen = digits.index(NO_DIGIT if first is None else first)
            st.selectbox(
                label, digits, chosen, key=key, help=note, format_func=lambda digit: write(_read_digit(digit))
            )
        case Choice(choices=steps) | Number(steps=steps) if steps:
            offered = sorted({*steps, first})
            st.select_slider(label, offered, first, key=key, help=note, format_func=write)
        case Number(is_whole=is_whole):
            st.number_input(label, value=first, step=1 if is_whole else None, key=key, help=note)
        case Layers(most=most, steps=steps):
            st.segmented_control(
                setting.count_label(texts),
                range(most + 1),
                default=len(first),
                required=True,
                key=key,
                help=setting.count_help(texts),
            )
            for number, neurons in enumerate(_offered_layers(session, setting), 1):
                label, key = setting.layer_label(number, texts), _key(session, setting, number)
                offered, whole = sorted({*steps, neurons}), texts.numbers.whole
                st.select_slider(label, offered, neurons, key=key, help=note, format_func=whole)
        case _:
            raise NotImplementedError(f"There is no widget for {setting}.")


def tell_faults(session: Session, texts: Texts) -> None:
    """Say what is wrong with a typed value; Streamlit's own bounds would silently keep the former one."""
    for setting in SETTINGS:
        try:
            setting.check(_chosen(session, setting))
        except InvalidConfig as fault:
            named = InvalidConfig(fault.code, **fault.details | {"name": setting.label(texts)})
            show_problem(named, texts)
