"""The script that draws figures, by itself in an empty page."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from mnist_demo.texts import load_texts
from mnist_demo.training.jobs import TrainerState
from mnist_demo.ui import components
from mnist_demo.ui.live import empty_view

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


OVERTAKEN = """async ([html, script, ...everyData]) => {
  document.body.innerHTML = html;
  const component = await import(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  const call = (data) => component.default({ data, parentElement: document.body, setTriggerValue() {} });
  const cleanUps = everyData.map(call);
  for (const overtaken of cleanUps.slice(0, -1)) overtaken();
  window.cleanUp = cleanUps.at(-1);
}"""


def component_parts(script: str, html: str) -> list[str]:
    """Read what the page gets of a component."""
    source = "\n".join((files(components) / name).read_text() for name in ("plots.js", script))
    return [html, source]


def live_data(**changes: object) -> dict[str, object]:
    """Make what the live panel gets from a page."""
    view = empty_view(TrainerState(), load_texts("en")) | changes
    return json.loads(json.dumps({"view": view, "url": "http://127.0.0.1/live", "plotly": ""}))


def test_chart_outlives_the_cleanup_of_an_overtaken_call(page: Page) -> None:
    """Streamlit cleans up after a call that newer data has overtaken; the newer figure is drawn."""
    parts = component_parts("chart.js", "<figure><figcaption></figcaption><div class='chart'></div></figure>")
    figures = [{"data": [{"y": list(range(points))}], "layout": {"height": 280}} for points in (1, 3)]
    both = [
        {"figure": figure, "title": "", "alt": "", "clickable": False, "plotly": ""} for figure in figures
    ]
    page.evaluate(OVERTAKEN, [*parts, *both])
    page.wait_for_function("document.querySelector('.chart').data?.[0].y.length === 3")
    page.evaluate("cleanUp()")
    page.wait_for_function("document.querySelector('.chart').data === undefined")


def test_live_panel_outlives_the_cleanup_of_an_overtaken_call(page: Page) -> None:
    """It goes on asking how the trainer is."""
    page.route("**/live*", lambda route: route.fulfill(status=204))
    data = live_data()
    page.evaluate(
        OVERTAKEN, [*component_parts("live.js", (files(components) / "live.html").read_text()), data, data]
    )
    page.wait_for_event("request", lambda request: "/live" in request.url)


@pytest.mark.parametrize("ends", ["pointerup", "pointercancel"])
def test_curves_wait_while_a_hand_draws(page: Page, ends: str) -> None:
    """A stroke, or a drag over a chart, is not disturbed by the next points; they come when it is over."""
    data = live_data(live=True, progress=0.5)
    page.route("**/live*", lambda route: route.fulfill(json=data["view"]))
    page.evaluate(
        OVERTAKEN, [*component_parts("live.js", (files(components) / "live.html").read_text()), data]
    )
    loss = page.locator(".live-loss")
    page.wait_for_function("Number(document.querySelector('.live-loss').dataset.drawn) > 1")
    page.mouse.down()
    page.wait_for_function("document.querySelector('.live-loss').drawing === null")
    drawn = loss.get_attribute("data-drawn")
    for _ in range(2):
        page.evaluate("document.dispatchEvent(new PointerEvent('pointerdown'))")  # a hand is never too slow
        page.wait_for_event("requestfinished", lambda request: "/live" in request.url)
    assert loss.get_attribute("data-drawn") == drawn
    page.evaluate(f"document.dispatchEvent(new PointerEvent('{ends}'))")
    page.wait_for_function(f"Number(document.querySelector('.live-loss').dataset.drawn) > {drawn}")
