"""A picture of the network at work: the neurons that matter for one image, and the links between them."""

from __future__ import annotations

import base64
from dataclasses import astuple, dataclass
from typing import ClassVar

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from mnist_demo.charts.pictures import picture_url
from mnist_demo.charts.templates import render_template
from mnist_demo.network import Link, StrongestPaths
from mnist_demo.texts import NumberTexts

DIGIT_ROOM, HEADING_Y = 20, 46
MAX_LINK_WIDTH, MIN_LINK_WIDTH = 9.0, 1.5
MIN_SHARE = 0.0005
"""A smaller one would be written as 0.0%."""

Place = tuple[int, int]


@dataclass(frozen=True)
class Form:
    """Where everything stands in the picture, in its own units.

    Attributes:
        width: Of the picture.
        height: Of the picture.
        image_x: Middle of the first column.
        first_x: Middle of the second one.
        second_x: Middle of the third one.
        digits_x: Middle of the digits of the last one.
        image_side: Width of the image.
        tile_side: Width of a neuron of the first layer.
        radius: Of one of the second layer.
        bar_length: Of a bar at 100 %.
        heading_size: Font size of the headings.
        bend: How far before a neuron of the first layer its line from the image bends.
    """

    width: int
    height: int
    image_x: int
    first_x: int
    second_x: int
    digits_x: int
    image_side: int
    tile_side: int
    radius: int
    bar_length: int
    heading_size: int
    bend: int

    top: ClassVar[int] = 66

    @property
    def bottom(self) -> int:
        """Return where the columns end."""
        return self.height - 14


WIDE = Form(1100, 570, 135, 360, 670, 915, 190, 62, 27, 64, 24, 50)
NARROW = Form(600, 640, 60, 200, 335, 445, 104, 52, 24, 44, 20, 30)
"""For a phone: as many neurons and links, whole in its width, the letters still to be read."""


@dataclass(frozen=True)
class Headings:
    """Headings of the four columns."""

    image: str
    first: str
    second: str
    answer: str


def paths_html(wide: str, narrow: str, alt: str) -> Markup:
    """Return the picture in two forms, of which the style shows the one that the page has room for."""
    image = Markup('<img class="{}" alt="{}" src="data:image/svg+xml;base64,{}">')
    forms = (("wide", wide), ("narrow", narrow))
    return Markup('<div class="wiring">{}</div>').format(
        Markup().join(image.format(kind, alt, base64.b64encode(svg.encode()).decode()) for kind, svg in forms)
    )


def paths_svg(
    paths: StrongestPaths,
    image: NDArray[np.uint8],
    tiles: dict[int, NDArray[np.uint8]],
    headings: Headings,
    numbers: NumberTexts,
    form: Form = WIDE,
) -> Markup:
    """Draw the path of an image through the network, light on dark in both themes.

    Args:
        paths: What to show.
        image: (28, 28) uint8.
        tiles: For each shown neuron of the first layer a picture of its weights, (28, 28, 3) uint8.
        headings: Headings of the columns.
        numbers: How numbers are written.
        form: For how wide a page.
    """
    first = _column(list(paths.first), form.first_x, form)
    second = _column(list(paths.second), form.second_x, form)
    digits = _column(list(range(len(paths.probabilities))), form.digits_x, form)
    gaps = form.tile_side // 2, form.radius, DIGIT_ROOM
    strongest = max(paths.second.values(), default=1.0) or 1.0
    return render_template(
        "charts/network.svg",
        headings=[_lines(heading, form) for heading in astuple(headings)],
        image=picture_url(image),
        middle=(form.top + form.bottom) // 2,
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
            (digit, round(max(2.0, form.bar_length * share)), _percent(share, numbers), *digits[digit])
            for digit, share in enumerate(paths.probabilities)
        ],
        winner=int(np.argmax(paths.probabilities)),
        form=form,
    )


def _lines(heading: str, form: Form) -> list[tuple[int, str]]:
    """Place the lines of a heading; where columns are narrow, it has two, parted at the colon."""
    lines = heading.split(": ") if form is NARROW else [heading]
    return [
        (HEADING_Y - form.heading_size * (len(lines) - 1 - place), line) for place, line in enumerate(lines)
    ]


def _column(names: list[int], x: int, form: Form) -> dict[int, Place]:
    """Place neurons evenly over the height, in the order of their numbers, so that few links cross."""
    step = (form.bottom - form.top) / max(len(names), 1)
    return {name: (x, round(form.top + step * (place + 0.5))) for place, name in enumerate(sorted(names))}


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
    return numbers.chance(share) if share >= MIN_SHARE else ""
