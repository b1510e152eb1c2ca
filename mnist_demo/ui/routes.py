"""What the server answers besides Streamlit's pages: plotly.js, and the trainer's state for live charts."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib import metadata, resources
from urllib.parse import urlencode

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mnist_demo.jobs import TrainerState
from mnist_demo.texts import load_texts, match_language
from mnist_demo.ui import services
from mnist_demo.ui.train.live import live_view

PREFIX = "mnist-demo"
PLOTLY_FILE = f"plotly-{metadata.version('plotly')}.min.js"
FOR_A_YEAR = "public, max-age=31536000, immutable"
GZIP_LEVEL = 6


def plotly_url() -> str:
    """Address of plotly.js on this server; it has the version in it, so browsers may keep it for a year."""
    return f"{_base()}/{PREFIX}/{PLOTLY_FILE}"


def live_url(language: str) -> str:
    """Address of the trainer's state in words of a language."""
    return f"{_base()}/{PREFIX}/live?{urlencode({'language': language})}"


def routes() -> list[Route]:
    """List the routes for `st.App`."""
    return [
        Route(f"{_base()}/{PREFIX}/{PLOTLY_FILE}", send_plotly),
        Route(f"{_base()}/{PREFIX}/live", send_live),
    ]


def _base() -> str:
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""


@cache
def compressed_plotly() -> bytes:
    """Compress the plotly.js of the `plotly` package, once: 1.4 MB to send instead of 4.8."""
    script = resources.files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    return gzip.compress(script, GZIP_LEVEL)


def send_plotly(_request: Request) -> Response:
    """Send plotly.js; every browser that the app supports reads gzip."""
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOR_A_YEAR, "Vary": "Accept-Encoding"}
    return Response(compressed_plotly(), media_type="text/javascript", headers=headers)


def send_live(request: Request) -> Response:
    """Send the trainer's state; nothing when the browser knows it already (`known` is its version)."""
    state = services.trainer().state
    if request.query_params.get("known") == str(state.version):
        return Response(status_code=204)
    language = match_language(request.query_params.get("language"))
    return Response(_encode_view(state, language), media_type="application/json")


_encoded: dict[str, tuple[int, bytes]] = {}
"""The last answer in each language: a whole class asks for the same one."""


def _encode_view(state: TrainerState, language: str) -> bytes:
    version, answer = _encoded.get(language, (None, b""))
    if version != state.version:
        answer = json.dumps(live_view(state, load_texts(language))).encode()
        _encoded[language] = state.version, answer
    return answer
