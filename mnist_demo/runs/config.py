"""The settings of a training run, each declared once.

Checks, `config.json`, panel, automatic names, comparison, report and notebook loop over `SETTINGS`. To add a
setting, add a field, use it in `training`, and write its words into each catalogue (see `setting`).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from mnist_demo.data import DatasetInfo, split_validation
from mnist_demo.errors import InvalidConfig
from mnist_demo.network import ACTIVATION_FUNCTIONS, MAX_HIDDEN_LAYERS, MAX_NEURONS, RELU
from mnist_demo.runs.kinds import Choice, Digit, Layers, Number, Switch
from mnist_demo.runs.setting import Setting, declare
from mnist_demo.texts import NumberTexts

TRAINING_VERSION = 1
"""Counts the versions of the training code that give other results; part of a run's identity."""
BATCH_SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)
USUAL_RATES = {"adam": 0.001, "rmsprop": 0.001, "sgd": 0.1}
"""Learning rates with which a network learns; one that learns nothing was faster, or not faster than that."""


def count_training_images(config: RunConfig, n_train: int) -> int:
    """Count the images that a run learns from, out of `n_train` of which some are held back."""
    learned, _ = split_validation(range(n_train), config.validation_split)
    return len(learned[: config.train_images])


@dataclass(frozen=True)
class RunConfig:
    """The settings of one training run; the defaults are the notebook's.

    Attributes:
        epochs: Passes over the training images.
        batch_size: Images in a step.
        learning_rate: Step size of the optimizer.
        validation_split: Share of the training images, from their end, that is held back.
        hidden: Neurons in each hidden layer.
        optimizer: Rule of the steps, as Keras names it.
        seed: Of the initial weights, of the shuffling and of the augmentation.
        augment: Whether every training image is deformed anew in every epoch.
        european: Whether in every epoch some zeros, ones and sevens get the strokes of European handwriting;
            with augmentation they are deformed like all others, without it they are shown as they are.
        train_images: How many of the images that are not held back are trained on, from the first; None: all.
        schedule: How the learning rate goes on: constant, or along half a wave of the cosine to near 0.
        activation: Activation function of all hidden neurons, as Keras names it.
        dropout: Share of the neurons of each hidden layer that is left out at random in every step.
        l2: Weight of the penalty on all weights, the sum of their squares, in the loss.
        keep_best: Whether the network is kept as it was after the epoch with the lowest validation loss.
        wrong_labels: Share of the images learned from that get a wrong label, see `data.spoiling`.
        missing_digit: The digit of which no image is learned from; None: all are.
        rare_digit: The digit of which one image in a hundred is learned from; None: all are.

    Raises:
        InvalidConfig: A value is not one that the setting can have.
    """

    epochs: int = declare(
        Number(10, 1, 200, steps=range(1, 31), panel="top", always_named=True, has_singular=True)
    )
    batch_size: int = declare(Choice(32, BATCH_SIZES, panel="top", always_named=True))
    learning_rate: float = declare(
        Number(0.001, 1e-5, 1.0, steps=(1e-5, 1e-4, 3e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0))
    )
    validation_split: float = declare(
        Number(
            0.2,
            0.05,
            0.5,
            steps=(0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
            form=NumberTexts.shortest_percent,
            panel="advanced",
        )
    )
    hidden: tuple[int, ...] = declare(
        Layers(
            (128, 64),
            1,
            MAX_NEURONS,
            most=MAX_HIDDEN_LAYERS,
            steps=tuple(2**power for power in range(11)),
            fresh=(128, 64, 64, 32),
        )
    )
    optimizer: str = declare(Choice("adam", ("adam", "sgd", "rmsprop"), panel="advanced"))
    seed: int = declare(  # a mark, no amount
        Number(1, 0, 2**31 - 1, form=lambda _, seed: str(seed), panel="advanced")
    )
    augment: bool = declare(Switch(False, is_notebook_constant=False))
    european: bool = declare(Switch(False, is_notebook_constant=False, is_later=True))
    train_images: int | None = declare(Number(None, 10, 60_000, panel=None, shown_as=count_training_images))
    schedule: str = declare(
        Choice("constant", ("constant", "cosine"), panel=None, is_notebook_constant=False)
    )
    activation: str = declare(
        Choice(RELU, tuple(ACTIVATION_FUNCTIONS), panel="advanced", is_later=True, is_of_hidden=True)
    )
    dropout: float = declare(
        Number(
            0.0,
            0.0,
            0.9,
            steps=(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
            form=NumberTexts.shortest_percent,
            panel="advanced",
            is_later=True,
            is_of_hidden=True,
        )
    )
    l2: float = declare(
        Number(
            0.0, 0.0, 0.1, steps=(0.0, 1e-5, 1e-4, 3e-4, 0.001, 0.003, 0.01), panel="advanced", is_later=True
        )
    )
    keep_best: bool = declare(Switch(False, panel="advanced", is_notebook_constant=False, is_later=True))
    wrong_labels: float = declare(
        Number(
            0.0,
            0.0,
            1.0,
            steps=(0.0, 0.05, *(tenths / 10 for tenths in range(1, 11))),
            form=NumberTexts.shortest_percent,
            panel="advanced",
            is_notebook_constant=False,
            is_later=True,
        )
    )
    missing_digit: int | None = declare(
        Digit(None, panel="advanced", is_notebook_constant=False, is_later=True)
    )
    rare_digit: int | None = declare(Digit(None, panel="advanced", is_notebook_constant=False, is_later=True))

    def __post_init__(self) -> None:
        for setting in SETTINGS:
            value = getattr(self, setting.name)
            setting.check(value)
            if isinstance(setting.default, float):  # 1 is 1.0: one rate, one text, one identity
                object.__setattr__(self, setting.name, float(value))

    @property
    def changes_images(self) -> bool:
        """Whether a network of these settings is shown other training images in every epoch."""
        return self.augment or self.european

    @property
    def spoils_rows(self) -> bool:
        """Whether a digit is missing or rare in what is learned from."""
        return self.missing_digit is not None or self.rare_digit is not None

    @property
    def spoils_data(self) -> bool:
        """Whether what is learned from is spoiled in any way."""
        return self.spoils_rows or self.wrong_labels > 0

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain values; of the later ones only those that are not the default."""
        changed = changed_settings(self)
        told = [setting.name for setting in SETTINGS if not setting.is_later or setting in changed]
        return {name: getattr(self, name) for name in told}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; a setting that an older version did not have takes its default.

        Raises:
            InvalidConfig: A setting is unknown or outside its range.
        """
        known = {setting.name for setting in SETTINGS}
        if not isinstance(values, Mapping) or not values.keys() <= known:
            raise InvalidConfig("config_settings", expected=", ".join(sorted(known)))
        tuples = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return cls(**{**values, **tuples})


SETTINGS: tuple[Setting[Any], ...] = tuple(
    replace(declared.metadata["setting"], name=declared.name) for declared in fields(RunConfig)
)
"""Every setting, in the order in which it is shown."""


def run_identity(
    config: RunConfig,
    dataset: DatasetInfo,
    training_version: int = TRAINING_VERSION,
    rates: Sequence[tuple[int, float]] = (),
    taught: Sequence[str] = (),
) -> str:
    """Name what a run computes: equal identities train to equal networks on one machine.

    Args:
        config: Its settings.
        dataset: Its images.
        training_version: Of the training code.
        rates: Learning rates that were chosen while it trained, see `rates.rate_pairs`.
        taught: Which network it started from and which drawings it learned besides, where it has learned
            from a class.

    Returns:
        16 hexadecimal digits of a SHA-256 over settings, data fingerprint, version of the training code, and
        changed rates and what it was taught if there are any.
    """
    parts = [config.to_json(), dataset.fingerprint, training_version, *([rates] if rates else [])]
    if taught:
        parts.append({"taught": list(taught)})
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def has_effect(setting: Setting[Any], config: RunConfig) -> bool:
    """Whether a setting says something of a network: without hidden layers, none of theirs does."""
    return bool(config.hidden) or not setting.is_of_hidden


def effective_settings(config: RunConfig) -> tuple[Setting[Any], ...]:
    """Return the settings that have an effect."""
    return tuple(setting for setting in SETTINGS if has_effect(setting, config))


def changed_settings(config: RunConfig) -> tuple[Setting[Any], ...]:
    """Return the settings that are not the default."""
    return tuple(setting for setting in SETTINGS if getattr(config, setting.name) != setting.default)


def steps_per_epoch(config: RunConfig, n_train: int) -> int:
    """Count the batches of an epoch, the last smaller one included."""
    return math.ceil(count_training_images(config, n_train) / config.batch_size)
