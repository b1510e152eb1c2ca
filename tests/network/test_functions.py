"""The activation functions, held against their formulas and their difference quotients."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.network.functions import ACTIVATION_FUNCTIONS

SUMS = np.linspace(-6, 6, 101, dtype=np.float32) + np.float32(0.003)


def test_values_by_hand():
    """Where everybody knows them."""
    at = np.array([-200, 0, 1, 200], np.float32)
    known = {
        "relu": [0, 0, 1, 200],
        "tanh": [-1, 0, np.tanh(1), 1],
        "sigmoid": [0, 0.5, 1 / (1 + np.exp(-1)), 1],
    }
    for name, values in known.items():
        np.testing.assert_allclose(ACTIVATION_FUNCTIONS[name].apply(at), values, atol=1e-7)


@pytest.mark.parametrize("name", ACTIVATION_FUNCTIONS)
def test_slope_is_the_difference_quotient(name: str):
    """Of the activations themselves."""
    function = ACTIVATION_FUNCTIONS[name]
    step = np.float32(1e-3)
    quotient = (function.apply(SUMS + step) - function.apply(SUMS - step)) / (2 * step)
    np.testing.assert_allclose(function.slope(function.apply(SUMS)), quotient, atol=2e-4)


@pytest.mark.parametrize("name", ACTIVATION_FUNCTIONS)
def test_numbers_stay_single(name: str):
    """Double precision would make every answer slower, unnoticed."""
    function = ACTIVATION_FUNCTIONS[name]
    assert function.apply(SUMS).dtype == np.float32
    assert function.slope(function.apply(SUMS)).dtype == np.float32
