"""How much one address may ask for: so many times in so many seconds, so many bytes, in so much time."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address
from threading import Lock

from starlette.requests import Request

from mnist_demo.errors import InvalidRequest
from mnist_demo.ui.doors.hosts import read_address

MAX_ADDRESSES = 1000
IPV6_SITE_BITS = 64
"""What of an IPv6 address tells one household from another; the rest is the caller's to choose."""


class RateLimit:
    """Counts what each address does; any thread may use it.

    Args:
        times: How often an address may do it,
        seconds: within so many seconds.
        clock: Tells the time in seconds.
    """

    def __init__(self, times: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._times, self._seconds, self._clock = times, seconds, clock
        self._done: OrderedDict[object, deque[float]] = OrderedDict()
        self._lock = Lock()

    def count(self, address: str | None) -> None:
        """Note that an address has done it; of very many the one that was idle longest is forgotten."""
        key = _site(address)
        with self._lock:
            self._done.setdefault(key, deque(maxlen=self._times)).append(self._clock())
            self._done.move_to_end(key)
            while len(self._done) > MAX_ADDRESSES:
                self._done.popitem(last=False)

    def is_reached(self, address: str | None) -> bool:
        """Tell whether an address has to wait."""
        with self._lock:
            done = self._done.get(_site(address))
            return done is not None and len(done) == self._times and self._clock() - done[0] < self._seconds

    def check(self, address: str | None) -> None:
        """Count one more.

        Raises:
            InvalidRequest: It is one too many.
        """
        if self.is_reached(address):
            raise InvalidRequest("too_often")
        self.count(address)


def _site(address: str | None) -> object:
    """Return what of an address counts."""
    read = read_address(address)
    return int(read) >> (128 - IPV6_SITE_BITS) if isinstance(read, IPv6Address) else read or address


async def read_body(request: Request, max_bytes: int, seconds: float) -> bytes:
    """Read what a request brings: of one that brings too much no more than shows that.

    Raises:
        TimeoutError: It is not there in time.
        ClientDisconnect: The caller is gone.
    """
    body = bytearray()
    async with asyncio.timeout(seconds):
        async for part in request.stream():
            body += part
            if len(body) > max_bytes:
                break
    return bytes(body)
