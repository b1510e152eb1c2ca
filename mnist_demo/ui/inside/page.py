"""The page of what goes on inside a network: its neurons as images, and a drawing's way through them."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_demo.charts import Headings, grey, paths_html, paths_svg, weight_picture
from mnist_demo.data import DataSummary, prepare_images
from mnist_demo.errors import DamagedRun, DatasetUnavailable, UnknownRun
from mnist_demo.network import Link, Network, StrongestPaths, is_finite, trace_strongest_paths
from mnist_demo.runs import Run, digit_name
from mnist_demo.texts import Texts, message
from mnist_demo.ui import services
from mnist_demo.ui.common.network_picker import render_network_picker
from mnist_demo.ui.inside.neurons import render_neurons
from mnist_demo.ui.session import Session

LINKS_TOLD = 3
MIN_INK = 1
"""Mean brightness, 0 to 255, from which on a pixel counts: below it weights stay as chance drew them."""


def render_inside(session: Session, runs: tuple[Run, ...], run: Run | None, texts: Texts) -> None:
    """Show the page for the run in use.

    Args:
        session: Whose drawing is followed.
        runs: All runs, to choose from.
        run: The one in use; None where nothing has been trained.
        texts: The words.
    """
    words = texts.inside
    left, right = st.columns([5, 9], gap="medium", vertical_alignment="bottom")
    left.header(words.title, anchor=False)
    if not run:
        st.info(texts.app.no_run)
        return
    with right:
        render_network_picker(session, runs, run, texts, "inside")
    _render_network_of(session, run, texts)


@st.fragment
def _render_network_of(session: Session, run: Run, texts: Texts) -> None:
    try:
        key = services.images_key()
        summary = services.data_summary(key)
        order = services.neuron_order(run.id, key)
        _render_network(session, run, summary, order, texts)
    except (DatasetUnavailable, UnknownRun, DamagedRun) as error:
        st.error(message(error, texts.code))


def _render_network(
    session: Session, run: Run, summary: DataSummary, order: tuple[int, ...], texts: Texts
) -> None:
    """Show the network as it was after the chosen epoch; the neurons keep their places meanwhile."""
    network = _choose_epoch(run, texts)
    drawn = session.steps is not None
    frame = session.steps.frame if session.steps else prepare_images(summary.images[:1]).reshape(28, 28)
    if not (is_finite(network) and np.isfinite(network.predict(frame.reshape(1, -1))).all()):
        st.error(texts.drawing.overflown)
        return
    counts = summary.means.mean(axis=0) >= MIN_INK
    _render_paths(network, frame, drawn, counts, texts)
    render_neurons(network, run, summary, order, frame, counts, texts)


def _choose_epoch(run: Run, texts: Texts) -> Network:
    """Let the visitor choose an epoch, and give the network as it was; the last one is the run's own."""
    words = texts.inside
    try:
        checkpoints = services.run_checkpoints(run.id)
    except (DamagedRun, UnknownRun) as error:
        st.warning(message(error, texts.code))
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
    st.subheader(words.way if drawn else words.way_sample, anchor=False)
    paths = trace_strongest_paths(network, frame.ravel())
    sizes = network.hidden
    headings = Headings(
        words.drawing if drawn else words.sample,
        words.layer.format(number=1, shown=len(paths.first), neurons=texts.numbers.whole(sizes[0])),
        words.layer.format(number=2, shown=len(paths.second), neurons=texts.numbers.whole(sizes[1])),
        words.answer,
    )
    pictures = weight_picture(network.layers[0][0][:, list(paths.first)], counts)
    tiles = dict(zip(paths.first, pictures, strict=True))
    svg = paths_svg(paths, grey(frame), tiles, headings, texts.numbers)
    st.html(paths_html(svg, _paths_alt(paths, texts)))
    st.markdown(words.way_note)


def _paths_alt(paths: StrongestPaths, texts: Texts) -> str:
    """Say the answer and the strongest links in words."""
    words = texts.inside
    digit = max(range(10), key=paths.probabilities.__getitem__)
    answer = words.alt_answer.format(
        digit=digit_name(digit, texts), share=texts.numbers.chance(paths.probabilities[digit])
    )

    def say(link: Link) -> str:
        form = {1: words.alt_first, 2: words.alt_second}[link.layer]
        said = words.alt_for if link.share > 0 else words.alt_against
        target = link.target + 1 if link.layer == 1 else link.target
        return form.format(source=link.source + 1, target=target, effect=said)

    links = [link for layer in (1, 2) for link in [k for k in paths.links if k.layer == layer][:LINKS_TOLD]]
    return " ".join([answer, *map(say, links)])
