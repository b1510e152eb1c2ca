"""Plotly figures of an evaluation, as plain dictionaries like those of `charts`.

The page adds the colours of its theme. Colours behind text are transparent enough for both themes.
"""

from __future__ import annotations

import math
from typing import Any

from mnist_demo.network import Evaluation
from mnist_demo.texts import NumberTexts, Section

RIGHT_COLOUR = "rgba(47, 127, 224, 0.4)"
MISTAKE_COLOURS = ("rgba(184, 74, 6, 0.18)", "rgba(184, 74, 6, 0.72)")
CHOSEN_COLOUR = "#2f7fe0"
RECALL_COLOUR = "#2f7fe0"
PRECISION_COLOUR = "#d97706"
OTHER_COLOUR = "#8a94a6"
MATRIX_HEIGHT_PIXELS = 560
DIGITS_HEIGHT_PIXELS = 520
RELIABILITY_HEIGHT_PIXELS = 440
FONT_PIXELS = 15
LARGE_FONT_PIXELS = 18
MIN_MARKER_PIXELS = 9
MAX_MARKER_PIXELS = 30
DIGITS = [str(actual) for actual in range(10)]


def confusion_figure(
    evaluation: Evaluation,
    chosen: tuple[int, int],
    texts: Section,
    numbers: NumberTexts,
    *,
    shares: bool,
) -> dict[str, Any]:
    """Draw the confusion matrix: rows are the actual digits, columns the predicted ones.

    Correct answers have one colour; mistakes have a scale of their own, because on a common one they would
    all be invisible. Cells without images stay empty, but can be chosen.

    Args:
        evaluation: The network's answers.
        chosen: Row and column of the highlighted cell.
        texts: Words on the chart.
        numbers: How numbers are written.
        shares: Show per cent of the row instead of counts.
    """
    counts = evaluation.confusion.tolist()
    totals = [max(sum(row), 1) for row in counts]
    filled = [(row, predicted) for row in range(10) for predicted in range(10) if counts[row][predicted]]
    labels = {cell: _cell_text(counts[cell[0]][cell[1]], totals[cell[0]], numbers, shares) for cell in filled}
    right = [[1 if row == column else None for column in range(10)] for row in range(10)]
    wrong = [[_weight(counts, row, column) for column in range(10)] for row in range(10)]
    words = {"x": DIGITS, "y": DIGITS, "hovertemplate": texts.cell_hover + "<extra></extra>"}
    words |= {"customdata": counts, "type": "heatmap", "showscale": False}
    words |= {"xgap": 2, "ygap": 2}
    data = [
        words | {"z": right, "colorscale": [[0, RIGHT_COLOUR], [1, RIGHT_COLOUR]]},
        words | {"z": wrong, "zmin": 0, "colorscale": [[0, MISTAKE_COLOURS[0]], [1, MISTAKE_COLOURS[1]]]},
        {
            "type": "scatter",
            "mode": "text",
            "x": [str(column) for _, column in filled],
            "y": [str(row) for row, _ in filled],
            "text": [labels[cell] for cell in filled],
            "textfont": {"size": LARGE_FONT_PIXELS},
            "hoverinfo": "skip",
        },
    ]
    axis = {"type": "category", "fixedrange": True, "showgrid": False, "tickvals": DIGITS}
    axis |= {"tickfont": {"size": LARGE_FONT_PIXELS}, "zeroline": False}
    layout = _layout(numbers, MATRIX_HEIGHT_PIXELS) | {
        "showlegend": False,
        "hovermode": "closest",
        "margin": {"l": 48, "r": 4, "t": 56, "b": 8},
        "xaxis": axis | {"side": "top", "title": {"text": texts.predicted_axis, "standoff": 4}},
        "yaxis": axis | {"autorange": "reversed", "title": {"text": texts.actual_axis, "standoff": 4}},
        "shapes": [_highlight(*chosen)],
    }
    return {"data": data, "layout": layout}


def digits_figure(evaluation: Evaluation, texts: Section, numbers: NumberTexts) -> dict[str, Any]:
    """Draw precision and recall of each digit as two points on a line.

    Args:
        evaluation: The network's answers.
        texts: Words on the chart.
        numbers: How numbers are written.
    """
    recall, precision = evaluation.recall, evaluation.precision
    data = [
        _digit_points(texts.recall, recall, precision, numbers, RECALL_COLOUR, "circle"),
        _digit_points(texts.precision, precision, recall, numbers, PRECISION_COLOUR, "diamond"),
    ]
    known = [share for share in (*recall, *precision) if share is not None]
    low = math.floor(20 * min(known, default=0)) / 20  # a multiple of 5 %
    room = 0.17 * (1 - low)  # for what is written beside the outer points
    layout = _layout(numbers, DIGITS_HEIGHT_PIXELS) | {
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "margin": {"l": 36, "r": 4, "t": 44, "b": 36},
        "hovermode": False,
        "xaxis": {"range": [low - room, 1 + room], "fixedrange": True, "zeroline": False}
        | _marks(_ticks(low), numbers),
        "yaxis": {"type": "category", "fixedrange": True, "tickvals": DIGITS}
        | {"tickfont": {"size": LARGE_FONT_PIXELS}, "range": [9.6, -0.6]},
        "shapes": [
            {"type": "line", "x0": r, "x1": p, "y0": actual, "y1": actual, "layer": "below"}
            | {"line": {"color": OTHER_COLOUR, "width": 3}}
            for actual, r, p in zip(range(10), recall, precision, strict=True)
            if r is not None and p is not None
        ],
    }
    return {"data": data, "layout": layout}


