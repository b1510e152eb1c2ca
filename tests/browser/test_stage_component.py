"""The stage by itself in an empty page, with a canvas and a server that do as they are told."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlparse

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from mnist_demo.charts.theme import STAGE_COLOURS, css_variables
from mnist_demo.texts import load_texts, section_entries
from mnist_demo.ui import components
from mnist_demo.ui.draw.answers import INK_BYTES, INK_TYPE
from tests.browser.component import CALL

EN = load_texts("en")
ORIGIN = "http://stage.test"
PIXELS = 784
SHOWN = [[0, 1, 2], [0, 1]]
PATIENCE_SECONDS = 30
LONGER_THAN_THE_CANVAS_NEEDS = 400
"""Milliseconds after a stroke, when nobody waits for the canvas any more."""
PEN = (30, 30)

CANVAS = """() => {
  const host = document.createElement('div');
  host.className = 'st-key-canvas';
  host.innerHTML = '<div data-testid="stBidiComponentIsolated" style="width: 280px"></div>';
  document.body.prepend(host);
  const root = host.firstChild.attachShadow({ mode: 'open' });
  root.innerHTML = ['lower', 'upper'].map((name) => `<canvas class="${name}-canvas" width="280" height="280"
    style="position: absolute"></canvas>`).join('');
  root.host.style.cssText = 'position: relative; height: 280px';
  window.ink = (left) => {
    const pen = root.querySelector('.upper-canvas').getContext('2d');
    pen.fillStyle = '#fff';
    pen.fillRect(left, 40, 20, 200);
  };
}"""


def packed(values: bytes) -> str:
    """Write bytes as the server does."""
    return base64.b64encode(values).decode()


def an_answer(sign: str, version: str = "v1", neuron: str = "") -> dict[str, Any]:
    """Return what the server answers, with a neuron's computation if one is wanted."""
    picture = packed(bytes(PIXELS))
    words = {"title": f"Neuron {neuron}", "formula": f"Formula of {neuron} for {sign}"}
    shape = {"rows": 28, "columns": 28, "inputs": picture, "weights": picture, "product": picture}
    return {
        "version": version,
        "sign": sign,
        "digit": int(sign),
        "abstains": False,
        "sentence": f"This is a {sign}.",
        "probabilities": [float(str(digit) == sign) for digit in range(10)],
        "shares": ["100%" if str(digit) == sign else "0%" for digit in range(10)],
        "frame": packed(bytes([int(sign)]) * PIXELS),
        "activations": [packed(bytes([0, 100, 255])), packed(bytes([255, 0]))],
        "links": [[1, 2, 0, 1.0], [2, 0, int(sign), -0.5]],
        "path": f"Path to {sign}",
        "neuron": words | shape if neuron else None,
    }


