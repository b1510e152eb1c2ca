"""What browsers are told to allow the pages: nothing that is not from this server."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources

from mnist_demo.errors import InvalidSetting

INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
EMBEDDING_SITE = re.compile(r"(https?://)?(\*\.)?[a-z0-9.-]+(:[0-9]{1,5})?", re.IGNORECASE)
FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer", under which browsers say "null" as the origin of a page that posts to its own server.
    "Referrer-Policy": "same-origin",
}


def check_sites(sites: Sequence[str]) -> None:
    """Check the sites that may show the pages in a frame.

    Raises:
        InvalidSetting: One of them is not the address of a site.
    """
    for site in sites:
        if not EMBEDDING_SITE.fullmatch(site):
            raise InvalidSetting("embed_unreadable", site=site)


@lru_cache(maxsize=64)
def content_policy(host: str, sites: tuple[str, ...] = ()) -> str:
    """Return the Content-Security-Policy of a page.

    Args:
        host: The header Host, which is our own; older Safaris do not count a WebSocket to it as "self".
        sites: Sites that may show the pages in a frame, beside our own.

    Streamlit needs styles in the page, the scripts of components from blobs, and the scripts that stand in
    its own page, which are named by their hashes.
    """
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in _inline_scripts())
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            f"connect-src 'self' ws://{host} wss://{host}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(("frame-ancestors 'self'", *sites)),
        )
    )


@cache
def _inline_scripts() -> tuple[str, ...]:
    page = resources.files("streamlit").joinpath("static", "index.html").read_text(encoding="utf-8")
    return tuple(INLINE_SCRIPT.findall(page))


def _hash(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
