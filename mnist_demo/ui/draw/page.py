"""The first page: draw a digit, see what the network thinks, train one of one's own."""

from __future__ import annotations

from mnist_demo.ui.draw.panel import render_drawing
from mnist_demo.ui.train.panel import render_training
from mnist_demo.ui.train.settings import render_settings
from mnist_demo.ui.view import View


def render_draw(view: View) -> None:
    """Show the settings in the sidebar, the canvas with its answer, and the training below."""
    render_settings(view.session, view.state, view.texts)
    if view.run:
        render_drawing(view)
    render_training(view)
