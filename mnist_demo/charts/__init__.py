"""Figures and pictures as plain values: for plotly.js, for paper, as PNG."""

from mnist_demo.charts.axes import Measure, axis_ranges
from mnist_demo.charts.comparison import Curve, comparison_figure, line_style
from mnist_demo.charts.counts import counts_figure
from mnist_demo.charts.coverage import coverage_figure, coverage_label
from mnist_demo.charts.curves import curve_points, curves_alt, curves_figure
from mnist_demo.charts.evaluation import confusion_figure, digits_figure, reliability_figure
from mnist_demo.charts.lab import accuracy_fall_figure, answer_map_figure
from mnist_demo.charts.pictures import (
    SHEET_NEURONS,
    Sprite,
    contact_sheet,
    first_layer_sheet,
    grey,
    heat_map,
    lay_out,
    neuron_grid,
    picture_html,
    picture_url,
    png_bytes,
    row_html,
    weight_pictures,
)
from mnist_demo.charts.rates import rate_marks, rate_shapes, rates_alt
from mnist_demo.charts.sparkline import sparkline_html
from mnist_demo.charts.svg import curves_svg
from mnist_demo.charts.templates import render_template
from mnist_demo.charts.theme import DARK_TEXT_FROM, DIGIT_FILLS, STAGE_COLOURS, css_variables

__all__ = [
    "DARK_TEXT_FROM",
    "DIGIT_FILLS",
    "SHEET_NEURONS",
    "STAGE_COLOURS",
    "Curve",
    "Measure",
    "Sprite",
    "accuracy_fall_figure",
    "answer_map_figure",
    "axis_ranges",
    "comparison_figure",
    "confusion_figure",
    "contact_sheet",
    "counts_figure",
    "coverage_figure",
    "coverage_label",
    "css_variables",
    "curve_points",
    "curves_alt",
    "curves_figure",
    "curves_svg",
    "digits_figure",
    "first_layer_sheet",
    "grey",
    "heat_map",
    "lay_out",
    "line_style",
    "neuron_grid",
    "picture_html",
    "picture_url",
    "png_bytes",
    "rate_marks",
    "rate_shapes",
    "rates_alt",
    "reliability_figure",
    "render_template",
    "row_html",
    "sparkline_html",
    "weight_pictures",
]
