"""What the visitor's settings spoil: which labels are wrong, and which digit is missing or rare."""

from __future__ import annotations

from itertools import islice

import numpy as np
import streamlit as st
from markupsafe import Markup

from mnist_demo.charts import picture_html, row_html
from mnist_demo.data import DataSummary
from mnist_demo.errors import TrainingFailed
from mnist_demo.runs import Learned, RunConfig, digit_name, learned_examples
from mnist_demo.texts import Texts
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.view import View

SHOWN_IMAGES = 14


def learned_or_none(config: RunConfig, summary: DataSummary) -> Learned | None:
    """Return what is learned from; None where it is not spoiled, or where nothing is left."""
    try:
        return learned_examples(config, summary.y_train) if config.spoils_data else None
    except TrainingFailed:
        return None  # `render_spoiled` says so


def render_spoiled(view: View, summary: DataSummary) -> None:
    """Show the first images with wrong labels, and say what else is spoiled; nothing where nothing is."""
    config, texts = view.session.latest_config, view.texts
    if not config.spoils_data:
        return
    render_heading(texts.data_page.spoiled)
    try:
        learned = learned_examples(config, summary.y_train)
    except TrainingFailed as error:
        show_problem(error, texts)
        return
    for sentence in spoiled_sentences(config, learned, summary, texts):
        st.markdown(sentence)
    if config.wrong_labels:
        pictures = [_picture(row, learned, summary, texts) for row in wrong_rows(learned, summary)]
        st.html(row_html(pictures))


def spoiled_sentences(config: RunConfig, learned: Learned, summary: DataSummary, texts: Texts) -> list[str]:
    """Say how much is spoiled, and that it is nothing but what is learned from."""
    words, whole, digits = texts.data_page, texts.numbers.whole, summary.y_train[learned.rows]
    said = []
    if config.wrong_labels:
        wrong = int((learned.labels[learned.rows] != digits).sum())
        said.append(words.wrong_labels.format(wrong=whole(wrong), images=whole(len(digits))))
    if config.missing_digit is not None:
        said.append(words.missing_digit.format(digit=digit_name(config.missing_digit, texts)))
    if config.rare_digit is not None and config.rare_digit != config.missing_digit:
        left = len(np.unique(learned.rows[digits == config.rare_digit]))
        said.append(words.rare_digit.format(digit=digit_name(config.rare_digit, texts), images=whole(left)))
    return [*said, words.unspoiled]


def wrong_rows(learned: Learned, summary: DataSummary) -> list[int]:
    """List the first images with a wrong label, of those that are kept to be shown; none of them twice."""
    rows = dict.fromkeys(learned.rows.tolist())
    is_wrong = learned.labels != summary.y_train
    return list(islice((row for row in rows if row < len(summary.images) and is_wrong[row]), SHOWN_IMAGES))


def _picture(row: int, learned: Learned, summary: DataSummary, texts: Texts) -> Markup:
    caption = texts.data_page.wrong_label.format(
        actual=digit_name(int(summary.y_train[row]), texts), given=digit_name(int(learned.labels[row]), texts)
    )
    return picture_html(summary.images[row], caption)
