"""The page that shows what goes on inside a network: its neurons, and a drawing's path through them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from mnist_demo.data import IMAGE_SIDE, DataSummary, prepare_images
from mnist_demo.errors import DamagedRun, DatasetUnavailable, UnknownRun
from mnist_demo.network import is_finite
from mnist_demo.runs import Run
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.answer import Doubt, doubt_of_ink
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.common.problem import show_problem
from mnist_demo.ui.components import render_stage
from mnist_demo.ui.draw.answer import answer_view, packed_image
from mnist_demo.ui.draw.reader import run_reader
from mnist_demo.ui.inside.neurons import render_neurons
from mnist_demo.ui.view import View, fragment

MIN_INK = 1
"""Mean brightness, 0 to 255, below which a pixel is not shown: its weights are still random."""


def render_inside(view: View) -> None:
    """Show the network in use, and the drawing's way through it."""
    if render_network_picker(view):
        _render_network_in_use(view)


@fragment
def _render_network_in_use(view: View) -> None:
    assert view.run
    try:
        summary = services.data_summary()
        order = services.neuron_order(view.run.id)
        _render_network(view, view.run, summary, order)
    except (DatasetUnavailable, UnknownRun, DamagedRun) as error:
        show_problem(error, view.texts)


def _render_network(view: View, run: Run, summary: DataSummary, order: tuple[int, ...]) -> None:
    """Show the network after the chosen epoch; the neurons keep their places when another one is chosen."""
    texts, canvas = view.texts, view.session.canvas
    epoch = _choose_epoch(run, texts)
    reader = run_reader(run, epoch)
    steps = canvas.steps
    frame = steps.frame if steps else prepare_images(summary.images[:1]).reshape(IMAGE_SIDE, IMAGE_SIDE)
    if not (is_finite(reader.network) and np.isfinite(reader.network.predict(frame.reshape(1, -1))).all()):
        st.error(texts.drawing.overflowed)
        return
    render_heading(texts.inside.path if steps else texts.inside.sample_path)
    drawn = doubt_of_ink(steps) if steps else Doubt.NONE
    render_stage(
        run=run.id,
        epoch=epoch,
        answer=answer_view(reader, frame, texts, drawn=drawn),
        drawing=canvas.token,
        image=packed_image(frame),
        texts=texts,
        key="stage_inside",
    )
    st.markdown(texts.inside.path_note)
    counts = summary.means.mean(axis=0) >= MIN_INK
    render_neurons(reader.network, run, epoch, summary, order, frame, counts, texts)


def _choose_epoch(run: Run, texts: Texts) -> int | None:
    """Let the visitor choose an epoch; None for the one whose network was kept, the last or the best."""
    words = texts.inside
    try:
        checkpoints = services.run_checkpoints(run.id)
    except (DamagedRun, UnknownRun) as error:
        show_problem(error, texts, st.warning)
        return None
    own = run.kept_epoch
    recorded = checkpoints.epochs if checkpoints else ()
    epochs = sorted({own, *(epoch for epoch in recorded if epoch < own or run.config.keep_best)})
    if not checkpoints or len(epochs) == 1:
        st.markdown(words.no_checkpoints if not checkpoints else words.one_epoch)
        return None
    epoch = st.select_slider(words.epoch, epochs, own, key=f"epoch_{run.id}", help=words.epoch_help)
    return None if epoch == own else epoch
