"""Confidence that can be trusted: how sure a network may say it is, and when it should not answer at all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.evaluation import Evaluation
from mnist_demo.network.mlp import Activations, Network, softmax

MIN_PROBABILITY = 0.5
"""Below it, the likeliest digit is less likely than all the others together."""
ABSTENTION_SHARE = 0.01
"""Share of the validation images whose evidence counts as too little."""
TEMPERATURES = (0.05, 20.0)
SEARCH_STEPS = 25
GOLDEN = (np.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Calibration:
    """What was measured of a network's confidence.

    Attributes:
        temperature: What its logits are divided by; above 1, it was too sure of itself.
        min_logit_margin: Less of `logit_margin`, after the division, than nearly every digit has.
        error_before: Expected calibration error on the test images, 0 to 1, as it was trained.
        error_after: The same with the temperature.
        abstention_rate: Share of the test images that `abstains` would doubt: false alarms.
    """

    temperature: float
    min_logit_margin: float
    error_before: float
    error_after: float
    abstention_rate: float


def calibrate(
    network: Network,
    validation: tuple[NDArray[np.float32], NDArray[np.uint8]],
    test: tuple[NDArray[np.float32], NDArray[np.uint8]],
) -> Calibration | None:
    """Choose temperature and least evidence by validation images, and measure both on test images.

    Args:
        network: As it was trained.
        validation: Images (n, 784) float32, 0 to 1, and digits (n,), which it was not trained on.
        test: Likewise.

    Returns:
        None for a network whose numbers have overflowed.
    """
    seen, shown = network.activations(validation[0]), network.activations(test[0])
    if not (np.isfinite(seen.logits).all() and np.isfinite(shown.logits).all()):
        return None
    temperature = fit_temperature(seen.logits, validation[1])
    evidence = logit_margin(_scale_logits(seen, temperature), validation[0])
    found = Calibration(temperature, float(np.quantile(evidence, ABSTENTION_SHARE)), 0.0, 0.0, 0.0)
    scaled_answers = _scale_logits(shown, temperature)
    return replace(
        found,
        error_before=_error(shown, test[1]),
        error_after=_error(scaled_answers, test[1]),
        abstention_rate=float(abstains(found, scaled_answers, test[0]).mean()),
    )


def fit_temperature(logits: NDArray[np.float32], labels: NDArray[np.uint8]) -> float:
    """Find the number by which to divide logits (n, 10) so that digits (n,) become likeliest.

    Source: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks" (ICML 2017); searched for
    by Kiefer's golden section on the logarithm, where the cross-entropy has one minimum.
    """

    def loss(log_temperature: float) -> float:
        scaled = logits / np.float32(np.exp(log_temperature))
        likely = softmax(scaled)[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(likely, np.finfo(np.float32).tiny)).mean())

    low, high = np.log(TEMPERATURES)
    for _ in range(SEARCH_STEPS):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        low, high = (low, right) if loss(left) < loss(right) else (left, high)
    return float(np.exp((low + high) / 2))


def apply_temperature(network: Network, temperature: float) -> Network:
    """Give a network that answers the same, with its logits divided by a temperature."""
    *hidden, (weights, biases) = network.layers
    return Network((*hidden, (weights / np.float32(temperature), biases / np.float32(temperature))))


def logit_margin(answers: Activations, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Measure how far the winner's logit stands above the mean of all ten, for the length of the image.

    A network of ReLUs answers louder to whatever has more ink. What ink does not explain is what the network
    has recognised: a scribble has much ink and little of that.

    Args:
        answers: What the network answers to `x`.
        x: (n, 784) float32, 0 to 1.

    Returns:
        (n,) float32.
    """
    heights = answers.logits.max(axis=1) - answers.logits.mean(axis=1)
    lengths = np.sqrt(np.einsum("np,np->n", x, x))
    return heights / np.maximum(lengths, np.float32(1))


def abstains(calibration: Calibration, answers: Activations, x: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say of which images the network should say that it is not sure.

    The rule: the likeliest digit has less than half of the probability, or there is less evidence for it than
    there was for 99 of 100 validation images.

    Args:
        calibration: Of this network.
        answers: What the network, divided by the temperature, answers to `x`.
        x: (n, 784) float32, 0 to 1.
    """
    unsure = answers.probabilities.max(axis=1) < MIN_PROBABILITY
    return unsure | (logit_margin(answers, x) < calibration.min_logit_margin)


def _scale_logits(answers: Activations, temperature: float) -> Activations:
    logits = answers.logits / np.float32(temperature)
    return replace(answers, logits=logits, probabilities=softmax(logits))


def _error(answers: Activations, labels: NDArray[np.uint8]) -> float:
    return Evaluation(labels.astype(np.int64), answers.probabilities, 0.0).calibration_error
