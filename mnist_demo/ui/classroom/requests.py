"""What all requests to a class have in common: how they are read, who may ask, and how they are refused."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mnist_demo.classroom import MAX_BYTES, read_json
from mnist_demo.errors import (
    ClassElsewhere,
    ClassNotKept,
    DamagedRun,
    DemoError,
    InvalidRequest,
    NoRoom,
    NotAllowed,
    NotFound,
    NotNow,
    TooMuch,
    UnknownRun,
)
from mnist_demo.texts import message
from mnist_demo.ui import services
from mnist_demo.ui.doors.answers import BODY_SECONDS, NOT_KEPT, language_of
from mnist_demo.ui.doors.limits import read_body
from mnist_demo.ui.identity import judge

JSON_TYPE = "application/json"
MAX_TOKEN_LENGTH = 100
STATUSES: dict[type[DemoError], int] = {
    NotAllowed: 403,
    NotFound: 404,
    UnknownRun: 404,
    DamagedRun: 404,
    NotNow: 409,
    NoRoom: 409,
    InvalidRequest: 422,
    TooMuch: 429,
    ClassElsewhere: 503,
    ClassNotKept: 507,
}
CODE_STATUSES = {
    "class_too_slow": 408,
    "class_ended": 410,
    "class_too_large": 413,
    "class_content_type": 415,
}
Plain = dict[str, Any]


async def read_object(request: Request) -> Plain:
    """Read the JSON object that a request brings.

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


def check_teacher(request: Request) -> None:
    """Check that the teacher asks.

    Raises:
        NotAllowed: Somebody else does.
    """
    person = judge(dict(request.headers), services.teacher_key())
    if not person or not person.is_teacher:
        raise NotAllowed("teacher_only")


def read_text(told: Plain, name: str) -> str:
    """Read a short text, such as a token.

    Raises:
        InvalidRequest: It is none.
    """
    value = told.get(name)
    if not isinstance(value, str) or len(value) > MAX_TOKEN_LENGTH:
        raise InvalidRequest("class_command_unreadable", part=name)
    return value


def read_guess(told: Plain) -> bool | None:
    """Read whether the network will read a drawing rightly, as its writer thinks; None: they say nothing.

    Raises:
        InvalidRequest: It is neither.
    """
    guess = told.get("guess")
    if guess not in ("yes", "no", None):
        raise InvalidRequest("class_command_unreadable", part="guess")
    return None if guess is None else guess == "yes"


def json_answer(value: Plain, status: int = 200) -> Response:
    """Answer with JSON that no browser keeps."""
    return JSONResponse(value, status, NOT_KEPT)


def bytes_answer(value: bytes) -> Response:
    """Answer with JSON that was written before."""
    return Response(value, media_type=JSON_TYPE, headers=NOT_KEPT)


def refusal(error: DemoError, request: Request) -> Response:
    """Refuse in one sentence."""
    status = CODE_STATUSES.get(error.code) or STATUSES[type(error)]
    return json_answer({"error": message(error, language_of(request))}, status)
