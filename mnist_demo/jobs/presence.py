"""Who is still there: a job that waits leaves the queue when the pages of all who wait for it are gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

GONE_SECONDS = 30
"""So long may a page be away: it is loaded again, or a phone has lost the network for a moment."""


class Presence:
    """When each owner was there last.

    Args:
        is_there: Whether an owner, by id, has a page open now.
        clock: Seconds from any beginning.
    """

    def __init__(self, is_there: Callable[[str], bool], clock: Callable[[], float]) -> None:
        self._is_there, self._clock = is_there, clock
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}

    def see(self, owner: str) -> None:
        """Note that somebody is there now."""
        with self._lock:
            self._seen[owner] = self._clock()

    def gone(self, owners: Collection[str]) -> set[str]:
        """Look who of these has been away for too long, and forget when all others were there."""
        here = {owner for owner in owners if self._is_there(owner)}
        with self._lock:
            now = self._clock()
            self._seen = {owner: now if owner in here else self._seen.get(owner, now) for owner in owners}
            return {owner for owner, seen in self._seen.items() if now - seen > GONE_SECONDS}
