"""Tables as CSV files that a spreadsheet program opens as a table in the reader's language."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from datetime import datetime

from mnist_demo.runs import (
    SETTINGS,
    EpochRecord,
    History,
    Run,
    has_effect,
    run_figures,
    run_title,
    setting_value,
    status_label,
    upload_label,
)
from mnist_demo.texts import NumberTexts, Texts

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these is run as a formula by spreadsheet programs."""


def build_spreadsheet(
    titles: Sequence[str], rows: Iterable[Sequence[str | float | None]], numbers: NumberTexts
) -> bytes:
    """Build a CSV file in the form that spreadsheet programs expect where numbers are written this way.

    Where the decimal mark is a comma, fields are separated by semicolons. Numbers keep all their digits.

    Args:
        titles: One for each column.
        rows: Texts and numbers; None, infinity and NaN leave the field empty.
        numbers: How the language writes numbers.

    Returns:
        UTF-8 with the mark at its beginning by which Excel knows it.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, delimiter=";" if numbers.decimal == "," else ",")
    writer.writerow([_field(title, numbers) for title in titles])
    writer.writerows([_field(value, numbers) for value in row] for row in rows)
    return table.getvalue().encode("utf-8-sig")


def _field(value: str | float | None, numbers: NumberTexts) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
    if value is None or not math.isfinite(value):
        return ""
    return str(value).replace(".", numbers.decimal)


def build_history_spreadsheet(history: History, texts: Texts) -> bytes:
    """Build the CSV file of a run's history, one row for each epoch, with the column titles of the report."""
    titles = [getattr(texts.report, field.name) for field in fields(EpochRecord)]
    return build_spreadsheet(titles, map(astuple, history.epochs), texts.numbers)


def build_runs_spreadsheet(runs: Iterable[Run], texts: Texts) -> bytes:
    """Build the CSV file of many runs, one row for each: whose it is, its figures, all its settings."""
    words, report, compare = texts.runs, texts.report, texts.compare
    titles = [words.table_name, words.table_owner, words.table_date, words.table_status, words.table_origin]
    titles += [report.test_accuracy, report.test_loss, compare.best_val_loss, report.epochs_trained]
    titles += [setting.label(texts) for setting in SETTINGS] + [report.images, words.table_id]
    return build_spreadsheet(titles, (_run_row(run, texts) for run in runs), texts.numbers)


def _run_row(run: Run, texts: Texts) -> list[str | float | None]:
    figures, when = run_figures(run), datetime.fromisoformat(run.created).astimezone()
    row: list[str | float | None] = [run_title(run, texts), run.owner.name, f"{when:%Y-%m-%d %H:%M}"]
    row += [status_label(run, texts), _origin(run, texts)]
    row += [figures.test_accuracy, figures.test_loss, figures.best_val_loss, figures.epochs]
    for setting in SETTINGS:
        if not has_effect(setting, run.config):
            row.append(None)
            continue
        value = setting.shown(run.config, run.dataset.n_train)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        row.append(value if is_number else setting_value(setting, run, texts))
    form = texts.report.images_mnist if run.dataset.is_mnist else texts.report.images_other
    whole = texts.numbers.whole
    return [*row, form.format(train=whole(run.dataset.n_train), test=whole(run.dataset.n_test)), run.id]


def _origin(run: Run, texts: Texts) -> str:
    if run.uploaded:
        return upload_label(run, texts)
    return texts.runs.table_pretrained if run.pretrained else texts.runs.table_trained
