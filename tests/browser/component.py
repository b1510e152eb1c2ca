"""The page's components by themselves in an empty page, without the app around them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from playwright.sync_api import Page

from mnist_demo.ui import components

PLOTLY = files("plotly") / "package_data" / "plotly.min.js"
PLOTS = files(components) / "plots.js"
PREPARE = """() => {
  window.mnistDemoPlotly = Promise.resolve(Plotly);
  window.node = document.querySelector('div');
  window.figure = { data: [{ y: [1, 2, 3] }], layout: { height: 280 } };
}"""

CALL = """async ([html, script, everyData, overtaken]) => {
  window.place = document.body.appendChild(document.createElement('div'));
  place.innerHTML = html;
  const component = await import(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  window.asked = [];
  const setTriggerValue = (name, value) => asked.push([name, value]);
  window.call = (data) => component.default({ data, parentElement: place, setTriggerValue });
  window.cleanUps = everyData.map(call);
  if (overtaken !== null) cleanUps[overtaken]();
}"""
"""Calls a component with all data, one after the other, and cleans up after the call that was overtaken."""


def component_parts(scripts: Sequence[str], html: str) -> list[str]:
    """Read what the page gets of a component."""
    return [html, "\n".join((files(components) / name).read_text() for name in scripts)]


def fill_page(page: Page) -> None:
    """Give an empty page the scripts and a node to draw in."""
    page.set_content("<div style='width: 500px; height: 280px'></div>")
    page.add_script_tag(path=str(PLOTLY))
    page.add_script_tag(path=str(PLOTS))
    page.evaluate(PREPARE)
