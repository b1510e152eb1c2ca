"""The page keeps its own colours where the browser would darken it, and follows the chosen theme."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import find_chromium
from tests.browser.conftest import CHROMIUM_FLAGS, OpenPage, Server, wait_until_connected

pytestmark = pytest.mark.browser

READABLE = 4.5
SCHEME = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme"


@pytest.fixture
def darkening_page(server: Server, browser: Browser) -> Iterator[Page]:
    """Open the page of the matrix in a light system, in a browser that darkens what is light."""
    darkening = browser.browser_type.launch(
        executable_path=find_chromium(), args=[*CHROMIUM_FLAGS, "--blink-settings=forceDarkModeEnabled=true"]
    )
    page = darkening.new_page(viewport={"width": 1280, "height": 1000}, bypass_csp=True)
    page.goto(f"{server.url}/evaluation")
    wait_until_connected(page)
    yield page
    darkening.close()


def contrast(png: bytes) -> float:
    """Return the contrast between the lightest and the darkest pixel of a picture, as WCAG computes it."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) / 255
    linear = np.where(pixels <= 0.04045, pixels / 12.92, ((pixels + 0.055) / 1.055) ** 2.4)
    luminance = linear @ (0.2126, 0.7152, 0.0722)
    return (luminance.max() + 0.05) / (luminance.min() + 0.05)


def test_numbers_of_charts_can_be_read_where_the_browser_darkens_pages(darkening_page: Page):
    """Those of the matrix and those on its axes."""
    for numbers in (".textpoint text", ".xtick text"):
        number = darkening_page.locator(f".st-key-confusion {numbers}").nth(3)
        expect(number).to_be_visible()
        number.scroll_into_view_if_needed()
        assert contrast(number.screenshot()) > READABLE


@pytest.mark.parametrize(("system", "chosen"), [("light", "Dark"), ("dark", "Light")])
def test_colours_follow_the_theme(server: Server, open_page: OpenPage, system: str, chosen: str):
    """First that of the system, then the one that is chosen in the menu."""
    page = open_page(f"{server.url}/runs", color_scheme=system)
    page.wait_for_function("() => window.mnistDemoColours")
    assert set(page.evaluate(SCHEME).split()) == {"only", system}
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_test_id(f"stMainMenuItem-theme-{chosen}").click()
    page.wait_for_function(f"() => ({SCHEME})().includes('{chosen.lower()}')")
    assert "only" in page.evaluate(SCHEME)
