"""The script that draws figures, by itself in an empty page."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from mnist_demo.ui import components

PLOTLY = files("plotly") / "package_data" / "plotly.min.js"
PLOTS = files(components) / "plots.js"
PREPARE = """() => {
  window.mnistDemoPlotly = Promise.resolve(Plotly);
  window.node = document.querySelector('div');
  window.figure = { data: [{ y: [1, 2, 3] }], layout: { height: 280 } };
}"""
RELEASE_WHILE_DRAWING = """async () => {
  const react = Plotly.react;
  let released;
  window.Plotly.react = (...what) => {
    const drawn = react(...what);
    released = releaseFigure(node);
    return drawn;
  };
  await drawFigure(node, figure, '');
  await released;
  return node.data === undefined;
}"""


@pytest.fixture
def page(browser: Browser) -> Page:
    """Open an empty page that has the scripts and a node to draw in."""
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<div style='width: 500px; height: 280px'></div>")
    page.add_script_tag(path=str(PLOTLY))
    page.add_script_tag(path=str(PLOTS))
    page.evaluate(PREPARE)
    yield page
    context.close()


def test_figure_given_up_while_it_is_drawn_is_drawn_to_its_end(page: Page) -> None:
    """Plotly still needs the figure after its script has returned."""
    assert page.evaluate(RELEASE_WHILE_DRAWING)


def test_figure_that_comes_after_the_node_was_given_up_stays(page: Page) -> None:
    """A page that shows the component again at once must not lose its chart."""
    again = (
        "async () => { const gone = releaseFigure(node); await drawFigure(node, figure, ''); await gone; }"
    )
    page.evaluate("drawFigure(node, figure, '')")
    page.evaluate(again)
    assert page.evaluate("node.data.length") == 1


def test_of_several_waiting_figures_only_the_latest_is_drawn(page: Page) -> None:
    """A slow computer skips pictures, and does not fall behind."""
    page.evaluate("""async () => {
      for (const y of [[1], [1, 2], [1, 2, 3]]) {
        window.last = drawFigure(node, { ...figure, data: [{ y }] }, '');
      }
      await last;
    }""")
    assert page.get_attribute("div >> nth=0", "data-drawn") == "1"
