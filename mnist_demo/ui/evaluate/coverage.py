"""Answer only when sure: what the network gains, and gives up, by being silent elsewhere."""

from __future__ import annotations

import streamlit as st

from mnist_demo.charts import coverage_figure, coverage_label
from mnist_demo.network import Coverage, Evaluation, answer_from
from mnist_demo.texts import Texts
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.components import render_chart
from mnist_demo.ui.view import View, fragment

THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)
"""From the least confidence that the likeliest of ten digits can have, where every image is answered."""
FIRST = 0.9


@fragment
def render_coverage(view: View, evaluation: Evaluation) -> None:
    """Let the visitor choose how sure an answer has to be; a choice reruns only this."""
    texts, words = view.texts, view.texts.evaluation
    render_heading(words.coverage)
    left, right = st.columns(2, gap="large")
    with left:
        threshold = st.select_slider(
            words.least_confidence,
            THRESHOLDS,
            FIRST,
            key=f"coverage_threshold_{texts.code}",  # what a slider shows is written in a language
            format_func=texts.numbers.shortest_percent,
        )
        chosen = answer_from(evaluation, threshold)
        st.markdown(coverage_sentence(chosen, texts))
    with right:
        levels = [answer_from(evaluation, level) for level in THRESHOLDS]
        figure = coverage_figure(levels, chosen, words, texts.numbers)
        told = [coverage_label(level, words, texts.numbers) for level in levels if level.accuracy is not None]
        alt = f"{words.coverage_title}. {'; '.join(told)}."
        render_chart(figure, words.coverage_title, alt, key="coverage")


def coverage_sentence(chosen: Coverage, texts: Texts) -> str:
    """Say how many images are answered, how many of the answers are right, and what is left of mistakes."""
    words, numbers = texts.evaluation, texts.numbers
    if chosen.accuracy is None:
        return words.coverage_none.format(images=numbers.whole(chosen.images))
    mistakes = words.coverage_one_mistake if chosen.mistakes == 1 else words.coverage_mistakes
    return words.coverage_said.format(
        answered=numbers.percent(chosen.share),
        images=numbers.whole(chosen.images),
        accuracy=numbers.percent(chosen.accuracy, 2),
        mistakes=mistakes.format(mistakes=numbers.whole(chosen.mistakes)),
    )