class Theatre:
    """A page with a stage and a canvas, and the server behind it.

    Attributes:
        sign: What the server reads in any drawing.
        version: Of the network.
        data: What the page's script gives the component.
        posts: Questions for an answer, as they came.
        holds: Whether such questions wait in `held`.
        refusal: How the server refuses everything; 0 when it does not.
        finds_no_ink: Whether the server takes what is drawn for a speck.
        looks: When the page asked for the network, alone or with an answer.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.sign, self.version = page, "3", "v1"
        self.holds, self.refusal, self.finds_no_ink = False, 0, False
        self.posts, self.looks, self.held = list[Request](), list[float](), list[Route]()
        words = section_entries(EN.stage) | {"invitation": EN.drawing.invitation}
        words["bars"] = EN.charts.probability_title
        urls = {"answer_url": "/answer", "network_url": "/network"}
        state = {"run": "robust", "live": False, "drawing": "d0", "answer": None}
        self.data = (
            urls | state | {"canvas": "canvas", "language": "en", "words": words, "colours": STAGE_COLOURS}
        )
        page.route(f"{ORIGIN}/**", self._take)

    def open(self, page_styles: str = css_variables(), **data: object) -> None:
        """Open the page, and call the component for the first time."""
        self.page.goto(ORIGIN)
        self.page.add_style_tag(content=page_styles + (files(components) / "stage.css").read_text())
        self.page.evaluate(CANVAS)
        html = (files(components) / "stage.html").read_text()
        script = "\n".join((files(components) / name).read_text() for name in components.STAGE_SCRIPTS)
        self.data |= data
        self.page.evaluate(CALL, [html, script, [self.data], None])

    def say(self, **data: object) -> None:
        """Let the page's script run again."""
        self.data |= data
        self.page.evaluate("data => cleanUps.push(call(data))", self.data)

    def _take(self, route: Route) -> None:
        path = urlparse(route.request.url).path
        if path == "/":
            route.fulfill(body="<!doctype html>", content_type="text/html")
        elif path == "/network":
            self.looks.append(time.monotonic())
            self._answer_network(route)
        else:
            self.posts.append(route.request)
            if "known" in query(route.request):
                self.looks.append(time.monotonic())
            if self.holds:
                self.held.append(route)
            else:
                self.answer(route)

    def _answer_network(self, route: Route) -> None:
        if self.refusal:
            route.fulfill(status=self.refusal, body="There is no such network.")
        else:
            route.fulfill(json=self._network(query(route.request)))

    def _network(self, asked: dict[str, str]) -> dict[str, Any]:
        caption = f"{asked['language']} {asked['run']} {self.version}"
        view = {
            "version": self.version,
            "caption": caption,
            "sizes": [128, 2],
            "is_direct": False,
            "shown": SHOWN,
        }
        return view | {"weights": packed(bytes(len(SHOWN[0]) * PIXELS))}

    def answer(self, route: Route) -> None:
        """Answer a drawing, or a sample by its own digit; there is no ink in an empty body without one."""
        asked = query(route.request)
        ink = route.request.post_data_buffer or b""
        is_empty = "sample" not in asked and (self.finds_no_ink or not any(ink))
        is_old = "again" in asked and asked["known"] == self.version
        if self.refusal:
            route.fulfill(status=self.refusal, body="There is no such network.")
        elif is_empty or is_old:
            route.fulfill(status=204)
        else:
            sign = asked.get("sample", self.sign)
            answer = an_answer(sign, self.version, asked.get("neuron", ""))
            is_known = asked.get("known", self.version) == self.version
            route.fulfill(json=answer if is_known else answer | {"network": self._network(asked)})

    def until(self, holds: Callable[[], bool]) -> None:
        """Hand the page's requests on until something holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < deadline
            self.page.evaluate("0")

    def press(self) -> None:
        """Put the pen down."""
        self.page.mouse.move(*PEN)
        self.page.mouse.down()

    def ink(self, left: int) -> None:
        """Draw an upright bar on the canvas."""
        self.page.evaluate("left => ink(left)", left)

    def draw(self, sign: str) -> None:
        """Draw a stroke that the server reads as a digit, and wait for the answer to it."""
        self.sign = sign
        self.press()
        self.ink(20 * int(sign))
        self.page.mouse.up()
        self.expect_shown(sign)

    def expect_shown(self, sign: str) -> None:
        """Find a digit in all that the answer consists of."""
        expect(self.page.locator(".answer-digit")).to_have_text(sign)
        expect(self.page.locator(".answer-words")).to_have_text(f"This is a {sign}.")
        expect(self.page.locator(".stage-bars .winner b")).to_have_text(sign)
        expect(self.page.locator(".stage-picture > canvas")).to_have_attribute(
            "aria-label", f"Path to {sign}"
        )

    def expect_hidden(self, sign: str) -> None:
        """Find what is not to be told yet neither in words nor in bars."""
        expect(self.page.locator(".answer-words")).to_have_text(EN.stage.veiled)
        expect(self.page.locator(".answer-digit")).to_have_text("?")
        expect(self.page.locator(".stage-bars .winner")).to_have_count(0)
        expect(self.page.locator(".veil-reveal")).to_be_visible()
        page_text = self.page.locator(".stage").evaluate("(stage) => stage.outerHTML")
        assert f"This is a {sign}" not in page_text
        assert f"Path to {sign}" not in page_text

    def count(self, name: str) -> int:
        """Return how many `pictures` or `answers` have been shown."""
        return int(self.page.locator(".stage").get_attribute(f"data-{name}") or 0)


def query(request: Request) -> dict[str, str]:
    """Return what a request asks for."""
    return dict(parse_qsl(urlparse(request.url).query))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page, without the charts' scripts."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def theatre(page: Page) -> Theatre:
    """Prepare a page and a server, both at rest."""
    return Theatre(page)


def test_rest_invites_to_draw(page: Page, theatre: Theatre) -> None:
    """The network is there, and ten empty bars; the layers have their words."""
    theatre.open()
    expect(page.locator(".stage")).to_have_attribute("data-version", "v1")
    expect(page.locator(".invitation")).to_have_text(f"✎{EN.drawing.invitation}")
    expect(page.locator(".answer")).to_be_hidden()
    picture = page.locator(".stage-picture > canvas")
    expect(picture).to_have_attribute("aria-label", EN.stage.picture_label)
    expect(page.get_by_role("listbox", name="3 of 128 neurons")).to_have_count(1)
    expect(page.get_by_role("listbox", name="2 neurons")).to_have_count(1)


def test_page_answer_is_shown_in_the_same_bars(page: Page, theatre: Theatre) -> None:
    """Ten rows are made once; their bars are as long as the shares."""
    theatre.open(answer=an_answer("3"))
    theatre.expect_shown("3")
    rows = page.locator(".stage-bars li")
    expect(rows).to_have_count(10)
    page.evaluate("window.rows = [...document.querySelectorAll('.stage-bars li')]")
    theatre.say(answer=an_answer("7"), drawing="d1")
    theatre.expect_shown("7")
    assert page.evaluate("rows.every((row, at) => row === document.querySelectorAll('.stage-bars li')[at])")
    expect(rows).to_have_count(10)
    widths = page.evaluate(
        "rows.map((row) => row.querySelector('i > i').getBoundingClientRect().width"
        " / row.querySelector('i').getBoundingClientRect().width)"
    )
    assert widths == pytest.approx([float(digit == 7) for digit in range(10)])
    assert not theatre.posts


def test_answer_is_hidden_until_it_is_asked_for(page: Page, theatre: Theatre) -> None:
    """Nowhere on the stage is it told; the next stroke is hidden anew; the browser remembers the choice."""
    theatre.open()
    theatre.draw("3")
    switch, reveal = page.locator(".veil-switch"), page.locator(".veil-reveal")
    switch.click()
    theatre.expect_hidden("3")
    reveal.click()
    theatre.expect_shown("3")
    expect(reveal).to_be_hidden()
    theatre.sign = "7"
    theatre.press()
    theatre.ink(140)
    page.mouse.up()
    theatre.expect_hidden("7")
    page.keyboard.press("v")
    theatre.expect_shown("7")
    theatre.say(answer=an_answer("7"), drawing="d1")  # it has heard of the stroke
    theatre.expect_shown("7")
    theatre.say(answer=an_answer("4"), drawing="d2")
    theatre.expect_hidden("4")
    theatre.open(answer=an_answer("5"))
    theatre.expect_hidden("5")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    theatre.expect_shown("5")


def test_page_with_no_canvas_hides_nothing(page: Page, theatre: Theatre) -> None:
    """There is no drawing about which one could be wrong."""
    theatre.open(answer=an_answer("3"), canvas="")
    theatre.expect_shown("3")
    expect(page.locator(".veil-switch")).to_be_hidden()
    page.keyboard.press("v")
    theatre.expect_shown("3")


def test_picture_has_its_colours_before_the_page_has_its_styles(page: Page, theatre: Theatre) -> None:
    """A component's script may run first; the links are blue and orange all the same."""
    theatre.open(page_styles="", answer=an_answer("3"))
    page.wait_for_function("document.querySelector('.stage').dataset.pictures > 0")
    reddest, bluest = page.locator(".stage-picture > canvas").evaluate(
        """(canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          const surplus = [0, 0];
          for (let at = 0; at < data.length; at += 4) {
            surplus[0] = Math.max(surplus[0], data[at] - data[at + 2]);
            surplus[1] = Math.max(surplus[1], data[at + 2] - data[at]);
          }
          return surplus;
        }"""
    )
    assert min(reddest, bluest) > 60


