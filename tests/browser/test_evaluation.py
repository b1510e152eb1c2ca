"""The evaluation page in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Server
from tests.browser.layout import assert_fits

pytestmark = pytest.mark.browser

CELL_CENTRE = """([node, row, column]) => {
  const { xaxis, yaxis } = node._fullLayout;
  const box = node.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.c2p(column), box.top + yaxis._offset + yaxis.c2p(row)];
}"""


def matrix(page: Page) -> Locator:
    """Find the confusion matrix, once it is drawn."""
    chart = page.locator(".st-key-confusion .chart")
    expect(chart).to_have_attribute("data-drawn", re.compile(r"\d"))
    return chart


def cell(page: Page, digit: int, said: int) -> tuple[float, float]:
    """Find where a cell of the matrix is on the screen."""
    chart = matrix(page)
    chart.scroll_into_view_if_needed()
    x, y = page.evaluate(CELL_CENTRE, [chart.element_handle(), digit, said])
    return x, y


def test_click_on_a_cell_lists_its_images(server: Server, open_page: OpenPage):
    """From the navigation to the images of 4s that were taken for 9s; the pickers follow, and lead on."""
    page = open_page(f"{server.url}/?run=notebook")
    page.get_by_role("link", name="Evaluate", exact=True).click()
    expect(page.get_by_text("97.69%")).to_be_visible()
    page.mouse.click(*cell(page, 4, 9))
    expect(page.get_by_text("Is a 4, taken for a 9: 10")).to_be_visible()
    expect(page.locator(".pictures").first.locator("img")).to_have_count(10)
    picker = page.get_by_role("combobox", name="It said")
    expect(picker).to_have_value("9")
    picker.click()
    page.get_by_role("option", name="2", exact=True).click()
    expect(page.get_by_text("Is a 4, taken for a 2: 5")).to_be_visible()
    page.get_by_role("radio", name="% of the row").click()
    expect(page.get_by_text("Confusion matrix: per cent of each row")).to_be_visible()
    expect(page.get_by_text("Is a 4, taken for a 2: 5")).to_be_visible()


def test_click_on_an_empty_cell_says_that_there_is_no_such_image(server: Server, open_page: OpenPage):
    """An empty cell answers too: its frame, its sentence, and the pickers that follow it."""
    page = open_page(f"{server.url}/evaluation?run=notebook")
    page.mouse.click(*cell(page, 1, 0))
    expect(page.get_by_text("No 1 was read as a 0.", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="The image is")).to_have_value("1")
    expect(page.get_by_role("combobox", name="It said")).to_have_value("0")
    expect(page.locator(".pictures")).to_have_count(1)  # the gallery's


def test_finger_chooses_a_cell_on_a_phone(server: Server, open_page: OpenPage):
    """In Spanish, with nothing cut off or over something else."""
    page = open_page(
        f"{server.url}/evaluation?run=notebook",
        locale="es-ES",
        width=390,
        height=900,
        has_touch=True,
        is_mobile=True,
    )
    page.touchscreen.tap(*cell(page, 7, 2))
    expect(page.get_by_text("Es un 7, confundido con un 2: 8")).to_be_visible()
    expect(page.locator(".chart[data-drawn]")).to_have_count(4)
    assert_fits(page)


def test_everything_seen_has_words(server: Server, open_page: OpenPage):
    """Each chart is a picture with a text that holds its figures, and so is each image of the gallery."""
    page = open_page(f"{server.url}/evaluation?run=notebook")
    charts = page.locator(".chart[data-drawn]")
    expect(charts).to_have_count(4)
    for place, said in enumerate(("a 5 taken for a 3: 16", "9: recall 96.7%, precision 97.8%", ": right in")):
        expect(charts.nth(place)).to_have_attribute("role", "img")
        assert said in charts.nth(place).get_attribute("aria-label")
    gallery = page.locator(".mistakes img")
    expect(gallery).to_have_count(14)
    expect(gallery.first).to_have_attribute("alt", "It is a 7. It said a 3, 99.9% sure.")


def test_slider_says_what_silence_gains(server: Server, open_page: OpenPage):
    """A step to the right with the keyboard: fewer answers, and more of them right."""
    page = open_page(f"{server.url}/evaluation?run=notebook")
    slider = page.get_by_role("slider", name="Answer only when at least this sure")
    expect(page.get_by_text(re.compile(r"It answers 9\d\.\d% of the 10,000 test images"))).to_be_visible()
    slider.press("End")
    expect(page.get_by_text(re.compile(r"It answers [1-7]\d\.\d% of the 10,000 test images"))).to_be_visible()
