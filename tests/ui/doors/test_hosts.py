"""Which addresses are the server's own, and which pages may speak to it."""

from __future__ import annotations

import socket

import pytest

from mnist_demo.ui.doors.hosts import OwnHosts, host_name, is_loopback, is_own_origin, link_host

CARD = "192.168.1.7"
"""The address at which a request has arrived."""


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8501",
        "127.0.0.1:8501",
        "[::1]:8501",
        CARD,
        f"{CARD}:8501",
        "[::ffff:192.168.1.7]:8501",
        "digits.school.example",
        "Digits.School.Example.:80",
        f"{socket.gethostname()}:8501",
    ],
)
def test_own_names_and_addresses_are_answered(host: str):
    """Those of the computer, and the one that was set, however they are written."""
    assert OwnHosts(["digits.school.example"]).include(host, CARD)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "other.example",
        "localhost.other.example",
        "digits.school.example.other.example",
        "192.168.1.8:8501",
        "203.0.113.5",
        "localhost:8501@other.example",
        "localhost, other.example",
        "local host",
        "[::1",
        "0x7f.1",
        "0.0.0.0",
    ],
)
def test_all_others_are_not(host: str):
    """A foreign name may be pointed at this computer."""
    assert not OwnHosts(["digits.school.example"]).include(host, CARD)


def test_nothing_set_admits_no_empty_host():
    """A request that names no host is not for anybody."""
    assert not OwnHosts([""]).include("", None)


@pytest.mark.parametrize(
    ("host", "name"),
    [("a.example:80", "a.example"), ("[fe80::1]:1", "fe80::1"), ("A.", "a"), ("a/b", ""), ("a:b", "")],
)
def test_host_is_read_or_left(host: str, name: str):
    """Without port and brackets."""
    assert host_name(host) == name


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("", False),
        (None, False),
    ],
)
def test_loopback_is_the_computer_itself(address: str | None, own: bool):
    """In all its spellings."""
    assert is_loopback(address) is own


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://localhost:8501", True),
        ("https://localhost:8501", True),
        ("http://localhost", False),
        ("http://localhost:3000", False),
        ("http://localhost:8501.other.example", False),
        ("http://other.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_page_speaks_only_to_its_own_server(origin: str, own: bool):
    """Another port is another server."""
    assert is_own_origin(origin, "localhost:8501") is own


@pytest.mark.parametrize(
    ("named", "host"),
    [
        (["digits.school.example", "10.0.0.7"], "digits.school.example"),
        ([None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::", "10.0.0.7"], "10.0.0.7"),
        (["Digits.School.Example:8443"], "digits.school.example"),
        (["fd00::7"], "[fd00::7]"),
        (["localhost"], socket.gethostname()),
    ],
)
def test_link_leads_here_from_another_computer(named: list[str | None], host: str):
    """By the first of the names that does not mean the computer on which it is opened."""
    assert link_host(named) == host
