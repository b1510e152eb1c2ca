"""The numbers that lessons tell: those of the images in use, split as the visitor's settings say."""

from __future__ import annotations

import math

from mnist_demo.data import MNIST, split_validation
from mnist_demo.errors import DatasetUnavailable
from mnist_demo.runs import RunConfig
from mnist_demo.texts import NumberTexts
from mnist_demo.ui import services

EXAMPLE_ACCURACY = 0.976


def lesson_numbers(
    n_train: int, n_test: int, validation_split: float, numbers: NumberTexts
) -> dict[str, str]:
    """Write what stands in braces in the lessons.

    Args:
        n_train: Number of training images, validation included.
        n_test: Number of test images.
        validation_split: Share of the training images that is held back, 0 to 1.
        numbers: How the language writes numbers.
    """
    learned = len(split_validation(range(n_train), validation_split)[0])
    right = round(EXAMPLE_ACCURACY * n_test)
    counts = {
        "test": n_test,
        "learned": learned,
        "steps_32": math.ceil(learned / 32),
        "steps_128": math.ceil(learned / 128),
        "right": right,
        "wrong": n_test - right,
    }
    return {name: numbers.whole(count) for name, count in counts.items()}


def numbers_in_use(config: RunConfig, numbers: NumberTexts) -> dict[str, str]:
    """Write them for the images in use; where none can be read, for MNIST's, of which the lessons tell."""
    try:
        info = services.data_summary().info
    except DatasetUnavailable:
        info = MNIST
    return lesson_numbers(info.n_train, info.n_test, config.validation_split, numbers)
