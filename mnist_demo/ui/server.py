"""What happens when the server starts and ends: the trainer starts with it, not with the first visitor."""

from __future__ import annotations

import contextlib
import gc
import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from mnist_demo.jobs import TrainerState
from mnist_demo.runs import check_setting_words, pretrained_runs
from mnist_demo.texts import languages, load_texts
from mnist_demo.ui import routes, services
from mnist_demo.ui.train.live import run_view

IMPORTED_LATE = ("pandas", "streamlit.emojis")
"""What Streamlit imports for the first page with a component or a button on it, which takes half a second."""


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the trainer and make ready what the first visitor needs; end the trainer with the server."""
    for language in languages():
        check_setting_words(load_texts(language))
    trainer = services.trainer()
    # Only now: the canvas registers itself with the runtime, which exists since a moment ago.
    importlib.import_module("mnist_demo.ui.app")
    warm_up()
    yield
    trainer.close()


def warm_up() -> None:
    """Do once what would otherwise cost the first visitor half a second, and every visitor a little.

    Streamlit collects garbage after each run of a page. What is loaded by now stays, so it is taken out of
    the collector's rounds: these took 70 ms, longer than everything else in the answer to a stroke.
    """
    for run in pretrained_runs(services.store().list())[:1]:
        services.calibrated_network(run)
        for language in languages():
            run_view(TrainerState(), run, load_texts(language))
    routes.compressed_plotly()
    for module in IMPORTED_LATE:
        with contextlib.suppress(ImportError):  # another version may have no such module, and no such delay
            importlib.import_module(module)
    gc.collect()
    gc.freeze()
