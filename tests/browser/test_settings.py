"""The settings in a real browser: what the page shows is what is trained."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import press, set_seed, status, wait_until_still

pytestmark = pytest.mark.browser


def set_to_largest(page: Page, *settings: str) -> None:
    """Move sliders to their right ends; the folded settings are open."""
    for setting in settings:
        page.get_by_role("slider", name=setting).focus()
        page.keyboard.press("End")
        wait_until_still(page)


def wait_for_title_of_folded_settings(page: Page, shown: str) -> None:
    """Wait until the title is shown so, with what a style adds to it."""
    page.wait_for_function(
        """([node, shown]) => node.textContent + getComputedStyle(node, '::after').content === shown""",
        arg=[page.locator(".st-key-folded_settings button p").first.element_handle(), shown],
    )


def test_settings_stay_as_they_are_when_the_language_changes(server: Server, open_page: OpenPage):
    """Streamlit remembers a slider's value as it is written, which is not 0.003 but 0,003 in Spanish."""
    page = open_page(server.url)
    set_seed(page, 7)
    set_to_largest(page, "Learning rate", "Batch size", "Hidden layer 1")
    page.get_by_role("slider", name="Learning rate").focus()
    page.keyboard.press("ArrowLeft")
    wait_until_still(page)
    page.get_by_role("radio", name="Español").click()
    shown = "784\u20111024\u201164\u201110 · tasa de aprendizaje 0,3 · semilla 7"
    expect(page.get_by_text(shown)).to_be_visible()
    for setting, value in (
        ("Tasa de aprendizaje", "0,3"),
        ("Tamaño de lote", "1024"),
        ("Capa oculta 1", "1024"),
    ):
        slider = page.get_by_role("slider", name=setting)
        expect(slider).to_have_attribute("aria-valuetext", value)


def test_changed_settings_are_counted_in_the_title_that_folds_them(server: Server, open_page: OpenPage):
    """And the box stays open meanwhile, with the focus where it was."""
    page = open_page(server.url)
    set_seed(page, 7)
    set_to_largest(page, "Hidden layer 1", "Hidden layer 2")
    wait_for_title_of_folded_settings(page, 'Settings" (2 changed)"')
    expect(page.get_by_role("slider", name="Hidden layer 2")).to_be_focused()
    press(page, "Back to the default settings")
    wait_until_still(page)
    wait_for_title_of_folded_settings(page, "Settingsnone")


def test_seed_out_of_range_is_told_and_not_trained(server: Server, open_page: OpenPage):
    """The sentence names field and range; neither button trains with the seed of before."""
    page = open_page(server.url)
    expect(status(page)).not_to_be_empty()
    before = status(page).inner_text()
    set_seed(page, -3)
    told = page.get_by_text("Random seed is -3: choose a number from 0 to 2147483647.")
    expect(told).to_be_visible()
    for button in page.get_by_role("button", name="Train", exact=True).all():
        expect(button).to_be_disabled()
    set_seed(page, 3)
    expect(told).to_have_count(0)
    page.get_by_role("spinbutton", name="Random seed").fill("-4")
    press(page, "Train")  # typed at the last moment: the press itself sends the value
    expect(page.get_by_text("Random seed is -4")).to_be_visible()
    wait_until_still(page)
    assert status(page).inner_text() == before
