"""What a run learns from: which images, and with which labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import choose_rows, give_labels, split_validation
from mnist_demo.errors import TrainingFailed
from mnist_demo.runs.config import RunConfig


@dataclass(frozen=True, eq=False)
class Learned:
    """What is learned from in every epoch, before it is shuffled.

    Attributes:
        rows: (m,) int64, rows of the training images; some stand there twice in place of what is left out.
        labels: (n,) uint8, 0 to 9, the labels that all training images are given.
    """

    rows: NDArray[np.int64]
    labels: NDArray[np.uint8]


def learned_examples(config: RunConfig, digits: NDArray[np.uint8]) -> Learned:
    """Choose what a run learns from, spoiled as its settings say.

    Args:
        config: The settings.
        digits: (n,) uint8, 0 to 9, what the training images show, validation included.

    Raises:
        TrainingFailed: Nothing is left to learn from.
    """
    learned, _ = split_validation(np.arange(len(digits)), config.validation_split)
    rows = learned[: config.train_images]
    if config.spoils_rows:
        try:
            rows = rows[choose_rows(digits[rows], config.missing_digit, config.rare_digit, config.seed)]
        except ValueError as error:
            raise TrainingFailed("nothing_to_learn") from error
    return Learned(rows, give_labels(digits, config.wrong_labels, config.seed))
