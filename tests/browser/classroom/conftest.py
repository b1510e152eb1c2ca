"""A class on the shared server, and phones that open its page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.classroom.classes import Class, OpenPhone, a_class, open_phone_page
from tests.browser.conftest import Server


@pytest.fixture
def class_(server: Server) -> Iterator[Class]:
    """Start a class on the shared server."""
    with a_class(server.url) as begun:
        yield begun


@pytest.fixture
def open_phone(browser: Browser) -> Iterator[OpenPhone]:
    """Open phones; at the end none may have met an error."""
    opened: list[Page] = []
    errors: list[str] = []

    def open_one(url: str, **options: object) -> Page:
        page = open_phone_page(browser, url, **options)
        page.on("pageerror", lambda error: errors.append(str(error)))
        opened.append(page)
        return page

    yield open_one
    for page in opened:
        page.context.close()
    assert not errors
