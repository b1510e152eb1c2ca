"""The picture of a network at work, as SVG."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from mnist_demo.charts.network_svg import NARROW, WIDE, Form, Headings, paths_html, paths_svg
from mnist_demo.network.activations import StrongestPaths, trace_strongest_paths
from mnist_demo.texts.loading import load_texts
from tests.factories import random_network

HEADINGS = Headings("<a>", "b", "c", "d")
NUMBERS = load_texts("es").numbers


def draw(hidden: tuple[int, int], x: np.ndarray, form: Form = WIDE) -> tuple[StrongestPaths, ET.Element]:
    """Draw what a network makes of an image, and read the picture as XML."""
    network = random_network(hidden)
    paths = trace_strongest_paths(network, network.activations(x[np.newaxis]))
    tiles = {neuron: np.zeros((28, 28, 3), np.uint8) for neuron in paths.first}
    image = np.zeros((28, 28), np.uint8)
    return paths, ET.fromstring(paths_svg(paths, image, tiles, HEADINGS, NUMBERS, form))


def parts(svg: ET.Element, tag: str) -> list[ET.Element]:
    """Find all elements of a kind."""
    return svg.findall(f".//{{http://www.w3.org/2000/svg}}{tag}")


@pytest.mark.parametrize("hidden", [(1, 1), (3, 2), (128, 64)])
def test_every_neuron_and_link_is_drawn(hidden: tuple[int, int]):
    """An image and a tile a neuron, a circle a neuron, a path a link; negative ones are dashed."""
    paths, svg = draw(hidden, np.random.default_rng(1).random(784, np.float32))
    assert len(parts(svg, "image")) == 1 + len(paths.first)
    assert len(parts(svg, "circle")) == len(paths.second)
    assert len(parts(svg, "path")) == len(paths.first) + len(paths.links)
    dashed = [path for path in parts(svg, "path") if path.get("stroke-dasharray")]
    assert len(dashed) == sum(link.share < 0 for link in paths.links)


@pytest.mark.parametrize("form", [WIDE, NARROW])
def test_everything_stands_in_the_picture(form: Form):
    """No text begins or bar ends outside."""
    _, svg = draw((128, 64), np.random.default_rng(1).random(784, np.float32), form)
    _, _, width, height = map(float, svg.get("viewBox").split())
    for text in parts(svg, "text"):
        assert 0 <= float(text.get("x")) <= width - 50
        assert 0 <= float(text.get("y")) <= height
    for part in [*parts(svg, "rect"), *parts(svg, "image")]:
        if part.get("x"):
            assert 0 <= float(part.get("x")) <= width - float(part.get("width"))
    assert "<a>" in [text.text for text in parts(svg, "text")]


def test_alternative_is_text_never_markup():
    """No sign of it ends the attribute, and the picture arrives as it was drawn."""
    markup = paths_html("<svg/>", "<g/>", '"> <b>')
    assert markup.count('alt="&#34;&gt; &lt;b&gt;"') == 2
    shown = [base64.b64decode(encoded) for encoded in re.findall(r"base64,([^\"]+)", markup)]
    assert shown == [b"<svg/>", b"<g/>"]


def test_shares_have_the_digits_of_the_answer():
    """What is 99.9 % on the page of the canvas is no 99 % here."""
    x = np.random.default_rng(1).random(784, np.float32)
    paths, svg = draw((128, 64), x)
    told = [text.text for text in parts(svg, "text")]
    assert NUMBERS.chance(max(paths.probabilities)) in told
