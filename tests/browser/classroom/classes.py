"""A class for the browser tests: its teacher's commands over HTTP, and phones that draw."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Browser, BrowserContext, LocatorAssertions, Page, expect

from mnist_demo.texts import load_texts
from mnist_demo.ui.draw.canvas import CANVAS_PIXELS
from tests.browser.steps import THREE

PHONE = {"width": 360, "height": 740}
OpenPhone = Callable[..., Page]
Point = tuple[float, float]


@dataclass(frozen=True)
class Class:
    """A class that goes on.

    Attributes:
        url: Of the server.
        code: Of the class.
    """

    url: str
    code: str

    def tell(self, command: str, **values: object) -> dict[str, Any]:
        """Command it as its teacher's remote control does."""
        return post(f"{self.url}/mnist-demo/class/{self.code}/command", {"command": command} | values)

    def wall(self) -> dict[str, Any]:
        """Ask for all that the teacher may know."""
        with urllib.request.urlopen(f"{self.url}/mnist-demo/class/{self.code}/wall") as answer:
            return dict(json.load(answer))

    @property
    def phone_url(self) -> str:
        """Where its QR code leads."""
        return f"{self.url}/c/{self.code}"


def post(url: str, body: object) -> dict[str, Any]:
    """Post JSON from the computer itself."""
    origin = "/".join(url.split("/")[:3])
    headers = {"Content-Type": "application/json", "Origin": origin}
    asked = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked) as answer:
        return dict(json.load(answer))


def start_class(url: str) -> Class:
    """Start a class."""
    return Class(url, post(f"{url}/mnist-demo/class", {})["code"])


@contextmanager
def a_class(url: str) -> Iterator[Class]:
    """Start a class, and end it."""
    begun = start_class(url)
    yield begun
    if begun.wall()["state"] != "ended":
        begun.tell("end")


def open_phone_page(browser: Browser, url: str, *, locale: str = "en-US", **options: object) -> Page:
    """Open a page as a phone of its own does."""
    phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": locale}
    context: BrowserContext = browser.new_context(**(phone | options))
    page = context.new_page()
    page.goto(url)
    return page


def draw_on_phone(page: Page, points: Sequence[Point] = THREE, strokes: int = 1) -> None:
    """Draw strokes with a finger, each a little lower, in the canvas' 280 pixels."""
    board = page.locator("#canvas")
    expect(board).to_be_visible()
    box = board.bounding_box()
    assert box
    scale = box["width"] / CANVAS_PIXELS
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *places: Point) -> None:
        touches = [{"x": box["x"] + scale * x, "y": box["y"] + scale * y} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    for stroke in range(strokes):
        moved = [(x, y + 3 * stroke) for x, y in points]
        touch("touchStart", moved[0])
        for (x, y), (to_x, to_y) in pairwise(moved):
            for step in range(1, 5):
                touch("touchMove", (x + (to_x - x) * step / 4, y + (to_y - y) * step / 4))
        touch("touchEnd")
    finger.detach()


def send_from_phone(page: Page, guess: str = "yes") -> None:
    """Say whether the network will get it, and send."""
    button = page.locator(f"[data-guess={guess}]")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.locator("#send").tap()


def expect_sent(page: Page, language: str = "en") -> None:
    """Wait until the server has acknowledged the drawing."""
    expect(page.locator("#status")).to_have_text(load_texts(language).class_phone.sent)


def task(phone: Page) -> LocatorAssertions:
    """Expect something of what a phone says there is to do."""
    return expect(phone.locator("#task"))