def test_nothing_is_drawn_when_nothing_changes(page: Page, theatre: Theatre) -> None:
    """Nor asked for: neither while the page rests nor when its script runs again."""
    theatre.open(answer=an_answer("3"))
    page.wait_for_function("document.querySelector('.stage').dataset.pictures > 0")
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    drawn = theatre.count("pictures")
    for _ in range(3):
        theatre.say()
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    assert theatre.count("pictures") == drawn
    assert len(theatre.looks) == 1
    theatre.say(answer=an_answer("4"), drawing="d1")
    page.wait_for_function(f"document.querySelector('.stage').dataset.pictures == {drawn + 1}")


def test_pen_is_followed_by_one_question_at_a_time(page: Page, theatre: Theatre) -> None:
    """Each has the whole canvas in it; ink that has not changed is not asked about again."""
    theatre.open()
    theatre.holds = True
    for left in (40, 80, 120):
        theatre.ink(left)
        if left == 40:
            theatre.press()
        theatre.until(lambda: bool(theatre.held))
        page.wait_for_timeout(100)  # in which a second question would come
        assert len(theatre.held) == 1
        theatre.answer(theatre.held.pop())
    theatre.expect_shown("3")
    page.wait_for_timeout(200)
    assert not theatre.held
    page.mouse.up()
    bodies = [post.post_data_buffer for post in theatre.posts]
    assert {len(body) for body in bodies} == {INK_BYTES}
    assert {post.headers["content-type"] for post in theatre.posts} == {INK_TYPE}
    inked = [sum(value == 255 for value in body) for body in bodies]
    assert inked == [20 * 200, 2 * 20 * 200, 3 * 20 * 200]
    assert bodies[-1][40 * 280 + 120 : 40 * 280 + 141] == b"\xff" * 20 + b"\x00"


