"""Who looks at a page: the teacher, or a visitor whom a cookie tells from others.

The same judge decides for a request to a route and for a session of Streamlit. It is given headers alone,
which a session has all at once or, when its browser has just gone, not at all; the doors write the peer's
address among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st
from starlette.requests import cookie_parser

from mnist_demo.runs import TEACHER, Owner
from mnist_demo.ui import services
from mnist_demo.ui.doors.hosts import host_name, is_loopback
from mnist_demo.ui.doors.teacher_key import TeacherKey
from mnist_demo.ui.doors.visitors import new_token, visitor_id

VISITOR_COOKIE = "mnist_demo_visitor"
TEACHER_COOKIE = "mnist_demo_teacher"
PEER_HEADER = "x-mnist-demo-peer"
"""In which the doors tell the address at the other end; whatever a browser writes there they take away."""
FORWARDING = {"forwarded", "via", "x-real-ip", "x-client-ip", "cf-connecting-ip", "true-client-ip"}
FORWARDING_PREFIX = "x-forwarded-"
_PERSON, _VISITOR = "latest_person", "visitor_without_cookie"
Headers = Mapping[str, str]
"""The headers of a request, or of a session's handshake, by their names in lower case."""


def is_on_this_computer(headers: Headers) -> bool:
    """Tell whether a browser on the computer itself has sent a request, and nobody has passed it on."""
    if any(name in FORWARDING or name.startswith(FORWARDING_PREFIX) for name in headers):
        return False
    return is_loopback(headers.get(PEER_HEADER)) and is_loopback(host_name(headers.get("host", "")))


def judge(headers: Headers, key: TeacherKey) -> Owner | None:
    """Return who has sent a request: the teacher; a visitor, without their name; None: nobody knows."""
    cookies = cookie_parser(headers.get("cookie", ""))
    if is_on_this_computer(headers) or key.has_made(cookies.get(TEACHER_COOKIE, "")):
        return TEACHER
    visitor = visitor_id(cookies.get(VISITOR_COOKIE, ""))
    return Owner(visitor) if visitor else None


def current_person() -> Owner:
    """Return who looks at the page that is being drawn.

    Without cookies, as in a frame on another site, a visitor is somebody else after each reload. A session
    whose browser has just gone stays whose it was.
    """
    headers = current_headers()
    if headers:
        person = judge(headers, services.teacher_key()) or _visitor_without_cookie()
        st.session_state[_PERSON] = person
    else:
        person = st.session_state.get(_PERSON) or _visitor_without_cookie()
    return person if person.is_teacher else replace(person, name=services.visitor_names().get(person.id))


def current_headers() -> Headers:
    """Return the headers of the session whose page is being drawn; none when its browser has gone."""
    return {name.lower(): value for name, value in st.context.headers.items()}


def _visitor_without_cookie() -> Owner:
    if _VISITOR not in st.session_state:
        st.session_state[_VISITOR] = Owner(visitor_id(new_token()))
    visitor: Owner = st.session_state[_VISITOR]
    return visitor
