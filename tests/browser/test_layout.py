"""What the page looks like: nothing cut off, nothing overlapping, in every size, theme and language."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from mnist_demo.texts.loading import load_texts
from tests.browser.conftest import OpenPage, Server
from tests.browser.layout import SCREENSHOTS, assert_fits, keep_picture
from tests.browser.steps import (
    THREE,
    answer,
    canvas,
    choose_depth,
    choose_long_run,
    draw,
    is_in_training,
    look_closer,
    loss_plot,
    open_settings,
    press,
    status,
    wait_for_end,
    wait_until_trainer_is_ready,
)
from tests.texts.source import page_names

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["es-ES", "en-GB"])
def test_nothing_is_cut_off_or_overlaps(
    server: Server, open_page: OpenPage, width: int, scheme: str, locale: str
):
    """With a drawing on the canvas and curves on the charts, every part has its room; a picture is kept."""
    page = open_page(server.url, locale=locale, width=width, height=900, color_scheme=scheme)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    page.wait_for_function("Number(document.querySelector('.live-accuracy')?.dataset.drawn) > 0")
    keep_picture(page, SCREENSHOTS / f"main-{width}-{scheme}-{locale[:2]}.png")
    assert_fits(page)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("look", ["preprocessing", "why", "similar_images"])
def test_closer_look_fits(server: Server, open_page: OpenPage, width: int, look: str):
    """The pictures of a closer look have their room, in the longer language."""
    page = open_page(server.url, locale="es-ES", width=width, height=900)
    draw(page, THREE)
    expect(look_closer(page, getattr(load_texts("es").explanations, look)).first).to_be_visible()
    keep_picture(page, SCREENSHOTS / f"closer-{look}-{width}.png")
    assert_fits(page)


@pytest.mark.parametrize("locale", ["es-ES", "en-GB"])
def test_navigation_shows_every_page(server: Server, open_page: OpenPage, locale: str):
    """Beside the settings on a laptop, where Streamlit would put the last ones behind "2 more"."""
    page = open_page(server.url, locale=locale, width=1280, height=800)
    links = page.get_by_test_id("stTopNav").get_by_role("link")
    expect(links).to_have_count(len(page_names()))
    expect(page.get_by_role("link", name=load_texts(locale[:2]).pages.runs, exact=True)).to_be_visible()
    expect(page.get_by_test_id("stTopNavSection").filter(visible=True)).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_list_of_runs_fits(server: Server, open_page: OpenPage, width: int):
    """The list of runs has its room too."""
    page = open_page(f"{server.url}/runs", locale="es-ES", width=width, height=900)
    expect(page.get_by_role("heading", name="Redes entrenadas")).to_be_visible()
    keep_picture(page, SCREENSHOTS / f"runs-{width}.png")
    assert_fits(page)


def test_charts_take_the_colours_of_the_theme(server: Server, open_page: OpenPage):
    """Text on a chart is as light as other text on a dark page."""
    page = open_page(server.url, color_scheme="dark")
    page.wait_for_function("Number(document.querySelector('.live-loss')?.dataset.drawn) > 0")
    colour = "node => getComputedStyle(node).getPropertyValue('--st-text-color').trim()"
    assert loss_plot(page).evaluate("node => node._fullLayout.font.color") == loss_plot(page).evaluate(colour)


SEEN_AT_ONCE = """(names) => names.filter((name) => {
  const boxes = [...document.querySelectorAll(name)].map((part) => part.getBoundingClientRect());
  return !boxes.some((box) => box.height && box.top >= 0 && box.bottom <= innerHeight);
})"""


ANSWER = (".st-key-canvas", ".answer", ".stage-bars")
STAGE = (
    *ANSWER,
    ".st-key-tools",
    ".stage-picture",
    ".st-key-train button",
    ".st-key-sliders",
    ".live-status",
)
STAGE += (".live-loss", ".live-accuracy")


@pytest.mark.parametrize(
    ("width", "height", "parts"),
    [
        (390, 844, ANSWER),
        (844, 390, ANSWER),
        (1280, 720, STAGE),
        (1280, 800, STAGE),
        (1920, 1080, STAGE),
    ],
)
@pytest.mark.parametrize("locale", ["es-ES", "en-GB"])
def test_first_screen_shows_canvas_and_answer(
    server: Server, open_page: OpenPage, locale: str, width: int, height: int, parts: tuple[str, ...]
):
    """Nobody scrolls to draw and to read the answer; on a projector all that moves is in one sight."""
    page = open_page(server.url, locale=locale, width=width, height=height)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    page.wait_for_function(f"(names) => !({SEEN_AT_ONCE})(names).length", arg=list(parts))


@pytest.mark.parametrize(
    ("width", "height", "least"), [(1280, 720, 288), (1280, 800, 320), (1920, 1080, 480)]
)
def test_canvas_grows_with_the_screen(
    server: Server, open_page: OpenPage, width: int, height: int, least: int
):
    """It takes two fifths of the height, and a drawing keeps its place when the screen changes."""
    page = open_page(server.url, width=width, height=height)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    box = canvas(page).bounding_box()
    assert box["width"] == box["height"] >= least
    said = answer(page).inner_text()
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelector('.stage-answer').getBoundingClientRect().width < 400")
    assert canvas(page).bounding_box()["width"] == 280
    expect(answer(page)).to_have_text(said)


OUT_OF_ITS_COLUMN = """() => {
  const column = document.querySelector('.st-key-controls').getBoundingClientRect();
  const shows = (part) => part.checkVisibility();
  const isEmpty = (button) => ![...button.querySelectorAll('p, [data-testid=stIconMaterial]')].some(shows);
  return [...document.querySelectorAll('.st-key-actions button, .st-key-hand_goals button')].filter(shows)
    .filter((button) => button.getBoundingClientRect().right > column.right + 1 || isEmpty(button))
    .map((button) => button.textContent);
}"""
HEIGHTS = """() => new Set([...document.querySelectorAll('.st-key-hand_goals button')]
  .map((button) => button.getBoundingClientRect().top)).size"""
OUT_OF_THE_PICTURE = """() => {
  const edge = document.querySelector('.stage-answer').getBoundingClientRect();
  const words = document.querySelector('.answer-words').getBoundingClientRect();
  return words.right > edge.right || words.top < edge.top;
}"""


def test_controls_of_a_run_have_their_room(server: Server, open_page: OpenPage):
    """With settings changed, in the longer language; in projector view one row holds what one presses."""
    page = open_page(server.url)
    wait_until_trainer_is_ready(page)
    open_settings(page)
    choose_depth(page, 1)
    page.keyboard.press("Escape")
    choose_long_run(page, 523)
    press(page, "Train")
    is_in_training(page)
    press(page, "Pause")
    page.get_by_text("Español", exact=True).click()
    expect(page.locator(".st-key-hand").get_by_role("button", name="Seguir")).to_be_visible()
    expect(status(page)).to_contain_text("En pausa")
    page.wait_for_function(f"!({OUT_OF_ITS_COLUMN})().length")
    page.keyboard.press("p")
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"!({OUT_OF_ITS_COLUMN})().length && ({HEIGHTS})() === 1")
        page.wait_for_function(
            f"(names) => !({SEEN_AT_ONCE})(names).length", arg=[".st-key-hand_pace", ".live-loss"]
        )
    page.keyboard.press("p")
    page.locator(".st-key-stop button").click()
    wait_for_end(page)


@pytest.mark.parametrize("width", [1000, 1280, 1920])
def test_answer_inside_stays_in_its_picture(server: Server, open_page: OpenPage, width: int):
    """The longest word that a network says first stands beside a large digit."""
    page = open_page(f"{server.url}/inside", locale="es-ES", width=width)
    words = page.locator(".answer-words")
    expect(words).to_contain_text("Es un")
    words.evaluate("node => { node.textContent = 'Probablemente un 5 (69,2 %), quizá un 3.'; }")
    page.wait_for_function(f"!({OUT_OF_THE_PICTURE})()")