def test_end_of_a_stroke_is_asked_about_however_slow_the_server_is(page: Page, theatre: Theatre) -> None:
    """The pen is up, and the canvas long done, when the answer to half of the stroke comes."""
    theatre.open()
    theatre.holds = True
    theatre.press()
    theatre.ink(40)
    theatre.until(lambda: bool(theatre.held))
    theatre.ink(120)
    page.mouse.up()
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    while (route := theatre.held.pop()) and sum(route.request.post_data_buffer) < 2 * 20 * 200 * 255:
        theatre.answer(route)
        theatre.until(lambda: bool(theatre.held))
    theatre.sign = "8"
    theatre.answer(route)
    theatre.expect_shown("8")


def test_page_that_has_not_heard_of_the_stroke_is_not_believed(page: Page, theatre: Theatre) -> None:
    """What it says of the drawing before is passed over, and what it says of the stroke is not."""
    theatre.open(answer=an_answer("1"))
    theatre.draw("3")
    theatre.say(answer=an_answer("1"))
    theatre.expect_shown("3")
    theatre.say(answer=an_answer("5"), drawing="d1")
    theatre.expect_shown("5")
    theatre.say(answer=None, drawing="")
    expect(page.locator(".invitation")).to_be_visible()


def test_stroke_before_is_passed_over_when_the_server_hears_of_it_during_the_next(
    page: Page, theatre: Theatre
) -> None:
    """A second stroke follows at once: the answer to the first is not shown after it."""
    theatre.open()
    theatre.draw("1")
    theatre.press()
    theatre.say(answer=an_answer("1"), drawing="d1")
    theatre.sign = "4"
    theatre.ink(200)
    page.mouse.up()
    theatre.expect_shown("4")
    theatre.say(answer=an_answer("1") | {"sentence": "This is an old 1."})
    theatre.expect_shown("4")


def test_another_network_answers_what_the_page_cannot(theatre: Theatre) -> None:
    """The server has not heard of the stroke when another network is chosen: that one is asked."""
    theatre.open()
    theatre.draw("3")
    theatre.sign, theatre.version = "9", "v2"
    theatre.say(run="other")
    theatre.expect_shown("9")
    assert query(theatre.posts[-1])["run"] == "other"


def test_answer_of_the_network_before_is_passed_over(page: Page, theatre: Theatre) -> None:
    """It comes after another one was chosen, whose answer the page has."""
    theatre.open()
    theatre.draw("3")
    theatre.say(answer=an_answer("3"), drawing="d1")
    theatre.holds = True
    page.locator(".stage-layer").first.focus()
    page.keyboard.press("Enter")
    theatre.until(lambda: bool(theatre.held))
    theatre.holds, theatre.sign, theatre.version = False, "5", "v2"
    theatre.say(run="other", answer=an_answer("5", "v2"))
    for route in theatre.held:
        route.fulfill(json=an_answer("3", neuron="1.0"))
    expect(page.locator(".stage-epoch")).to_have_text("en other v2")
    theatre.expect_shown("5")
    expect(page.locator(".close-up")).to_be_hidden()


