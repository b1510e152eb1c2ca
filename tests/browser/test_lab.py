"""The laboratory: what sliders do to the answer, to the map and to the accuracy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.texts.loading import load_texts
from tests.browser.conftest import OpenPage, Server
from tests.browser.layout import assert_fits
from tests.browser.steps import answer, draw

pytestmark = pytest.mark.browser

EN, ES = load_texts("en").lab, load_texts("es").lab
DRAWN = "[...document.querySelectorAll('.chart')].filter((chart) => Number(chart.dataset.drawn)).length == 2"


def move(page: Page, slider: str, *keys: str) -> None:
    """Move a slider with the keyboard."""
    page.get_by_role("slider", name=slider).focus()
    for key in keys:
        page.keyboard.press(key)


def test_drawing_is_damaged_and_healed(server: Server, open_page: OpenPage):
    """A shift flips the answer to one's own drawing, framing again brings it back, and undo does too."""
    page = open_page(server.url)
    draw(page)
    expect(answer(page)).to_contain_text("3")
    page.get_by_role("link", name=load_texts("en").pages.lab, exact=True).click()
    picture, network = page.locator(".answer").first, page.locator(".answer").last
    expect(picture).to_contain_text("Still a")
    expect(page.get_by_text("Nothing is drawn yet")).to_have_count(0)
    page.wait_for_function(DRAWN)
    map_chart = page.get_by_role("img", name=re.compile(EN.map_title))
    assert "answer: 3: " in (map_chart.get_attribute("aria-label") or "")

    move(page, EN.down, "Home")
    expect(picture).to_contain_text("no longer a")
    expect(network).to_contain_text("Still a")
    page.get_by_text(EN.recenter, exact=True).click()
    expect(picture).to_contain_text("Still a")
    expect(map_chart).to_have_attribute("aria-label", re.compile("answer: 3: 169\\."))
    page.get_by_text(EN.recenter, exact=True).click()
    expect(picture).to_contain_text("no longer a")
    page.get_by_role("button", name=EN.reset).click()
    expect(picture).to_contain_text("Still a")


def test_answer_to_damage_is_doubted_as_on_the_drawing_page(server: Server, open_page: OpenPage):
    """Noise is no digit, however sure the numbers look."""
    page = open_page(f"{server.url}/lab")
    picture, network = page.locator(".answer").first, page.locator(".answer").last
    expect(picture).to_contain_text("Still a")
    move(page, EN.noise, "End")
    expect(picture).to_contain_text("does not look like a digit to me")
    expect(network).to_contain_text("Still a")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_page_fits_and_accuracy_falls(server: Server, open_page: OpenPage, width: int, scheme: str):
    """Without a drawing there is a sample, said plainly; every part has its room in the longer language."""
    page = open_page(f"{server.url}/lab", locale="es-ES", width=width, height=900, color_scheme=scheme)
    expect(page.get_by_text("Todavía no hay ningún dibujo")).to_be_visible()
    page.get_by_role("radio", name=ES.map_turn, exact=True).click()
    page.get_by_role("radio", name=ES.weight_noise, exact=True).click()
    page.get_by_role("radio", name=ES.output_layer, exact=True).click()
    # Not to its end, where the slider's own hidden field would stand out on the right.
    move(page, ES.noisy, *["ArrowRight"] * 4)
    expect(page.get_by_text("antes del daño, el 99,3")).to_be_visible()
    page.wait_for_function(DRAWN)
    assert_fits(page)
