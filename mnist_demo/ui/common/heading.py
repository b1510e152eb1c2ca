"""The heading of a section: the same on every page, with the step of the lesson about it beside it."""

from __future__ import annotations

import streamlit as st

from mnist_demo.ui.common.step_link import render_step_link
from mnist_demo.ui.view import View


def render_heading(title: str, step: str = "", view: View | None = None) -> None:
    """Show a section's heading.

    Args:
        title: The heading.
        step: The step of the lesson that belongs to it, "" for none.
        view: What the page is drawn from, where there is a step.
    """
    if not (step and view):
        st.header(title, anchor=False)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"section_{step}"):
        st.header(title, width="content", anchor=False)
        render_step_link(view, step)
