"""What happens when the server starts and ends: the trainer starts with it, not with the first visitor."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st

from mnist_demo.ui import routes, services


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the trainer and make ready what the first visitor needs; end the trainer with the server."""
    trainer = services.trainer()
    services.store().list()
    # Only now: the canvas registers itself with the runtime that exists since a moment ago.
    importlib.import_module("mnist_demo.ui.app")
    Thread(target=routes.compressed_plotly, name="compress plotly.js", daemon=True).start()
    yield
    trainer.close()
