"""Two papers to show, to print and to hand out: how phones get through a school's network, and on privacy."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from mnist_demo.charts import render_template
from mnist_demo.texts import Texts, load_texts
from mnist_demo.ui.doors.answers import language_of

PAPERS = ("network", "privacy")


def network_card(texts: Texts) -> list[tuple[str, str]]:
    """List what to try where phones do not get through, in this order: each thing, and how."""
    words = texts.class_network
    return [
        (words.school, words.school_how),
        (words.router, words.router_how),
        (words.hotspot, words.hotspot_how),
        (words.mobile, words.mobile_how),
        (words.firewall, words.firewall_how),
    ]


def build_paper(name: str, language: str) -> str:
    """Write one of `PAPERS` in a language: a whole HTML document that asks no host for anything."""
    texts = load_texts(language)
    return str(render_template(f"ui/classroom/papers/{name}.html", texts=texts, card=network_card(texts)))


def send_paper(request: Request) -> Response:
    """Send a paper to whoever asks; nothing in it is secret."""
    name = request.path_params["name"]
    if name not in PAPERS:
        return Response(status_code=404)
    return HTMLResponse(build_paper(name, language_of(request)))
