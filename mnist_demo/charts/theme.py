"""Colours, fonts and layout of everything that is drawn; the pages' CSS has the colours as variables.

Colours that stand beside each other differ in hue and in lightness, and every line has a dash or a marker of
its own besides, so that nobody needs colour to tell them apart. The tests compute all contrasts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from markupsafe import escape
from numpy.typing import NDArray

from mnist_demo.texts import NumberTexts

SMALL_FONT_PIXELS, FONT_PIXELS, LARGE_FONT_PIXELS = 13, 15, 18
DARK_TEXT_FROM = 118
"""From this grey on, black text is easier to read than white; the contrast is at least 4.6:1 either way."""


class Page(NamedTuple):
    """The colours of a page, as in .streamlit/config.toml."""

    background: str
    text: str


LIGHT, DARK = Page("#ffffff", "#1b2330"), Page("#10151f", "#eef2f8")


class Colour(StrEnum):
    """Lines, marks and large text: at least 3:1 against the light page and the dark one."""

    RIGHT = "#2f7fe0"
    WRONG = "#d97706"
    UNSURE = "#7a8699"
    TRAINING = RIGHT
    VALIDATION = WRONG
    TEST = "#198f5a"
    POSITIVE = RIGHT
    NEGATIVE = WRONG
    BORDER = UNSURE


class Fill(StrEnum):
    """Areas under white text: at least 4.5:1 against it, and 3:1 against both pages."""

    TRAINING = "#1d5fc4"
    VALIDATION = "#a34f04"
    TEST = "#23714a"
    CHOSEN = TRAINING


class Stage(StrEnum):
    """The stage of the first page, which is dark in both themes."""

    PAPER = "#0b0f17"
    CARD = "#151c29"
    TRACK = "#232b39"
    LINE = "#48546a"
    INK = "#eef2f8"
    QUIET = "#c4cddb"
    FOCUS = "#9cc3ff"


class OnBlack(StrEnum):
    """The two signs in pictures on black, bright enough for a small share of them to be seen."""

    POSITIVE = "#5aaaff"
    NEGATIVE = "#f08c14"


STAGE_COLOURS = {"positive": OnBlack.POSITIVE, "negative": OnBlack.NEGATIVE, "focus": Stage.FOCUS}
"""What the picture of a network is drawn with: a script may run before the page has its styles."""
RUN_COLOURS = (Colour.RIGHT, Colour.WRONG, Colour.TEST, "#d6409f", "#7c6ff0", Colour.UNSURE)
"""Lines of runs that are compared, as `Colour`."""
DIGIT_FILLS = (
    "#5aa9ff",
    "#ffb347",
    "#56cf93",
    "#ff8f8a",
    "#bfa3ff",
    "#d6b086",
    "#f9a3d0",
    "#b3bdc9",
    "#d3dc4f",
    "#4fd0df",
)
"""One for each digit: at least 4.5:1 under `DIGIT_INK`, the digit, which tells them apart anyway."""
DIGIT_INK = DARK.background


def css_variables() -> str:
    """Return a CSS rule that gives the page every colour: `--right`, `--fill-test`, `--on-black-positive`."""
    kinds = {"--": Colour, "--fill-": Fill, "--on-black-": OnBlack, "--stage-": Stage}
    variables = (
        f"{prefix}{name.lower()}: {colour};"
        for prefix, kind in kinds.items()
        for name, colour in kind.__members__.items()
    )
    return f":root {{ {' '.join(variables)} }}"


def rgb(colour: str) -> NDArray[np.float32]:
    """Return red, green and blue of a colour such as "#2f7fe0", (3,) float32, 0 to 255."""
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], np.float32)


def tint(colour: str, opacity: float) -> str:
    """Return a colour through which the page shows, so that the text of both pages stands out from it."""
    red, green, blue = rgb(colour)
    return f"rgba({red:.0f}, {green:.0f}, {blue:.0f}, {opacity})"


def layout(numbers: NumberTexts, height: int, revision: str = "", **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of a layout
    """Return the layout that all figures share; plots.js adds the colours of the page.

    Args:
        numbers: How numbers are written.
        height: In pixels.
        revision: Zoom is kept from one figure to the next as long as this stays the same.
        parts: What is this figure's own.
    """
    return {
        "font": {"size": FONT_PIXELS},
        "separators": numbers.decimal + numbers.thousands,
        "hoverlabel": {"namelength": -1},  # plotly.js would cut names after 15 letters
        "height": height,
        "uirevision": revision,
    } | parts


def legend_on_top(font_pixels: int = FONT_PIXELS) -> dict[str, Any]:
    """Return a legend in one row above the figure."""
    font = {"size": font_pixels}
    return {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": font}


def percent_axis(numbers: NumberTexts) -> dict[str, str]:
    """Return what an axis from 0 to 100 needs to be written as the language writes per cent."""
    prefix, suffix = numbers.percent(0, 0).split("0")
    return {"tickprefix": prefix, "ticksuffix": suffix}


def percent_hover(numbers: NumberTexts, field: str) -> str:
    """Return the hover template that writes a field from 0 to 100, such as "%{y:.2f}", as per cent."""
    return numbers.percent(0, 0).replace("0", field)


def literal(text: str) -> str:
    """Escape what somebody typed: plotly.js reads names and labels as HTML, links and styles included."""
    return str(escape(text))
