"""A picture of the network at work: the neurons that matter for one image, and the links between them."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.charts.pictures import DARK_TEXT_FROM, OPPOSITION, SUPPORT, picture_url
from mnist_demo.network import Link, StrongestPaths
from mnist_demo.texts import NumberTexts

WIDTH, HEIGHT = 1100, 570
FIRST_X, SECOND_X, DIGITS_X, BARS_X = 360, 670, 925, 955
IMAGE_SIDE, TILE_SIDE, RADIUS = 190, 62, 27
TOP, BOTTOM = 66, 556
MAX_LINK_WIDTH = 9.0
BAR_LENGTH = 70
MIN_SHARE = 0.005
BACKGROUND = "#10151f"

STYLE = f"""<style>
.wiring {{ overflow-x: auto; border: 1px solid #8a94a6; background: {BACKGROUND}; }}
.wiring img {{ display: block; width: 100%; min-width: 46rem; }}
</style>"""

Place = tuple[float, float]


@dataclass(frozen=True)
class Headings:
    """Headings of the four columns."""

    image: str
    first: str
    second: str
    answer: str


def paths_html(svg: str, alt: str) -> str:
    """Return the picture in a box that scrolls where the page is narrow."""
    encoded = base64.b64encode(svg.encode()).decode()
    return (
        f'{STYLE}<div class="wiring" tabindex="0">'
        f'<img alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{encoded}"></div>'
    )


def paths_svg(
    paths: StrongestPaths,
    image: NDArray[np.uint8],
    tiles: dict[int, NDArray[np.uint8]],
    headings: Headings,
    numbers: NumberTexts,
) -> str:
    """Draw the path of an image through the network, light on dark in both themes.

    Args:
        paths: What to show.
        image: (28, 28) uint8.
        tiles: For each shown neuron of the first layer a picture of its weights, (28, 28, 3) uint8.
        headings: Headings of the columns.
        numbers: How numbers are written.
    """
    first = _column(list(paths.first), FIRST_X)
    second = _column(list(paths.second), SECOND_X)
    digits = _column(list(range(len(paths.probabilities))), DIGITS_X)
    parts = [
        *_heading_texts(headings),
        *(_input_line(place) for place in first.values()),
        *_link_paths(paths.links, 1, first, second, (TILE_SIDE / 2, RADIUS)),
        *_link_paths(paths.links, 2, second, digits, (RADIUS, 20)),
        _image(picture_url(image), (40 + IMAGE_SIDE / 2, (TOP + BOTTOM) / 2), IMAGE_SIDE),
        *(_tile(neuron, place, tiles[neuron]) for neuron, place in first.items()),
        *_circles(paths.second, second),
        *_answers(paths.probabilities, digits, numbers),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" font-family="sans-serif" fill="#eef2f8">{"".join(parts)}</svg>'
    )


def _column(names: list[int], x: float) -> dict[int, Place]:
    """Place neurons evenly over the height, in the order of their numbers, so that few links cross."""
    step = (BOTTOM - TOP) / max(len(names), 1)
    return {name: (x, TOP + step * (place + 0.5)) for place, name in enumerate(sorted(names))}


def _heading_texts(headings: Headings) -> list[str]:
    columns = (
        (40 + IMAGE_SIDE / 2, headings.image),
        (FIRST_X, headings.first),
        (SECOND_X, headings.second),
        (DIGITS_X + 30, headings.answer),
    )
    return [_text(said, (x, 46), 24, weight="bold") for x, said in columns]


def _text(
    said: str,
    place: Place,
    size: int,
    *,
    weight: str = "normal",
    anchor: str = "middle",
    on_links: bool = False,
) -> str:
    halo = f' paint-order="stroke" stroke="{BACKGROUND}" stroke-width="6"' if on_links else ""
    return (
        f'<text x="{place[0]:.0f}" y="{place[1]:.0f}" font-size="{size}" font-weight="{weight}"'
        f' text-anchor="{anchor}"{halo}>{html.escape(said)}</text>'
    )


def _image(url: str, centre: Place, side: int) -> str:
    x, y = centre[0] - side / 2, centre[1] - side / 2
    return (
        f'<image href="{url}" x="{x:.0f}" y="{y:.0f}" width="{side}" height="{side}"'
        ' style="image-rendering:pixelated"/>'
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{side}" height="{side}" fill="none" stroke="#8a94a6"/>'
    )


def _input_line(place: Place) -> str:
    start = f"{40 + IMAGE_SIDE},{(TOP + BOTTOM) / 2:.0f}"
    end = place[0] - TILE_SIDE / 2
    return (
        f'<path d="M{start} C{end - 50:.0f},{(TOP + BOTTOM) / 2:.0f} {end - 50:.0f},{place[1]:.0f}'
        f' {end:.0f},{place[1]:.0f}" fill="none" stroke="#5b6678" stroke-width="2"/>'
    )


def _link_paths(
    links: tuple[Link, ...],
    layer: int,
    sources: dict[int, Place],
    targets: dict[int, Place],
    gaps: tuple[float, float],
) -> list[str]:
    """Draw the links between two layers: blue for, dashed orange against; the thicker, the stronger."""
    shown = [link for link in links if link.layer == layer]
    strongest = max((abs(link.share) for link in shown), default=1.0)
    paths = []
    for link in reversed(shown):  # the strongest on top
        (x1, y1), (x2, y2) = sources[link.source], targets[link.target]
        x1, x2 = x1 + gaps[0], x2 - gaps[1]
        middle, width = (x1 + x2) / 2, max(1.5, MAX_LINK_WIDTH * abs(link.share) / strongest)
        colour = ",".join(f"{part:.0f}" for part in (SUPPORT if link.share > 0 else OPPOSITION))
        dash = "" if link.share > 0 else ' stroke-dasharray="12 6"'
        paths.append(
            f'<path d="M{x1:.0f},{y1:.0f} C{middle:.0f},{y1:.0f} {middle:.0f},{y2:.0f} {x2:.0f},{y2:.0f}"'
            f' fill="none" stroke="rgb({colour})" stroke-width="{width:.1f}"{dash}/>'
        )
    return paths


def _tile(neuron: int, place: Place, picture: NDArray[np.uint8]) -> str:
    number = _text(
        str(neuron + 1), (place[0] - TILE_SIDE / 2 - 8, place[1] - 8), 20, anchor="end", on_links=True
    )
    return _image(picture_url(picture), place, TILE_SIDE) + number


def _circles(answers: dict[int, float], places: dict[int, Place]) -> list[str]:
    """Draw the second layer's neurons; the most active one is white."""
    strongest = max(answers.values(), default=1.0) or 1.0
    circles = []
    for neuron, (x, y) in places.items():
        grey = round(40 + 215 * answers[neuron] / strongest)
        ink = "#000000" if grey >= DARK_TEXT_FROM else "#ffffff"
        number = _text(str(neuron + 1), (x, y + 7), 20)
        circles.append(
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{RADIUS}" fill="rgb({grey},{grey},{grey})"'
            f' stroke="#8a94a6" stroke-width="2"/><g fill="{ink}">{number}</g>'
        )
    return circles


def _answers(probabilities: tuple[float, ...], places: dict[int, Place], numbers: NumberTexts) -> list[str]:
    winner = max(places, key=probabilities.__getitem__)
    parts = []
    for digit, (x, y) in places.items():
        share, wins = probabilities[digit], digit == winner
        weight = "bold" if wins else "normal"
        parts.append(_text(str(digit), (x, y + 10), 38 if wins else 28, weight=weight))
        colour = "#2f7fe0" if wins else "#8a94a6"
        length = max(2.0, BAR_LENGTH * share)
        parts.append(
            f'<rect x="{BARS_X}" y="{y - 12:.0f}" width="{length:.0f}" height="24" fill="{colour}"/>'
        )
        if share >= MIN_SHARE:
            said = numbers.chance(share, 0)
            parts.append(_text(said, (BARS_X + length + 8, y + 7), 20, weight=weight, anchor="start"))
    return parts