def test_listener_hears_the_last_answer_only(page: Page, theatre: Theatre) -> None:
    """What is said during a stroke is silent, and the end of it is written once more to be heard."""
    theatre.open()
    page.evaluate(
        """() => {
          const words = document.querySelector('.answer-words');
          window.heard = [];
          new MutationObserver(() => heard.push([words.getAttribute('aria-live'), words.textContent]))
            .observe(words, { childList: true, characterData: true, subtree: true });
        }"""
    )
    theatre.press()
    for sign in "12":
        theatre.sign = sign
        theatre.ink(60 * int(sign))
        theatre.expect_shown(sign)
    page.mouse.up()
    page.wait_for_function("heard.some(([live]) => live === 'polite')")
    heard = page.evaluate("heard")
    assert [words for live, words in heard if live != "off"] == ["This is a 2."]
    assert ["off", "This is a 1."] in heard


def test_network_in_training_is_followed(page: Page, theatre: Theatre) -> None:
    """With an answer of each state: to samples on an empty canvas, and to the drawing once there is one."""
    theatre.open(run="live", live=True)
    for version in ("v2", "v3"):
        theatre.version = version
        expect(page.locator(".stage")).to_have_attribute("data-version", version)
    theatre.expect_shown("0")
    theatre.expect_shown("1")  # the next sample comes though the network stays
    assert {query(post)["sample"] for post in theatre.posts} == {"0", "1"}
    theatre.draw("7")
    theatre.sign, theatre.version = "6", "v4"
    theatre.expect_shown("6")
    theatre.say(live=False, run="robust", answer=an_answer("6"))
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    looked = len(theatre.looks)
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    assert len(theatre.looks) == looked


def test_network_in_training_is_followed_over_a_speck(page: Page, theatre: Theatre) -> None:
    """In which the server finds no ink: samples are shown, and each state of the network."""
    theatre.finds_no_ink = True
    theatre.open(run="live", live=True)
    theatre.ink(40)
    theatre.expect_shown("0")
    for version in ("v2", "v3", "v4"):
        theatre.version = version
        expect(page.locator(".stage")).to_have_attribute("data-version", version)
    theatre.expect_shown("2")


@pytest.mark.parametrize("asks", ["pen", "key"])
def test_question_waits_for_the_answer_to_another(page: Page, theatre: Theatre, asks: str) -> None:
    """The network in training is asked about a sample when somebody draws, or opens a close-up."""
    theatre.open(run="live", live=True)
    theatre.expect_shown("0")
    page.locator(".stage-layer").first.focus()
    theatre.holds, theatre.version = True, "v2"
    theatre.until(lambda: bool(theatre.held))
    if asks == "pen":
        theatre.ink(40)
        theatre.press()
    else:
        page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert len(theatre.held) == 1
    theatre.holds = False
    theatre.answer(theatre.held.pop())
    if asks == "pen":
        theatre.expect_shown("3")
        page.mouse.up()
    else:
        expect(page.locator(".close-up-title")).to_have_text("Neuron 1.0")


def test_page_that_runs_again_leaves_samples_alone(page: Page, theatre: Theatre) -> None:
    """It has no answer, for want of a drawing; that is no reason to take the sample's away."""
    theatre.open(run="live", live=True)
    theatre.expect_shown("0")
    theatre.say()
    expect(page.locator(".invitation")).to_be_hidden(timeout=1)


def test_network_out_of_sight_is_not_followed(page: Page, theatre: Theatre) -> None:
    """It goes on when it is back."""
    theatre.open(run="live", live=True)
    theatre.expect_shown("0")
    page.evaluate("place.style.cssText = 'position: absolute; top: 9999px'")
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    looked = len(theatre.looks)
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    assert len(theatre.looks) == looked
    page.evaluate("place.style.cssText = ''")
    theatre.until(lambda: len(theatre.looks) > looked)


