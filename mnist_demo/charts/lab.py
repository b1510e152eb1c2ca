"""The laboratory's figures: a map of answers, and accuracy under growing perturbation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mnist_demo.charts.theme import (
    DIGIT_FILLS,
    DIGIT_INK,
    Colour,
    layout,
    legend_on_top,
    percent_axis,
    percent_hover,
    rgb,
)
from mnist_demo.texts import NumberTexts, Section

UNSURE_SHARE = 0.2
"""How much of its colour is left in a cell whose answer has a probability of nearly 0."""
MAP_HEIGHT_PIXELS, CURVE_HEIGHT_PIXELS = 440, 360
CELL_FONT_PIXELS = 21
CHANCE_PERCENT = 10
ALMOST_ONE = 1 - 1e-6
MARGIN = {"l": 62, "r": 10, "t": 8, "b": 56}


def answer_map_figure(
    digits: Sequence[Sequence[int]],
    shares: Sequence[Sequence[float]],
    across: tuple[str, Sequence[int]],
    downward: tuple[str, Sequence[int]],
    here: tuple[int, int],
    numbers: NumberTexts,
) -> dict[str, Any]:
    """Draw which digit is answered for each pair of perturbations, the paler the less probable.

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
        "textfont": {"color": DIGIT_INK, "size": CELL_FONT_PIXELS},
        "customdata": [[numbers.chance(share) for share in row] for row in shares],
        "hovertemplate": f"{x_title}: %{{x}}<br>{y_title}: %{{y}}<br>"
        "<b>%{text}</b> (%{customdata})<extra></extra>",
    }
    return {
        "data": [cells],
        "layout": layout(
            numbers,
            MAP_HEIGHT_PIXELS,
            f"{x_title} {y_title}",
            margin=MARGIN,
            xaxis=_map_axis(x_title, xs, 4),
            yaxis=_map_axis(y_title, ys, 6) | {"autorange": "reversed"},
            shapes=[_cell_highlight(here, xs, ys)],
        ),
    }


def _digit_scale() -> list[list[Any]]:
    """Return a colour scale with an interval for each digit, from a pale to its full colour."""
    scale: list[list[Any]] = []
    for digit, colour in enumerate(DIGIT_FILLS):
        pale = (255 - UNSURE_SHARE * (255 - rgb(colour))).round().astype(int).tolist()
        scale += [[digit / 10, f"rgb{tuple(pale)}"], [(digit + 1) / 10, colour]]
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
        "line": {"color": DIGIT_INK, "width": 4},
    }


def accuracy_fall_figure(
    strengths: Sequence[int],
    accuracies: Sequence[float],
    here: int,
    axis: str,
    words: Section,
    numbers: NumberTexts,
) -> dict[str, Any]:
    """Draw accuracy over the strength of a perturbation, with the chosen strength and what guessing gets.

    Args:
        strengths: In per cent.
        accuracies: Shares from 0 to 1, drawn in per cent.
        here: The chosen one of the strengths.
        axis: Title of the x axis.
        words: The words of the laboratory.
        numbers: How numbers are written.
    """
    last, percents = strengths[-1], [100 * accuracy for accuracy in accuracies]
    guess = {
        "type": "scatter",
        "x": [0, last],
        "y": [CHANCE_PERCENT, CHANCE_PERCENT],
        "name": words.chance_level,
        "mode": "lines",
        "line": {"color": Colour.UNSURE, "width": 2, "dash": "dash"},
        "hoverinfo": "skip",
    }
    hover = f"{percent_hover(numbers, '%{x}')}: {percent_hover(numbers, '%{y:.1f}')}<extra></extra>"
    line = {
        "type": "scatter",
        "x": list(strengths),
        "y": percents,
        "name": words.accuracy,
        "mode": "lines+markers",
        "line": {"color": Colour.RIGHT, "width": 3},
        "marker": {"size": 8},
        "hovertemplate": hover,
    }
    point = {
        "type": "scatter",
        "x": [here],
        "y": [percents[list(strengths).index(here)]],
        "mode": "markers",
        "marker": {"symbol": "diamond", "size": 18, "color": Colour.WRONG},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return {
        "data": [guess, line, point],
        "layout": layout(
            numbers,
            CURVE_HEIGHT_PIXELS,
            axis,
            margin=MARGIN | {"t": 40},
            legend=legend_on_top(),
            xaxis={"title": {"text": axis, "standoff": 6}, "range": [-0.03 * last, 1.03 * last]}
            | {"fixedrange": True, "zeroline": False},
            yaxis={"range": [0, 104], "fixedrange": True} | percent_axis(numbers),
        ),
    }
