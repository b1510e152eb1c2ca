"""The page for phones: one small answer in the phone's language, without a framework and without Streamlit.

Its parts are put together here, so that a phone makes one request, and its policy names them by their hashes.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

from markupsafe import Markup

from mnist_demo.charts import css_variables, render_template
from mnist_demo.texts import load_texts, section_entries

SCRIPTS = (
    *("parts.js", "memory.js", "talk.js", "sending.js", "pen.js"),
    *("seat.js", "round.js", "looks.js", "phone.js"),
)
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
INDENT = re.compile(r"^ +", re.MULTILINE)


@dataclass(frozen=True)
class PhonePage:
    """What a phone gets.

    Attributes:
        html: The whole page.
        policy: Its Content-Security-Policy.
    """

    html: bytes
    policy: str


@cache
def phone_page(language: str) -> PhonePage:
    """Put the page together in one language; which class is meant it reads from its own address."""
    texts = load_texts(language)
    style = _slim(_fill("phone.css", colours=css_variables()))
    script = f'(function () {{\n"use strict";\n{_slim(_scripts())}}})();'
    words = json.dumps(section_entries(texts.class_phone), ensure_ascii=False).replace("<", "\\u003c")
    parts = {"style": style, "script": script, "words": words}
    html = _fill("page.html", texts=texts, **{name: Markup(part) for name, part in parts.items()})
    policy = (
        "default-src 'none'",
        f"script-src '{_hash(script)}'",
        f"style-src '{_hash(style)}'",
        "connect-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return PhonePage(html.encode(), "; ".join(policy))


def _scripts() -> str:
    """Read the scripts; the last line of the last one begins."""
    return "".join(_read(name) for name in SCRIPTS)


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _fill(name: str, **values: object) -> Markup:
    return render_template(f"ui/classroom/phone/{name}", **values)


def _slim(text: str) -> str:
    """Leave out what only those need who read the source: comments and indentation."""
    return INDENT.sub("", COMMENT.sub("", text))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
