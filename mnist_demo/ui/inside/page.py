"""The page that shows what goes on inside a network: its neurons, and a drawing's path through them."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.charts import NARROW, Headings, grey, paths_html, paths_svg, weight_pictures
from mnist_demo.data import IMAGE_SIDE, DataSummary, prepare_images
from mnist_demo.errors import DamagedRun, DatasetUnavailable, UnknownRun
from mnist_demo.network import Network, is_finite, trace_strongest_paths
from mnist_demo.runs import Run
from mnist_demo.texts import Texts
from mnist_demo.ui import services
from mnist_demo.ui.common.heading import render_heading
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.common.path_words import paths_alt
from mnist_demo.ui.common.problem import show_problem
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
    texts, steps = view.texts, view.session.canvas.steps
    network = _choose_epoch(run, texts)
    drawn = steps is not None
    frame = steps.frame if steps else prepare_images(summary.images[:1]).reshape(IMAGE_SIDE, IMAGE_SIDE)
    if not (is_finite(network) and np.isfinite(network.predict(frame.reshape(1, -1))).all()):
        st.error(texts.drawing.overflowed)
        return
    counts = summary.means.mean(axis=0) >= MIN_INK
    _render_paths(network, frame, drawn, counts, texts)
    render_neurons(network, run, summary, order, frame, counts, texts)


def _choose_epoch(run: Run, texts: Texts) -> Network:
    """Let the visitor choose an epoch, and return the network after it; the last one is the run's own."""
    words = texts.inside
    try:
        checkpoints = services.run_checkpoints(run.id)
    except (DamagedRun, UnknownRun) as error:
        show_problem(error, texts, st.warning)
        return services.calibrated_network(run)
    last = run.history.last_epoch
    epochs = [*(epoch for epoch in (checkpoints.epochs if checkpoints else ()) if epoch < last), last]
    if not checkpoints or len(epochs) == 1:
        st.markdown(words.no_checkpoints if not checkpoints else words.one_epoch)
        return services.calibrated_network(run)
    epoch = st.select_slider(words.epoch, epochs, last, key=f"epoch_{run.id}", help=words.epoch_help)
    return services.calibrated_network(run) if epoch == last else checkpoints.network(epoch)


def _render_paths(
    network: Network, frame: NDArray[np.float32], drawn: bool, counts: NDArray[np.bool_], texts: Texts
) -> None:
    words = texts.inside
    render_heading(words.path if drawn else words.sample_path)
    paths = trace_strongest_paths(network, network.activations(frame.reshape(1, -1)))
    sizes = network.hidden
    headings = Headings(
        words.drawing if drawn else words.sample,
        words.layer.format(number=1, shown=len(paths.first), neurons=texts.numbers.whole(sizes[0])),
        words.layer.format(number=2, shown=len(paths.second), neurons=texts.numbers.whole(sizes[1])),
        words.answer,
    )
    pictures = weight_pictures(network.layers[0][0][:, list(paths.first)], counts)
    tiles = dict(zip(paths.first, pictures, strict=True))
    wide = paths_svg(paths, grey(frame), tiles, headings, texts.numbers)
    narrow = paths_svg(paths, grey(frame), tiles, headings, texts.numbers, NARROW)
    st.html(paths_html(wide, narrow, paths_alt(paths, texts)))
    st.markdown(words.path_note)
