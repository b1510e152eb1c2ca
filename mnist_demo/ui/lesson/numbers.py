"""Steps 1 and 2: an image is 784 numbers, a label is ten."""

from __future__ import annotations

import streamlit as st

from mnist_demo.data import DIGITS, IMAGE_SIDE, PIXELS
from mnist_demo.ui.common.choice import choose_one
from mnist_demo.ui.data.number_table import number_table_html, one_hot_html
from mnist_demo.ui.lesson.subject import Subject
from mnist_demo.ui.view import View


def render_image(view: View, subject: Subject) -> None:
    """Show the image as its pixels, before and after they are divided by 255, and as one long row."""
    words, texts = view.texts.lesson, view.texts
    scales = {"raw": texts.data_page.raw, "scaled": texts.data_page.scaled}
    scale = choose_one(words.numbers, scales, key="lesson_scale", label_visibility="collapsed")
    st.html(number_table_html(subject.image, words.image_alt, texts.numbers if scale == "scaled" else None))
    values = subject.image.ravel()
    first = int((values > 0).argmax())
    row, column = divmod(first, IMAGE_SIDE)
    st.markdown(
        words.reshaped.format(
            row=row + 1,
            column=column + 1,
            place=texts.numbers.whole(first + 1),
            pixels=PIXELS,
            value=int(values[first]),
            scaled=texts.numbers.number(float(subject.x[0, first]), 4),
        )
    )


def render_label(view: View, _subject: Subject) -> None:
    """Show the label of any digit."""
    words = view.texts.lesson
    digit = st.segmented_control(words.digit, range(DIGITS), default=3, required=True, key="lesson_label")
    st.html(one_hot_html(digit, words.label_alt.format(digit=digit)))
