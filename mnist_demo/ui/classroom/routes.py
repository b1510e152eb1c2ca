"""What the server answers phones and the teacher of a class: JSON, and refusals in one sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mnist_demo.classroom import (
    MAX_BYTES,
    Drawing,
    Kind,
    Reading,
    Seat,
    check_open,
    check_seat,
    digest_of,
    export_csv,
    export_zip,
    own_view,
    read_json,
    read_whole,
    seat_view,
)
from mnist_demo.data import DIGITS
from mnist_demo.errors import (
    ClassNotKept,
    DamagedRun,
    DemoError,
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotNow,
    TooMuch,
    UnknownRun,
)
from mnist_demo.texts import match_language, message
from mnist_demo.ui import services
from mnist_demo.ui.classroom.phone import phone_page
from mnist_demo.ui.classroom.service import Latest
from mnist_demo.ui.classroom.tiles import why_picture
from mnist_demo.ui.doors.limits import RateLimit, read_body
from mnist_demo.ui.identity import judge

BODY_SECONDS = 10
JSON_TYPE = "application/json"
NOT_KEPT = {"Cache-Control": "no-store"}
ASKED_PER_SECOND = 600
"""By one address, behind which a whole class may be."""
WRONG_CODES, WRONG_CODES_SECONDS = 60, 60
JOINS, JOINS_SECONDS = 60, 60
"""New seats of one address: a class behind a router fits in, and one phone does not fill all 200."""
DRAWINGS, DRAWINGS_SECONDS = 2, 1
MAX_SEQUENCE = 10**9
MAX_TOKEN_LENGTH = 100
STATUSES: dict[type[DemoError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    UnknownRun: 404,
    DamagedRun: 404,
    NotNow: 409,
    InvalidRequest: 422,
    TooMuch: 429,
    ClassNotKept: 507,
}
CODE_STATUSES = {"class_too_slow": 408, "class_too_large": 413, "class_content_type": 415}
Plain = dict[str, Any]
Answer = Callable[[Request], Coroutine[Any, Any, Response]]


class ClassRoutes:
    """The routes of the class, and how often an address, or a phone, may use them."""

    def __init__(self) -> None:
        self._asked = RateLimit(ASKED_PER_SECOND, 1)
        self._wrong_codes = RateLimit(WRONG_CODES, WRONG_CODES_SECONDS)
        self._joins = RateLimit(JOINS, JOINS_SECONDS)
        self._drawings = RateLimit(DRAWINGS, DRAWINGS_SECONDS)

    def routes(self, base: str, prefix: str) -> list[Route]:
        """List the routes.

        Args:
            base: The path below which the app is, empty or "/path".
            prefix: What the routes begin with.
        """
        root = f"{base}/{prefix}/class"
        posts = {"command": self.command, "join": self.join, "drawings": self.draw, "votes": self.vote}
        gets = {"state": self.state, "own": self.own, "wall": self.wall, "why": self.why}
        gets |= {f"export.{kind}": partial(self.export, kind=kind) for kind in ("zip", "csv")}
        below = f"{root}/{{code}}"
        return [
            Route(root, self._answering(self.begin), methods=["POST"]),
            *(
                Route(f"{below}/{name}", self._answering(send), methods=["POST"])
                for name, send in posts.items()
            ),
            *(Route(f"{below}/{name}", self._answering(send)) for name, send in gets.items()),
            Route(f"{base}/c", send_page),
            Route(f"{base}/c/{{code}}", send_page),
        ]

    def _answering(self, answer: Answer) -> Answer:
        """Make a route that refuses in one sentence what raises one of our errors."""

        async def send(request: Request) -> Response:
            try:
                if self._asked.is_reached(address := _address(request)):
                    raise TooMuch("too_often")
                self._asked.count(address)
                return await answer(request)
            except ClientDisconnect:
                return Response(status_code=204)  # nobody is there to read it
            except tuple(STATUSES) as error:
                return _refusal(error, request)

        return send

    def _find(self, request: Request) -> Latest:
        """Find the class of the address; an address that tries codes has to wait.

        Raises:
            NotFound: There is none.
            TooMuch: It has tried too many.
        """
        if self._wrong_codes.is_reached(address := _address(request)):
            raise TooMuch("class_code_too_often")
        try:
            return services.classroom().find(request.path_params["code"])
        except NotFound:
            self._wrong_codes.count(address)
            raise

    async def begin(self, request: Request) -> Response:
        """Begin a class."""
        _check_teacher(request)
        run = (await _read(request)).get("run", "")
        if not isinstance(run, str):
            raise InvalidRequest("class_command_unreadable", part="run")
        return _json({"code": await asyncio.wrap_future(services.classroom().begin(run))})

    async def command(self, request: Request) -> Response:
        """Do what the teacher tells."""
        _check_teacher(request)
        self._find(request)
        await asyncio.wrap_future(services.classroom().command(await _read(request)))
        return _bytes(self._find(request).phones)

    async def join(self, request: Request) -> Response:
        """Give a phone a seat, or its own again."""
        told, found = await _read(request), self._find(request)
        if "token" in told:
            token = _text(told, "token")
            return _seat_answer(found, check_seat(found.state, digest_of(token)), token)
        if self._joins.is_reached(address := _address(request)):
            raise TooMuch("class_joins_too_often")
        self._joins.count(address)
        token, seat = await asyncio.wrap_future(services.classroom().join())
        return _seat_answer(found, seat, token)

    async def state(self, request: Request) -> Response:
        """Tell a phone what the class is doing."""
        found = self._find(request)
        return _unless_known(request, found.state.told, lambda: _bytes(found.phones))

    async def own(self, request: Request) -> Response:
        """Tell a phone what has become of its drawing."""
        found = self._find(request)
        token = request.query_params.get("token", "")[:MAX_TOKEN_LENGTH]
        return _json(own_view(found.state, check_seat(found.state, digest_of(token))))

    async def draw(self, request: Request) -> Response:
        """Take a drawing, once."""
        self._find(request)
        told = await _read(request)
        state = self._find(request).state
        seat = check_seat(state, digest_of(_text(told, "token"))).number
        number, sequence = read_whole(told, "round", MAX_SEQUENCE), read_whole(told, "sequence", MAX_SEQUENCE)
        if number == state.round_number and (seat, sequence) in state.drawings:
            return _json({"new": False})
        try:
            asked = check_open(state, number, {Kind.DIGIT, Kind.ANY})
        except NotNow:
            if await asyncio.wrap_future(services.classroom().has_drawing(number, seat, sequence)):
                return _json({"new": False})
            raise
        digit = read_whole(told, "digit", DIGITS - 1) if asked.digit is None else asked.digit
        guess = _guess(told)
        if self._drawings.is_reached(person := f"{state.code} {seat}"):
            raise TooMuch("class_draws_too_often")
        self._drawings.count(person)

        def drawing(reading: Reading, strokes: bytes) -> Drawing:
            return Drawing(seat, number, sequence, digit, reading, strokes, guess)

        is_new = await asyncio.wrap_future(services.classroom().draw(drawing, told.get("strokes")))
        return _json({"new": is_new}, 201 if is_new else 200)

    async def vote(self, request: Request) -> Response:
        """Take a vote, once."""
        self._find(request)
        told = await _read(request)
        state = self._find(request).state
        seat = check_seat(state, digest_of(_text(told, "token")))
        number, choice = read_whole(told, "round", MAX_SEQUENCE), read_whole(told, "choice", MAX_SEQUENCE)
        is_new = await asyncio.wrap_future(services.classroom().vote(seat.number, number, choice))
        return _json({"new": is_new}, 201 if is_new else 200)

    async def wall(self, request: Request) -> Response:
        """Tell the teacher all that may be known."""
        _check_teacher(request)
        found = self._find(request)
        if request.query_params.get("known") == str(found.state.version):
            return Response(status_code=204)
        return _bytes(await run_in_threadpool(lambda: found.wall))

    async def why(self, request: Request) -> Response:
        """Show the teacher which pixels speak for what was read, as a PNG; see `why_picture`."""
        _check_teacher(request)
        found = self._find(request)
        picture = await run_in_threadpool(why_picture, found, request.query_params.get("tile", ""))
        return Response(picture, media_type="image/png", headers=NOT_KEPT)

    async def export(self, request: Request, kind: str) -> Response:
        """Give the teacher all that was drawn, without names."""
        _check_teacher(request)
        code = self._find(request).state.code
        pack, media = (export_zip, "application/zip") if kind == "zip" else (export_csv, "text/csv")
        packed = await run_in_threadpool(lambda: pack(services.classroom().all_drawings()))
        named = {"Content-Disposition": f'attachment; filename="class-{code}.{kind}"'}
        return Response(packed, media_type=media, headers=NOT_KEPT | named)


async def send_page(request: Request) -> Response:
    """Send the page for phones, in the phone's language."""
    page = phone_page(match_language(request.headers.get("Accept-Language")))
    headers = NOT_KEPT | {"Content-Security-Policy": page.policy}
    return Response(page.html, media_type="text/html", headers=headers)


