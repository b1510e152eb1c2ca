"""The script that draws figures, by itself in an empty page (the fixture `page`)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from mnist_demo.charts.comparison import Curve, Measure, comparison_figure
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui import components
from tests.browser.component import CALL, component_parts
from tests.factories import HISTORY, make_history

EN = load_texts("en")
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


@pytest.mark.parametrize(("points", "overtaken"), [((1, 3), 0), ((3, 1), 1)], ids=["early", "late"])
def test_chart_shows_the_newest_data_whenever_an_overtaken_call_comes(
    page: Page, points: tuple[int, int], overtaken: int
) -> None:
    """Streamlit may make the call with older data after the one with newer; it cleans up after it at once."""
    parts = component_parts(
        components.CHART_SCRIPTS, "<figure><figcaption></figcaption><div class='chart'></div></figure>"
    )
    rest = {"title": "", "alt": "", "clickable": False, "plotly": ""}
    figures = [{"data": [{"y": list(range(n))}], "layout": {"height": 280}} for n in points]
    page.evaluate(CALL, [*parts, [{"figure": figure} | rest for figure in figures], overtaken])
    page.wait_for_function("document.querySelector('.chart').data?.[0].y.length === 3")
    page.evaluate("window.chart = document.querySelector('.chart'); place.remove(); cleanUps.at(-1)();")
    page.wait_for_function("chart.data === undefined")


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


HOSTILE = [
    '<b style="background:url(http://other.example/x)">B</b>',
    '<a href="http://other.example/y">here</a>',
    '<span style="background-image:url(http://other.example/z)">s</span><img src="http://other.example/i">',
    "a<br>b &lt;i&gt;c&lt;/i&gt; &amp; %{y} $x^2$",
]


def hover_over(page: Page, figure: dict[str, Any]) -> str:
    """Draw a figure, point at its first epoch, and read what the label says."""
    page.evaluate("figure => drawFigure(node, figure, '')", figure)
    place = page.locator(".nsewdrag").first.bounding_box()
    x = page.evaluate("node._fullLayout.xaxis.d2p(1)")
    page.mouse.move(place["x"] + x, place["y"] + place["height"] / 2)
    page.locator(".hoverlayer text").first.wait_for(state="attached")
    return page.locator(".hoverlayer").text_content()


@pytest.mark.parametrize("name", HOSTILE)
def test_name_of_a_run_is_shown_as_it_was_typed(page: Page, name: str) -> None:
    """plotly.js would make a link of it, or ask another host for a picture."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    texts = load_texts("en")
    figure = comparison_figure([Curve(name, HISTORY)], "loss", True, 2, texts.charts, texts.numbers)
    assert name in hover_over(page, figure)
    assert page.locator(".hoverlayer a, .hoverlayer image").count() == 0
    assert not [url for url in asked if not url.startswith(("data:", "blob:"))]


@pytest.mark.parametrize(
    ("language", "measure", "said"),
    [
        ("en", "loss", "0.25"),
        ("es", "loss", "0,25"),
        ("en", "accuracy", "87.50%"),
        ("es", "accuracy", "87,50\xa0%"),
    ],
)
def test_label_has_whole_names_and_few_digits(page: Page, language: str, measure: Measure, said: str) -> None:
    """Also of a name that plotly.js would cut, in the language's own way of writing numbers."""
    texts = load_texts(language)
    curve = Curve("3 epochs, batch size 32, layers of 1024 and 512, with augmentation", HISTORY)
    label = hover_over(page, comparison_figure([curve], measure, False, 2, texts.charts, texts.numbers))
    assert label.endswith(f"{curve.label} · {texts.charts.validation} : {said}")


@pytest.mark.parametrize("epochs", [10, 15, 30, 90])
def test_numbers_of_epochs_do_not_run_together_on_a_phone(page: Page, epochs: int) -> None:
    """There are fewer of them where there is less room, and as many as there can be where there is."""
    history = make_history([1 / epoch for epoch in range(1, epochs + 1)])
    figure = comparison_figure([Curve("A", history)], "loss", True, epochs, EN.charts, EN.numbers)
    counts = []
    for width in (340, 1200):
        page.evaluate(f"Plotly.purge(node); node.style.width = '{width}px'")
        page.evaluate("(figure) => drawFigure(node, figure, '')", figure)
        page.wait_for_function(f"node.querySelector('.main-svg')?.clientWidth === {width}")
        boxes = page.evaluate(
            "[...node.querySelectorAll('.xtick text')].map((t) => t.getBoundingClientRect().toJSON())"
        )
        ends = sorted((box["left"], box["right"]) for box in boxes)
        assert all(right + 4 <= left for (_, right), (left, _) in pairwise(ends))
        counts.append(len(boxes))
    assert 3 <= counts[0] <= counts[1]
