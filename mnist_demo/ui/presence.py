"""Who has a page open: whose browser holds the connection on which Streamlit draws one."""

from __future__ import annotations

import threading

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

MAX_OWNERS = 2000
"""So many are remembered, those who were there last: without cookies, every reload is somebody new."""


class OpenPages:
    """The sessions of Streamlit by the ids of their owners.

    A page in the background asks for nothing for minutes, and most pages never ask. Its connection tells
    all the same: it is closed with the page, and when a phone or a network is gone.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, set[str]] = {}  # who was noted last is last

    def note(self, owner: str) -> None:
        """Note whose the page is that is being drawn."""
        if context := get_script_run_ctx():
            with self._lock:
                open_before = {session for session in self._sessions.pop(owner, ()) if _is_open(session)}
                self._sessions[owner] = {*open_before, context.session_id}
                if len(self._sessions) > MAX_OWNERS:
                    del self._sessions[next(iter(self._sessions))]

    def has(self, owner: str) -> bool:
        """Whether somebody has a page open; a script without one, or who is forgotten, is not judged."""
        with self._lock:
            sessions = self._sessions.get(owner)
        return sessions is None or any(map(_is_open, sessions))


def _is_open(session: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(session)
