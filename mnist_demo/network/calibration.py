"""Confidence that can be trusted: temperature scaling, and the smallest evidence for a digit."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.evaluation import Evaluation
from mnist_demo.network.mlp import Activations, Network, softmax
from mnist_demo.network.outliers import OutlierDetector

MIN_PROBABILITY = 0.5
"""Below this, the likeliest digit is less likely than all the others together."""
ABSTENTION_SHARE = 0.01
"""Share of the validation images whose logit margin counts as too small."""
FORMER_NAMES = {"least_evidence": "min_logit_margin", "doubted": "abstention_rate"}
"""Of runs that were kept before these figures had the names of the field."""
TEMPERATURES = (0.05, 20.0)
SEARCH_STEPS = 25
GOLDEN = (np.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Calibration:
    """How far a network's confidence can be trusted.

    Attributes:
        temperature: What its logits are divided by; above 1 if the network was overconfident.
        min_logit_margin: The network abstains below this `logit_margin`, measured after the division.
        error_before: Expected calibration error on the test images, 0 to 1, without the temperature; NaN, as
            the two that follow, where nobody tested the network.
        error_after: The same with the temperature.
        abstention_rate: Share of the test images on which the network abstains.
    """

    temperature: float
    min_logit_margin: float
    error_before: float = math.nan
    error_after: float = math.nan
    abstention_rate: float = math.nan


def calibrate(
    network: Network,
    validation: tuple[NDArray[np.float32], NDArray[np.uint8]],
    test: tuple[NDArray[np.float32], NDArray[np.uint8]],
    detector: OutlierDetector | None = None,
) -> Calibration | None:
    """Fit temperature and smallest margin to validation images, and measure both on test images.

    Args:
        network: As it was trained.
        validation: Images (n, 784) float32, 0 to 1, and labels (n,), which it was not trained on.
        test: The same for the test.
        detector: Tells what is no digit, where there is one.

    Returns:
        None for a network whose weights have overflowed.
    """
    found, shown = calibrate_on(network, *validation), network.activations(test[0])
    if not (found and np.isfinite(shown.logits).all()):
        return None
    scaled_answers = _scale_logits(shown, found.temperature)
    return replace(
        found,
        error_before=_error(shown, test[1]),
        error_after=_error(scaled_answers, test[1]),
        abstention_rate=float(AbstentionRule(found, detector).abstains(scaled_answers, test[0]).mean()),
    )


def calibrate_on(network: Network, x: NDArray[np.float32], labels: NDArray[np.uint8]) -> Calibration | None:
    """Fit temperature and smallest margin to images that the network was not trained on, and test neither.

    Args:
        network: As it was trained.
        x: (n, 784) float32, 0 to 1.
        labels: (n,) uint8, 0 to 9.

    Returns:
        None for a network whose weights have overflowed.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        answers = network.activations(x)
    if not np.isfinite(answers.logits).all():
        return None
    temperature = fit_temperature(answers.logits, labels)
    margins = logit_margin(_scale_logits(answers, temperature), x)
    return Calibration(temperature, float(np.quantile(margins, ABSTENTION_SHARE)))


def fit_temperature(logits: NDArray[np.float32], labels: NDArray[np.uint8]) -> float:
    """Return the number to divide logits (n, 10) by that minimizes the cross-entropy with the labels (n,).

    Source: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks" (ICML 2017). Found by
    Kiefer's golden-section search on the logarithm, where the cross-entropy has a single minimum.
    """
    heights = logits - logits.max(axis=1, keepdims=True)  # (n, 10), 0 for the likeliest digit
    heights_of_labels = heights[np.arange(len(labels)), labels]

    def loss(log_temperature: float) -> float:
        factor = np.float32(np.exp(-log_temperature))
        return float((np.log(np.exp(heights * factor).sum(axis=1)) - heights_of_labels * factor).mean())

    low, high = np.log(TEMPERATURES)
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    for _ in range(SEARCH_STEPS):  # the golden ratio lets each step use one of the two points again
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = loss(right)
    return float(np.exp((low + high) / 2))


def apply_temperature(network: Network, temperature: float) -> Network:
    """Return a network with the same predictions, whose logits are divided by a temperature."""
    *hidden, (weights, biases) = network.layers
    cooled = weights / np.float32(temperature), biases / np.float32(temperature)
    return replace(network, layers=(*hidden, cooled))


def logit_margin(answers: Activations, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far the largest logit is above the mean of all ten, relative to the norm of the image.

    A network of ReLUs has larger logits for whatever has more ink. What the amount of ink does not explain is
    what the network has recognised: a scribble has much ink and a small margin.

    Args:
        answers: The network's activations for `x`.
        x: (n, 784) float32, 0 to 1.

    Returns:
        (n,) float32.
    """
    heights = answers.logits.max(axis=1) - answers.logits.mean(axis=1)
    lengths = np.sqrt(np.einsum("np,np->n", x, x))
    return heights / np.maximum(lengths, np.float32(1))


@dataclass(frozen=True, eq=False)
class AbstentionRule:
    """When a network should say that it is not sure, or that it sees no digit.

    Attributes:
        calibration: The network's.
        detector: Tells what is no digit. Without one, as within a training and in runs of earlier versions, a
            margin smaller than that of 99 of 100 validation images does.
    """

    calibration: Calibration
    detector: OutlierDetector | None = None

    def sees_no_digit(self, answers: Activations, x: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Return for each image whether it looks like no digit to the network, (n,) bool.

        Args:
            answers: The activations for `x` of the network with its temperature applied.
            x: (n, 784) float32, 0 to 1.
        """
        if self.detector:
            return self.detector.scores(answers) > 0
        return ~is_unsure(answers) & (logit_margin(answers, x) < self.calibration.min_logit_margin)

    def abstains(self, answers: Activations, x: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Return for each image whether the network should answer with no digit, (n,) bool.

        It should if it sees none, or if the likeliest digit has less than half of the probability; the
        arguments are those of `sees_no_digit`.
        """
        return is_unsure(answers) | self.sees_no_digit(answers, x)


def is_unsure(answers: Activations) -> NDArray[np.bool_]:
    """Return for each image whether the likeliest digit has less than half of the probability, (n,) bool."""
    return answers.probabilities.max(axis=1) < MIN_PROBABILITY


def read_calibration(values: object) -> Calibration | None:
    """Read what `asdict` made of a calibration, and JSON has kept; None stays None.

    Raises:
        TypeError, ValueError: It is anything else.
    """
    if values is None:
        return None
    if not isinstance(values, dict) or not all(
        isinstance(value, float) and math.isfinite(value) for value in values.values()
    ):
        raise TypeError(f"calibration: {values!r}")
    names = ((FORMER_NAMES.get(name, str(name)), value) for name, value in values.items())
    found = Calibration(**dict(names))
    if found.temperature <= 0:
        raise ValueError(f"temperature: {found.temperature!r}")
    return found


def _scale_logits(answers: Activations, temperature: float) -> Activations:
    logits = answers.logits / np.float32(temperature)
    return replace(answers, logits=logits, probabilities=softmax(logits))


def _error(answers: Activations, labels: NDArray[np.uint8]) -> float:
    return Evaluation(labels.astype(np.int64), answers.probabilities, 0.0).calibration_error
