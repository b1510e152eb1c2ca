"""On a phone Streamlit hides the navigation; the page leads there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.texts.loading import load_texts
from tests.browser.conftest import OpenPage, Server
from tests.browser.layout import CUT_OFF, TOO_WIDE, assert_fits
from tests.texts.source import page_names

pytestmark = pytest.mark.browser

MENU_NAME = """(name) => {
  const button = document.querySelector('[data-testid=stExpandSidebarButton]');
  return button && getComputedStyle(button, '::after').content.includes(name);
}"""
CUT_LINKS = """(links) => links.filter((link) => [link, ...link.querySelectorAll('*')].some((part) =>
  part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== 'visible'))
  .map((link) => link.textContent)"""


def open_on_phone(server: Server, open_page: OpenPage, locale: str) -> Page:
    """Open the main page as a phone does."""
    return open_page(server.url, locale=locale, width=390, height=844, has_touch=True, is_mobile=True)


@pytest.mark.parametrize("language", ["en", "es"])
def test_links_at_the_end_lead_to_the_other_pages(server: Server, open_page: OpenPage, language: str):
    """Each says what it is for, and has its room."""
    page = open_on_phone(server, open_page, language)
    texts = load_texts(language)
    links = page.locator(".st-key-explore").get_by_role("link")
    expect(links).to_have_count(len(page_names()) - 1)
    assert_fits(page, TOO_WIDE, CUT_OFF)
    assert links.evaluate_all(CUT_LINKS) == []
    page.get_by_role("link", name=f"{texts.pages.lab}: {texts.pages.lab_purpose}").click()
    expect(page.get_by_role("heading", name=texts.pages.lab_title, exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["", "evaluation"])
def test_more_languages_go_below_the_title(server: Server, open_page: OpenPage, path: str):
    """Beside three of them the title would have a letter's width on the smallest phones."""
    page = open_page(f"{server.url}/{path}", width=320, height=568)
    page.add_style_tag(content=".st-key-looks [role=radiogroup] { min-width: 250px; }")
    page.wait_for_function("document.querySelector('h1').getBoundingClientRect().width > 200")
    assert_fits(page, CUT_OFF)


def test_menu_has_a_name_and_folds_away_when_it_has_led_somewhere(server: Server, open_page: OpenPage):
    """What lies behind the small button is said beside it; unfolded, it covers a phone's screen."""
    page = open_on_phone(server, open_page, "es")
    texts = load_texts("es")
    page.wait_for_function(MENU_NAME, arg=texts.page_links.menu)
    page.get_by_test_id("stExpandSidebarButton").click()
    link = page.get_by_test_id("stSidebar").get_by_role("link", name=re.compile("^Datos"))
    link.click()
    expect(page.get_by_role("heading", name=texts.pages.data_title)).to_be_visible()
    expect(link).not_to_be_in_viewport()


def test_screen_with_room_repeats_nothing(server: Server, open_page: OpenPage):
    """Where the navigation is in sight, there is no second way to the pages."""
    page = open_page(server.url)
    expect(page.locator(".st-key-explore")).to_be_attached()
    expect(page.get_by_role("link", name="Trained runs")).to_have_count(1)
