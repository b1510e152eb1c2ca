"""The sheet that one takes home from the lesson."""

from __future__ import annotations

import numpy as np

from mnist_demo.export.sheet import Prediction, build_sheet
from mnist_demo.texts.loading import load_texts

PREDICTIONS = [
    Prediction("One", "How many?", "784", "784", "Because."),
    Prediction("Two", "Which?", "<b>", "the other", "So."),
    Prediction("Three", "Will it?", "Yes", "", ""),
    Prediction("Four", "And now?", "", "that", ""),
]


def test_sheet_counts_what_can_be_right():
    """Neither what was not answered, nor what only shows in what one does."""
    sheet = build_sheet(PREDICTIONS, None, load_texts("en"))
    assert "Right: 1 of 2." in sheet
    assert "Predicted: –" in sheet


def test_sheet_is_text_never_markup_and_asks_no_host():
    """Whatever stands in an answer."""
    sheet = build_sheet(PREDICTIONS, np.zeros((28, 28), np.uint8), load_texts("es"))
    assert "&lt;b&gt;" in sheet
    assert 'src="data:image/png' in sheet
    assert "http" not in sheet.replace("http-equiv", "")
    assert '<html lang="es">' in sheet
