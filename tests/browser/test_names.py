"""Long names of runs, and tables that are wider than the screen: nothing is cut off without a sign."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.data.mnist import MNIST
from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.run import RunConfig
from mnist_demo.runs.store import RunStore
from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import picker
from tests.factories import save_run

pytestmark = pytest.mark.browser

LONG = RunConfig(epochs=2, hidden=(1024, 1024, 64), augment=True, dropout=0.2, seed=7, learning_rate=0.0003)
CUT_OPTIONS = """() => {
  const options = [...document.querySelectorAll('[role=option][data-key]')];
  const boxes = options.map((option) => option.getBoundingClientRect());
  const words = options.map((option) => {
    const range = document.createRange();
    range.selectNodeContents(option);
    return range.getBoundingClientRect();
  });
  const isCut = (word, box, next) => word.top < box.top - 1 || word.right > box.right + 1
    || word.bottom > Math.min(box.bottom, next?.top ?? Infinity) + 1;
  return options.filter((_, at) => isCut(words[at], boxes[at], boxes[at + 1]))
    .map((option) => option.textContent);
}"""


@pytest.fixture
def long_names(server: Server) -> Iterator[None]:
    """Keep two runs that nobody has named, and clear up."""
    store = RunStore(server.home)
    before = {run.id for run in store.list()}
    for config in (LONG, RunConfig(epochs=2, seed=8)):
        save_run(store, config=config, dataset=MNIST)
    yield
    store.delete_all({run.id for run in store.list()} - before, TEACHER)


@pytest.mark.usefixtures("long_names")
@pytest.mark.parametrize(("locale", "width", "height"), [("en-US", 1280, 800), ("es-ES", 390, 844)])
def test_names_are_whole_in_the_open_list(
    server: Server, open_page: OpenPage, locale: str, width: int, height: int
):
    """They take as many lines as they need, and none lies over the next one."""
    page = open_page(server.url, locale=locale, width=width, height=height)
    page.locator(".live-loss .main-svg").first.wait_for()
    picker(page).click()
    longest = page.get_by_role("option").filter(has_text="1024\u20111024\u201164")
    longest.wait_for()
    line = page.get_by_role("option").filter(has_text="99").bounding_box()["height"]
    assert longest.bounding_box()["height"] > line
    assert page.evaluate(CUT_OPTIONS) == []


@pytest.mark.usefixtures("long_names")
@pytest.mark.parametrize("width", [390, 1280])
def test_table_shows_that_it_goes_on(server: Server, open_page: OpenPage, width: int):
    """Its right edge fades while columns lie beyond it, and only then."""
    page = open_page(f"{server.url}/compare", width=width)
    table = page.locator(".sortable")
    table.locator("tbody tr").first.wait_for()
    fades_where_it_is_cut(page)
    table.evaluate("table => { table.scrollLeft = table.scrollWidth; }")
    expect(table).not_to_have_attribute("data-more", "")
    page.set_viewport_size({"width": 500, "height": 800})
    table.evaluate("table => { table.scrollLeft = 0; }")
    fades_where_it_is_cut(page)


def fades_where_it_is_cut(page: Page) -> None:
    """Wait until the sign is there if, and only if, something lies beyond the edge."""
    page.wait_for_function("""() => {
      const table = document.querySelector('.sortable');
      const isCut = table.scrollWidth > table.clientWidth + 1;
      return isCut === table.hasAttribute('data-more')
        && isCut === (getComputedStyle(table).maskImage !== 'none');
    }""")
