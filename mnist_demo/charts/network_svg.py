"""A picture of the network at work: the neurons that matter for one image, and the links between them."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.charts.pictures import picture_url
from mnist_demo.charts.templates import render_template
from mnist_demo.network import Link, StrongestPaths
from mnist_demo.texts import NumberTexts

PLACES = {"image_x": 135, "first_x": 360, "second_x": 670, "digits_x": 925}
SIZES = {"image_side": 190, "tile_side": 62, "radius": 27}
TOP, BOTTOM = 66, 556
DIGIT_ROOM = 20
MAX_LINK_WIDTH, MIN_LINK_WIDTH = 9.0, 1.5
BAR_LENGTH = 70
MIN_SHARE = 0.005

Place = tuple[int, int]


@dataclass(frozen=True)
class Headings:
    """Headings of the four columns."""

    image: str
    first: str
    second: str
    answer: str


def paths_html(svg: str, alt: str) -> Markup:
    """Return the picture in a box that scrolls where the page is narrow."""
    return Markup(
        '<div class="wiring" tabindex="0"><img alt="{}" src="data:image/svg+xml;base64,{}"></div>'
    ).format(alt, base64.b64encode(svg.encode()).decode())


def paths_svg(
    paths: StrongestPaths,
    image: NDArray[np.uint8],
    tiles: dict[int, NDArray[np.uint8]],
    headings: Headings,
    numbers: NumberTexts,
) -> Markup:
    """Draw the path of an image through the network, light on dark in both themes.

    Args:
        paths: What to show.
        image: (28, 28) uint8.
        tiles: For each shown neuron of the first layer a picture of its weights, (28, 28, 3) uint8.
        headings: Headings of the columns.
        numbers: How numbers are written.
    """
    first = _column(list(paths.first), PLACES["first_x"])
    second = _column(list(paths.second), PLACES["second_x"])
    digits = _column(list(range(len(paths.probabilities))), PLACES["digits_x"])
    gaps = SIZES["tile_side"] // 2, SIZES["radius"], DIGIT_ROOM
    strongest = max(paths.second.values(), default=1.0) or 1.0
    return render_template(
        "charts/network.svg",
        headings=headings,
        image=picture_url(image),
        middle=(TOP + BOTTOM) // 2,
        tiles=[(neuron + 1, picture_url(tiles[neuron]), *place) for neuron, place in first.items()],
        neurons=[
            (neuron + 1, round(40 + 215 * paths.second[neuron] / strongest), *place)
            for neuron, place in second.items()
        ],
        links=[
            *_links(paths.links, 1, first, second, gaps[:2]),
            *_links(paths.links, 2, second, digits, gaps[1:]),
        ],
        digits=[
            (digit, round(max(2.0, BAR_LENGTH * share)), _percent(share, numbers), *digits[digit])
            for digit, share in enumerate(paths.probabilities)
        ],
        winner=int(np.argmax(paths.probabilities)),
        **PLACES,
        **SIZES,
    )


def _column(names: list[int], x: int) -> dict[int, Place]:
    """Place neurons evenly over the height, in the order of their numbers, so that few links cross."""
    step = (BOTTOM - TOP) / max(len(names), 1)
    return {name: (x, round(TOP + step * (place + 0.5))) for place, name in enumerate(sorted(names))}


def _links(
    links: tuple[Link, ...],
    layer: int,
    sources: dict[int, Place],
    targets: dict[int, Place],
    gaps: tuple[int, ...],
) -> list[tuple[bool, str, Place, Place]]:
    """Return the links between two layers, the strongest last, so on top: sign, width, and both ends."""
    shown = [link for link in links if link.layer == layer]
    strongest = max((abs(link.share) for link in shown), default=1.0)
    drawn = []
    for link in reversed(shown):
        (x1, y1), (x2, y2) = sources[link.source], targets[link.target]
        width = max(MIN_LINK_WIDTH, MAX_LINK_WIDTH * abs(link.share) / strongest)
        drawn.append((link.share > 0, f"{width:.1f}", (x1 + gaps[0], y1), (x2 - gaps[1], y2)))
    return drawn


def _percent(share: float, numbers: NumberTexts) -> str:
    return numbers.chance(share, 0) if share >= MIN_SHARE else ""
