"""What all visitors share: the store of runs, the trainer, the loaded networks."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mnist_demo.network import Network
from mnist_demo.run_store import RunStore
from mnist_demo.settings import Settings
from mnist_demo.training.client import Trainer

LOADED_NETWORKS = 32


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """Read the settings once."""
    return Settings.from_environment()


@st.cache_resource(show_spinner=False)
def store() -> RunStore:
    """Open the store of runs."""
    return RunStore(settings().home)


@st.cache_resource(show_spinner=False)
def trainer() -> Trainer:
    """Start the trainer; it is warm some seconds later."""
    started = Trainer(settings(), store())
    started.start()
    return started


@st.cache_resource(show_spinner=False, max_entries=LOADED_NETWORKS)
def run_network(run_id: str) -> Network:
    """Load the network of a run.

    Raises:
        UnknownRun: There is no whole run of that id.
        DamagedRun: Its weights cannot be read any more.
    """
    return store().load_network(store().get(run_id))


@st.cache_resource(show_spinner=False, max_entries=2)
def live_network(weights: str, epoch: int) -> Network:  # noqa: ARG001 - the epoch tells two states of one file apart
    """Load the network of a job in training, as it was after an epoch.

    Raises:
        UnknownRun: The job has ended meanwhile.
    """
    return Network.load(Path(weights))
