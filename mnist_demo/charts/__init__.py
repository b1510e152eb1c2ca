"""Figures and pictures as plain values: for plotly.js, for paper, as PNG."""

from mnist_demo.charts.comparison import Curve, Measure, comparison_figure, line_style
from mnist_demo.charts.counts import PART_COLOURS, counts_figure
from mnist_demo.charts.curves import accuracy_figure, loss_figure, probability_figure
from mnist_demo.charts.evaluation import confusion_figure, digits_figure, reliability_figure
from mnist_demo.charts.lab import accuracy_fall_figure, answer_map_figure
from mnist_demo.charts.network_svg import Headings, paths_html, paths_svg
from mnist_demo.charts.pictures import (
    DARK_TEXT_FROM,
    Sprite,
    contact_sheet,
    grey,
    heat_map,
    lay_out,
    neuron_grid,
    picture_html,
    picture_url,
    png_bytes,
    row_html,
    weight_picture,
)
from mnist_demo.charts.svg import accuracy_svg, loss_svg
from mnist_demo.charts.weights import PICTURED_NEURONS, weight_pictures

__all__ = [
    "DARK_TEXT_FROM",
    "PART_COLOURS",
    "PICTURED_NEURONS",
    "Curve",
    "Headings",
    "Measure",
    "Sprite",
    "accuracy_fall_figure",
    "accuracy_figure",
    "accuracy_svg",
    "answer_map_figure",
    "comparison_figure",
    "confusion_figure",
    "contact_sheet",
    "counts_figure",
    "digits_figure",
    "grey",
    "heat_map",
    "lay_out",
    "line_style",
    "loss_figure",
    "loss_svg",
    "neuron_grid",
    "paths_html",
    "paths_svg",
    "picture_html",
    "picture_url",
    "png_bytes",
    "probability_figure",
    "reliability_figure",
    "row_html",
    "weight_picture",
    "weight_pictures",
]
