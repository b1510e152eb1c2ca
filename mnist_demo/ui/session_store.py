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

from mnist_demo.data.preprocessing import FramingSteps
from mnist_demo.runs.run import RunConfig
from mnist_demo.ui.session import Visitor

MOST_VISITS = 300
MOST_CHARACTERS = 200_000
"""Of a drawing, as JSON."""


@dataclass(frozen=True)
class Keepsake:
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


UNTOUCHED = Keepsake("[]", None, Visitor.pen_pixels, RunConfig())


class Visits:
    """The latest visits; any thread may use them."""

    def __init__(self, most: int = MOST_VISITS) -> None:
        """Keep at most so many; the one that was idle longest goes first."""
        self._most = most
        self._kept: OrderedDict[str, Keepsake] = OrderedDict()
        self._lock = Lock()

    def keep(self, visitor: Visitor) -> None:
        """Keep how it is now; one in which nothing was done yet takes nobody's place."""
        keepsake = _keepsake(visitor)
        with self._lock:
            self._kept.pop(visitor.visit, None)
            if keepsake != UNTOUCHED:
                self._kept[visitor.visit] = keepsake
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def bring_back(self, visit: str, visitor: Visitor) -> None:
        """Give a new visitor what another visit had; nothing where that is unknown."""
        with self._lock:
            keepsake = self._kept.get(visit)
        if keepsake:
            objects: list[dict[str, Any]] = json.loads(keepsake.drawing)
            visitor.initial_objects = visitor.objects = objects
            visitor.steps = keepsake.steps
            visitor.pen_pixels = keepsake.pen_pixels
            visitor.show_config(keepsake.config)


def _keepsake(visitor: Visitor) -> Keepsake:
    drawing, steps = json.dumps(visitor.objects, separators=(",", ":")), visitor.steps
    if len(drawing) > MOST_CHARACTERS:
        drawing, steps = "[]", None
    return Keepsake(drawing, steps, visitor.pen_pixels, visitor.latest_config)
