"""Projector view, for the last row of a classroom: all of it large, whole and in line."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Server, wait_until_connected
from tests.browser.layout import SMALL_TEXTS, assert_fits
from tests.browser.steps import THREE, answer, draw
from tests.browser.test_layout import ANSWER, SEEN_AT_ONCE

pytestmark = pytest.mark.browser


CRAMPED_IN_PROJECTOR_VIEW = """() => {
  const box = (part) => document.querySelector(part).getBoundingClientRect();
  const labels = [...document.querySelectorAll('.st-key-sliders [data-testid=stWidgetLabel] p')];
  const column = box('.st-key-controls').right;
  const [first, ...others] = labels.map((label) => label.getBoundingClientRect());
  const main = document.querySelector('[data-testid=stMain]');
  const found = {
    'button over bars': box('.veil-reveal').bottom > box('.stage-bars').top,
    'words above the picture': box('.answer-words').top < box('.stage-answer').top,
    'labels not in one row': others.some(({ top, bottom }) => top !== first.top || bottom !== first.bottom),
    'label beyond its column': labels.some((label) => label.getBoundingClientRect().right > column + 1),
    'frame around the page': getComputedStyle(main, '::before').boxShadow !== 'none',
    'charts not in one row': box('.live-loss').top !== box('.live-accuracy').top,
  };
  return Object.keys(found).filter((name) => found[name]);
}"""


@pytest.mark.parametrize("locale", ["es-ES", "en-GB"])
def test_hidden_answer_in_projector_view_has_its_room(server: Server, open_page: OpenPage, locale: str):
    """The teacher's keys P and V on a small projector: what the class then looks at is whole and in line."""
    page = open_page(server.url, locale=locale, width=1280, height=720)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    page.keyboard.press("p")
    page.keyboard.press("v")
    expect(page.locator(".veil-reveal")).to_be_visible()
    assert_fits(page, CRAMPED_IN_PROJECTOR_VIEW)


def test_projector_view_is_large_and_stays_over_a_reload(server: Server, open_page: OpenPage):
    """Whatever one reads on the first screen has 24 pixels; a key switches it, and switches it back."""
    page = open_page(server.url, width=1280, height=720)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Projector view")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"!({SMALL_TEXTS})().length")
    page.wait_for_function(f"(names) => !({SEEN_AT_ONCE})(names).length", arg=[*ANSWER, ".stage-picture"])
    page.reload()
    wait_until_connected(page)
    expect(page.locator("html.projector-view")).to_be_attached()
    page.get_by_role("button", name="Projector view").click()
    expect(page.locator("html.projector-view")).to_have_count(0)