def reliability_figure(evaluation: Evaluation, texts: Section, numbers: NumberTexts) -> dict[str, Any]:
    """Draw accuracy against confidence; the more images, the larger a point.

    Args:
        evaluation: The network's answers.
        texts: Words on the chart.
        numbers: How numbers are written.
    """
    bins = evaluation.calibration
    most = max(found.images for found in bins)
    spread = MAX_MARKER_PIXELS - MIN_MARKER_PIXELS
    sizes = [MIN_MARKER_PIXELS + spread * math.sqrt(found.images / most) for found in bins]
    data = [
        {
            "type": "scatter",
            "name": texts.perfect_calibration,
            "x": [0, 1],
            "y": [0, 1],
            "mode": "lines",
            "line": {"color": OTHER_COLOUR, "width": 2, "dash": "dash"},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "name": texts.this_network,
            "x": [found.confidence for found in bins],
            "y": [found.accuracy for found in bins],
            "text": [
                texts.bin_label.format(
                    confidence=numbers.chance(found.confidence),
                    accuracy=numbers.percent(found.accuracy),
                    images=numbers.whole(found.images),
                )
                for found in bins
            ],
            "mode": "lines+markers",
            "line": {"color": RECALL_COLOUR, "width": 3},
            "marker": {"size": sizes, "opacity": 1},
            "cliponaxis": False,
            "hovertemplate": "%{text}<extra></extra>",
        },
    ]
    axis = {"range": [0, 1.04], "fixedrange": True} | _marks([0, 0.2, 0.4, 0.6, 0.8, 1], numbers)
    layout = _layout(numbers, RELIABILITY_HEIGHT_PIXELS) | {
        "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
        "margin": {"l": 72, "r": 16, "t": 44, "b": 56},
        "hovermode": "closest",
        "xaxis": axis | {"title": {"text": texts.confidence_axis, "standoff": 8}},
        "yaxis": axis | {"title": {"text": texts.accuracy_axis, "standoff": 8}},
    }
    return {"data": data, "layout": layout}


def _cell_text(count: int, total: int, numbers: NumberTexts, shares: bool) -> str:
    """Format a count, or its percentage without the sign, for which the cells are too small."""
    return numbers.number(100 * count / total, 1) if shares else str(count)


def _weight(counts: list[list[int]], row: int, column: int) -> float | None:
    """Return the square root of the number of mistakes, so that rare ones are visible too."""
    return None if row == column or not counts[row][column] else math.sqrt(counts[row][column])


def _highlight(row: int, column: int) -> dict[str, Any]:
    edges = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", "line": {"color": CHOSEN_COLOUR, "width": 4}} | edges


def _digit_points(
    name: str,
    shares: tuple[float | None, ...],
    others: tuple[float | None, ...],
    numbers: NumberTexts,
    colour: str,
    symbol: str,
) -> dict[str, Any]:
    """Draw the points of one measure, each with its number on the side away from the other measure."""
    # If both are equal, the first, a circle, has its number on the left.
    left = [
        share is not None and (other is None or share < other or (share == other and symbol == "circle"))
        for share, other in zip(shares, others, strict=True)
    ]
    return {
        "type": "scatter",
        "name": name,
        "x": list(shares),
        "y": DIGITS,
        "mode": "markers+text",
        "text": ["" if share is None else numbers.percent(share) for share in shares],
        "textposition": ["middle left" if side else "middle right" for side in left],
        "marker": {"color": colour, "symbol": symbol, "size": 13},
        "cliponaxis": False,
    }


def _ticks(low: float) -> list[float]:
    """Return about five tick values from `low` to 1."""
    step = next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25) if (1 - low) / step <= 5 or step == 0.25)
    return [round(1 - step * number, 2) for number in range(math.floor((1 - low) / step + 1e-9) + 1)]


def _marks(shares: list[float], numbers: NumberTexts) -> dict[str, Any]:
    """Label the ticks of an axis as the language writes percentages."""
    return {"tickvals": shares, "ticktext": [numbers.percent(share, 0) for share in shares]}


def _layout(numbers: NumberTexts, height: int) -> dict[str, Any]:
    separators = numbers.decimal + numbers.thousands
    return {"font": {"size": FONT_PIXELS}, "separators": separators, "height": height, "dragmode": False}
