"""Who sends a request, told by its headers alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_demo.runs import TEACHER
from mnist_demo.ui import identity, services
from mnist_demo.ui.doors.teacher_key import TeacherKey
from mnist_demo.ui.doors.visitors import VisitorNames, new_token, visitor_id
from mnist_demo.ui.identity import PEER_HEADER, TEACHER_COOKIE, VISITOR_COOKIE, judge

KEY = TeacherKey("secret")
AT_THE_COMPUTER = {PEER_HEADER: "127.0.0.1", "host": "localhost:8501"}
IN_CLASS = {PEER_HEADER: "192.168.1.20", "host": "192.168.1.7:8501"}


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_teacher_sits_at_the_computer(peer: str, host: str):
    """Without any cookie or key."""
    assert judge({PEER_HEADER: peer, "host": host}, KEY) is TEACHER


@pytest.mark.parametrize(
    "change",
    [
        {PEER_HEADER: "192.168.1.20"},
        {PEER_HEADER: ""},
        {"host": "digits.school.example"},
        {"host": "192.168.1.7:8501"},
        {"host": "localhost.other.example"},
        {"host": ""},
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-host": "localhost"},
        {"x-forwarded-proto": "http"},
        {"forwarded": "for=127.0.0.1"},
        {"x-real-ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"cf-connecting-ip": "127.0.0.1"},
    ],
    ids=str,
)
def test_whoever_comes_by_another_way_is_not(change: dict[str, str]):
    """A proxy on the same computer has its address, but says that it has passed something on."""
    assert judge(AT_THE_COMPUTER | change, KEY) is None


def test_headers_without_a_peer_are_nobodys():
    """Where the doors have not seen a request, its sender is not at the computer."""
    assert judge({"host": "localhost:8501"}, KEY) is None
    assert judge({}, KEY) is None


def test_teacher_has_the_key():
    """From anywhere; the key itself is no cookie, and an old key's cookie is none any more."""
    assert judge(IN_CLASS | {"cookie": f"a=b; {TEACHER_COOKIE}={KEY.cookie}"}, KEY) is TEACHER
    for value in ("secret", "", TeacherKey("old").cookie):
        assert judge(IN_CLASS | {"cookie": f"{TEACHER_COOKIE}={value}"}, KEY) is None


def test_visitor_is_known_by_the_cookie():
    """The same person each time, and no teacher."""
    token = new_token()
    person = judge(IN_CLASS | {"cookie": f"{VISITOR_COOKIE}={token}"}, KEY)
    assert person is not None
    assert person.id == visitor_id(token)
    assert not person.is_teacher


@pytest.mark.parametrize("token", ["teacher", "", "x"])
def test_cookie_that_is_no_token_names_nobody(token: str):
    """Nobody becomes the teacher by calling themselves so."""
    assert judge(IN_CLASS | {"cookie": f"{VISITOR_COOKIE}={token}"}, KEY) is None


def tell_person() -> None:
    """Be a page that says who looks at it."""
    import streamlit as st

    from mnist_demo.ui.identity import current_person

    person = current_person()
    st.text(f"{person.id} {person.name}")


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VisitorNames:
    """What visitors call themselves."""
    kept = VisitorNames(tmp_path)
    monkeypatch.setattr(services, "visitor_names", lambda: kept)
    return kept


def test_session_whose_browser_has_gone_is_no_teachers(names: VisitorNames, monkeypatch: pytest.MonkeyPatch):
    """Somebody who leaves before the first page is drawn gets no rights by that, and is one person."""
    monkeypatch.setattr(identity, "current_headers", dict)
    page = AppTest.from_function(tell_person, default_timeout=60).run()
    first = page.text[0].value
    assert TEACHER.id not in first
    names.keep(first.strip(), "Group 3")
    assert page.run().text[0].value == f"{first.strip()} Group 3"
    assert AppTest.from_function(tell_person, default_timeout=60).run().text[0].value != first


def test_session_stays_whose_it_was(names: VisitorNames, monkeypatch: pytest.MonkeyPatch):
    """When its browser goes while a page is drawn; and who comes back without the key is no teacher."""
    assert names
    page = AppTest.from_function(tell_person, default_timeout=60).run()
    assert page.text[0].value.strip() == TEACHER.id
    monkeypatch.setattr(identity, "current_headers", dict)
    assert page.run().text[0].value.strip() == TEACHER.id
    monkeypatch.setattr(identity, "current_headers", lambda: IN_CLASS)
    assert page.run().text[0].value.strip() != TEACHER.id
