"""A page is a folder, one line, and its words; what is forgotten is told when the app starts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from mnist_demo.texts.loading import languages, load_texts
from tests.mnist import REPOSITORY


def import_pages() -> None:
    """Import the pages, whose canvas registers itself with a server; runs as a script of its own."""
    import mnist_demo.ui.pages  # noqa: F401


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """Import the list of pages."""
    assert not AppTest.from_function(import_pages, default_timeout=60).run().exception
    import mnist_demo.ui.pages

    return mnist_demo.ui.pages


def test_every_folder_with_a_page_is_in_the_list(pages: ModuleType):
    """Nobody looks for a page that is nowhere in the navigation."""
    folders = {path.parent.name for path in (REPOSITORY / "mnist_demo" / "ui").glob("*/page.py")}
    assert folders == {page.render.__module__.split(".")[-2] for page in pages.PAGES}


@pytest.mark.parametrize("field", ["name", "icon", "render"])
def test_no_two_pages_are_alike(pages: ModuleType, field: str):
    """Each has an address, a sign and a face of its own."""
    assert set(Counter(getattr(page, field) for page in pages.PAGES).values()) == {1}


@pytest.mark.parametrize("language", languages())
def test_first_page_is_titled_by_the_app(pages: ModuleType, language: str):
    """There the app's name stands large, and small on the others."""
    texts = load_texts(language)
    home, *others = (page.title(texts) == texts.app.title for page in pages.PAGES)
    assert home
    assert not any(others)


def test_page_without_words_is_named_with_what_is_missing(pages: ModuleType):
    """When the app starts, not when somebody looks for it."""
    new = replace(pages.PAGES[-1], name="nameless")
    with pytest.raises(
        LookupError, match=r"en\.toml: .* \[pages\] lacks nameless, nameless_purpose, nameless_title\."
    ):
        pages.check_words([*pages.PAGES, new])


def test_words_without_a_page_are_named(pages: ModuleType):
    """The line in the list was forgotten."""
    with pytest.raises(LookupError, match=r"en\.toml: no page .* the words runs, runs_purpose, runs_title\."):
        pages.check_words(pages.PAGES[:-1])
