"""The page of the images and the page of what goes on inside a network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from mnist_demo.runs.run import RunConfig
from mnist_demo.runs.store import RunStore
from tests.browser.conftest import OpenPage, Server, run_server
from tests.browser.layout import CUT_OFF, OVERLAPS, assert_fits
from tests.browser.steps import (
    ONE,
    answer,
    draw,
    picker,
    press,
    script_run,
    set_epochs,
    set_seed,
    status,
    tool,
)
from tests.factories import save_run

pytestmark = pytest.mark.browser

SCROLLS_SIDEWAYS = """() => ['stMain', 'stApp'].some((name) => {
  const part = document.querySelector(`[data-testid=${name}]`);
  return part.scrollWidth > part.clientWidth + 1;
})"""


def tile(page: Page, number: int) -> Locator:
    """Find one of the small pictures, from 0."""
    return page.locator(".gallery button").nth(number)


def picture(page: Page) -> Locator:
    """Find the picture of the network at work, once the network is there."""
    return page.locator(".stage[data-version] .stage-picture > canvas")


def choose_neuron(page: Page, layer: int) -> Locator:
    """Choose a neuron in the middle of a layer, and find its close-up."""
    box = page.locator(".stage-layer").nth(layer - 1)
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    page.mouse.click(place["x"] + place["width"] / 2 + 2, place["y"] + place["height"] / 2 + 2)
    return page.get_by_role("dialog")


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
    expect(status(page)).to_contain_text(re.compile(r"seed 403 .*\(finished\)"))
    draw(page)
    expect(answer(page)).to_contain_text("3")
    page.get_by_role("link", name="Inside", exact=True).click()
    expect(page.get_by_role("heading", name="The path of your drawing")).to_be_visible()
    expect(picture(page)).to_have_attribute(
        "aria-label", re.compile("answers a 3 .* speaks (for|against) digit")
    )
    close_up = choose_neuron(page, 1)
    name, formula = close_up.get_attribute("aria-label"), close_up.locator(".close-up-formula")
    last = formula.inner_text(), tile(page, 3).get_attribute("style")
    neuron = tile(page, 3).get_attribute("aria-label")
    version = page.locator(".stage").get_attribute("data-version")
    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    expect(page.locator(".stage")).to_have_attribute("data-version", f"{version}@1")
    expect(formula).not_to_have_text(last[0])
    expect(close_up).to_have_attribute("aria-label", name)
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
    expect(page.locator(".numbers, .stage-bars").first).to_be_visible()
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    assert_fits(page, CUT_OFF, OVERLAPS)


@pytest.mark.parametrize("width", [390, 1280])
def test_neuron_computes_in_sight(server: Server, open_page: OpenPage, width: int):
    """On a phone, too, the picture is whole; of the page's image, to which its answer stays."""
    page = open_page(f"{server.url}/inside", width=width, height=844)
    box = picture(page).bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    words = answer(page).inner_text()
    for layer in (2, 1):
        close_up = choose_neuron(page, layer)
        expect(close_up).to_have_attribute("aria-label", re.compile(rf"Neuron \d+ of layer {layer}"))
        expect(close_up.locator(".close-up-formula")).to_have_text(re.compile("Sum .* bias .* ReLU"))
        assert answer(page).inner_text() == words
        page.keyboard.press("Escape")
        expect(close_up).to_have_count(0)


def test_large_network_has_a_picture(open_page: OpenPage, tmp_path: Path):
    """Of 1,024 neurons those that the next layer listens to most."""
    save_run(RunStore(tmp_path), name="Large", config=RunConfig(epochs=2, hidden=(1024, 1024)))
    with run_server(tmp_path) as server:
        page = open_page(f"{server.url}/inside")
        picker(page).click()
        page.get_by_role("option", name="Large").click()
        expect(page.get_by_role("listbox", name="128 of 1024 neurons")).to_have_count(1)
        expect(picture(page)).to_be_visible()
        expect(choose_neuron(page, 2)).to_have_attribute("aria-label", re.compile("of layer 2"))
