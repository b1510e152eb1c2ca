"""What is said of curves that a teacher would point at."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from mnist_demo.network.mlp import PRETRAINED_RUNS
from mnist_demo.runs.config import RunConfig
from mnist_demo.runs.files import read_run
from mnist_demo.runs.hints import RULES, find_hint
from mnist_demo.runs.rates import RateChange
from mnist_demo.runs.run import EpochRecord, History, StepRecord

USUAL = RunConfig()


def history(*epochs: tuple[float, float, float, float]) -> History:
    """Make a history of (loss, accuracy, validation loss, validation accuracy) for each epoch."""
    return History(tuple(EpochRecord(number, *record, 1.0) for number, record in enumerate(epochs, 1)))


FALLING = [(1 / epoch, 0.97, 0.2, 0.96) for epoch in range(1, 11)]
SYNTHETIC = {
    "exploded": (history((math.nan, 0.1, math.nan, 0.1)), replace(USUAL, learning_rate=1.0)),
    "not_learning": (history((2.4, 0.1, 2.31, 0.11)), replace(USUAL, learning_rate=0.3)),
    "jumping": (
        history(*[(loss, 0.9, 0.4, 0.9) for loss in (0.4, 0.5, 0.3, 0.6, 0.4)]),
        replace(USUAL, learning_rate=0.03),
    ),
    "dead_neurons": (
        History((EpochRecord(1, 0.3, 0.91, 0.3, 0.92, 1.0, dead=0.4),)),
        replace(USUAL, learning_rate=0.01),
    ),
    "too_slow": (
        history((2.2, 0.3, 2.1, 0.4), (2.0, 0.5, 1.9, 0.55)),
        replace(USUAL, learning_rate=1e-5),
    ),
    "too_few_images": (history(*[(0.01, 1.0, 1.1, 0.68)] * 5), replace(USUAL, train_images=100)),
    "overfitting": (
        history(*[(0.5 / epoch, 0.99, 0.1 if epoch == 3 else 0.2, 0.97) for epoch in range(1, 11)]),
        USUAL,
    ),
    "underfitting": (history(*[(0.6, 0.8, 0.6, 0.8)] * 3), replace(USUAL, hidden=(4, 4))),
    "lucky_validation": (
        history(*[(0.2, 0.93, 0.1, 0.96)] * 5),
        replace(USUAL, validation_split=0.05),
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_each_rule_sees_its_own(name: str):
    """On a history that shows it, and its remedy changes the settings."""
    seen, config = SYNTHETIC[name]
    hint = find_hint(seen, config)
    assert hint
    assert hint.name == name
    assert hint.remedy != config


def test_rate_that_was_chosen_in_training_is_judged():
    """The settings may be fine: what has to be mended is the rate that somebody chose."""
    exploded = replace(history(*[(float("nan"), 0.1, float("nan"), 0.1)] * 2), rates=(RateChange(100, 1.0),))
    hint = find_hint(exploded, USUAL)
    assert hint
    assert (hint.name, hint.remedy) == ("exploded", USUAL)
    assert find_hint(replace(exploded, rates=(RateChange(100, USUAL.learning_rate),)), USUAL) is None


@pytest.mark.parametrize("name", RULES)
def test_remedy_is_not_offered_again(name: str):
    """Whoever has applied it gets no hint that asks for the very same settings."""
    seen, config = SYNTHETIC[name]
    hint = find_hint(seen, config)
    assert hint
    again = find_hint(seen, hint.remedy)
    assert again is None or again.remedy != hint.remedy


@pytest.mark.parametrize("run", ["notebook", "robust"])
def test_runs_that_ship_get_no_hint(run: str):
    """Their curves are as they should be."""
    shipped = read_run(PRETRAINED_RUNS / run, pretrained=True)
    assert find_hint(shipped.history, shipped.config) is None


def test_nothing_measured_nothing_said():
    """Before the first epoch there is nothing to see, but for a loss that is no number."""
    assert find_hint(History(), replace(USUAL, learning_rate=1.0)) is None
    steps = History(steps=(StepRecord(0.1, 2.0, 0.3), StepRecord(0.2, math.inf, 0.1)))
    hint = find_hint(steps, replace(USUAL, learning_rate=1.0))
    assert hint
    assert hint.name == "exploded"


def test_gravest_hint_comes_first():
    """A network that has exploded is not told that it has too few images."""
    seen, _ = SYNTHETIC["exploded"]
    hint = find_hint(seen, replace(USUAL, learning_rate=1.0, train_images=100))
    assert hint
    assert hint.name == "exploded"


def test_many_validation_images_are_not_called_few():
    """Whoever holds back half of the images is not told to hold back more of them."""
    seen, config = SYNTHETIC["lucky_validation"]
    assert find_hint(seen, replace(config, validation_split=0.5)) is None


def test_good_curves_get_no_hint():
    """Falling and level."""
    assert find_hint(history(*FALLING), USUAL) is None
