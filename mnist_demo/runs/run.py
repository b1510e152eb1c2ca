"""What a trained run is: its configuration, its history and its figures, as plain frozen values."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from mnist_demo.data import DatasetInfo
from mnist_demo.errors import InvalidConfig
from mnist_demo.network import Calibration

TRAINING_VERSION = 1
"""Counts the versions of the training code that give other results; part of a run's identity."""

NOTEBOOK_RUN, ROBUST_RUN = "notebook", "robust"
"""Names of the runs that ship with the app."""

SCHEDULES = ("constant", "cosine")
OPTIMIZERS = ("adam", "sgd", "rmsprop")
OPTIMIZER_NAMES = {"adam": "Adam", "sgd": "SGD", "rmsprop": "RMSprop"}
"""As people write them, and as Keras calls their classes."""
BATCH_SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)
EPOCHS_RANGE = (1, 200)
LEARNING_RATE_RANGE = (1e-5, 1.0)
VALIDATION_SPLIT_RANGE = (0.05, 0.5)
HIDDEN_RANGE = (1, 1024)
SEED_RANGE = (0, 2**31 - 1)
TRAIN_IMAGES_RANGE = (10, 60_000)


@dataclass(frozen=True)
class RunConfig:
    """The settings of one training run; the defaults are the notebook's.

    Attributes:
        epochs: Passes over the training images, 1 to 200.
        batch_size: Images a step.
        learning_rate: Step size of the optimizer.
        validation_split: Share of the training images, from their end, that is held back.
        hidden: Neurons in the two hidden layers.
        optimizer: One of `OPTIMIZERS`.
        seed: Of the initial weights, of the shuffling and of the deformations.
        augment: Whether every training image is deformed anew in every epoch.
        train_images: Only the first so many images that are not held back are trained on; None: all of them.
        schedule: How the learning rate goes on: constant, or along half a wave of the cosine to near 0.
    """

    epochs: int = 10
    batch_size: int = 32
    learning_rate: float = 0.001
    validation_split: float = 0.2
    hidden: tuple[int, int] = (128, 64)
    optimizer: str = "adam"
    seed: int = 1
    augment: bool = False
    train_images: int | None = None
    schedule: str = "constant"

    def __post_init__(self) -> None:
        _check_range("epochs", self.epochs, EPOCHS_RANGE, int)
        _check_range("learning_rate", self.learning_rate, LEARNING_RATE_RANGE, float)
        _check_range("validation_split", self.validation_split, VALIDATION_SPLIT_RANGE, float)
        _check_range("seed", self.seed, SEED_RANGE, int)
        if self.train_images is not None:
            _check_range("train_images", self.train_images, TRAIN_IMAGES_RANGE, int)
        _check_choice("batch_size", self.batch_size, BATCH_SIZES)
        _check_choice("optimizer", self.optimizer, OPTIMIZERS)
        _check_choice("schedule", self.schedule, SCHEDULES)
        if not isinstance(self.augment, bool):
            raise InvalidConfig("config_choice", name="augment", value=self.augment, choices="true, false")
        if not isinstance(self.hidden, tuple) or len(self.hidden) != 2:
            raise InvalidConfig("config_choice", name="hidden", value=self.hidden, choices="(128, 64)")
        for size in self.hidden:
            _check_range("hidden", size, HIDDEN_RANGE, int)

    def to_json(self) -> dict[str, Any]:
        """Give the settings as plain values for JSON; equal settings give the same text, 1 like 1.0."""
        return asdict(self) | {"learning_rate": float(self.learning_rate), "hidden": list(self.hidden)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; a setting that an older version did not have takes its default.

        Raises:
            InvalidConfig: A setting is unknown or outside its range.
        """
        names = {setting.name for setting in fields(cls)}
        if not isinstance(values, Mapping) or not values.keys() <= names:
            raise InvalidConfig("config_settings", expected=", ".join(sorted(names)))
        hidden = values.get("hidden", cls.hidden)
        return cls(**{**values, "hidden": tuple(hidden) if isinstance(hidden, list) else hidden})


def _check_range(name: str, value: object, bounds: tuple[float, float], kind: type) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    whole = kind is float or isinstance(value, int)
    if not (number and whole and bounds[0] <= value <= bounds[1]):  # type: ignore[operator]
        raise InvalidConfig("config_range", name=name, value=value, low=bounds[0], high=bounds[1])


def _check_choice(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices or isinstance(value, float):  # 32.0 == 32, but is no number of images
        raise InvalidConfig("config_choice", name=name, value=value, choices=", ".join(map(str, choices)))


def run_identity(config: RunConfig, dataset: DatasetInfo, training_version: int = TRAINING_VERSION) -> str:
    """Name what a run computes: equal identities train to equal networks on one machine.

    Returns:
        16 hexadecimal digits of a SHA-256 over settings, data fingerprint and version of the training code.
    """
    said = json.dumps([config.to_json(), dataset.fingerprint, training_version], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def count_training_images(config: RunConfig, n_train: int) -> int:
    """Count the images that a run learns from, of so many that there are with those held back."""
    left = int(n_train * (1 - config.validation_split))
    return min(left, config.train_images or left)


@dataclass(frozen=True)
class EpochRecord:
    """One epoch as Keras reports it: training figures are means over the epoch's batches.

    `seconds` counts training and validation of this epoch.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    seconds: float


@dataclass(frozen=True)
class StepRecord:
    """Means over the batches since the last record; `epochs` is the position, 1.5 in mid second epoch."""

    epochs: float
    loss: float
    accuracy: float


@dataclass(frozen=True)
class History:
    """What was measured while a run was trained."""

    epochs: tuple[EpochRecord, ...] = ()
    steps: tuple[StepRecord, ...] = ()

    @property
    def reached_epoch(self) -> int:
        """The last epoch that was trained to its end, 0 before."""
        return self.epochs[-1].epoch if self.epochs else 0

    @property
    def last_epoch(self) -> int:
        """The epoch in which training ended, from 1."""
        return max(self.reached_epoch, math.ceil(self.steps[-1].epochs) if self.steps else 1, 1)

    def with_epoch(self, record: EpochRecord) -> History:
        """Add an epoch."""
        return replace(self, epochs=(*self.epochs, record))

    def with_step(self, record: StepRecord) -> History:
        """Add a record from within an epoch."""
        return replace(self, steps=(*self.steps, record))


class RunStatus(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class Run:
    """A run as the store knows it.

    Attributes:
        folder: Where it lies; the folder's name is the run's id.
        config: Its settings.
        dataset: The images it was trained on.
        status: How it ended.
        history: Its measurements.
        created: When it ended or was uploaded, ISO 8601 in UTC.
        name: What somebody called it; empty until then.
        test_loss: Cross-entropy on the test images, None where it was not evaluated.
        test_accuracy: Share of test images recognised, None where it was not evaluated.
        training_version: Version of the training code.
        calibration: How far its confidence can be trusted, None where that was not measured.
        has_weights: Whether there is a network; a run that failed in its first epoch has none.
        uploaded: Whether somebody brought it as a file, so that nobody here has seen it trained.
        pretrained: Whether it came with the app and cannot be changed.
    """

    folder: Path
    config: RunConfig
    dataset: DatasetInfo
    status: RunStatus
    history: History
    created: str
    name: str = ""
    test_loss: float | None = None
    test_accuracy: float | None = None
    training_version: int = TRAINING_VERSION
    calibration: Calibration | None = None
    has_weights: bool = True
    uploaded: bool = False
    pretrained: bool = field(default=False, compare=False)

    @property
    def id(self) -> str:
        """Name of the run's folder."""
        return self.folder.name

    @cached_property
    def identity(self) -> str:
        """What this run computed, see `run_identity`; pages ask for it many times a second."""
        return run_identity(self.config, self.dataset, self.training_version)


def pretrained_runs(runs: Iterable[Run]) -> list[Run]:
    """Find the runs that ship with the app, the one that reads drawings best first."""
    order = (ROBUST_RUN, NOTEBOOK_RUN)
    return sorted(
        (run for run in runs if run.pretrained and run.id in order), key=lambda run: order.index(run.id)
    )
