"""How often an address may ask."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from mnist_demo.errors import InvalidRequest
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.doors.limits import MAX_ADDRESSES, RateLimit, read_body
from mnist_demo.ui.routes import limited
from tests.ui.doors.apart import run_apart


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_one_too_many_has_to_wait():
    """Until the oldest is long enough ago."""
    clock = Clock()
    limit = RateLimit(3, 60, clock)
    for second in (0, 10, 20):
        clock.now = second
        limit.check("10.0.0.1")
    clock.now = 59
    with pytest.raises(InvalidRequest):
        limit.check("10.0.0.1")
    clock.now = 60
    limit.check("10.0.0.1")
    assert limit.is_reached("10.0.0.1")


def test_addresses_are_counted_apart():
    """What one does is not held against another."""
    limit = RateLimit(1, 60, Clock())
    limit.check("10.0.0.1")
    limit.check("10.0.0.2")
    limit.check(None)
    assert limit.is_reached("10.0.0.1")


@pytest.mark.parametrize(
    "other", ["2001:db8::2", "2001:db8:0:0:ffff::1", "2001:db8::1%eth0"], ids=["next", "far", "zone"]
)
def test_household_of_ipv6_is_one(other: str):
    """It may take as many addresses as it likes."""
    limit = RateLimit(1, 60, Clock())
    limit.check("2001:db8::1")
    assert limit.is_reached(other)
    assert not limit.is_reached("2001:db8:0:1::1")


def test_very_many_addresses_do_not_fill_the_memory():
    """Those that were idle longest are forgotten."""
    limit = RateLimit(1, 60, Clock())
    for number in range(MAX_ADDRESSES + 1):
        limit.count(f"10.0.{number // 256}.{number % 256}")
    assert not limit.is_reached("10.0.0.0")
    assert limit.is_reached("10.0.0.1")


async def wait_for_ever() -> Message:
    """Be a sender who has stopped."""
    await asyncio.Event().wait()
    raise AssertionError


def test_body_that_never_comes_is_not_waited_for():
    """Somebody who sends nothing holds nothing."""
    with pytest.raises(TimeoutError):
        run_apart(read_body(Request({"type": "http"}, wait_for_ever), 10, 0.01))


def test_body_without_end_is_not_read_to_the_end():
    """One part more than may be, and no more."""
    parts = count(1)

    async def send_on() -> Message:
        return {"type": "http.request", "body": b"12345", "more_body": next(parts) < 1000}

    assert len(run_apart(read_body(Request({"type": "http"}, send_on), 10, 10))) == 15
    assert next(parts) == 4


@pytest.mark.parametrize("language", ["en", "es"])
def test_route_refuses_what_comes_too_often(language: str):
    """In one sentence, in the browser's language; whoever asks from elsewhere is answered."""
    route = limited(lambda _request: Response(), times=2)

    def ask(address: str) -> Response:
        headers = [(b"accept-language", language.encode())]
        scope = {"type": "http", "client": (address, 1), "headers": headers, "query_string": b""}
        answer: Response = run_apart(route(Request(scope)))
        return answer

    answers = [ask("10.0.0.1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].body.decode() == load_texts(language).problems.too_often
    assert ask("10.0.0.2").status_code == 200
