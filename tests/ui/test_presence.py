"""Who has a page open, as far as it is remembered."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from mnist_demo.ui import presence
from mnist_demo.ui.presence import MAX_OWNERS, OpenPages


def test_those_who_were_there_last_are_remembered(monkeypatch: pytest.MonkeyPatch):
    """A server runs for weeks; who is forgotten is not said to be gone."""
    monkeypatch.setattr(presence, "get_script_run_ctx", lambda: SimpleNamespace(session_id="closed since"))
    pages = OpenPages()
    for number in range(MAX_OWNERS):
        pages.note(f"visitor{number}")
    pages.note("visitor0")
    pages.note("one more")
    assert not pages.has("visitor0")
    assert not pages.has("one more")
    assert pages.has("visitor1")
