"""The laboratory's figures, as plain dictionaries: a map of answers, accuracy for growing perturbations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mnist_demo.texts import NumberTexts, Section

DIGIT_COLOURS = (
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
"""One for each digit, all light enough for the dark digits in the cells, which tell them apart anyway."""
UNSURE_SHARE = 0.2
"""How much of its colour is left in a cell whose answer has a probability of nearly 0."""
CELL_TEXT_COLOUR = "#10151f"
CURVE_COLOUR = "#2f7fe0"
CHANCE_COLOUR = "#8a94a6"
HERE_COLOUR = "#d97706"
MAP_HEIGHT_PIXELS = 440
CURVE_HEIGHT_PIXELS = 360
FONT_PIXELS = 16
CELL_FONT_PIXELS = 21
CHANCE = 0.1
ALMOST_ONE = 1 - 1e-6


def answer_map_figure(
    digits: Sequence[Sequence[int]],
    shares: Sequence[Sequence[float]],
    across: tuple[str, Sequence[int]],
    downward: tuple[str, Sequence[int]],
    here: tuple[int, int],
    numbers: NumberTexts,
) -> dict[str, Any]:
    """Draw the predicted digit for each pair of perturbations; the paler, the less probable.

    Args:
        digits: The predicted digits, a row for each value of y.
        shares: Their probabilities, 0 to 1.
        across: Title and values of the x axis, evenly spaced.
        downward: Title and values of the y axis, the first on top.
        here: Values of x and y whose cell is highlighted.
        numbers: How numbers are written.
    """
    (x_title, xs), (y_title, ys) = across, downward
    cells = {
        "type": "heatmap",
        "x": list(xs),
        "y": list(ys),
        # Each digit has the interval up to the next one; the position within it is the probability.
        "z": [
            [digit + min(share, ALMOST_ONE) for digit, share in zip(*row, strict=True)]
            for row in zip(digits, shares, strict=True)
        ],
        "zmin": 0,
        "zmax": 10,
        "colorscale": _digit_scale(),
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "text": [[str(digit) for digit in row] for row in digits],
        "texttemplate": "%{text}",
        "textfont": {"color": CELL_TEXT_COLOUR, "size": CELL_FONT_PIXELS},
        "customdata": [[numbers.chance(share) for share in row] for row in shares],
        "hovertemplate": f"{x_title}: %{{x}}<br>{y_title}: %{{y}}<br>"
        "<b>%{text}</b> (%{customdata})<extra></extra>",
    }
    layout = _layout(numbers, f"{x_title} {y_title}", MAP_HEIGHT_PIXELS)
    layout["xaxis"] = _map_axis(x_title, xs, 4)
    layout["yaxis"] = _map_axis(y_title, ys, 6) | {"autorange": "reversed"}
    layout["shapes"] = [_cell_highlight(here, xs, ys)]
    return {"data": [cells], "layout": layout}


def _digit_scale() -> list[list[Any]]:
    """Return a colour scale with an interval for each digit, from a pale to its full colour."""
    scale: list[list[Any]] = []
    for digit, colour in enumerate(DIGIT_COLOURS):
        full = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
        pale = [round(255 - UNSURE_SHARE * (255 - channel)) for channel in full]
        scale += [[digit / 10, f"rgb{tuple(pale)}"], [(digit + 1) / 10, f"rgb{tuple(full)}"]]
    return scale


def _map_axis(title: str, values: Sequence[int], ticks: int) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 6},
        "tickvals": list(values[:: max(1, (len(values) - 1) // ticks)]),
        "tickangle": 0,
        "ticks": "",
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _cell_highlight(here: tuple[int, int], xs: Sequence[int], ys: Sequence[int]) -> dict[str, Any]:
    half_x, half_y = (xs[1] - xs[0]) / 2, (ys[1] - ys[0]) / 2
    x, y = here
    return {
        "type": "rect",
        "x0": x - half_x,
        "x1": x + half_x,
        "y0": y - half_y,
        "y1": y + half_y,
        "line": {"color": CELL_TEXT_COLOUR, "width": 4},
    }


def accuracy_fall_figure(
    strengths: Sequence[int],
    accuracies: Sequence[float],
    here: int,
    axis: str,
    words: Section,
    numbers: NumberTexts,
) -> dict[str, Any]:
    """Draw accuracy over the strength of a perturbation, with the chosen strength and the level of chance.

    Args:
        strengths: Strengths in per cent.
        accuracies: Accuracies, 0 to 1.
        here: The chosen strength.
        axis: Title of the x axis.
        words: The words of the laboratory.
        numbers: How numbers are written.
    """
    chosen = accuracies[list(strengths).index(here)]
    last = strengths[-1]
    guess = {
        "type": "scatter",
        "x": [0, last],
        "y": [CHANCE, CHANCE],
        "name": words.chance_level,
        "mode": "lines",
        "line": {"color": CHANCE_COLOUR, "width": 2, "dash": "dash"},
        "hoverinfo": "skip",
    }
    line = {
        "type": "scatter",
        "x": list(strengths),
        "y": list(accuracies),
        "name": words.accuracy,
        "mode": "lines+markers",
        "line": {"color": CURVE_COLOUR, "width": 3},
        "marker": {"size": 8},
        "hovertemplate": "%{x} %: %{y:.1%}<extra></extra>",
    }
    point = {
        "type": "scatter",
        "x": [here],
        "y": [chosen],
        "mode": "markers",
        "marker": {"symbol": "diamond", "size": 18, "color": HERE_COLOUR},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    layout = _layout(numbers, axis, CURVE_HEIGHT_PIXELS)
    layout["margin"] |= {"t": 40}
    layout["legend"] = {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "font": {"size": 15}}
    layout["xaxis"] = {
        "title": {"text": axis, "standoff": 6},
        "range": [-0.03 * last, 1.03 * last],
        "fixedrange": True,
        "zeroline": False,
    }
    layout["yaxis"] = {"range": [0, 1.04], "tickformat": ".0%", "fixedrange": True}
    return {"data": [guess, line, point], "layout": layout}


def _layout(numbers: NumberTexts, revision: str, height: int) -> dict[str, Any]:
    return {
        "font": {"size": FONT_PIXELS},
        "separators": numbers.decimal + numbers.thousands,
        "uirevision": revision,
        "height": height,
        "margin": {"l": 62, "r": 10, "t": 8, "b": 56},
    }
