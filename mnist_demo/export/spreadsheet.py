"""Tables as CSV files that a spreadsheet program opens as a table in the reader's language."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields

from mnist_demo.runs import EpochRecord, History
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
