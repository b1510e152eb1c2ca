"""The doors of the real server: who gets in, as whom, and what a browser is told to allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.doors.teacher_key import KEY_FILE
from mnist_demo.ui.doors.visitors import MAX_VISITOR_NAME_LENGTH
from mnist_demo.ui.draw.answers import INK_BYTES, INK_TYPE
from mnist_demo.ui.identity import TEACHER_COOKIE, VISITOR_COOKIE
from tests.browser.conftest import OpenPage, Server, wait_until_connected
from tests.browser.layout import SCREENSHOTS, assert_fits, keep_picture
from tests.browser.steps import draw
from tests.texts.source import page_names

pytestmark = pytest.mark.browser

FOREIGN = "http://other.example"
FORWARDED = {"X-Forwarded-For": "203.0.113.3"}
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
PATIENCE_SECONDS = 10
SOCKET_PATH = "/_stcore/stream"
ANSWER_PATH = "/mnist-demo/answer?run=notebook"


class Caller:
    """Somebody who asks the server without a browser, and so may say anything."""

    def __init__(self, server: Server) -> None:
        self.host = urlparse(server.url).netloc
        self.own = {"Origin": server.url}

    def ask(self, path: str = "/", method: str = "GET", body: bytes = b"", **headers: str) -> HTTPResponse:
        """Ask, with headers whose names have _ for -; the answer's text is its `text`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection(self.host, timeout=PATIENCE_SECONDS)
        connection.request(method, path, body or None, named)
        answer = connection.getresponse()
        answer.text = "" if answer.status == 101 else answer.read().decode("utf-8", "replace")
        connection.close()
        return answer


@pytest.fixture
def caller(server: Server) -> Caller:
    """Somebody without a browser."""
    return Caller(server)


def sentences(text: str) -> int:
    """Count the sentences of a refusal; dots in names and addresses end none."""
    return len(re.findall(r"[.!?](?:\s|$)", text))


@pytest.mark.parametrize("path", ["/", "/mnist-demo/live", SOCKET_PATH, "/_stcore/health", "/favicon.png"])
def test_foreign_host_is_refused_everywhere(caller: Caller, path: str):
    """A name that somebody has pointed at this computer gets one sentence."""
    answer = caller.ask(path, Host="other.example")
    assert answer.status == 421
    assert "other.example" in answer.text
    assert sentences(answer.text) == 1


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://127.0.0.1:1"])
def test_foreign_page_opens_no_websocket(caller: Caller, origin: str):
    """It is told before Streamlit looks, which would ask an outside service who it is itself."""
    answer = caller.ask(SOCKET_PATH, **HANDSHAKE, Origin=origin)
    assert answer.status == 403
    assert sentences(answer.text) == 1


def test_own_page_opens_a_websocket(caller: Caller):
    """A handshake that names no page is no browser's, and gets none."""
    assert caller.ask(SOCKET_PATH, **HANDSHAKE, **caller.own).status == 101
    assert caller.ask(SOCKET_PATH, **HANDSHAKE).status == 403


def test_drawing_is_taken_from_own_pages_alone(caller: Caller):
    """With its content type and its size; each refusal is one sentence."""
    ink = bytes(INK_BYTES)
    kind = {"Content-Type": INK_TYPE}
    post = ("POST", ink)
    assert caller.ask(ANSWER_PATH, *post, **kind, **caller.own).status == 204
    refused = {
        403: caller.ask(ANSWER_PATH, *post, **kind, Origin=FOREIGN),
        415: caller.ask(ANSWER_PATH, *post, **caller.own, Content_Type="text/plain"),
        413: caller.ask(ANSWER_PATH, "POST", ink + b"x", **kind, **caller.own),
        422: caller.ask(ANSWER_PATH, "POST", ink[1:], **kind, **caller.own),
    }
    assert {status: answer.status for status, answer in refused.items()} == {each: each for each in refused}
    assert [sentences(answer.text) for answer in refused.values()] == [1, 1, 1, 1]
    assert caller.ask(ANSWER_PATH, *post, **kind).status == 403


@pytest.mark.parametrize("path", ["/", "/mnist-demo/live", "/_stcore/health", "/nothing/here.png"])
def test_every_answer_tells_browsers_what_to_allow(caller: Caller, path: str):
    """Pages, routes, and what is not there."""
    told = caller.ask(path).headers
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'self'" in told["Content-Security-Policy"]


def test_cookie_is_given_to_visitors_who_have_none(caller: Caller):
    """Not at the computer itself, not twice, and not with what is no page."""
    given = caller.ask(**FORWARDED)
    told = given.headers["Set-Cookie"]
    assert re.fullmatch(f"{VISITOR_COOKIE}=[^;]{{43}}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax", told)
    assert given.headers["Cache-Control"] == "private, no-cache"
    assert caller.ask(**FORWARDED).headers["Set-Cookie"] != told
    assert caller.ask(**FORWARDED, Cookie=told.split(";")[0]).headers["Set-Cookie"] is None
    assert caller.ask("/mnist-demo/live", **FORWARDED).headers["Set-Cookie"] is None
    assert caller.ask().headers["Set-Cookie"] is None


def test_cookie_comes_with_a_page_that_the_browser_has_already(caller: Caller):
    """As when somebody has deleted their cookies, and not their pages; in the clear only where all is."""
    etag = caller.ask().headers["ETag"]
    answer = caller.ask(**FORWARDED, If_None_Match=etag, Accept="text/html", X_Forwarded_Proto="https")
    assert answer.status == 304
    assert answer.headers["Set-Cookie"].endswith("; Secure")


