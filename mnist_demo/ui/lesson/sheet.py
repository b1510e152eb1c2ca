"""The sheet to take home: what one predicted, and what happened."""

from __future__ import annotations

import streamlit as st

from mnist_demo.export import Prediction, build_sheet
from mnist_demo.ui.lesson.checks import checks
from mnist_demo.ui.lesson.steps import STEPS
from mnist_demo.ui.lesson.subject import find_subject
from mnist_demo.ui.view import View


def render_sheet(view: View) -> None:
    """Offer the sheet; it is an HTML file that a browser prints, or saves as PDF."""
    words = view.texts.lesson
    st.header(words.sheet, anchor=False)
    st.markdown(words.sheet_note)
    st.download_button(
        words.download,
        lambda: sheet(view),
        file_name=words.sheet_file,
        mime="text/html",
        icon=":material/download:",
        key="lesson_sheet",
    )


def sheet(view: View) -> str:
    """Write the sheet of all questions, answered or not."""
    texts, answers = view.texts, view.session.lesson.answers
    asked = [(step.title(texts), step.question(view)) for step in STEPS]
    questions = [(title, question) for title, question in asked if question]
    questions += [(STEPS[-1].title(texts), question) for question in checks(texts)]
    predictions = []
    for title, question in questions:
        given = answers.get(question.name)
        said = question.options[given] if given is not None and given < len(question.options) else ""
        right = question.options[question.right] if question.right is not None else ""
        predictions.append(Prediction(title, question.text, said, right, question.why))
    subject = find_subject(view.session.canvas)
    return build_sheet(predictions, subject.image if subject.is_drawn else None, texts)
