"""The settings in a real browser: what the page shows is what is trained."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import (
    open_settings,
    script_run,
    set_seed,
    settings,
    status,
    wait_until_still,
    wait_until_trainer_is_ready,
)

pytestmark = pytest.mark.browser


def set_to_largest(page: Page, *names: str) -> None:
    """Move sliders to their right ends; the settings are open."""
    for name in names:
        page.get_by_role("slider", name=name).focus()
        page.keyboard.press("End")
        wait_until_still(page)


def wait_for_title_of_folded_settings(page: Page, shown: str) -> None:
    """Wait until the button is called so, with what a style adds to it."""
    page.wait_for_function(
        """([node, shown]) => node.textContent + getComputedStyle(node, '::after').content === shown""",
        arg=[page.locator(".st-key-folded_settings button p").first.element_handle(), shown],
    )


def test_settings_stay_as_they_are_when_the_language_changes(server: Server, open_page: OpenPage):
    """Streamlit remembers a slider's value as it is written, which is not 0.003 but 0,003 in Spanish."""
    page = open_page(server.url)
    set_seed(page, 7)
    set_to_largest(page, "Batch size")
    open_settings(page)
    set_to_largest(page, "Learning rate", "Hidden layer 1")
    page.get_by_role("slider", name="Learning rate").focus()
    with script_run(page):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Español").click()
    shown = "784\u20111024\u201164\u201110 · tasa de aprendizaje 0,3 · semilla 7"
    expect(page.get_by_text(shown)).to_be_visible()
    open_settings(page)
    for setting, value in (
        ("Tasa de aprendizaje", "0,3"),
        ("Tamaño de lote", "1024"),
        ("Capa oculta 1", "1024"),
    ):
        slider = page.get_by_role("slider", name=setting, include_hidden=True)
        expect(slider).to_have_attribute("aria-valuetext", value)


def test_changed_settings_are_counted_on_the_button_that_opens_them(server: Server, open_page: OpenPage):
    """And they stay open meanwhile, with the focus where it was."""
    page = open_page(server.url)
    set_seed(page, 7)
    open_settings(page)
    set_to_largest(page, "Hidden layer 1", "Hidden layer 2")
    wait_for_title_of_folded_settings(page, 'Settings" (2 changed)"')
    expect(page.get_by_role("slider", name="Hidden layer 2")).to_be_focused()
    settings(page).get_by_role("button", name="Back to the default settings").click()
    wait_until_still(page)
    wait_for_title_of_folded_settings(page, "Settingsnone")


def test_seed_out_of_range_is_told_and_not_trained(server: Server, open_page: OpenPage):
    """Beside the button, in a sentence that names field and range; nothing trains with the seed of before."""
    page = open_page(server.url)
    expect(status(page)).not_to_be_empty()
    before = status(page).inner_text()
    set_seed(page, -3)
    told = page.get_by_text("Random seed is -3: choose a number from 0 to 2147483647.")
    expect(told).to_be_visible()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    set_seed(page, 3)
    expect(told).to_have_count(0)
    open_settings(page).get_by_role("spinbutton", name="Random seed").fill("-4")
    page.locator(".st-key-train button").click()  # typed at the last moment: the press itself sends the value
    expect(page.get_by_text("Random seed is -4")).to_be_visible()
    wait_until_still(page)
    assert status(page).inner_text() == before


def test_spoiled_data_are_chosen_here_and_seen_on_the_data_page(server: Server, open_page: OpenPage):
    """Wrong labels are shown with what the images are."""
    page = open_page(server.url)
    wait_until_trainer_is_ready(page)  # else the page runs again meanwhile, and closes what is open
    wait_until_still(page)
    open_settings(page)
    set_to_largest(page, "Wrong labels")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Data", exact=True).click()
    told = "48,000 of the 48,000 images that it learns from have a wrong label"
    expect(page.get_by_text(told)).to_be_visible()
    expect(page.get_by_text("It is a 5; its label says").first).to_be_visible()
