"""What all answers of our own routes have in common: to whom, in which language, kept how long."""

from __future__ import annotations

from starlette.requests import Request

from mnist_demo.texts import match_language

ASKED_PER_SECOND = 600
"""By one address, behind which a whole class may be; more than this server can answer."""
BODY_SECONDS = 10
"""So long may a request take to bring what it brings."""
NOT_KEPT = {"Cache-Control": "no-store"}


def address_of(request: Request) -> str | None:
    """Return the address at the other end."""
    return request.client.host if request.client else None


def language_of(request: Request) -> str:
    """Choose the language of an answer: of the page that asks, or else of the browser."""
    return match_language(request.query_params.get("language") or request.headers.get("Accept-Language"))
