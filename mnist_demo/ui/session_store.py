"""What a reload of the page would lose, kept for a while: drawing, pen and settings, by the address's visit.

A reload is a new session, and so is a link that somebody passes on: each takes a copy and goes on under a
name of its own, so that nobody draws into another's drawing.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from mnist_demo.data import FramingSteps
from mnist_demo.runs import RunConfig
from mnist_demo.ui.session import Session

MAX_SESSIONS = 300
MAX_CHARACTERS = 200_000
"""Of a drawing, as JSON."""


@dataclass(frozen=True)
class SavedSession:
    """What is kept of one visit.

    Attributes:
        drawing: The Fabric.js objects as JSON, which nobody can change meanwhile.
        steps: The same drawing on its way to what the network sees.
        pen_pixels: Width of the pen.
        config: The settings.
    """

    drawing: str
    steps: FramingSteps | None
    pen_pixels: int
    config: RunConfig


UNTOUCHED = SavedSession("[]", None, Session.pen_pixels, RunConfig())


class SessionStore:
    """The latest visits; any thread may use them."""

    def __init__(self, most: int = MAX_SESSIONS) -> None:
        """Keep at most so many; the one that was idle longest goes first."""
        self._most = most
        self._kept: OrderedDict[str, SavedSession] = OrderedDict()
        self._lock = Lock()

    def keep(self, session: Session) -> None:
        """Keep how it is now; one in which nothing was done yet takes nobody's place."""
        saved = _saved(session)
        with self._lock:
            self._kept.pop(session.session_id, None)
            if saved != UNTOUCHED:
                self._kept[session.session_id] = saved
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def restore(self, session_id: str, session: Session) -> None:
        """Give a new visitor what another visit had; nothing where that is unknown."""
        with self._lock:
            saved = self._kept.get(session_id)
        if saved:
            objects: list[dict[str, Any]] = json.loads(saved.drawing)
            session.initial_objects = session.objects = objects
            session.steps = saved.steps
            session.pen_pixels = saved.pen_pixels
            session.show_config(saved.config)


def _saved(session: Session) -> SavedSession:
    drawing, steps = json.dumps(session.objects, separators=(",", ":")), session.steps
    if len(drawing) > MAX_CHARACTERS:
        drawing, steps = "[]", None
    return SavedSession(drawing, steps, session.pen_pixels, session.latest_config)
