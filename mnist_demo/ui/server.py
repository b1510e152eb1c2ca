"""What happens when the server starts and ends: the trainer starts with it, not with the first visitor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st

from mnist_demo.ui import routes, services


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the trainer and make ready what the first visitor will ask for; end the trainer with the server."""
    trainer = services.trainer()
    Thread(target=routes.compressed_plotly, name="compress plotly.js", daemon=True).start()
    services.store().list()
    yield
    trainer.close()
