"""What the server answers besides Streamlit's pages: scripts, live charts, and answers under the pen."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache, partial
from importlib import metadata, resources
from inspect import iscoroutinefunction
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mnist_demo.errors import DemoError, InvalidRequest, NotAllowed
from mnist_demo.jobs import TrainerState
from mnist_demo.texts import load_texts, match_language, message
from mnist_demo.ui import services
from mnist_demo.ui.classroom.papers import send_paper
from mnist_demo.ui.classroom.routes import ClassRoutes
from mnist_demo.ui.doors.answers import ASKED_PER_SECOND, BODY_SECONDS, NOT_KEPT, address_of, language_of
from mnist_demo.ui.doors.limits import RateLimit, read_body
from mnist_demo.ui.doors.middleware import cookie
from mnist_demo.ui.draw.answers import INK_BYTES, INK_TYPE, answer_drawing, answer_network
from mnist_demo.ui.identity import TEACHER_COOKIE
from mnist_demo.ui.scripts import find_script
from mnist_demo.ui.train.interest import Interest
from mnist_demo.ui.train.live import live_view

PREFIX = "mnist-demo"
PLOTLY_FILE = f"plotly-{metadata.version('plotly')}.min.js"
FOR_A_YEAR = "public, max-age=31536000, immutable"
GZIP_LEVEL = 6
PAGE_NAME = re.compile("[a-z]{1,20}")
WRONG_KEYS, WRONG_KEYS_SECONDS = 10, 60


def plotly_url() -> str:
    """Address of plotly.js on this server; it has the version in it, so browsers may keep it for a year."""
    return f"{_base()}/{PREFIX}/{PLOTLY_FILE}"


def script_url(name: str) -> str:
    """Address of a component's script, which has its contents' name."""
    return f"{_base()}/{PREFIX}/scripts/{name}"


def live_url(language: str, interest: Interest) -> str:
    """Address of the trainer's state in words of a language, for a page that some jobs concern."""
    return f"{_base()}/{PREFIX}/live?{urlencode({'language': language} | asdict(interest))}"


def network_url() -> str:
    """Address of the picture of a network."""
    return f"{_base()}/{PREFIX}/network"


def answer_url() -> str:
    """Address that answers a drawing."""
    return f"{_base()}/{PREFIX}/answer"


def teacher_path(key: str) -> str:
    """Return the path that makes a teacher of whoever opens it."""
    return f"{_base()}/{PREFIX}/teacher?{urlencode({'key': key})}"


def visitor_path() -> str:
    """Return the path that makes a visitor again of a teacher by key."""
    return f"{_base()}/{PREFIX}/visitor"


def home_path() -> str:
    """Return the path of the first page."""
    return f"{_base()}/"


def routes() -> list[Route]:
    """List the routes for `st.App`."""
    wrong_keys = RateLimit(WRONG_KEYS, WRONG_KEYS_SECONDS)
    return [
        Route(f"{_base()}/{PREFIX}/{PLOTLY_FILE}", send_plotly),
        Route(script_url("{name}"), send_script),
        Route(f"{_base()}/{PREFIX}/live", limited(send_live)),
        Route(f"{_base()}/{PREFIX}/network", limited(send_network)),
        Route(f"{_base()}/{PREFIX}/answer", limited(send_answer), methods=["POST"]),
        Route(f"{_base()}/{PREFIX}/teacher", partial(enter_as_teacher, wrong_keys)),
        Route(visitor_path(), leave_as_teacher),
        *ClassRoutes().routes(_base(), PREFIX),
        Route(f"{_base()}/{PREFIX}/papers/{{name}}", limited(send_paper)),
    ]


def _base() -> str:
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


def limited(send: Callable[[Request], Any], times: int = ASKED_PER_SECOND) -> Callable[[Request], Any]:
    """Make a route that answers one address only so many times a second."""
    limit = RateLimit(times, 1)

    async def send_if_not_too_often(request: Request) -> Response:
        try:
            limit.check(address_of(request))
        except InvalidRequest as error:
            return _refusal(429, error, request)
        answer: Response = await (
            send(request) if iscoroutinefunction(send) else run_in_threadpool(send, request)
        )
        return answer

    return send_if_not_too_often


