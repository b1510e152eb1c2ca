"""Phones, teachers and strangers that speak to a real server, each from an address of their own."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from itertools import count
from typing import Any
from urllib.parse import urlparse

from tests.classroom.classes import STROKES

PATIENCE_SECONDS = 60
ADDRESSES = count(2)
FORWARDED = {"X-Forwarded-For": "203.0.113.3"}
"""Makes a stranger of who asks from this computer."""
Answer = tuple[int, dict[str, Any]]


class Caller:
    """Somebody who asks.

    Args:
        url: The server's.
        headers: What they say of themselves.
    """

    def __init__(self, url: str, **headers: str) -> None:
        number = next(ADDRESSES)
        self.url, self.address = url, f"127.0.{number // 250}.{number % 250 + 1}"
        self._headers = {"Origin": url, "Content-Type": "application/json", **headers}

    def send(
        self, path: str, body: bytes | None = None, method: str = "", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Send bytes; give the status, the headers and the body of the answer."""
        address = urlparse(self.url)
        connection = HTTPConnection(
            str(address.hostname), address.port, timeout=PATIENCE_SECONDS, source_address=(self.address, 0)
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in {**self._headers, **named}.items() if value}
        try:
            connection.request(method or ("GET" if body is None else "POST"), path, body, sent)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def ask(self, path: str, value: object = None, **headers: str) -> Answer:
        """GET a path, or POST a value as JSON; give the status and what the JSON holds."""
        body = None if value is None else json.dumps(value).encode()
        status, _, text = self.send(f"/mnist-demo/class{path}", body, **headers)
        return status, json.loads(text) if text else {}


class Teacher(Caller):
    """Somebody at the computer itself."""

    code = ""

    def begin(self) -> str:
        """Begin a class that is not locked and in the lobby, whatever the one before has left."""
        self.code = self.ask("", {})[1]["code"]
        self.ask(f"/{self.code}/command", {"command": "end"})
        self.code = self.ask("", {})[1]["code"]
        return self.code

    def tell(self, command: str, **needs: object) -> Answer:
        """Tell the class a command."""
        return self.ask(f"/{self.code}/command", {"command": command, **needs})

    def wall(self) -> dict[str, Any]:
        """Look at the wall."""
        return self.ask(f"/{self.code}/wall")[1]


class Phone(Caller):
    """Somebody's phone."""

    def __init__(self, url: str, code: str) -> None:
        super().__init__(url, **FORWARDED)
        self.code, self.seat, self.token = code, 0, ""

    def join(self) -> Answer:
        """Join the class, or come back to it."""
        status, told = self.ask(f"/{self.code}/join", {"token": self.token} if self.token else {})
        if status == 200:
            self.token, self.seat = told["token"], told["seat"]
        return status, told

    def draw(self, sequence: int = 1, round_: int = 1, **others: object) -> Answer:
        """Send a drawing."""
        drawing = {"token": self.token, "round": round_, "sequence": sequence, "strokes": STROKES}
        return self.ask(f"/{self.code}/drawings", drawing | {"guess": "yes"} | others)

    def own(self) -> Answer:
        """Ask what has become of it."""
        return self.ask(f"/{self.code}/own?token={self.token}")


def joined(url: str, code: str) -> Phone:
    """Join a class with a new phone."""
    phone = Phone(url, code)
    assert phone.join()[0] == 200
    return phone
