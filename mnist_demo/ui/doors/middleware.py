"""The doors: every request and every WebSocket passes here before Streamlit, or a route, sees it."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_demo.errors import DemoError, NotAllowed
from mnist_demo.settings import Settings
from mnist_demo.texts import match_language, message
from mnist_demo.ui.doors.hosts import OwnHosts, is_own_origin
from mnist_demo.ui.doors.policy import FIXED_HEADERS, content_policy
from mnist_demo.ui.doors.teacher_key import TeacherKey
from mnist_demo.ui.doors.visitors import new_token
from mnist_demo.ui.identity import PEER_HEADER, VISITOR_COOKIE, judge

READING_METHODS = {"GET", "HEAD"}
VISITOR_COOKIE_SECONDS = 365 * 24 * 3600
POLICY_HEADER = "Content-Security-Policy"
POLICY_VIOLATION = 1008
"""What a WebSocket is closed with where its handshake cannot be answered in words."""


class Doors:
    """ASGI middleware: lets in what is meant for this server, and knows each browser again.

    Args:
        app: What is behind the doors.
        settings: Which sites may show the pages in a frame.
        hosts: The names and addresses of this server.
        key: The teacher's.
        path: The path below which the pages are.
    """

    def __init__(self, app: ASGIApp, settings: Settings, hosts: OwnHosts, key: TeacherKey, path: str) -> None:
        self._app, self._settings, self._hosts, self._key, self._path = app, settings, hosts, key, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with one sentence."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        try:
            self._check(HTTPConnection(scope))
        except DemoError as error:
            await self._refuse(error, scope, receive, send)
            return
        name_peer(scope)
        asked = HTTPConnection(scope)
        headers = FIXED_HEADERS | {POLICY_HEADER: content_policy(asked.headers["host"], self._settings.embed)}
        token = "" if judge(dict(asked.headers), self._key) else new_token()

        async def send_with_headers(answer: Message) -> None:
            if answer["type"] == "http.response.start":
                answer.setdefault("headers", [])
                told = MutableHeaders(scope=answer)
                if POLICY_HEADER in told:  # a page with a stricter policy, which needs to know nobody
                    told.update(FIXED_HEADERS)
                    await send(answer)
                    return
                told.update(headers)
                if token and is_page(answer["status"], told, asked):
                    told.append("Set-Cookie", cookie(VISITOR_COOKIE, token, self._path, asked.url.scheme))
                    told["Cache-Control"] = "private, no-cache"  # a token is for one browser alone
            await send(answer)

        await self._app(scope, receive, send_with_headers)

    def _check(self, asked: HTTPConnection) -> None:
        """Check that a request is meant for this server, and comes from one of its pages.

        Raises:
            NotAllowed: It does not.
        """
        hosts = asked.headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""
        reached = asked.scope.get("server") or (None,)
        if not self._hosts.include(host, reached[0]):
            raise NotAllowed("host_unknown", host=host or "?")
        origin = asked.headers.get("origin")
        reads = asked.scope["type"] == "http" and asked.scope["method"] in READING_METHODS
        if not (reads if origin is None else is_own_origin(origin, host)):
            raise NotAllowed("origin_unknown", host=host)

    async def _refuse(self, error: DemoError, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with one sentence and nothing else."""
        if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        language = match_language(HTTPConnection(scope).headers.get("accept-language"))
        status = 421 if error.code == "host_unknown" else 403
        await PlainTextResponse(message(error, language), status, FIXED_HEADERS)(scope, receive, send)


def is_page(status: int, told: Headers, asked: HTTPConnection) -> bool:
    """Tell whether an answer is a page, or says that the page which the browser has is still as it was."""
    kind = told.get("content-type", "")
    unchanged = status == 304 and "text/html" in asked.headers.get("accept", "")
    return unchanged or kind.startswith("text/html")


def name_peer(scope: Scope) -> None:
    """Write the address at the other end among the headers, in place of what was sent under that name."""
    name = PEER_HEADER.encode()
    headers = [(key, value) for key, value in scope["headers"] if key.lower() != name]
    peer = scope["client"][0] if scope.get("client") else ""
    scope["headers"] = [*headers, (name, peer.encode("latin-1", "replace"))]


def cookie(
    name: str,
    value: str,
    path: str,
    scheme: str,
    *,
    seconds: int | None = VISITOR_COOKIE_SECONDS,
    strict: bool = False,
) -> str:
    """Write a cookie that no script reads and that other sites' requests do not carry.

    Args:
        name: Its name.
        value: What is in it.
        path: Below which path it is sent.
        scheme: "https" where it must not travel in the clear.
        seconds: How long a browser keeps it; None: until it is closed, 0: no longer.
        strict: Whether it is not even sent when somebody follows a link from another site.
    """
    site = "Strict" if strict else "Lax"
    secure = "; Secure" if scheme == "https" else ""
    age = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path={path}{age}; HttpOnly; SameSite={site}{secure}"
