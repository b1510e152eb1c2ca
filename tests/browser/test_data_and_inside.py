"""The page of the images and the page of what goes on inside a network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Server
from tests.browser.layout import CUT_OFF, OVERLAPS, assert_fits
from tests.browser.steps import ONE, answer, draw, press, script_run, set_epochs, set_seed, status, tool

pytestmark = pytest.mark.browser

SCROLLS_SIDEWAYS = """() => ['stMain', 'stApp'].some((name) => {
  const part = document.querySelector(`[data-testid=${name}]`);
  return part.scrollWidth > part.clientWidth + 1;
})"""


def tile(page: Page, number: int) -> Locator:
    """Find one of the small pictures, from 0."""
    return page.locator(".gallery button").nth(number)


def paths(page: Page) -> Locator:
    """Find the picture of the network at work."""
    return page.locator(".wiring img").filter(visible=True)


def test_sample_goes_to_the_canvas(server: Server, open_page: OpenPage):
    """It is chosen by keyboard, takes the place of what was drawn, is drawn upon and taken back."""
    page = open_page(server.url)
    draw(page)
    expect(answer(page)).to_contain_text("a 3")
    with script_run(page):
        page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("radio", name="8", exact=True).click()
    expect(tile(page, 0)).to_have_attribute("aria-label", re.compile("an 8"))
    tile(page, 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    name = tile(page, 1).get_attribute("aria-label")
    expect(page.locator(".picture figcaption").first).to_have_text(name)
    expect(page.locator(".numbers")).to_have_attribute("aria-label", re.compile("28 × 28 .* an 8"))
    page.get_by_role("button", name="Put it on the canvas").click()
    expect(answer(page)).to_contain_text("an 8")
    path = page.locator(".stage[data-version] .stage-picture > canvas")
    sample = path.get_attribute("aria-label")
    draw(page, ONE)
    expect(path).not_to_have_attribute("aria-label", sample)
    tool(page, "Undo").click()
    expect(path).to_have_attribute("aria-label", sample)
    tool(page, "Undo").click()
    expect(page.locator(".invitation")).to_be_visible()


def test_sentence_leads_to_the_ones(server: Server, open_page: OpenPage):
    """Whoever wonders why a 1 with a flag is misread sees how MNIST writes it; there the sentence is gone."""
    page = open_page(f"{server.url}/data", locale="es-ES")
    page.get_by_role("radio", name="7", exact=True).click()
    expect(tile(page, 0)).to_have_attribute("aria-label", re.compile("un 7"))
    sentence = page.get_by_role("button", name="En MNIST casi nadie escribe el 1 con bandera: míralo")
    sentence.click()
    expect(tile(page, 0)).to_have_attribute("aria-label", re.compile("un 1"))
    expect(page.get_by_role("radio", name="1", exact=True)).to_be_checked()
    expect(sentence).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-US", "es-ES"])
def test_makers_of_mnist_and_their_licence_are_named(server: Server, open_page: OpenPage, locale: str):
    """Where their images are shown, as the licence asks."""
    page = open_page(f"{server.url}/data", locale=locale)
    expect(page.get_by_text("Yann LeCun, Corinna Cortes")).to_contain_text("Christopher J. C. Burges")
    licence = page.get_by_role("link", name="CC BY-SA 3.0")
    expect(licence).to_have_attribute("href", "https://creativecommons.org/licenses/by-sa/3.0/")


def test_slider_goes_back_over_the_epochs(server: Server, open_page: OpenPage):
    """A run of one's own shows its neurons and the way of the drawing as they were after each epoch."""
    page = open_page(server.url)
    set_epochs(page, 2)
    set_seed(page, 403)
    press(page, "Train")
    expect(status(page)).to_contain_text("seed 403 (finished)")
    draw(page)
    expect(answer(page)).to_contain_text("3")
    page.get_by_role("link", name="Inside", exact=True).click()
    expect(page.get_by_role("heading", name="The path of your drawing")).to_be_visible()
    expect(paths(page)).to_have_attribute("alt", re.compile("answers a 3 .* speaks (for|against) digit"))
    last = paths(page).get_attribute("src"), tile(page, 3).get_attribute("style")
    neuron = tile(page, 3).get_attribute("aria-label")
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(paths(page)).not_to_have_attribute("src", last[0])
    expect(tile(page, 3)).not_to_have_attribute("style", last[1])
    assert tile(page, 3).get_attribute("aria-label") == neuron, "neurons keep their places"
    tile(page, 3).click()
    expect(page.get_by_text(f"{neuron} · number 4 of 128")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["data", "inside"])
def test_pages_fit(server: Server, open_page: OpenPage, width: int, path: str):
    """What is wider than a phone scrolls in a box of its own; in the longer language."""
    page = open_page(f"{server.url}/{path}", locale="es-ES", width=width, height=900)
    expect(tile(page, 0)).to_be_visible()
    expect(page.locator(".numbers, .wiring").first).to_be_visible()
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    assert_fits(page, CUT_OFF, OVERLAPS)


@pytest.mark.parametrize(("width", "form"), [(390, "narrow"), (1280, "wide")])
def test_picture_of_the_network_is_whole(server: Server, open_page: OpenPage, width: int, form: str):
    """On a phone, too, the answer is in sight without scrolling sideways, in letters that can be read."""
    page = open_page(f"{server.url}/inside", width=width, height=844)
    expect(paths(page)).to_have_count(1)
    expect(paths(page)).to_have_class(form)
    box = paths(page).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    drawn = page.evaluate("(image) => image.naturalWidth", paths(page).element_handle())
    assert 20 * box["width"] / drawn > 11  # pixels that the smallest letters have