def enter_as_teacher(wrong_keys: RateLimit, request: Request) -> Response:
    """Let in as the teacher whoever has the key, and lead them to a `page`, else home; count who has not."""
    address = address_of(request)
    if wrong_keys.is_reached(address):
        return _refusal(429, NotAllowed("key_too_often"), request)
    key = services.teacher_key()
    if not key.opens(request.query_params.get("key", "")):
        wrong_keys.count(address)
        return _refusal(403, NotAllowed("key_wrong"), request)
    page = request.query_params.get("page", "")
    return _lead(request, home_path() + (page if PAGE_NAME.fullmatch(page) else ""), key.cookie, None)


def leave_as_teacher(request: Request) -> Response:
    """Let a teacher by key be a visitor again; a request from another site has no cookie and ends nothing."""
    if services.teacher_key().has_made(request.cookies.get(TEACHER_COOKIE, "")):
        return _lead(request, home_path(), "", 0)
    return RedirectResponse(home_path(), 303, NOT_KEPT)


def _lead(request: Request, path: str, proof: str, seconds: int | None) -> Response:
    """Lead to a page with a proof of being the teacher, which a browser keeps until it is closed."""
    led = RedirectResponse(path, 303, NOT_KEPT)
    scheme = request.url.scheme
    led.headers.append(
        "Set-Cookie", cookie(TEACHER_COOKIE, proof, home_path(), scheme, seconds=seconds, strict=True)
    )
    return led


def _refusal(status: int, error: DemoError, request: Request) -> Response:
    """Refuse in one sentence."""
    return PlainTextResponse(message(error, language_of(request)), status, NOT_KEPT)


@cache
def compressed_plotly() -> bytes:
    """Compress the plotly.js of the `plotly` package, once: 1.4 MB to send instead of 4.8."""
    script = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    return gzip.compress(script, GZIP_LEVEL)


def send_plotly(_request: Request) -> Response:
    """Send plotly.js."""
    return _sent_script(compressed_plotly())


def send_script(request: Request) -> Response:
    """Send a component's script, see `scripts`."""
    script = find_script(request.path_params["name"])
    return _sent_script(script) if script else Response(status_code=404)


def _sent_script(compressed: bytes) -> Response:
    """Send a script for good; every browser that the app supports reads gzip."""
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOR_A_YEAR, "Vary": "Accept-Encoding"}
    return Response(compressed, media_type="text/javascript", headers=headers)


def send_live(request: Request) -> Response:
    """Send how the job in training goes on, see `answer_live`."""
    return answer_live(services.trainer().state, request.query_params)


def answer_live(state: TrainerState, asked: Mapping[str, str]) -> Response:
    """Answer a page that has followed the trainer so far.

    Args:
        state: The trainer's state.
        asked: The `language` of the page and the jobs that concern it (`own`, `watched`), as in `live_url`;
            and what the page knows: which version of the state (`known`), and how many points of the curves,
            at the end of `epochs` and within (`steps`).

    Returns:
        A view as JSON with the points that follow, or an empty answer when nothing has changed.
    """
    if asked.get("known") == str(state.version):
        return Response(status_code=204)
    texts = load_texts(match_language(asked.get("language")))
    epochs, steps = (_count(asked.get(name, "")) for name in ("epochs", "steps"))
    interest = Interest(asked.get("own", ""), asked.get("watched", ""))
    return JSONResponse(live_view(state, texts, interest, epochs, steps))


def send_network(request: Request) -> Response:
    """Send how a network looks, see `answer_network`."""
    return answer_network(request.query_params)


async def send_answer(request: Request) -> Response:
    """Send what a network answers to a drawing, see `answer_drawing`; no more than a drawing is read."""
    if request.headers.get("Content-Type", "") != INK_TYPE:
        return _refusal(415, InvalidRequest("ink_type", expected=INK_TYPE), request)
    try:
        ink = await read_body(request, INK_BYTES, BODY_SECONDS)
    except TimeoutError:
        return _refusal(408, InvalidRequest("too_slow"), request)
    except ClientDisconnect:
        return Response(status_code=204)  # nobody is there to read it
    return await run_in_threadpool(answer_drawing, request.query_params, ink)


def _count(text: str) -> int:
    """Read a number of an address; what is none counts as none known."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0
