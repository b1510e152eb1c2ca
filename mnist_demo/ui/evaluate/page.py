"""The page that evaluates a run on the test images: how good it is, and where it fails."""

from __future__ import annotations

from typing import Any

import streamlit as st
from markupsafe import Markup

from mnist_demo.charts import digits_figure, picture_html, reliability_figure, row_html
from mnist_demo.data import DatasetInfo
from mnist_demo.errors import DamagedRun, DatasetUnavailable, UnknownRun
from mnist_demo.network import AbstentionRule, Evaluation, HeldOutImages
from mnist_demo.runs import digit_name
from mnist_demo.texts import Section, Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import SURE
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.common.step_link import render_step_link
from mnist_demo.ui.components import render_chart
from mnist_demo.ui.evaluate.confusion import render_confusion
from mnist_demo.ui.evaluate.coverage import render_coverage
from mnist_demo.ui.view import View

GALLERY_IMAGES = 14

STYLE = """
<style>
.figures { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 0.5rem 3.5rem; }
.figures p { margin: 0; font-size: 1.1rem; line-height: 1.3; }
.figures strong { display: block; font-size: 3.4rem; line-height: 1.1; font-weight: 700; }
.figures p:first-child:not(:only-child) strong { color: var(--right); font-size: 4.6rem; }
.mistakes.mistakes .pictures { --side: 8.2rem; gap: 1rem; }
.mistakes .picture figcaption { font-size: 1rem; }
.pictures .picture figcaption { white-space: pre-line; }
@media (max-width: 640px) { .figures { gap: 0.5rem 2rem; } .figures strong { font-size: 2.2rem; }
  .figures p:first-child { width: 100%; }
  .mistakes.mistakes .pictures { --side: 6.3rem; gap: 0.5rem; }
  .mistakes .picture figcaption { font-size: 0.85rem; }
  .st-key-confusion .textpoint text { font-size: 12px !important; } }
</style>
"""


def render_evaluation(view: View) -> None:
    """Show the page for the run in use."""
    st.html(STYLE)
    texts, run = view.texts, render_network_picker(view)
    if not run:
        return
    try:
        held_out = services.held_out_images()
        evaluation, rule = services.run_evaluation(run.id), services.abstention_rule(run)
    except (UnknownRun, DamagedRun, DatasetUnavailable) as error:
        show_problem(error, texts)
        return
    render_origin(run.dataset, held_out.info, texts)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        st.html(_figures_html(evaluation, texts), width="content")
        render_step_link(view, "evaluation")
    if evaluation.has_overflowed:
        st.warning(texts.evaluation.overflowed)
        return
    render_confusion(view, evaluation, held_out)
    _render_gallery(evaluation, held_out, texts)
    left, right = st.columns(2, gap="large")
    with left:
        _render_digits(evaluation, texts)
    with right:
        _render_reliability(evaluation, rule, texts)
    render_coverage(view, evaluation)


def render_origin(trained: DatasetInfo, tested: DatasetInfo, texts: Texts) -> None:
    """Show a note if the test images are not MNIST's, or not those of the run's dataset."""
    words = texts.evaluation
    if not tested.is_mnist:
        st.info(words.not_mnist, icon=":material/info:")
    if trained.fingerprint != tested.fingerprint:
        images = _images(tested, texts)
        if trained.is_mnist == tested.is_mnist:
            images = words.different_images.format(images=images)
        warning = words.another_test.format(trained=_images(trained, texts), tested=images)
        st.warning(warning, icon=":material/warning:")


def _images(info: DatasetInfo, texts: Texts) -> str:
    return texts.evaluation.mnist if info.is_mnist else texts.evaluation.other


def _figures_html(evaluation: Evaluation, texts: Texts) -> Markup:
    words, numbers = texts.evaluation, texts.numbers
    wrong = evaluation.mistakes
    return figures_html(
        (numbers.percent(evaluation.accuracy, 2), words.accuracy),
        (numbers.number(evaluation.loss, 4), words.loss),
        (numbers.whole(wrong), words.mistakes.format(images=numbers.whole(evaluation.images))),
    )


def figures_html(*figures: tuple[str, str]) -> Markup:
    """Show figures large, each with its name."""
    figure = Markup("<p><strong>{}</strong>{}</p>")
    return Markup('<div class="figures">{}</div>').format(
        Markup().join(figure.format(value, name) for value, name in figures)
    )


def _render_gallery(evaluation: Evaluation, held_out: HeldOutImages, texts: Texts) -> None:
    words = texts.evaluation
    render_heading(words.gallery)
    rows = evaluation.most_confident_mistakes(GALLERY_IMAGES)
    st.markdown(words.gallery_note if len(rows) else words.gallery_empty)
    pictures = [
        picture_html(
            held_out.images[row],
            words.gallery_caption.format(
                actual=digit_name(int(evaluation.labels[row]), texts),
                predicted=digit_name(int(evaluation.predictions[row]), texts),
                share=texts.numbers.chance(float(evaluation.confidences[row])),
            ),
        )
        for row in rows
    ]
    st.html(Markup('<div class="mistakes">{}</div>').format(row_html(pictures)))


def _render_digits(evaluation: Evaluation, texts: Texts) -> None:
    words = texts.evaluation
    render_heading(words.by_digit)
    st.markdown(words.by_digit_note)
    rows = [
        words.digit_alt.format(
            digit=digit, recall=_percent(recall, texts), precision=_percent(precision, texts)
        )
        for digit, (recall, precision) in enumerate(zip(evaluation.recall, evaluation.precision, strict=True))
    ]
    alt = f"{words.by_digit_title}. {'; '.join(rows)}."
    figure = digits_figure(evaluation, words, texts.numbers)
    render_chart(figure, words.by_digit_title, alt, key="precision_and_recall")


def _percent(share: float | None, texts: Texts) -> str:
    return "–" if share is None else texts.numbers.percent(share)


def reliability_alt(figure: dict[str, Any], words: Section) -> str:
    """Tell the points of `charts.reliability_figure`; those of few images apart, which no line joins."""
    _, many, *few = figure["data"]
    parts = [f"{words.reliability_title}.", *(f"{'; '.join(many['text'])}." for _ in many["text"][:1])]
    parts += [f"{grey['name'][0].upper()}{grey['name'][1:]}: {'; '.join(grey['text'])}." for grey in few]
    return " ".join(parts)


def _render_reliability(evaluation: Evaluation, rule: AbstentionRule | None, texts: Texts) -> None:
    words, numbers = texts.evaluation, texts.numbers
    render_heading(words.reliability)
    # An example: of the ranges in which the network was not sure, the one with most images.
    unsure = [found for found in evaluation.calibration if found.high <= SURE] or evaluation.calibration
    example = max(unsure, key=lambda found: found.images)
    st.markdown(
        words.reliability_note.format(
            low=numbers.percent(example.low, 0),
            high=numbers.percent(example.high, 0),
            accuracy=numbers.percent(example.accuracy, 0),
            images=numbers.whole(example.images),
        )
    )
    figure = reliability_figure(evaluation, words, numbers)
    render_chart(figure, words.reliability_title, reliability_alt(figure, words), key="reliability")
    st.html(figures_html((numbers.percent(evaluation.calibration_error), words.calibration_error)))
    if rule:
        calibration = rule.calibration
        st.markdown(
            words.calibrated.format(
                temperature=numbers.number(calibration.temperature, 2),
                error=numbers.percent(calibration.error_after),
                abstention_rate=numbers.percent(calibration.abstention_rate),
            )
        )
        if rule.detector:
            st.markdown(words.outliers)
