"""What a teacher would say of these curves: one rule a function, over what was measured so far.

A rule looks at a history and its settings, and returns the settings that would mend what it sees, or None
where it sees nothing. To add one, add it to `RULES` with its words: `NAME` in the section `hints` of the
catalogues.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from mnist_demo.runs.comparison import overfitting_epoch
from mnist_demo.runs.config import USUAL_RATES, RunConfig
from mnist_demo.runs.run import GUESSES_BELOW, History

USUAL = RunConfig()
FEW_IMAGES, LITTLE_GAP, GAP = 2000, 0.02, 0.08
SLOW_BELOW, POOR_BELOW = 0.9, 0.93
MANY_DEAD = 0.2
JUMPS, JUMP = 1 / 3, 1.1
"""Share of the epochs after which the training loss is higher, by so much that it is no chance."""
Rule = Callable[[History, RunConfig], RunConfig | None]


@dataclass(frozen=True)
class Hint:
    """What a rule sees.

    Attributes:
        name: Entry of the catalogues' `hints` that says it in one sentence.
        remedy: The settings that mend it.
        step: Step of the lesson that explains it.
    """

    name: str
    remedy: RunConfig
    step: str


def find_hint(history: History, config: RunConfig) -> Hint | None:
    """Return the first hint whose rule sees something, the gravest first; None where all is well."""
    used = config_in_the_end(history, config)
    for name, (rule, step) in RULES.items():
        remedy = rule(history, used)
        if remedy and remedy != used:
            return Hint(name, remedy, step)
    return None


def config_in_the_end(history: History, config: RunConfig) -> RunConfig:
    """Return the settings with the learning rate that was chosen last while the run was trained."""
    return replace(config, learning_rate=history.rates[-1].rate) if history.rates else config


def _with_usual_rate(config: RunConfig) -> RunConfig:
    return replace(config, learning_rate=USUAL_RATES[config.optimizer])


def exploded(history: History, config: RunConfig) -> RunConfig | None:
    """See a loss that is no number any more: the steps were far too long."""
    losses = [record.loss for record in history.epochs] + [record.loss for record in history.steps]
    return _with_usual_rate(config) if not all(map(math.isfinite, losses)) else None


def not_learning(history: History, config: RunConfig) -> RunConfig | None:
    """See a network that still guesses after a whole epoch."""
    guesses = history.reached_epoch >= 1 and history.epochs[-1].val_accuracy < GUESSES_BELOW
    return _with_usual_rate(config) if guesses else None


def jumping(history: History, config: RunConfig) -> RunConfig | None:
    """See a loss that jumps up after a third of the epochs: steps too long, or too few images each."""
    losses = [record.loss for record in history.epochs]
    rises = sum(after > JUMP * before for before, after in pairwise(losses))
    if len(losses) < 4 or rises < JUMPS * (len(losses) - 1):
        return None
    if config.learning_rate > USUAL_RATES[config.optimizer]:
        return _with_usual_rate(config)
    return replace(config, batch_size=USUAL.batch_size) if config.batch_size < USUAL.batch_size else None


def dead_neurons(history: History, config: RunConfig) -> RunConfig | None:
    """See hidden neurons that answer 0 to every image, and so learn nothing any more: steps too long."""
    if not history.epochs or config.learning_rate <= USUAL_RATES[config.optimizer]:
        return None
    dead = history.epochs[-1].dead
    return _with_usual_rate(config) if dead is not None and dead > MANY_DEAD else None


def too_slow(history: History, config: RunConfig) -> RunConfig | None:
    """See a loss that falls and falls, and an accuracy that is still low: steps too short."""
    if history.reached_epoch < 2 or config.learning_rate >= USUAL_RATES[config.optimizer]:
        return None
    before, last = history.epochs[-2:]
    falls = last.loss < before.loss and last.val_accuracy < SLOW_BELOW
    return _with_usual_rate(config) if falls else None


def too_few_images(history: History, config: RunConfig) -> RunConfig | None:
    """See few images learned by heart: the training accuracy is far above the validation accuracy."""
    if not history.epochs or config.train_images is None or config.train_images >= FEW_IMAGES:
        return None
    last = history.epochs[-1]
    return replace(config, train_images=None) if last.accuracy - last.val_accuracy > GAP else None


def overfitting(history: History, config: RunConfig) -> RunConfig | None:
    """See a validation loss that has turned while the training loss goes on falling."""
    turned = overfitting_epoch(history)
    if not turned or config.spoils_rows:
        return None
    last = history.epochs[-1]
    if last.val_loss < 1.5 * min(record.val_loss for record in history.epochs):
        return None  # so little is usual in the notebook's own ten epochs
    return replace(config, augment=True) if not config.augment else replace(config, epochs=turned)


def underfitting(history: History, config: RunConfig) -> RunConfig | None:
    """See a network that is equally poor at what it has learned from and at new images: too few neurons."""
    if history.reached_epoch < 3 or min(config.hidden, default=0) >= min(USUAL.hidden):
        return None
    last = history.epochs[-1]
    poor = last.accuracy < POOR_BELOW and abs(last.accuracy - last.val_accuracy) < LITTLE_GAP
    return replace(config, hidden=USUAL.hidden) if poor else None


def lucky_validation(history: History, config: RunConfig) -> RunConfig | None:
    """See validation images that are easier than the training images, to the end: too few were held back."""
    if history.reached_epoch < 5 or config.changes_images or config.dropout:
        return None
    if config.validation_split >= USUAL.validation_split:
        return None
    last = history.epochs[-1]
    lucky = last.val_accuracy > last.accuracy and last.val_loss < last.loss
    return replace(config, validation_split=USUAL.validation_split) if lucky else None


RULES: dict[str, tuple[Rule, str]] = {
    "exploded": (exploded, "learning"),
    "not_learning": (not_learning, "learning"),
    "jumping": (jumping, "learning"),
    "dead_neurons": (dead_neurons, "neuron"),
    "too_slow": (too_slow, "learning"),
    "too_few_images": (too_few_images, "overfitting"),
    "overfitting": (overfitting, "overfitting"),
    "underfitting": (underfitting, "layers"),
    "lucky_validation": (lucky_validation, "overfitting"),
}
"""Each rule with the step of the lesson that explains what it sees, the gravest first."""
