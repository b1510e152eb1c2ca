"""A thread that takes all that waits at once, and those who wait for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, ParamSpec, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
P = ParamSpec("P")


class Batches(Generic[Item]):
    """Works in a thread of its own, on whatever has come while it was busy.

    Args:
        name: Of the thread.
        work: Works on some items, each with the future of who waits for it: all have to be done afterwards.
        at_once: So many items at the most.
    """

    def __init__(
        self, name: str, work: Callable[[list[tuple[Item, Future[Any]]]], None], at_once: int
    ) -> None:
        self._work, self._at_once = work, at_once
        self._thread = ThreadPoolExecutor(1, name)
        self._waiting: deque[tuple[Item, Future[Any]]] = deque()

    def __len__(self) -> int:
        """Return how many items wait."""
        return len(self._waiting)

    def put(self, item: Item, future: Future[Any] | None = None) -> Future[Any]:
        """Hand an item over; the future, a new one where none is given, is done when the item is."""
        if future is None:
            future = Future()
            future.set_running_or_notify_cancel()  # nobody takes back what was begun
        self._waiting.append((item, future))
        self._thread.submit(self._take)
        return future

    def run(self, function: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Future[Result]:
        """Call a function in the thread, after all that waits now."""
        return self._thread.submit(function, *args, **kwargs)

    def _take(self) -> None:
        taken = [self._waiting.popleft() for _ in range(min(self._at_once, len(self._waiting)))]
        try:
            if taken:
                self._work(taken)
        except Exception as error:
            for _, future in taken:
                if not future.done():
                    future.set_exception(error)
            raise

    def close(self) -> None:
        """Finish all that waits."""
        self._thread.shutdown()
