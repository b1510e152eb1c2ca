"""Rules that tell what is no digit, each as one number for an image: the larger, the stranger."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.calibration import logit_margin
from mnist_demo.network.mlp import Activations, Network
from mnist_demo.network.outliers import OutlierDetector

NEIGHBOURS, REFERENCES, DIRECTIONS = 5, 2000, 20
ROWS_AT_ONCE = 500
TIMED_ANSWERS = 50

Rows = NDArray[np.float32]
Rule = Callable[[Activations, Rows], Rows]
"""Activations for images and the images (n, 784) -> (n,)."""


def build_rules(
    network: Network, detector: OutlierDetector | None, x: Rows, labels: NDArray[np.uint8]
) -> dict[str, Rule]:
    """Build the rules for a network with its temperature applied, on training images (n, 784) and labels."""
    known = network.activations(x)
    some = np.linspace(0, len(x) - 1, REFERENCES).astype(int)
    rules: dict[str, Rule] = {
        "highest probability": lambda answers, _: -answers.probabilities.max(axis=1),
        "logit margin": lambda answers, x: -logit_margin(answers, x),
        "energy": lambda answers, _: -np.logaddexp.reduce(answers.logits, axis=1),
        f"cosine to the {NEIGHBOURS}th neighbour, pixels": _neighbour(lambda _, x: unit(x), x, known),
        "the same, last hidden layer": _neighbour(last_layer, x, known),
        "the same, both hidden layers": _neighbour(both_layers, x, known),
        f"the nearest of {REFERENCES}, both layers": _neighbour(
            both_layers, x[some], network.activations(x[some]), nearest=1
        ),
        "distance to the digit's subspace, last layer": _subspaces(last_layer, known, x, labels),
        "distance to the digit's subspace, both layers": _subspaces(both_layers, known, x, labels),
    }
    if detector:
        rules["detector on both hidden layers"] = lambda answers, _: detector.scores(answers)
    return rules


def unit(rows: Rows) -> Rows:
    """Bring rows (n, d) to length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-6))


def last_layer(answers: Activations, _x: Rows) -> Rows:
    """Return the activations of the last hidden layer at length 1."""
    return unit(answers.hidden[-1])


def both_layers(answers: Activations, _x: Rows) -> Rows:
    """Return the activations of both hidden layers side by side, each at the same length."""
    return np.concatenate([unit(layer) for layer in answers.hidden], axis=1) / np.float32(np.sqrt(2))


def _neighbour(
    look: Callable[[Activations, Rows], Rows], x: Rows, known: Activations, nearest: int = NEIGHBOURS
) -> Rule:
    references = look(known, x)

    def rule(answers: Activations, x: Rows) -> Rows:
        looked = look(answers, x)
        found = [
            np.partition(looked[first : first + ROWS_AT_ONCE] @ references.T, -nearest, axis=1)[:, -nearest]
            for first in range(0, len(looked), ROWS_AT_ONCE)
        ]
        return -np.concatenate(found)

    return rule


def _subspaces(
    look: Callable[[Activations, Rows], Rows], known: Activations, x: Rows, labels: NDArray[np.uint8]
) -> Rule:
    """Measure how far an image is from what the likeliest digit's images have in common."""
    looked, planes = look(known, x), []
    for digit in range(10):
        of_digit = looked[labels == digit]
        middle = of_digit.mean(axis=0)
        _, directions = np.linalg.eigh(np.cov((of_digit - middle).T))
        planes.append((middle, directions[:, -DIRECTIONS:].astype(np.float32)))

    def rule(answers: Activations, x: Rows) -> Rows:
        looked, digits = look(answers, x), answers.logits.argmax(axis=1)
        distances = np.zeros(len(looked), np.float32)
        for digit, (middle, directions) in enumerate(planes):
            away = looked[digits == digit] - middle
            distances[digits == digit] = (away**2).sum(axis=1) - ((away @ directions) ** 2).sum(axis=1)
        return distances

    return rule


def area_under_curve(digits: Rows, others: Rows) -> float:
    """Return how often one of the others (m,) is stranger than one of the digits (n,)."""
    order = np.argsort(np.concatenate([digits, others]), kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    above = ranks[len(digits) :].sum() - len(others) * (len(others) + 1) / 2
    return float(above / (len(digits) * len(others)))


def milliseconds_an_answer(network: Network, rule: Rule, x: Rows) -> float:
    """Measure a rule on single images, the network's own answer included: the median, in milliseconds."""
    taken = []
    for row in range(TIMED_ANSWERS):
        started = time.perf_counter()
        one = x[row : row + 1]
        rule(network.activations(one), one)
        taken.append(time.perf_counter() - started)
    return 1000 * float(np.median(taken))
