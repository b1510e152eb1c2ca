"""Phones of a class, in one event loop: each has two connections that stay open, as browsers have them."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any
from urllib.parse import urlparse

import numpy as np

from mnist_demo.data import CANVAS_PIXELS, walk_evenly
from mnist_demo.ui.draw.sample_digits import SAMPLES

FIRST_ADDRESS = IPv4Address("127.1.0.1")
"""Each phone has one of its own, all of them this computer's."""
POINTS_APART_PIXELS = 4
PATIENCE_SECONDS = 30
Answer = tuple[int, dict[str, Any]]


class Connection:
    """A connection that stays open; requests follow one another on it.

    Args:
        url: The server's.
        number: Which phone has it, from which its own address follows.
    """

    def __init__(self, url: str, number: int) -> None:
        address = urlparse(url)
        self._url, self._host, self._port = url, str(address.hostname), address.port
        self._from = str(FIRST_ADDRESS + number)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, value: object = None) -> Answer:
        """GET a path, or POST a value as JSON; raises OSError or EOFError where the server is gone."""
        body = b"" if value is None else json.dumps(value).encode()
        lines = [
            f"{'GET' if value is None else 'POST'} /mnist-demo/class{path} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            f"Origin: {self._url}",
            "Accept-Language: es",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        if self._streams and self._streams[0].at_eof():  # the server closes what was idle for five seconds
            self.close()
        if not self._streams:
            self._streams = await asyncio.open_connection(self._host, self._port, local_addr=(self._from, 0))
        reader, writer = self._streams
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await _read_answer(reader)
        except (OSError, EOFError):
            self.close()
            raise

    def close(self) -> None:
        """Close it; the next request opens it anew."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


async def _read_answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    status = int(head[9:12])
    length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
    body = await reader.readexactly(length)
    return status, json.loads(body) if body else {}


@dataclass
class Tally:
    """What the phones met.

    Attributes:
        polls: Seconds that each poll took.
        drawings: Seconds that each drawing took, from its first byte to the acknowledgement.
        acknowledged: Seat, round and sequence of each drawing that the server has taken.
        refused: What the server said instead.
    """

    polls: list[float] = field(default_factory=list)
    drawings: list[float] = field(default_factory=list)
    acknowledged: list[tuple[int, int, int]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def write_digit(digit: int, random_: random.Random) -> list[list[list[float]]]:
    """Write a digit as a phone sends it: a point every few pixels, somewhere on the canvas, in some size."""
    size, right, down = random_.uniform(0.6, 1), random_.uniform(-20, 20), random_.uniform(-20, 20)
    strokes = []
    for stroke in SAMPLES[digit]:
        way = (np.array(stroke, np.float32) - 0.5) * size * CANVAS_PIXELS + CANVAS_PIXELS / 2
        points = walk_evenly(way + np.float32([right, down]), POINTS_APART_PIXELS)
        strokes.append(
            [[round(x, 1), round(y, 1), 16 * place] for place, (x, y) in enumerate(points.tolist())]
        )
    return strokes


class Phone:
    """One phone.

    Args:
        url: The server's.
        code: The class's.
        number: Which phone this is.
        tally: What it met.
    """

    def __init__(self, url: str, code: str, number: int, tally: Tally) -> None:
        self._class, self._tally, self._number = f"/{code}", tally, number
        self._random = random.Random(number)
        self.move(url)
        self._sequence, self._seat, self._token, self._version = 0, 0, "", 0
        self._round: dict[str, Any] = {}

    def move(self, url: str) -> None:
        """Speak to the server at another address from now on."""
        self._polling, self._sending = Connection(url, self._number), Connection(url, self._number)

    async def join(self) -> None:
        """Join the class."""
        status, told = await self._polling.ask(f"{self._class}/join", {})
        if status != 200:
            raise SystemExit(f"Joining: {status} {told}")
        self._seat, self._token = told["seat"], told["token"]

    async def poll(self) -> None:
        """Ask what the class is doing."""
        began = time.perf_counter()
        status, told = await self._polling.ask(f"{self._class}/state?known={self._version}")
        self._tally.polls.append(time.perf_counter() - began)
        if status == 200:
            self._round, self._version = told, told["version"]
        elif status != 204:
            self._tally.refused.append(f"poll: {status} {told}")

    async def draw(self) -> None:
        """Send a drawing."""
        self._sequence += 1
        await self._send(
            {
                "token": self._token,
                "round": self._round["round"],
                "sequence": self._sequence,
                "strokes": write_digit(self._round["digit"], self._random),
                "guess": "yes",
            }
        )

    async def _send(self, drawing: dict[str, Any]) -> None:
        began = time.perf_counter()
        status, told = await self._sending.ask(f"{self._class}/drawings", drawing)
        if status in {200, 201}:
            self._tally.drawings.append(time.perf_counter() - began)
            self._tally.acknowledged.append((self._seat, drawing["round"], drawing["sequence"]))
        else:
            self._tally.refused.append(f"drawing: {status} {told}")

    async def keep_polling(self, every: float, until: float) -> None:
        """Poll for a time, from a moment of its own on."""
        await asyncio.sleep(self._random.uniform(0, every))
        while time.perf_counter() < until:
            began = time.perf_counter()
            await self.poll()
            await asyncio.sleep(max(0, every - (time.perf_counter() - began)))

    async def keep_drawing(self, every: float, until: float) -> None:
        """Draw for a time, from a moment of its own on."""
        await asyncio.sleep(self._random.uniform(0, every))
        while time.perf_counter() < until:
            began = time.perf_counter()
            await self.draw()
            await asyncio.sleep(max(0, every - (time.perf_counter() - began)))

    def close(self) -> None:
        """Close both connections."""
        self._polling.close()
        self._sending.close()
