"""Who sees badly, hears the page or has no mouse can use every page: axe-core looks for hindrances."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Server, wait_until_connected
from tests.browser.steps import answer, draw, wait_until_still, wait_until_trainer_is_ready
from tests.texts.source import page_names

pytestmark = pytest.mark.browser

PATHS = ("", *page_names()[1:])
DRAWN = "[...document.querySelectorAll('.chart, .live-loss')].every((chart) => chart.dataset.drawn > 0)"
NAMELESS_CHARTS = """() => [...document.querySelectorAll('.js-plotly-plot')]
  .filter((chart) => !(chart.getAttribute('role') && chart.getAttribute('aria-label')))
  .map((chart) => chart.className)"""

LOOKS = 4
"""How often a page is looked at before what is found there counts: each look takes seconds."""

SETTLED = "!document.getAnimations().some((change) => change instanceof CSSTransition)"
"""No colour and no opacity is on its way to another: Streamlit fades what it draws anew."""

RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return document.activeElement.matches('a, button, summary')
    ? `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}` : null;
}"""


def serious_violations(page: Page) -> list[str]:
    """List what axe-core calls serious or critical, each with the first part of the page that it met."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    grave = [violation for violation in found if violation["impact"] in {"serious", "critical"}]
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:300]} {violation['nodes'][0]['failureSummary']}"
        for violation in grave
    ]


def lasting_violations(page: Page) -> list[str]:
    """List the serious violations that are there when the page has come to rest: fading parts are pale."""
    for _ in range(LOOKS):
        wait_until_still(page)
        page.wait_for_function(SETTLED)
        if not (found := serious_violations(page)):
            return []
    return found


@pytest.mark.parametrize(
    ("scheme", "locale", "width"), [("light", "en-US", 1280), ("dark", "es-ES", 390), ("dark", "en-US", 1280)]
)
def test_no_page_keeps_anybody_out(server: Server, open_page: OpenPage, scheme: str, locale: str, width: int):
    """No serious violation on any page in either theme, and every chart says in words what it shows."""
    page = open_page(server.url, locale=locale, width=width, color_scheme=scheme)
    wait_until_trainer_is_ready(page)
    draw(page)
    answer(page).wait_for()
    for path in PATHS:
        if path:
            page.goto(f"{server.url}/{path}")
            wait_until_connected(page)
        page.wait_for_function(DRAWN)
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
        assert not lasting_violations(page), path
        assert not page.evaluate(NAMELESS_CHARTS), path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whatever_the_keyboard_reaches_has_the_same_clear_ring(
    server: Server, open_page: OpenPage, scheme: str
):
    """Links of the navigation, buttons and what unfolds; fields and sliders show it in another way."""
    page = open_page(f"{server.url}/runs", color_scheme=scheme)
    wait_until_still(page)  # a page on its way changes its colours
    rings = set()
    for _ in range(20):
        page.keyboard.press("Tab")
        page.wait_for_function(SETTLED)
        rings.add(page.evaluate(RING))
    assert len(rings - {None}) == 1, rings
    (ring,) = rings - {None}
    assert ring.startswith("solid 3px")
