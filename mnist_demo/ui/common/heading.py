"""The heading of a section: the same on every page, with the lesson about it beside it."""

from __future__ import annotations

import streamlit as st

from mnist_demo.texts import Texts
from mnist_demo.ui.common.lessons import render_lesson_button


def render_heading(title: str, lesson: str = "", texts: Texts | None = None) -> None:
    """Show a section's heading.

    Args:
        title: The heading.
        lesson: The topic of the lesson that belongs to it, "" for none.
        texts: The lesson's words.
    """
    if not (lesson and texts):
        st.header(title, anchor=False)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"section_{lesson}"):
        st.header(title, width="content", anchor=False)
        render_lesson_button(lesson, texts)
