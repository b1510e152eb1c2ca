"""Whether what a page shows has its room, for the browser tests; and pictures of it to look at."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import REPOSITORY

SCREENSHOTS = REPOSITORY / "test-results" / "screenshots"

TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('[data-testid=stMain] *')].filter((part) => {
    const box = part.getBoundingClientRect();
    const style = getComputedStyle(part);
    const room = part.closest('.sr-only, svg, .sortable table'); // a table scrolls within its own frame
    const shown = box.width && box.height && style.visibility !== 'hidden' && !room;
    return shown && (box.right > width + 1 || box.left < -1);
  }).map((part) => `${part.tagName}.${part.className}`);
}"""

CUT_OFF = """() => [...document.querySelectorAll('button p, .answer-words, .live-status, h1, h2')]
  .filter((part) => part.getClientRects().length && part.getBoundingClientRect().right > 0)
  .filter((part) => part.checkVisibility() && part.scrollWidth > part.clientWidth + 1)
  .map((part) => part.textContent)"""

OVERLAPS = """() => {
  const parts = [...document.querySelectorAll('canvas.upper-canvas, .answer, .stage-bars, .picture, '
    + '.chart, .live-loss, .live-accuracy, .live-log, [data-testid=stMain] [data-testid=stButton], h1, h2, '
    + '[data-testid=stMain] [data-testid=stSlider], [data-testid=stSelectbox]')]
    .filter((part) => part.getClientRects().length && part.checkVisibility());
  const found = [];
  parts.forEach((a, i) => parts.slice(i + 1).forEach((b) => {
    if (a.contains(b) || b.contains(a)) return;
    const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
    const across = Math.min(p.right, q.right) - Math.max(p.left, q.left);
    const down = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (across > 2 && down > 2) found.push(`${a.className || a.tagName} over ${b.className || b.tagName}`);
  }));
  return found;
}"""

SMALL_TEXTS = """() => {
  const found = [];
  const main = document.querySelector('[data-testid=stMain]');
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: part, textContent } = walker.currentNode;
    const looks = { visibilityProperty: true, opacityProperty: true };
    if (!textContent.trim() || !part.checkVisibility(looks)) continue;
    if (part.closest('style, script, [data-testid=stIconMaterial], .sr-only, [hidden], canvas')) continue;
    const { top, bottom, width } = part.getBoundingClientRect();
    if (!width || top > innerHeight || bottom < 0) continue;
    if (parseFloat(getComputedStyle(part).fontSize) < 24) found.push(`${part.className}: ${textContent}`);
  }
  return found;
}"""
"""What is too small to be read from the last row."""


def assert_fits(page: Page, *checks: str) -> None:
    """Wait until nothing is too wide, cut off or overlapping; parts move a little while they are built."""
    for check in checks or (TOO_WIDE, CUT_OFF, OVERLAPS):
        try:
            page.wait_for_function(f"({check})().length === 0")
        except PlaywrightTimeout:
            found = page.evaluate(check)
            assert found == [], found
            raise


def keep_picture(page: Page, path: Path) -> None:
    """Take a picture of the whole page, for people to look at."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
    page.wait_for_function(f"document.documentElement.clientHeight == {height}")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
