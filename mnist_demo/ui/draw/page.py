"""The first page, a stage: the canvas, the network and its answer, and below them how it learns."""

from __future__ import annotations

import streamlit as st

from mnist_demo.ui.components import prepare_canvas
from mnist_demo.ui.draw.panel import CANVAS_KEY, render_drawing
from mnist_demo.ui.train.panel import render_lessons, render_training
from mnist_demo.ui.view import View


def render_draw(view: View) -> None:
    """Show everything that one needs in one sight, see `style`, and the explanations below."""
    with st.container(key="stage"):
        if view.run:
            render_drawing(view)
        render_training(view)
    prepare_canvas(CANVAS_KEY, view.texts)  # out here, where no stroke has to send it again
    with st.container(key="lessons"):
        render_lessons(view)
