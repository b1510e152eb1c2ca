"""How often an address may ask."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mnist_demo.errors import InvalidRequest
from mnist_demo.ui.doors.limits import MAX_ADDRESSES, RateLimit


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