async def _read(request: Request) -> Plain:
    """Read a JSON object.

    Raises:
        InvalidRequest: It is something else, too large, or too slow.
    """
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != JSON_TYPE:
        raise InvalidRequest("class_content_type")
    try:
        body = await read_body(request, MAX_BYTES, BODY_SECONDS)
    except TimeoutError as error:
        raise InvalidRequest("class_too_slow") from error
    if len(body) > MAX_BYTES:
        raise InvalidRequest("class_too_large", limit=MAX_BYTES // 1024)
    return read_json(body)


def _check_teacher(request: Request) -> None:
    """Check that the teacher asks.

    Raises:
        NotAllowed: Somebody else does.
    """
    person = judge(dict(request.headers), services.teacher_key())
    if not person or not person.is_teacher:
        raise NotAllowed("teacher_only")


def _text(told: Plain, name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or len(value) > MAX_TOKEN_LENGTH:
        raise InvalidRequest("class_command_unreadable", part=name)
    return value


def _guess(told: Plain) -> bool | None:
    guess = told.get("guess")
    if guess not in ("yes", "no", None):
        raise InvalidRequest("class_command_unreadable", part="guess")
    return None if guess is None else guess == "yes"


def _seat_answer(found: Latest, seat: Seat, token: str) -> Response:
    return _json({"token": token, **seat_view(seat, found.state.seed)})


def _unless_known(request: Request, version: int, answer: Callable[[], Response]) -> Response:
    return Response(status_code=204) if request.query_params.get("known") == str(version) else answer()


def _json(value: Plain, status: int = 200) -> Response:
    return JSONResponse(value, status, NOT_KEPT)


def _bytes(value: bytes) -> Response:
    return Response(value, media_type=JSON_TYPE, headers=NOT_KEPT)


def _refusal(error: DemoError, request: Request) -> Response:
    """Refuse in one sentence, in the language of the page, or of the browser."""
    language = request.query_params.get("language") or request.headers.get("Accept-Language")
    status = CODE_STATUSES.get(error.code) or STATUSES[type(error)]
    return _json({"error": message(error, match_language(language))}, status)


def _address(request: Request) -> str | None:
    return request.client.host if request.client else None
