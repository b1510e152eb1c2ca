"""The curves of compared runs, with the legend above and how to read them below."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mnist_demo.charts import Curve, Measure, comparison_figure
from mnist_demo.runs import Run, RunStatus, find_overfitting, rate_places, steps_per_epoch
from mnist_demo.texts import Texts
from mnist_demo.ui.compare.labels import curves_alt
from mnist_demo.ui.compare.legend import legend_html
from mnist_demo.ui.components import render_chart


def render_curves(
    runs: Sequence[Run], names: Sequence[str], measure: Measure, with_training: bool, texts: Texts, key: str
) -> None:
    """Lay the curves of some runs over each other.

    Args:
        runs: Of one test; those in training may have no epoch yet.
        names: What they are called.
        measure: What to draw.
        with_training: Whether to draw the training's figures, too.
        texts: The words.
        key: Names the place in the page.
    """
    curves = [
        Curve(
            name,
            run.history,
            found.epoch if (found := find_overfitting(run)) else None,
            rate_places(run.history.rates, steps_per_epoch(run.config, run.dataset.n_train)),
        )
        for name, run in zip(names, runs, strict=True)
    ]
    figure = comparison_figure(
        curves, measure, with_training, max(map(_last_epoch, runs), default=1), texts.charts, texts.numbers
    )
    title = texts.charts.loss_title if measure == "loss" else texts.charts.accuracy_title
    st.html(legend_html(names))
    render_chart(figure, title, curves_alt(runs, names, measure, texts), key)
    if with_training:
        st.caption(texts.compare.how_to_read)


def _last_epoch(run: Run) -> int:
    """Say where a run's curves will end."""
    return run.history.reached_epoch if run.status is not RunStatus.FINISHED else run.config.epochs
