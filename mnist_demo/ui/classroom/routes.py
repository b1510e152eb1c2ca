"""What the server answers phones and the teacher of a class: JSON, and refusals in one sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mnist_demo.classroom import (
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
    read_whole,
    seat_view,
)
from mnist_demo.data import DIGITS
from mnist_demo.errors import (
    InvalidRequest,
    NotFound,
    NotNow,
    TooMuch,
)
from mnist_demo.texts import match_language
from mnist_demo.ui import services
from mnist_demo.ui.classroom.latest import Latest
from mnist_demo.ui.classroom.phone import phone_page
from mnist_demo.ui.classroom.requests import (
    MAX_TOKEN_LENGTH,
    STATUSES,
    bytes_answer,
    check_teacher,
    json_answer,
    read_guess,
    read_object,
    read_text,
    refusal,
)
from mnist_demo.ui.classroom.tiles import why_picture
from mnist_demo.ui.doors.answers import ASKED_PER_SECOND, NOT_KEPT, address_of
from mnist_demo.ui.doors.limits import RateLimit

WRONG_CODES, WRONG_CODES_SECONDS = 60, 60
JOINS, JOINS_SECONDS = 60, 60
"""New seats of one address: a class behind a router fits in, and one phone does not fill all 200."""
DRAWINGS, DRAWINGS_SECONDS = 2, 1
MAX_SEQUENCE = 10**9
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
                _count(self._asked, address_of(request), problem="too_often")
                return await answer(request)
            except ClientDisconnect:
                return Response(status_code=204)  # nobody is there to read it
            except tuple(STATUSES) as error:
                return refusal(error, request)

        return send

    def _find(self, request: Request) -> Latest:
        """Find the class of the address; an address that tries codes has to wait.

        Raises:
            ClassElsewhere: There is none here, but in another server.
            NotFound: There is none.
            TooMuch: It has tried too many.
        """
        if self._wrong_codes.is_reached(address := address_of(request)):
            raise TooMuch("class_code_too_often")
        try:
            return services.classroom().find(request.path_params["code"])
        except NotFound:
            self._wrong_codes.count(address)
            raise

    async def begin(self, request: Request) -> Response:
        """Begin a class."""
        check_teacher(request)
        run = (await read_object(request)).get("run", "")
        if not isinstance(run, str):
            raise InvalidRequest("class_command_unreadable", part="run")
        return json_answer({"code": await asyncio.wrap_future(services.classroom().begin(run))})

    async def command(self, request: Request) -> Response:
        """Do what the teacher tells."""
        check_teacher(request)
        self._find(request)
        await asyncio.wrap_future(services.classroom().command(await read_object(request)))
        return bytes_answer(self._find(request).phones)

    async def join(self, request: Request) -> Response:
        """Give a phone a seat, or its own again."""
        told, found = await read_object(request), self._find(request)
        if "token" in told:
            token = read_text(told, "token")
            return _seat_answer(found, check_seat(found.state, digest_of(token)), token)
        _count(self._joins, address_of(request), problem="class_joins_too_often")
        token, seat = await asyncio.wrap_future(services.classroom().join())
        return _seat_answer(found, seat, token)

    async def state(self, request: Request) -> Response:
        """Tell a phone what the class is doing."""
        found = self._find(request)
        if _knows(request, found.state.told):
            return Response(status_code=204)
        return bytes_answer(found.phones)

    async def own(self, request: Request) -> Response:
        """Tell a phone what has become of its drawing."""
        found = self._find(request)
        token = request.query_params.get("token", "")[:MAX_TOKEN_LENGTH]
        return json_answer(own_view(found.state, check_seat(found.state, digest_of(token))))

    async def draw(self, request: Request) -> Response:
        """Take a drawing, once."""
        self._find(request)
        told = await read_object(request)
        state = self._find(request).state
        seat = check_seat(state, digest_of(read_text(told, "token"))).number
        number, sequence = read_whole(told, "round", MAX_SEQUENCE), read_whole(told, "sequence", MAX_SEQUENCE)
        if number == state.round_number and (seat, sequence) in state.drawings:
            return json_answer({"new": False})
        try:
            asked = check_open(state, number, {Kind.DIGIT, Kind.ANY})
        except NotNow:
            if await asyncio.wrap_future(services.classroom().has_drawing(number, seat, sequence)):
                return json_answer({"new": False})
            raise
        digit = read_whole(told, "digit", DIGITS - 1) if asked.digit is None else asked.digit
        guess = read_guess(told)
        _count(self._drawings, f"{state.code} {seat}", problem="class_draws_too_often")

        def drawing(reading: Reading, strokes: bytes) -> Drawing:
            return Drawing(seat, number, sequence, digit, reading, strokes, guess)

        is_new = await asyncio.wrap_future(services.classroom().draw(drawing, told.get("strokes")))
        return json_answer({"new": is_new}, 201 if is_new else 200)

    async def vote(self, request: Request) -> Response:
        """Take a vote, once."""
        self._find(request)
        told = await read_object(request)
        state = self._find(request).state
        seat = check_seat(state, digest_of(read_text(told, "token")))
        number, choice = read_whole(told, "round", MAX_SEQUENCE), read_whole(told, "choice", MAX_SEQUENCE)
        is_new = await asyncio.wrap_future(services.classroom().vote(seat.number, number, choice))
        return json_answer({"new": is_new}, 201 if is_new else 200)

    async def wall(self, request: Request) -> Response:
        """Tell the teacher all that may be known."""
        check_teacher(request)
        found = self._find(request)
        if services.classroom().problem:
            await asyncio.wrap_future(services.classroom().check())  # the stage says it as long as it lasts
        if _knows(request, found.state.version):
            return Response(status_code=204)
        return bytes_answer(await run_in_threadpool(lambda: found.wall))

    async def why(self, request: Request) -> Response:
        """Show the teacher which pixels speak for what was read, as a PNG; see `why_picture`."""
        check_teacher(request)
        found = self._find(request)
        picture = await run_in_threadpool(why_picture, found, request.query_params.get("tile", ""))
        return Response(picture, media_type="image/png", headers=NOT_KEPT)

    async def export(self, request: Request, kind: str) -> Response:
        """Give the teacher all that was drawn, without names."""
        check_teacher(request)
        state = self._find(request).state
        pack, media = (export_zip, "application/zip") if kind == "zip" else (export_csv, "text/csv")
        drawings = await run_in_threadpool(services.classroom().all_drawings)
        packed = await run_in_threadpool(pack, drawings, state.present_numbers)
        named = {"Content-Disposition": f'attachment; filename="class-{state.code}.{kind}"'}
        return Response(packed, media_type=media, headers=NOT_KEPT | named)


async def send_page(request: Request) -> Response:
    """Send the page for phones, in the phone's language."""
    page = phone_page(match_language(request.headers.get("Accept-Language")))
    headers = NOT_KEPT | {"Content-Security-Policy": page.policy}
    return Response(page.html, media_type="text/html", headers=headers)


def _seat_answer(found: Latest, seat: Seat, token: str) -> Response:
    return json_answer({"token": token, **seat_view(seat, found.state.seed)})


def _knows(request: Request, version: int) -> bool:
    return request.query_params.get("known") == str(version)


def _count(limit: RateLimit, who: str | None, *, problem: str) -> None:
    """Count one more thing that somebody does.

    Raises:
        TooMuch: It is one too many.
    """
    if limit.is_reached(who):
        raise TooMuch(problem)
    limit.count(who)
