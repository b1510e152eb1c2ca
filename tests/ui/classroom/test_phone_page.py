"""The page for phones: small, in one answer, and old browsers can read it."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256

import pytest

from mnist_demo.texts import languages, load_texts
from mnist_demo.ui.classroom.phone import phone_page
from mnist_demo.ui.draw.canvas import PEN_PIXELS

MAX_BYTES = 30_000
NEW_SYNTAX = {
    "arrow function": r"=>",
    "let or const": r"\b(?:let|const)\s",
    "template": r"`",
    "optional chaining": r"\?\.\w|\?\?",
    "class": r"\bclass\s+\w+\s*\{",
    "async": r"\basync\b|\bawait\b",
    "spread": r"\.\.\.",
}
"""What Safari 9 or the browser of Android 5 cannot read; one such sign, and the whole page stays empty."""
SECURE_ONLY = ("randomUUID", "clipboard", "wakeLock", "serviceWorker", "crypto.subtle")
"""What browsers have on https alone."""

pytestmark = pytest.mark.parametrize("language", languages())


def page(language: str) -> str:
    """Return the page."""
    return phone_page(language).html.decode()


def script(language: str) -> str:
    """Return its script."""
    (found,) = re.findall(r"<script>(.*?)</script>", page(language), re.DOTALL)
    return found


def test_is_small(language: str):
    """Thirty phones ask for it in the same second."""
    assert len(phone_page(language).html) < MAX_BYTES


def test_needs_no_second_request(language: str):
    """No script, style, font or picture is anywhere else."""
    assert set(re.findall(r"(?:src|href|action)\s*=\s*[\"']([^\"']*)", page(language))) == {"data:,"}
    assert not re.search(r"@import|url\(|https?://", page(language))


@pytest.mark.parametrize("feature", NEW_SYNTAX)
def test_script_is_old_javascript(language: str, feature: str):
    """Phones in schools are."""
    text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', script(language))
    assert not re.search(NEW_SYNTAX[feature], text)


def test_needs_nothing_that_only_https_has(language: str):
    """A class is on plain http."""
    assert not [name for name in SECURE_ONLY if name in script(language)]


def test_policy_allows_what_stands_in_the_page_and_no_more(language: str):
    """Its one script and its one style, by their hashes."""
    policy = dict(part.split(" ", 1) for part in phone_page(language).policy.split("; "))
    for kind in ("script", "style"):
        (part,) = re.findall(f"<{kind}>(.*?)</{kind}>", page(language), re.DOTALL)
        hashed = b64encode(sha256(part.encode()).digest()).decode()
        assert policy[f"{kind}-src"] == f"'sha256-{hashed}'"
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert not re.search(r"\son\w+=|\sstyle=", page(language))


def test_is_in_its_language(language: str):
    """The words of the script, too."""
    texts = load_texts(language)
    assert f'<html lang="{language}">' in page(language)
    (words,) = re.findall(r'<script id="words"[^>]*>(.*?)</script>', page(language), re.DOTALL)
    assert json.loads(words)["waits"] == texts.class_phone.waits
    assert texts.class_phone.when_it_learns in page(language)


def test_pen_is_as_wide_as_the_canvas_of_the_page(language: str):
    """The server draws what was drawn with the one pen."""
    assert f"var PEN = {PEN_PIXELS};" in script(language)
