"""Strokes become the pixels that a real canvas shows of them: the page's own, and one as phones have it."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from mnist_demo.data import CANVAS_PIXELS, PEN_PIXELS, draw_strokes
from mnist_demo.ui.draw.sample_digits import SAMPLES
from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import ONE, THREE, canvas, draw

pytestmark = pytest.mark.browser

Points = list[list[float]]
MAX_DIFFERENCE, MAX_SHARE = 64, 0.02
"""So many of the ink's pixels may differ by more than this: browsers smooth edges each in their own way."""

DRAW_AS_PHONES_DO = """
([strokes, side, pen]) => {
  const paper = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const ink = paper.getContext("2d");
  ink.fillRect(0, 0, side, side);
  Object.assign(ink, { strokeStyle: "#fff", lineWidth: pen, lineCap: "round", lineJoin: "round" });
  for (const points of strokes) {
    ink.beginPath();
    ink.moveTo(...points[0]);
    for (let at = 0; at + 1 < points.length; at++) {
      const [[x, y], [nextX, nextY]] = [points[at], points[at + 1]];
      ink.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    }
    const [lastX, lastY] = points.at(-1);
    ink.lineTo(lastX + 0.01, lastY); // a line without any length leaves no dot
    ink.stroke();
  }
  return read(paper, side);
}
"""
READ_PAGE = """
(side) => {
  const host = document.querySelector("[class*=st-key-] [data-testid=stBidiComponentIsolated]");
  const paper = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const ink = paper.getContext("2d");
  ink.fillRect(0, 0, side, side);
  for (const layer of host.shadowRoot.querySelectorAll("canvas.lower-canvas, canvas.upper-canvas")) {
    ink.drawImage(layer, 0, 0, side, side);
  }
  return read(paper, side);
}
"""
READ = """
() => {
  window.read = (paper, side) => {
    const { data } = paper.getContext("2d").getImageData(0, 0, side, side);
    return btoa(Array.from({ length: side * side }, (_, at) => String.fromCharCode(data[4 * at])).join(""));
  };
}
"""
FOLLOW = """
(side) => {
  window.followed = [];
  const canvas = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot
    .querySelector("canvas.upper-canvas");
  const note = (event) => {
    const box = canvas.getBoundingClientRect();
    const [right, down] = [event.clientX - box.left, event.clientY - box.top];
    if (event.buttons) window.followed.push([right * side / box.width, down * side / box.height]);
  };
  for (const kind of ["mousedown", "mousemove"]) window.addEventListener(kind, note, true);
}
"""


def pixels(packed: str) -> NDArray[np.uint8]:
    """Read what a page has packed."""
    return np.frombuffer(base64.b64decode(packed), np.uint8).reshape(CANVAS_PIXELS, CANVAS_PIXELS)


def assert_same(strokes: list[Points], shown: NDArray[np.uint8]) -> None:
    """Compare what is drawn here with what a canvas has shown."""
    drawn = draw_strokes([np.array(stroke, np.float32) for stroke in strokes])
    differs = np.abs(drawn.astype(int) - shown) > MAX_DIFFERENCE
    ink = np.count_nonzero(np.maximum(drawn, shown))
    assert ink > 200
    assert np.count_nonzero(differs) <= MAX_SHARE * ink


def sample_strokes(digit: int, every: int) -> list[Points]:
    """A digit as quick hands write it: every so manieth point, the last one too."""
    strokes = [(np.array(stroke) * CANVAS_PIXELS).tolist() for stroke in SAMPLES[digit]]
    return [[*stroke[:-1:every], stroke[-1]] for stroke in strokes]


ODD = {
    "dot": [[[140, 140]]],
    "line": [[[60, 60], [220, 200]]],
    "sharp": [[[60, 60], [220, 60], [60, 220], [220, 220], [60, 60]]],
    "over the edge": [[[-40, 140], [140, 100], [320, 140]]],
    "still": [[[100, 100], [100, 100], [100, 100]], [[105.5, 180.25], [180, 180]]],
}
"""A tap, a line of two points, sharp turns, ink that leaves the canvas, a pen that rests."""


def test_strokes_are_drawn_as_on_a_phone(page: Page):
    """With many points and with few, of every digit, and odd ones."""
    page.evaluate(READ)
    digits = [sample_strokes(digit, every) for digit in range(10) for every in (1, 3, 8)]
    for strokes in (*digits, *ODD.values()):
        shown = page.evaluate(DRAW_AS_PHONES_DO, [strokes, CANVAS_PIXELS, PEN_PIXELS])
        assert_same(strokes, pixels(shown))


@pytest.mark.parametrize("points", [THREE, ONE], ids=["three", "one"])
def test_strokes_are_drawn_as_on_the_page(server: Server, open_page: OpenPage, points: Any):  # noqa: ANN401
    """By the canvas that the app shows, under a real mouse."""
    page = open_page(server.url)
    canvas(page).hover()
    page.evaluate(READ)
    page.evaluate(FOLLOW, CANVAS_PIXELS)
    draw(page, points)
    followed = page.evaluate("followed")
    assert len(followed) > len(points)
    assert_same([followed], pixels(page.evaluate(READ_PAGE, CANVAS_PIXELS)))
