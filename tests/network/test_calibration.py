"""How far confidence can be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.network.abstention import abstains
from mnist_demo.network.calibration import (
    AbstentionRule,
    Calibration,
    apply_temperature,
    calibrate,
    calibrate_on,
    fit_temperature,
    logit_margin,
)
from mnist_demo.network.mlp import PRETRAINED_RUNS, Activations, Network, softmax
from mnist_demo.runs.files import read_run
from mnist_demo.runs.run import NOTEBOOK_RUN, ROBUST_RUN
from tests.factories import random_network

RNG = np.random.default_rng(3)


def sampled_labels(logits: np.ndarray) -> np.ndarray:
    """Draw digits with the probabilities that logits give."""
    random_values = softmax(logits).cumsum(axis=1)
    return (RNG.random((len(logits), 1)) > random_values).sum(axis=1).clip(0, 9)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_temperature_is_what_the_logits_were_multiplied_by(temperature: float) -> None:
    """Digits follow the probabilities of some logits; multiplied, these have to be divided again."""
    logits = RNG.normal(0, 2, (20_000, 10)).astype(np.float32)
    labels = sampled_labels(logits)
    assert fit_temperature(logits * np.float32(temperature), labels) == pytest.approx(temperature, rel=0.05)


def test_temperature_is_that_of_the_smallest_cross_entropy() -> None:
    """A little more and a little less are both worse."""
    logits = RNG.normal(0, 8, (500, 10)).astype(np.float32)
    labels = np.where(np.arange(500) % 5, logits.argmax(axis=1), logits.argmin(axis=1))

    def loss(temperature: float) -> float:
        scaled = logits.astype(np.float64) / temperature
        return float((np.logaddexp.reduce(scaled, axis=1) - scaled[np.arange(500), labels]).mean())

    found = fit_temperature(logits, labels)
    assert 1 < found < 19
    assert loss(found) < min(loss(found * 0.98), loss(found * 1.02))


def test_cooled_network_answers_the_same_less_surely() -> None:
    """Dividing the last layer divides the logits."""
    network, x = random_network(), RNG.random((50, 784), np.float32)
    before, after = network.activations(x), apply_temperature(network, 2.0).activations(x)
    np.testing.assert_allclose(after.logits, before.logits / 2, rtol=1e-5, atol=1e-6)
    assert (after.probabilities.argmax(axis=1) == before.probabilities.argmax(axis=1)).all()
    assert (after.probabilities.max(axis=1) <= before.probabilities.max(axis=1)).all()


def answers_with(logits: list[float]) -> Activations:
    """Make answers of a network to one image."""
    rows = np.array([logits], np.float32)
    return Activations((), rows, softmax(rows))


def test_evidence_is_the_winners_height_for_the_length_of_the_image() -> None:
    """By hand: 9 above a mean of 0.9, for nine white pixels, is 8.1 / 3."""
    x = np.zeros((1, 784), np.float32)
    x[0, :9] = 1
    evidence = logit_margin(answers_with([9, 0, 0, 0, 0, 0, 0, 0, 0, 0]), x)
    assert evidence == pytest.approx([2.7])


@pytest.mark.parametrize(
    ("logits", "least", "abstention_rate"),
    [
        ([9, 0, 0, 0, 0, 0, 0, 0, 0, 0], 2.6, False),
        ([9, 0, 0, 0, 0, 0, 0, 0, 0, 0], 2.8, True),
        ([9, 9, 9, 0, 0, 0, 0, 0, 0, 0], 0.0, True),
    ],
    ids=["sure", "little evidence", "less than half"],
)
def test_either_reason_is_enough_to_doubt(logits: list[float], least: float, abstention_rate: bool) -> None:
    """Too little evidence, or a winner that has less than half."""
    x = np.zeros((1, 784), np.float32)
    x[0, :9] = 1
    rule = AbstentionRule(Calibration(1.0, least))
    assert rule.abstains(answers_with(logits), x).tolist() == [abstention_rate]
    is_unsure = softmax(np.array([logits], np.float32)).max() < 0.5
    assert rule.sees_no_digit(answers_with(logits), x).tolist() == [abstention_rate and not is_unsure]


def test_overflowed_network_is_not_calibrated() -> None:
    """There is nothing to divide."""
    layers = random_network().layers
    broken = Network((*layers[:2], (layers[2][0] * np.float32(np.inf), layers[2][1])))
    some = RNG.random((20, 784), np.float32), np.arange(20) % 10
    assert calibrate_on(broken, *some) is None
    with np.errstate(invalid="ignore"):
        assert calibrate(broken, some, some) is None


def test_network_in_training_is_calibrated_as_at_the_end_and_not_tested() -> None:
    """Its answers, and when it abstains, stay the same when the run ends; nobody has counted its errors."""
    network, labels = random_network(), np.arange(400) % 10
    x = RNG.random((400, 784), np.float32)
    found, at_the_end = calibrate_on(network, x, labels), calibrate(network, (x, labels), (x, labels))
    assert found is not None
    assert at_the_end is not None
    assert (found.temperature, found.min_logit_margin) == (
        at_the_end.temperature,
        at_the_end.min_logit_margin,
    )
    scaled_answers = apply_temperature(network, found.temperature).activations(x)
    assert (logit_margin(scaled_answers, x) < found.min_logit_margin).mean() == pytest.approx(0.01)
    assert all(map(np.isnan, (found.error_before, found.error_after, found.abstention_rate)))


def test_what_is_measured_is_of_the_test_images() -> None:
    """The errors before and after, and the false alarms of the rule."""
    network, labels = random_network(), np.arange(400) % 10
    x = RNG.random((800, 784), np.float32)
    found = calibrate(network, (x[:400], labels), (x[400:], labels))
    assert found is not None
    scaled_answers = apply_temperature(network, found.temperature).activations(x[400:])
    assert found.abstention_rate == pytest.approx(
        AbstentionRule(found).abstains(scaled_answers, x[400:]).mean()
    )
    assert found.error_after < found.error_before or found.temperature == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("name", [NOTEBOOK_RUN, ROBUST_RUN])
def test_shipped_runs_seldom_doubt_digits(name: str, mnist: Dataset) -> None:
    """Fewer than 2 of 100 test images are false alarms, measured anew; the robust run's bar is higher."""
    run = read_run(PRETRAINED_RUNS / name, pretrained=True)
    assert run.calibration is not None
    share = abstains(name, prepare_images(mnist.x_test)).mean()
    assert share == pytest.approx(run.calibration.abstention_rate, abs=1e-3)
    assert share < (0.015 if name == ROBUST_RUN else 0.02)
    assert run.calibration.error_after < 0.005
