"""Where the tests of the pages sit."""

from __future__ import annotations

import pytest

from mnist_demo.ui import identity, services
from mnist_demo.ui.doors.teacher_key import TeacherKey


@pytest.fixture(autouse=True)
def at_the_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at pages as a browser on the computer itself does: Streamlit's harness has no connection."""
    headers = {identity.PEER_HEADER: "127.0.0.1", "host": "localhost:8501"}
    monkeypatch.setattr(services, "teacher_key", lambda: TeacherKey("a key that no page is opened with"))
    monkeypatch.setattr(identity, "current_headers", lambda: headers)
