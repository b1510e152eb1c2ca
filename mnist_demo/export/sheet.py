"""The sheet of a lesson: one HTML file with what somebody predicted, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.charts import picture_url, render_template
from mnist_demo.texts import Texts


@dataclass(frozen=True)
class Prediction:
    """One question of the lesson.

    Attributes:
        title: The step's title.
        question: What was asked.
        said: What was answered; empty where nothing was.
        right: What is right; empty where that shows in what one does.
        why: Why.
    """

    title: str
    question: str
    said: str
    right: str
    why: str


def build_sheet(predictions: Sequence[Prediction], drawing: NDArray[np.uint8] | None, texts: Texts) -> str:
    """Write the sheet.

    Args:
        predictions: In the order of the lesson.
        drawing: (28, 28) uint8, what the network sees of the visitor's drawing; None without one.
        texts: The language of the sheet.

    Returns:
        A whole HTML document that asks no host for anything, and nobody for a name.
    """
    counted = [one for one in predictions if one.right and one.said]
    return str(
        render_template(
            "export/sheet.html",
            texts=texts,
            predictions=predictions,
            drawing=picture_url(drawing) if drawing is not None else "",
            right=sum(one.said == one.right for one in counted),
            counted=len(counted),
        )
    )
