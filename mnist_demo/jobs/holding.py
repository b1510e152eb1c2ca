"""Nobody is held up for ever: a run that is paused, or slow, goes on by itself while others wait."""

from __future__ import annotations

import threading
from collections.abc import Callable

from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.state import TrainerState

HOLD_SECONDS = 180
"""So long after the last press may a run be held back while others wait."""


def is_held_up(state: TrainerState) -> bool:
    """Whether nobody's turn comes nearer, since somebody holds back all that is in training."""
    return bool(state.training) and all(job.is_held_back for job in state.training)


class Holding:
    """Since when each run has been held back while others wait; whatever is pressed begins anew.

    Args:
        clock: Seconds from any beginning.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._since: dict[tuple[str, Controls], float] = {}

    def overdue(self, state: TrainerState) -> set[str]:
        """Look, and return the ids of the jobs that have to go on."""
        held = [(job.id, job.controls) for job in state.training if job.is_held_back and state.queue]
        with self._lock:
            now = self._clock()
            self._since = {key: self._since.get(key, now) for key in held}
            return {job for (job, _), since in self._since.items() if now - since > HOLD_SECONDS}
