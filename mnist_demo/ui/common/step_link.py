"""A link to the step of the lesson that explains what is beside it."""

from __future__ import annotations

import streamlit as st

from mnist_demo.ui.lesson.progress import STEP_NAMES
from mnist_demo.ui.view import View


def render_step_link(view: View, step: str, label: str = "") -> None:
    """Link to a step of the lesson.

    Args:
        view: What the page is drawn from.
        step: Its name, of `STEP_NAMES`.
        label: What the link says; "" for the step's title.
    """
    title = str(getattr(view.texts.lesson_steps, f"{step}_title"))
    st.page_link(
        view.links["lesson"],
        label=label or title,
        icon=":material/school:",
        query_params={"step": str(STEP_NAMES.index(step) + 1)},
    )
