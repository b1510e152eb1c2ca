"""The page for phones: one file, and a policy that lets it run nothing but what stands in it."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources

INLINE = {kind: re.compile(rf"<{kind}>(.*?)</{kind}>", re.DOTALL) for kind in ("script", "style")}


@cache
def phone_page() -> bytes:
    """Read the page, UTF-8."""
    return resources.files(__name__).joinpath("page.html").read_bytes()


@cache
def phone_policy() -> str:
    """Return the page's Content-Security-Policy: its own scripts and styles, named by their hashes."""
    page = phone_page().decode()
    script, style = (" ".join(map(_hash, INLINE[kind].findall(page))) for kind in ("script", "style"))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {script}",
            f"style-src {style}",
            "connect-src 'self'",
            "img-src 'self' data:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