def test_address_that_guesses_keys_has_to_wait(caller: Caller, server: Server):
    """Ten wrong ones a minute; even the right one waits then, and other addresses do not."""
    key = (server.home / KEY_FILE).read_text().strip()
    guesser = {"X-Forwarded-For": "203.0.113.9"}
    wrong = [caller.ask(f"/mnist-demo/teacher?key={number}", **guesser) for number in range(10)]
    assert [answer.status for answer in wrong] == 10 * [403]
    right = caller.ask(f"/mnist-demo/teacher?key={key}", **guesser)
    assert right.status == 429
    assert {sentences(answer.text) for answer in (*wrong, right)} == {1}
    entered = caller.ask(f"/mnist-demo/teacher?key={key}", **FORWARDED)
    assert (entered.status, entered.headers["Location"]) == (303, "/")
    assert entered.headers["Set-Cookie"].startswith(f"{TEACHER_COOKIE}=")
    assert "HttpOnly; SameSite=Strict" in entered.headers["Set-Cookie"]
    assert key not in entered.headers["Set-Cookie"]
    assert "Max-Age" not in entered.headers["Set-Cookie"]


def person(page: Page, name: str | re.Pattern[str]) -> object:
    """Find the line that says who one is."""
    return page.get_by_role("button", name=name)


def test_visitor_gives_a_name_that_stays(server: Server, open_page: OpenPage):
    """Over a reload and on other pages; another visitor is somebody else, and at home nothing is said."""
    at_home = open_page(server.url)
    visitor = open_page(server.url, extra_http_headers=FORWARDED)
    person(visitor, "You are a visitor").click()
    visitor.get_by_role("textbox", name="What are you called?").fill(" Group\u202e  3 ")
    visitor.get_by_role("button", name="Save").click()
    expect(person(visitor, "You are a visitor: Group 3")).to_be_visible()
    expect(visitor.get_by_role("textbox", name="What are you called?")).to_have_count(0)
    visitor.reload()
    wait_until_connected(visitor)
    expect(person(visitor, "You are a visitor: Group 3")).to_be_visible()
    visitor.goto(f"{server.url}/runs")
    expect(person(visitor, "You are a visitor: Group 3")).to_be_visible()
    other = open_page(server.url, extra_http_headers=FORWARDED, locale="es-ES")
    expect(person(other, re.compile("^Estás de visita"))).to_have_text(re.compile("^Estás de visita(?!:)"))
    expect(at_home.get_by_text(re.compile("^You are"))).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_line_that_says_who_one_is_has_its_room(server: Server, open_page: OpenPage, width: int):
    """With the longest name, in the longer language."""
    name = MAX_VISITOR_NAME_LENGTH * "m"
    page = open_page(server.url, extra_http_headers=FORWARDED, locale="es-ES", width=width, height=900)
    person(page, "Estás de visita").click()
    page.get_by_role("textbox", name=load_texts("es").identity.name).fill(name)
    page.get_by_role("button", name="Guardar").click()
    expect(person(page, f"Estás de visita: {name}")).to_be_visible()
    keep_picture(page, SCREENSHOTS / f"visitor-{width}.png")
    assert_fits(page)


def test_key_makes_a_teacher_of_a_visitor(server: Server, open_page: OpenPage):
    """By its link, which leads to the first page and does not stay in the address."""
    page = open_page(server.url, extra_http_headers=FORWARDED)
    expect(person(page, "You are a visitor")).to_be_visible()
    page.goto(f"{server.url}/mnist-demo/teacher?key={(server.home / KEY_FILE).read_text().strip()}")
    wait_until_connected(page)
    expect(page.get_by_text("You are the teacher")).to_be_visible()
    assert "key=" not in page.url
    page.get_by_role("link", name="Stop being the teacher").click()
    expect(person(page, "You are a visitor")).to_be_visible()
    page.reload()
    expect(person(page, "You are a visitor")).to_be_visible()


def wait_for_answer(page: Page) -> None:
    """Wait until the page is there, without what the policy forbids."""
    expect(page.locator("[data-testid=stApp][data-test-connection-state=CONNECTED]")).to_be_visible()
    expect(page.get_by_test_id("stMainBlockContainer").get_by_role("heading").first).to_be_visible()


@pytest.fixture
def strict_page(browser: Browser, server: Server) -> Iterator[tuple[Page, list[str]]]:
    """Open a page, with a list that grows by each violation of the policy."""
    violations: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            violations.append(said.text)

    context = browser.new_context(locale="en-US")
    page = context.new_page()
    page.on("console", note)
    page.goto(server.url)
    wait_for_answer(page)
    yield page, violations
    context.close()


def test_pages_keep_to_their_own_policy(server: Server, strict_page: tuple[Page, list[str]]):
    """Every one of them, with a drawing and with the charts."""
    page, violations = strict_page
    expect(page.locator(".live-accuracy")).to_have_attribute("data-drawn", re.compile("[1-9]"))
    draw(page)
    expect(page.locator(".answer-words")).to_contain_text("3")
    for name in page_names():
        page.goto(f"{server.url}/{name}")
        wait_for_answer(page)
        page.wait_for_load_state("networkidle")
    assert violations == []


def test_policy_stops_what_comes_from_elsewhere(strict_page: tuple[Page, list[str]]):
    """An image of another host that somebody got into a page is not fetched."""
    page, violations = strict_page
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://other.example/x.png'}))")
    page.evaluate("[...document.images].at(-1).decode().catch(() => null)")
    assert [violation for violation in violations if "other.example" in violation]
