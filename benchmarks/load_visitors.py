"""Many visitors at once, in one event loop: sessions over websockets, and pens that ask for answers."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import urlparse

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from benchmarks.load_frames import Recording, for_session, widget_ids

STROKE_EVERY_SECONDS = 3.0
PATIENCE_SECONDS = 30
OPEN_AT_ONCE = 8
PEN_SECONDS = 1.0
"""How long a stroke lasts."""
PEN_REST_SECONDS = 0.03
"""From an answer under the pen to the next request."""
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
MAX_FRAME_BYTES = 2**26


@dataclass
class Tally:
    """What the visitors met.

    Attributes:
        seconds: How long each answer took.
        opening: How long the page took for each who opened it.
        errors: What went wrong.
        bytes: What the strokes' answers brought, before compression.
    """

    seconds: list[float] = field(default_factory=list)
    opening: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    bytes: int = 0


class Visitor:
    """One session: opens the page, and draws."""

    def __init__(self, url: str, recording: Recording, tally: Tally) -> None:
        self._origin = Origin(url)
        self._url = f"ws://{urlparse(url).netloc}/_stcore/stream"
        self._recording, self._tally = recording, tally
        self._query, self._fragment = "", ""
        self._ids: dict[bytes, bytes] = {}
        self._cached: list[str] = []

    @contextlib.asynccontextmanager
    async def connected(self) -> AsyncIterator[ClientConnection]:
        """Open the page, and leave it at the end."""
        started = time.perf_counter()
        protocols = [Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")]
        async with connect(
            self._url, origin=self._origin, subprotocols=protocols, max_size=MAX_FRAME_BYTES
        ) as socket:
            await socket.send(self._recording.opening.SerializeToString())
            await self._finish(socket, is_opening=True)
            self._tally.opening.append(time.perf_counter() - started)
            yield socket

    async def draw(self, socket: ClientConnection, until: float, after: float = 0) -> None:
        """Draw a stroke every three seconds, at the earliest when the one before is answered."""
        await asyncio.sleep(random.uniform(0, STROKE_EVERY_SECONDS))
        count = 0
        while (started := time.perf_counter()) < until:
            stroke = self._recording.strokes[count % len(self._recording.strokes)]
            count += 1
            await socket.send(for_session(stroke, self._query, self._ids, self._cached))
            size = await self._finish(socket)
            if started >= after:
                self._tally.seconds.append(time.perf_counter() - started)
                self._tally.bytes += size
            await asyncio.sleep(max(0.0, started + STROKE_EVERY_SECONDS - time.perf_counter()))

    async def _finish(self, socket: ClientConnection, *, is_opening: bool = False) -> int:
        """Receive until the script run has ended; bytes received."""
        size = 0
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                frame = await socket.recv(decode=False)
                size += len(frame)
                message = ForwardMsg.FromString(frame)
                kind = message.WhichOneof("type")
                if kind == "page_info_changed":
                    self._query = message.page_info_changed.query_string
                elif kind == "delta":
                    self._take(message, frame, is_opening)
                elif kind == "script_finished":
                    if message.script_finished not in FINISHED:
                        raise ValueError(f"script run ended as {message.script_finished}")
                    return size

    def _take(self, message: ForwardMsg, frame: bytes, is_opening: bool) -> None:
        self._ids |= widget_ids(frame)
        # Not of the strokes: here they come again and again, which no hand's do.
        if is_opening and message.metadata.cacheable and message.hash:
            self._cached.append(message.hash)
        if message.delta.new_element.WhichOneof("type") == "exception":
            raise ValueError(message.delta.new_element.exception.message)


async def stay(visitor: Visitor, gate: asyncio.Semaphore, until: float, after: float, tally: Tally) -> None:
    """Come when there is room at the door, and draw until a time; what goes wrong is noted."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            async with gate:
                socket = await stack.enter_async_context(visitor.connected())
            await visitor.draw(socket, until, after)
        except (WebSocketException, OSError, ValueError, TimeoutError) as error:
            tally.errors.append(repr(error))


async def ask_under_pen(url: str, ink: bytes, until: float, after: float, tally: Tally) -> None:
    """Move a pen for one second of every three, and ask for an answer as often as a page does."""
    place = urlparse(url)
    await asyncio.sleep(random.uniform(0, STROKE_EVERY_SECONDS))
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    head = (
        f"POST /mnist-demo/answer?run=robust&language=en HTTP/1.1\r\nHost: {place.netloc}\r\n"
        f"Origin: {url}\r\nContent-Type: application/octet-stream\r\nContent-Length: {len(ink)}\r\n\r\n"
    ).encode()
    try:
        while (stroke := time.perf_counter()) < until:
            while (started := time.perf_counter()) < stroke + PEN_SECONDS:
                writer.write(head + ink)
                tally.bytes += await _read_response(reader)
                if started >= after:
                    tally.seconds.append(time.perf_counter() - started)
                await asyncio.sleep(PEN_REST_SECONDS)
            await asyncio.sleep(max(0.0, stroke + STROKE_EVERY_SECONDS - time.perf_counter()))
    except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError) as error:
        tally.errors.append(repr(error))
    finally:
        writer.close()


async def _read_response(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(PATIENCE_SECONDS):
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
    if not head.startswith(b"http/1.1 200"):
        raise ValueError(head.partition(b"\r\n")[0].decode())
    return length
