"""The confusion matrix, and the images of the cell chosen in it by a click or with two pickers."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mnist_demo.charts import confusion_figure, picture_html, row_html
from mnist_demo.data import DIGITS
from mnist_demo.network import Evaluation, HeldOutImages
from mnist_demo.runs import digit_name
from mnist_demo.texts import Texts
from mnist_demo.ui.common.choice import choose_one
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.components import render_chart
from mnist_demo.ui.view import View, fragment

CELL_IMAGES = 16
TOLD_CONFUSIONS = 5
_KEY = "confusion_cell"


@dataclass
class ChosenCell:
    """The cell that a visitor has chosen.

    Attributes:
        run_id: The run of this matrix; for another run its most frequent mistake is chosen.
        actual: The row: the true digit.
        predicted: The column: the network's answer.
        revision: Increased by a click on the matrix, so that new pickers show the new cell.
    """

    run_id: str
    actual: int
    predicted: int
    revision: int = 0

    def take_click(self, predicted: str, actual: str) -> None:
        """Choose the cell at this column and row."""
        self.actual, self.predicted = int(actual), int(predicted)
        self.revision += 1


@fragment
def render_confusion(view: View, evaluation: Evaluation, held_out: HeldOutImages) -> None:
    """Show matrix and images for the run in use; a choice reruns only these."""
    assert view.run
    texts, words = view.texts, view.texts.evaluation
    cell = _chosen_cell(evaluation, view.run.id)
    render_heading(words.matrix)
    st.markdown(words.matrix_note)
    left, right = st.columns([7, 6], gap="large")
    with left:
        _render_matrix(evaluation, cell, texts)
    with right:
        _render_pickers(cell, texts)
        _render_images(evaluation, held_out, cell, texts)


def _chosen_cell(evaluation: Evaluation, run_id: str) -> ChosenCell:
    cell: ChosenCell | None = st.session_state.get(_KEY)
    if cell is None or cell.run_id != run_id:
        first = next(iter(evaluation.confusions(1)), None)
        actual, predicted = (first.actual, first.predicted) if first else (0, 0)
        cell = ChosenCell(run_id, actual, predicted, cell.revision + 1 if cell else 0)
        st.session_state[_KEY] = cell
    return cell


def _render_matrix(evaluation: Evaluation, cell: ChosenCell, texts: Texts) -> None:
    words = texts.evaluation
    units = {"counts": words.counts, "shares": words.shares}
    unit = choose_one(words.cells_show, units, key="confusion_unit", label_visibility="collapsed")
    shares = unit == "shares"
    chosen = (cell.actual, cell.predicted)
    figure = confusion_figure(evaluation, chosen, words, texts.numbers, shares=shares)
    title = words.matrix_shares if shares else words.matrix_counts
    with st.container(key="confusion"):
        render_chart(figure, title, _alt(evaluation, title, texts), "confusion_matrix", cell.take_click)


def _alt(evaluation: Evaluation, title: str, texts: Texts) -> str:
    words, numbers = texts.evaluation, texts.numbers
    confusions = [
        words.confusion.format(
            actual=digit_name(found.actual, texts),
            predicted=digit_name(found.predicted, texts),
            images=numbers.whole(found.images),
        )
        for found in evaluation.confusions(TOLD_CONFUSIONS)
    ]
    return words.matrix_alt.format(
        title=title,
        correct=numbers.whole(evaluation.correct),
        images=numbers.whole(evaluation.images),
        confusions="; ".join(confusions) or words.no_confusion,
    )


def _render_pickers(cell: ChosenCell, texts: Texts) -> None:
    words = texts.evaluation
    for column, name, label, digit in zip(
        st.columns(2),
        ("actual", "predicted"),
        (words.choose_actual, words.choose_predicted),
        (cell.actual, cell.predicted),
        strict=True,
    ):
        key = f"confusion_{name}_{cell.revision}_{texts.code}"
        column.selectbox(label, range(DIGITS), digit, key=key, on_change=_pick, args=(cell, name, key))


def _pick(cell: ChosenCell, name: str, key: str) -> None:
    setattr(cell, name, st.session_state[key])


def _render_images(evaluation: Evaluation, held_out: HeldOutImages, cell: ChosenCell, texts: Texts) -> None:
    words, numbers = texts.evaluation, texts.numbers
    rows = evaluation.rows_of(cell.actual, cell.predicted)
    actual, predicted = digit_name(cell.actual, texts), digit_name(cell.predicted, texts)
    if not len(rows):
        st.markdown(f"**{words.cell_empty.format(actual=cell.actual, predicted=predicted)}**")
        return
    is_correct = cell.actual == cell.predicted
    template = words.cell_correct if is_correct else words.cell_wrong
    heading = template.format(actual=actual, predicted=predicted, images=numbers.whole(len(rows)))
    shown = rows[:CELL_IMAGES]
    order = words.least_confident_first if is_correct else words.most_confident_first
    note = order.format(shown=numbers.whole(len(shown)), images=numbers.whole(len(rows)))
    st.markdown(f"**{heading}.** {note}")
    st.html(
        row_html([picture_html(held_out.images[row], _answers(evaluation, int(row), texts)) for row in shown])
    )


def _answers(evaluation: Evaluation, row: int, texts: Texts) -> str:
    """Return the two likeliest digits, and the actual one if it is neither, each with its probability."""
    probabilities = evaluation.probabilities[row]
    digits = [int(digit) for digit in probabilities.argsort()[::-1][:2]]
    if int(evaluation.labels[row]) not in digits:
        digits.append(int(evaluation.labels[row]))
    return "\n".join(f"{digit}: {texts.numbers.chance(float(probabilities[digit]))}" for digit in digits)
