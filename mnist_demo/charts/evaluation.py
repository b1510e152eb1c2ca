"""Figures of an evaluation, as the `data` and `layout` that plotly.js draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mnist_demo.charts.theme import LARGE_FONT_PIXELS, Colour, layout, legend_on_top, tint
from mnist_demo.data import DIGITS
from mnist_demo.network import ConfidenceBin, Evaluation
from mnist_demo.texts import NumberTexts, Section

RIGHT_TINT = tint(Colour.RIGHT, 0.4)
WRONG_TINTS = (tint(Colour.WRONG, 0.18), tint(Colour.WRONG, 0.72))
"""Of the rarest mistake and of the most frequent one."""
MATRIX_HEIGHT_PIXELS, DIGITS_HEIGHT_PIXELS, RELIABILITY_HEIGHT_PIXELS = 560, 520, 440
MIN_BIN_IMAGES = 10
"""What fewer images say may be chance."""
MIN_MARKER_PIXELS, MAX_MARKER_PIXELS = 9, 30
LABELS = [str(digit) for digit in range(DIGITS)]


def confusion_figure(
    evaluation: Evaluation,
    chosen: tuple[int, int],
    texts: Section,
    numbers: NumberTexts,
    *,
    shares: bool,
) -> dict[str, Any]:
    """Draw the confusion matrix: rows are what images show, columns what the network predicted.

    Correct answers have one colour; mistakes have a scale of their own, because on a common one they would
    all be invisible. Cells without images stay empty, but can be chosen.

    Args:
        evaluation: What the network predicted.
        chosen: Row and column of the cell that is framed.
        texts: Words on the chart.
        numbers: How numbers are written.
        shares: Show per cent of the row instead of counts.
    """
    counts = evaluation.confusion.tolist()
    totals = [max(sum(row), 1) for row in counts]
    filled = [(row, column) for row in range(DIGITS) for column in range(DIGITS) if counts[row][column]]
    right = [[1 if row == column else None for column in range(DIGITS)] for row in range(DIGITS)]
    wrong = [[_weight(counts, row, column) for column in range(DIGITS)] for row in range(DIGITS)]
    cells = {"type": "heatmap", "x": LABELS, "y": LABELS, "xgap": 2, "ygap": 2, "showscale": False}
    cells |= {"hovertemplate": texts.cell_hover + "<extra></extra>", "customdata": counts}
    data = [
        cells | {"z": right, "colorscale": [[0, RIGHT_TINT], [1, RIGHT_TINT]]},
        cells | {"z": wrong, "zmin": 0, "colorscale": [[0, WRONG_TINTS[0]], [1, WRONG_TINTS[1]]]},
        {
            "type": "scatter",
            "mode": "text",
            "x": [str(column) for _, column in filled],
            "y": [str(row) for row, _ in filled],
            "text": [_cell_text(counts[row][column], totals[row], numbers, shares) for row, column in filled],
            "textfont": {"size": LARGE_FONT_PIXELS},
            "hoverinfo": "skip",
        },
    ]
    axis = {"type": "category", "fixedrange": True, "showgrid": False, "tickvals": LABELS}
    axis |= {"tickfont": {"size": LARGE_FONT_PIXELS}, "zeroline": False}
    return {
        "data": data,
        "layout": layout(
            numbers,
            MATRIX_HEIGHT_PIXELS,
            dragmode=False,
            showlegend=False,
            hovermode="closest",
            margin={"l": 48, "r": 4, "t": 56, "b": 8},
            xaxis=axis | {"side": "top", "title": {"text": texts.predicted_axis, "standoff": 4}},
            yaxis=axis | {"autorange": "reversed", "title": {"text": texts.actual_axis, "standoff": 4}},
            shapes=[_highlight(*chosen)],
        ),
    }


def digits_figure(evaluation: Evaluation, texts: Section, numbers: NumberTexts) -> dict[str, Any]:
    """Draw precision and recall of each digit as two points on a line.

    Args:
        evaluation: What the network predicted.
        texts: Words on the chart.
        numbers: How numbers are written.
    """
    recall, precision = evaluation.recall, evaluation.precision
    data = [
        _digit_points(texts.recall, recall, precision, numbers, Colour.RIGHT, "circle"),
        _digit_points(texts.precision, precision, recall, numbers, Colour.WRONG, "diamond"),
    ]
    known = [share for share in (*recall, *precision) if share is not None]
    low = math.floor(20 * min(known, default=0)) / 20  # a multiple of 5 %
    room = 0.17 * (1 - low)  # for what is written beside the outer points
    places = {"type": "category", "tickvals": LABELS, "tickfont": {"size": LARGE_FONT_PIXELS}}
    return {
        "data": data,
        "layout": layout(
            numbers,
            DIGITS_HEIGHT_PIXELS,
            dragmode=False,
            hovermode=False,
            legend=legend_on_top(),
            margin={"l": 36, "r": 4, "t": 44, "b": 36},
            xaxis={"range": [low - room, 1 + room], "fixedrange": True, "zeroline": False}
            | _marks(_ticks(low), numbers),
            yaxis=places | {"fixedrange": True, "range": [9.6, -0.6]},
            shapes=[
                {"type": "line", "x0": r, "x1": p, "y0": actual, "y1": actual, "layer": "below"}
                | {"line": {"color": Colour.UNSURE, "width": 3}}
                for actual, (r, p) in enumerate(zip(recall, precision, strict=True))
                if r is not None and p is not None
            ],
        ),
    }


def reliability_figure(evaluation: Evaluation, texts: Section, numbers: NumberTexts) -> dict[str, Any]:
    """Draw accuracy against confidence; the more images, the larger a point.

    Ranges with a few images are grey, and no line leads to them: one image is right in 0 % or in 100 %.

    Args:
        evaluation: What the network predicted.
        texts: Words on the chart.
        numbers: How numbers are written.
    """
    bins = evaluation.calibration
    most = max(found.images for found in bins)
    spread = MAX_MARKER_PIXELS - MIN_MARKER_PIXELS

    def points(kept: Sequence[ConfidenceBin], **look: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a trace
        sizes = [MIN_MARKER_PIXELS + spread * math.sqrt(found.images / most) for found in kept]
        return {
            "type": "scatter",
            "x": [found.confidence for found in kept],
            "y": [found.accuracy for found in kept],
            "text": [_bin_label(found, texts, numbers) for found in kept],
            "cliponaxis": False,
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {"size": sizes, "opacity": 1} | look.pop("marker", {}),
        } | look

    many = [found for found in bins if found.images >= MIN_BIN_IMAGES]
    few = [found for found in bins if found.images < MIN_BIN_IMAGES]
    data = [
        {
            "type": "scatter",
            "name": texts.perfect_calibration,
            "x": [0, 1],
            "y": [0, 1],
            "mode": "lines",
            "line": {"color": Colour.UNSURE, "width": 2, "dash": "dash"},
            "hoverinfo": "skip",
        },
        points(
            many,
            name=texts.this_network,
            mode="lines+markers",
            line={"color": Colour.RIGHT, "width": 3},
        ),
    ]
    if few:
        name = texts.few_images.format(images=numbers.whole(MIN_BIN_IMAGES))
        grey = {"color": Colour.UNSURE, "symbol": "circle-open", "line": {"width": 2}}
        data.append(points(few, name=name, mode="markers", marker=grey))
    axis = {"range": [0, 1.04], "fixedrange": True} | _marks([0, 0.2, 0.4, 0.6, 0.8, 1], numbers)
    return {
        "data": data,
        "layout": layout(
            numbers,
            RELIABILITY_HEIGHT_PIXELS,
            dragmode=False,
            hovermode="closest",
            legend=legend_on_top(),
            margin={"l": 72, "r": 16, "t": 44, "b": 56},
            xaxis=axis | {"title": {"text": texts.confidence_axis, "standoff": 8}},
            yaxis=axis | {"title": {"text": texts.accuracy_axis, "standoff": 8}},
        ),
    }


def _bin_label(found: ConfidenceBin, texts: Section, numbers: NumberTexts) -> str:
    return texts.bin_label.format(
        confidence=numbers.chance(found.confidence),
        accuracy=numbers.percent(found.accuracy),
        images=numbers.whole(found.images),
    )


def _cell_text(count: int, total: int, numbers: NumberTexts, shares: bool) -> str:
    """Format a count, or its percentage without the sign, for which the cells are too small."""
    return numbers.number(100 * count / total, 1) if shares else str(count)


def _weight(counts: list[list[int]], row: int, column: int) -> float | None:
    """Return the square root of the number of mistakes, so that rare ones are visible too."""
    return None if row == column or not counts[row][column] else math.sqrt(counts[row][column])


def _highlight(row: int, column: int) -> dict[str, Any]:
    edges = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
    return {"type": "rect", "line": {"color": Colour.RIGHT, "width": 4}} | edges


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
        "y": LABELS,
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
