"""The script that draws figures, by itself in an empty page."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page

from mnist_demo.jobs.state import TrainerState
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui import components
from mnist_demo.ui.train.live import empty_view

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


CALL = """async ([html, script, everyData, overtaken]) => {
  window.place = document.body.appendChild(document.createElement('div'));
  place.innerHTML = html;
  const component = await import(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  const call = (data) => component.default({ data, parentElement: place, setTriggerValue() {} });
  window.cleanUps = everyData.map(call);
  if (overtaken !== null) cleanUps[overtaken]();
}"""
"""Calls a component with all data, one after the other, and cleans up after the call that was overtaken."""


def component_parts(script: str, html: str) -> list[str]:
    """Read what the page gets of a component."""
    source = "\n".join((files(components) / name).read_text() for name in ("latest.js", "plots.js", script))
    return [html, source]


def live_data(**changes: object) -> dict[str, object]:
    """Make what the live panel gets from a page."""
    view = empty_view(TrainerState(), load_texts("en")) | changes
    return json.loads(json.dumps({"view": view, "url": "http://127.0.0.1/live", "plotly": ""}))


@pytest.mark.parametrize(("points", "overtaken"), [((1, 3), 0), ((3, 1), 1)], ids=["early", "late"])
def test_chart_shows_the_newest_data_whenever_an_overtaken_call_comes(
    page: Page, points: tuple[int, int], overtaken: int
) -> None:
    """Streamlit may make the call with older data after the one with newer; it cleans up after it at once."""
    parts = component_parts("chart.js", "<figure><figcaption></figcaption><div class='chart'></div></figure>")
    rest = {"title": "", "alt": "", "clickable": False, "plotly": ""}
    figures = [{"data": [{"y": list(range(n))}], "layout": {"height": 280}} for n in points]
    page.evaluate(CALL, [*parts, [{"figure": figure} | rest for figure in figures], overtaken])
    page.wait_for_function("document.querySelector('.chart').data?.[0].y.length === 3")
    page.evaluate("window.chart = document.querySelector('.chart'); place.remove(); cleanUps.at(-1)();")
    page.wait_for_function("chart.data === undefined")


@pytest.mark.parametrize("overtaken", [0, 1])
def test_live_panel_outlives_an_overtaken_call(page: Page, overtaken: int) -> None:
    """It goes on asking how the trainer is."""
    page.route("**/live*", lambda route: route.fulfill(status=204))
    html = (files(components) / "live.html").read_text()
    page.evaluate(CALL, [*component_parts("live.js", html), [live_data(), live_data()], overtaken])
    page.wait_for_event("request", lambda request: "/live" in request.url)


def test_figure_that_comes_before_the_node_is_given_up_stays(page: Page) -> None:
    """Giving up waits for the drawing under way, and sees what has come meanwhile."""
    page.evaluate("""async () => {
      const first = drawFigure(node, figure, '');
      const gone = releaseFigure(node);
      drawFigure(node, { ...figure, data: [{ y: [1, 2] }] }, '');
      await first;
      await gone;
    }""")
    assert page.evaluate("node.data[0].y.length") == 2


@pytest.mark.parametrize("ends", ["pointerup", "pointercancel"])
def test_curves_wait_while_a_hand_draws(page: Page, ends: str) -> None:
    """A stroke, or a drag over a chart, is not disturbed by the next points; they come when it is over."""
    data = live_data(live=True, progress=0.5)
    page.route("**/live*", lambda route: route.fulfill(json=data["view"]))
    html = (files(components) / "live.html").read_text()
    page.evaluate(CALL, [*component_parts("live.js", html), [data], None])
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