@pytest.mark.parametrize("live", [False, True])
def test_refusal_is_asked_again_after_a_second(page: Page, theatre: Theatre, live: bool) -> None:
    """Not ten times a second; nothing is thrown, and the network comes when it is there."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    theatre.refusal = 404
    theatre.open(run="live", live=live)
    theatre.until(lambda: len(theatre.looks) >= 2)
    assert theatre.looks[1] - theatre.looks[0] > 0.9
    theatre.refusal = 0
    expect(page.locator(".stage")).to_have_attribute("data-version", "v1")
    assert not errors


def test_another_language_has_other_captions(page: Page, theatre: Theatre) -> None:
    """The network stays, but its words do not."""
    theatre.open()
    expect(page.locator(".stage-epoch")).to_have_text("en robust v1")
    spanish = load_texts("es").stage
    theatre.say(language="es", words=theatre.data["words"] | section_entries(spanish))
    expect(page.locator(".stage-epoch")).to_have_text("es robust v1")
    name = spanish.layer.replace("{neurons}", "2")
    expect(page.get_by_role("listbox", name=name)).to_have_count(1)


@pytest.fixture
def close_up(page: Page, theatre: Theatre) -> Theatre:
    """Open the close-up of the second neuron of layer 1 from the keyboard, after a stroke."""
    theatre.open()
    theatre.draw("3")
    theatre.say(answer=an_answer("3"), drawing="d1")
    page.locator(".stage-layer").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("option", name="Neuron 2 of layer 1")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".close-up-formula")).to_have_text("Formula of 1.1 for 3")
    return theatre


@pytest.mark.parametrize("way", ["Escape", "button"])
def test_close_up_is_closed(page: Page, close_up: Theatre, way: str) -> None:
    """By key or button; the keyboard is then where it was, and the next answers open nothing."""
    dialog = page.get_by_role("dialog", name="Neuron 1.1")
    expect(dialog).to_be_focused()
    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name=EN.stage.close).click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".stage-layer").first).to_be_focused()
    expect(page.get_by_role("option", name="Neuron 2 of layer 1")).to_have_count(1)
    close_up.draw("5")
    expect(page.locator(".close-up")).to_be_hidden()


def test_close_up_follows_the_pen_and_outlives_the_page_answer(page: Page, close_up: Theatre) -> None:
    """The page's own answer has no neuron in it."""
    formula = page.locator(".close-up-formula")
    close_up.draw("5")
    expect(formula).to_have_text("Formula of 1.1 for 5")
    close_up.say(answer=an_answer("5"), drawing="d2")
    close_up.expect_shown("5")
    expect(formula).to_be_visible()
    close_up.sign = "6"
    close_up.say(answer=an_answer("6"), drawing="d3")
    expect(formula).to_have_text("Formula of 1.1 for 6")
    close_up.expect_shown("6")


def test_close_up_opens_by_a_click_on_the_picture(page: Page, theatre: Theatre) -> None:
    """On a cell of the second layer."""
    theatre.open()
    theatre.draw("3")
    layer = page.locator(".stage-layer").nth(1).bounding_box()
    page.mouse.click(layer["x"] + layer["width"] / 2, layer["y"] + layer["height"] - 2)
    expect(page.locator(".close-up-title")).to_have_text("Neuron 2.1")


@pytest.mark.parametrize(("width", "is_beside"), [(860, True), (358, False)])
def test_answer_stands_beside_the_network_or_above(
    page: Page, theatre: Theatre, width: int, is_beside: bool
) -> None:
    """Wide, both are as high as the page says; narrow, nothing reaches over the edge."""
    page.set_viewport_size({"width": width + 16, "height": 900})
    theatre.open(answer=an_answer("3"))
    page.add_style_tag(content=":root { --stage-height: 330px } body { margin: 8px }")
    stage, answer, picture = (
        page.locator(name).bounding_box() for name in (".stage", ".stage-answer", ".stage-picture")
    )
    assert stage["width"] == width
    assert (answer["x"] >= picture["x"] + picture["width"]) == is_beside
    assert answer["y"] == stage["y"]
    assert (answer["height"] == picture["height"] == stage["height"] == 330) == is_beside
    assert page.evaluate("document.documentElement.scrollWidth") == width + 16
    last = page.locator(".stage-bars li").last.bounding_box()
    assert last["y"] + last["height"] <= answer["y"] + answer["height"]


def test_stage_that_leaves_the_page_asks_no_more(page: Page, theatre: Theatre) -> None:
    """Neither about the network in training nor about the pen."""
    theatre.open(run="live", live=True)
    theatre.expect_shown("0")
    page.evaluate("place.remove(); cleanUps.forEach((cleanUp) => cleanUp())")
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    asked = len(theatre.looks), len(theatre.posts)
    theatre.press()
    theatre.ink(40)
    page.mouse.up()
    page.wait_for_timeout(LONGER_THAN_THE_CANVAS_NEEDS)
    assert (len(theatre.looks), len(theatre.posts)) == asked
