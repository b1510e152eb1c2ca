"""The table of compared runs: numbers to sort by, written as the language writes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from mnist_demo.export import build_spreadsheet
from mnist_demo.runs import (
    Run,
    Setting,
    differing_settings,
    has_effect,
    rates_label,
    run_figures,
    setting_value,
)
from mnist_demo.texts import NO_BREAK_SPACE, NO_NUMBER, Texts
from mnist_demo.ui.compare.labels import dash_note
from mnist_demo.ui.components import Column, render_sortable_table


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
            values = [_sort_key(setting, run) for run in runs]
            written = {
                value: setting_value(setting, run, texts) for value, run in zip(values, runs, strict=True)
            }
            columns[setting.label(texts)] = (values, written.__getitem__)
    if any(run.history.rates for run in runs):
        rates = [rates_label(run.history, texts) or None for run in runs]
        columns[texts.report.rates] = (rates, str)
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
        words.overfitting_epoch: (
            [figure.overfitting.epoch if figure.overfitting else None for figure in figures],
            numbers.whole,
        ),
    }
    return columns


def _sort_key(setting: Setting[Any], run: Run) -> float | str | None:
    """Return what a run is sorted by; None where the setting has no effect."""
    if not has_effect(setting, run.config):
        return None
    return setting.sort_key(setting.shown(run.config, run.dataset.n_train))


def render_table(runs: Sequence[Run], names: Sequence[str], texts: Texts, key: str) -> None:
    """Show the table, and the button that downloads it."""
    words = texts.compare
    columns = [
        Column(title, [NO_NUMBER if value is None else write(value) for value in values], values)
        for title, (values, write) in table_columns(runs, names, texts).items()
    ]
    render_sortable_table(columns, words.table_alt, key)
    st.caption(" ".join([words.sort_note, dash_note(runs, texts)]))
    st.download_button(
        words.download_table,
        partial(_spreadsheet, columns, texts),
        f"{words.table_file_name}.csv",
        "text/csv",
        key=f"download_{key}",
        icon=":material/download:",
        on_click="ignore",
    )


def _spreadsheet(columns: Sequence[Column], texts: Texts) -> bytes:
    """Build the file; numbers lose the spaces that group them, which would make texts of them there."""
    cells = [[cell.replace(NO_BREAK_SPACE, "") for cell in column.cells] for column in columns[1:]]
    rows = zip(columns[0].cells, *cells, strict=True)
    filled = ([None if cell == NO_NUMBER else cell for cell in row] for row in rows)
    return build_spreadsheet([column.title for column in columns], filled, texts.numbers)
