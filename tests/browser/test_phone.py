"""On a phone Streamlit hides the navigation and the settings; the page leads to both."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.texts.loading import load_texts
from tests.browser.conftest import OpenPage, Server
from tests.browser.layout import CUT_OFF, TOO_WIDE, assert_fits
from tests.browser.steps import sidebar

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
    links = page.get_by_test_id("stPageLink").get_by_role("link")
    expect(links).to_have_count(6)
    assert_fits(page, TOO_WIDE, CUT_OFF)
    assert links.evaluate_all(CUT_LINKS) == []
    page.get_by_role("link", name=f"{texts.pages.lab}: {texts.pages.lab_purpose}").click()
    expect(page.get_by_role("heading", name=texts.pages.lab_title, exact=True)).to_be_visible()


def test_menu_has_a_name_and_training_leads_to_the_settings(server: Server, open_page: OpenPage):
    """What lies behind the small button is said beside it, and a button next to Train opens it."""
    page = open_on_phone(server, open_page, "es")
    words = load_texts("es").page_links
    page.wait_for_function(MENU_NAME, arg=words.menu_and_settings)
    epochs = sidebar(page).get_by_test_id("stSlider").filter(has_text="Épocas")
    expect(epochs).not_to_be_in_viewport()
    page.get_by_role("button", name=words.settings, exact=True).click()
    expect(epochs).to_be_in_viewport()
    expect(sidebar(page).get_by_role("link", name=re.compile("^Datos"))).to_be_visible()


def test_chosen_page_is_not_covered(server: Server, open_page: OpenPage):
    """The sidebar, which covers a phone's screen, goes away when a page has been chosen in it."""
    page = open_on_phone(server, open_page, "es")
    page.get_by_role("button", name=load_texts("es").page_links.settings, exact=True).click()
    link = sidebar(page).get_by_role("link", name=re.compile("^Datos"))
    link.click()
    expect(page.get_by_role("heading", name=load_texts("es").pages.data_title)).to_be_visible()
    expect(link).not_to_be_in_viewport()


def test_screen_with_room_repeats_nothing(server: Server, open_page: OpenPage):
    """Where the navigation and the settings are in sight, there is no second way to them."""
    page = open_page(server.url)
    expect(page.locator(".st-key-explore")).to_be_attached()
    expect(page.locator(".opener")).to_be_attached()
    expect(page.get_by_role("link", name="Trained runs")).to_have_count(1)
    expect(page.locator(".opener")).to_be_hidden()
