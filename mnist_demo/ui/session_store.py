"""What a reload of the page would lose, kept for a while under the session's name in the address.

A reload is a new session, and so is a link that somebody passes on: each takes a copy and goes on under a
name of its own, so that nobody draws into another's drawing.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from mnist_demo.runs import RunConfig
from mnist_demo.ui.draw.canvas import EMPTY, SavedCanvas
from mnist_demo.ui.lesson.progress import UNBEGUN, SavedProgress
from mnist_demo.ui.session import Session

MAX_SESSIONS = 300
MAX_BYTES = 4_000_000
"""Of all canvases together."""


@dataclass(frozen=True)
class SavedSession:
    """What is kept of one session: its canvas, its settings, which runs it has trained, its lesson."""

    canvas: SavedCanvas
    config: RunConfig
    own_run_ids: tuple[str, ...] = ()
    lesson: SavedProgress = UNBEGUN


UNTOUCHED = SavedSession(EMPTY, RunConfig())


class SessionStore:
    """The latest sessions; any thread may use them."""

    def __init__(self, max_sessions: int = MAX_SESSIONS, max_bytes: int = MAX_BYTES) -> None:
        """Keep at most so many sessions and bytes; those that were idle longest go first."""
        self._max_sessions, self._max_bytes = max_sessions, max_bytes
        self._kept: OrderedDict[str, SavedSession] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def keep(self, session: Session) -> None:
        """Keep how it is now; one in which nothing was done yet takes nobody's place."""
        saved = SavedSession(
            session.canvas.save(), session.latest_config, session.own_run_ids, session.lesson.save()
        )
        with self._lock:
            if session.session_id in self._kept:
                self._bytes -= self._kept.pop(session.session_id).canvas.size
            if saved != UNTOUCHED:
                self._kept[session.session_id] = saved
                self._bytes += saved.canvas.size
            while len(self._kept) > self._max_sessions or self._bytes > self._max_bytes:
                self._bytes -= self._kept.popitem(last=False)[1].canvas.size

    def restore(self, session_id: str, session: Session) -> None:
        """Give a new session what another one had; nothing where that is unknown."""
        with self._lock:
            saved = self._kept.get(session_id)
        if saved:
            session.canvas.restore(saved.canvas)
            session.show_config(saved.config)
            session.own_run_ids = saved.own_run_ids
            session.lesson.restore(saved.lesson)
