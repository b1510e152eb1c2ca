"""The table of compared runs: numbers to sort by, written as the language writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from mnist_demo.runs import Run, differing_settings, run_figures, setting_value
from mnist_demo.texts import NO_NUMBER, Texts
from mnist_demo.ui.compare.labels import dash_note

ROW_PIXELS = 42


def table_columns(
    runs: Sequence[Run], names: Sequence[str], texts: Texts
) -> dict[str, tuple[list[Any], Callable[[Any], str]]]:
    """Lay out the table.

    Returns:
        For each title the values, by which the table is sorted, and what writes one; None: not measured.
    """
    words, numbers = texts.compare, texts.numbers
    columns: dict[str, tuple[list[Any], Callable[[Any], str]]] = {words.run: (list(names), str)}
    for setting in differing_settings([run.config for run in runs]):
        if setting.name != "epochs":  # a column of its own, with what was reached
            values = [setting.sort_key(setting.shown(run.config, run.dataset.n_train)) for run in runs]
            written = {
                value: setting_value(setting, run, texts) for value, run in zip(values, runs, strict=True)
            }
            columns[setting.label(texts)] = (values, written.__getitem__)
    figures = [run_figures(run) for run in runs]
    columns |= {
        words.epochs: ([figure.epochs for figure in figures], numbers.whole),
        words.test_accuracy: (
            [figure.test_accuracy for figure in figures],
            partial(numbers.percent, digits=2),
        ),
        words.test_loss: ([figure.test_loss for figure in figures], partial(numbers.number, digits=3)),
        words.best_val_loss: (
            [figure.best_val_loss for figure in figures],
            partial(numbers.number, digits=3),
        ),
        words.seconds: ([figure.seconds_per_epoch for figure in figures], partial(numbers.number, digits=2)),
        words.overfitting_epoch: ([figure.overfitting_epoch for figure in figures], numbers.whole),
    }
    return columns


def render_table(runs: Sequence[Run], names: Sequence[str], texts: Texts, key: str) -> None:
    """Show the table; Streamlit's own number formats would follow the browser, not the chosen language."""
    import pandas as pd  # noqa: PLC0415 - half a second that the other pages do not need

    columns = table_columns(runs, names, texts)
    frame = pd.DataFrame({title: values for title, (values, _) in columns.items()})
    writers = {title: write for title, (_, write) in columns.items()}
    st.dataframe(
        frame.style.format(writers, na_rep=NO_NUMBER),
        alt=texts.compare.table_alt,
        placeholder=NO_NUMBER,
        hide_index=True,
        width="stretch",
        row_height=ROW_PIXELS,
        key=key,
        column_config={texts.compare.run: st.column_config.Column(pinned=True)},
    )
    st.caption(" ".join([texts.compare.sort_note, dash_note(runs, texts)]))
