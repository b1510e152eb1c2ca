import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit import config

from mnist_demo.ui.garbage import MAX_WAIT_SECONDS, MIN_WAIT_SECONDS, collect_in_pauses, is_due
from tests.browser.conftest import REPOSITORY

IDLE, AT_WORK = 0.0, 0.5


@pytest.fixture
def thresholds() -> Iterator[None]:
    """Leave the collector as it was."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_garbage_waits_for_a_pause():
    """Not while people draw, not again and again, and not where nothing is new."""
    assert is_due(MIN_WAIT_SECONDS, IDLE, 1)
    assert not is_due(MIN_WAIT_SECONDS, AT_WORK, 1)
    assert not is_due(MIN_WAIT_SECONDS / 2, IDLE, 1)
    assert not is_due(MAX_WAIT_SECONDS, IDLE, 0)


def test_garbage_does_not_wait_for_ever():
    """A class may draw for an hour without a pause."""
    assert is_due(MAX_WAIT_SECONDS, AT_WORK, 1)


class Loop:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.me = self


@pytest.mark.usefixtures("thresholds")
def test_what_has_lived_long_is_collected_in_the_end(monkeypatch: pytest.MonkeyPatch):
    """And not before: Python's own rounds leave it alone."""
    monkeypatch.setattr("mnist_demo.ui.garbage.CHECK_SECONDS", 0.01)
    monkeypatch.setattr("mnist_demo.ui.garbage.is_due", lambda *_: due.is_set())
    due, ended, gone = threading.Event(), threading.Event(), threading.Event()
    loop = Loop()
    gc.collect()  # makes it old
    weakref.finalize(loop, gone.set)
    thread = threading.Thread(target=collect_in_pauses, args=(ended,))
    thread.start()
    del loop
    held = [[] for _ in range(500_000)]  # which would make Python look through everything
    assert held
    assert not gone.is_set()
    due.set()
    assert gone.wait(30)
    ended.set()
    thread.join(30)
    assert not thread.is_alive()


def test_streamlit_collects_nothing_after_a_stroke():
    """The option exists, and the app's own file turns it off."""
    assert "runner.postScriptGC" in config.get_config_options()
    text = (REPOSITORY / ".streamlit" / "config.toml").read_text()
    assert "postScriptGC = false" in text
    assert not st.get_option("runner.postScriptGC")
