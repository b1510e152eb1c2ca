"""Where somebody chose another learning rate while a run trained: a thin dashed line across its curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mnist_demo.charts.theme import SMALL_FONT_PIXELS, Colour
from mnist_demo.texts import NumberTexts, Section

LABEL_SHARE = 0.17
"""So much of the axis has a label room for on the smallest chart: labels that would overlap are left out."""
RatePlace = tuple[float, float]
"""After how many epochs, 1.5 in mid second epoch, and the rate from there on."""


@dataclass(frozen=True)
class RateMark:
    """A line, and what stands beside it.

    Attributes:
        place: After how many epochs.
        label: The rate; empty where the label of a later one needs the room.
        is_left: Whether the label stands on its left, since there is no room on its right.
    """

    place: float
    label: str
    is_left: bool


def rate_marks(
    places: Sequence[RatePlace], axis: tuple[float, float], numbers: NumberTexts
) -> list[RateMark]:
    """Lay out lines and labels; of labels that would overlap the last one is shown, which tells what holds.

    Args:
        places: See `runs.rate_places`.
        axis: Both ends of the axis of epochs.
        numbers: How numbers are written.
    """
    room = LABEL_SHARE * (axis[1] - axis[0])
    marks: list[RateMark] = []
    taken = float("inf")
    for place, rate in reversed(places):
        is_left = place + room > axis[1]
        begin, end = (place - room, place) if is_left else (place, place + room)
        fits = end <= taken
        taken = begin if fits else taken
        marks.append(RateMark(place, numbers.shortest(rate) if fits else "", is_left))
    return marks[::-1]


def rate_shapes(
    marks: Sequence[RateMark],
    *,
    at_top: bool,
    colour: str = Colour.BORDER,
    font_pixels: int = SMALL_FONT_PIXELS,
) -> list[dict[str, Any]]:
    """Return the shapes that plotly.js draws.

    Args:
        marks: What to draw.
        at_top: Whether labels stand at the upper end of their lines: there, where the curves are not.
        colour: Of the lines.
        font_pixels: Of the labels.
    """
    return [
        {
            "type": "line",
            "yref": "paper",
            "x0": round(mark.place, 4),
            "x1": round(mark.place, 4),
            "y0": 0,
            "y1": 1,
            "layer": "below",
            "line": {"color": colour, "width": 1.5, "dash": "dash"},
            "label": {
                "text": mark.label,
                "textangle": 0,
                "textposition": "end" if at_top else "start",
                "xanchor": "right" if mark.is_left else "left",
                "yanchor": "top" if at_top else "bottom",
                "font": {"size": font_pixels},
            },
        }
        for mark in marks
    ]


def rates_alt(places: Sequence[RatePlace], texts: Section, numbers: NumberTexts) -> str:
    """Say where which rate was chosen, as a sentence with a space before it; nothing without any."""
    said = [
        texts.rate_after.format(rate=numbers.shortest(rate), epochs=numbers.number(place, 2))
        for place, rate in places
    ]
    return f" {texts.rates_alt.format(changes=', '.join(said))}" if said else ""
