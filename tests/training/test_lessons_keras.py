"""The lines of Keras in the lessons, run with Keras."""

import keras
import numpy as np

from mnist_demo.ui.common.lessons import KERAS


def test_the_lessons_together_are_a_program_that_runs():
    """In their order they train, evaluate and predict, and leave what the lessons say they do."""
    random = np.random.default_rng(1)
    images = random.integers(0, 256, (40, 28, 28), dtype=np.uint8)
    names = {
        "keras": keras,
        "x_train": images,
        "digits": random.integers(0, 10, 40),
        "x_test": images[:8].reshape(-1, 784) / 255,
        "test_digits": random.integers(0, 10, 8),
    }
    names["y_test"] = keras.utils.to_categorical(names["test_digits"], 10)
    for code in KERAS.values():
        exec(code, names)
    assert names["x_train"].shape == (40, 784)
    assert names["x_train"].max() == 1
    assert names["y_train"].shape == (40, 10)
    assert names["model"].count_params() == 109_386
    assert names["probabilities"].shape == (1, 10)
    assert np.isclose(names["probabilities"].sum(), 1)
    assert np.isclose(names["accuracy"], float(names["model"].evaluate(names["x_test"], names["y_test"])[1]))
