"""Small values that several tests build on: settings, histories, networks, stored runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np

from mnist_demo.data import shape
from mnist_demo.data.mnist import MNIST, DatasetInfo
from mnist_demo.network.functions import RELU
from mnist_demo.network.mlp import Network
from mnist_demo.runs.kinds import Choice, Digit, Layers, Number, Switch
from mnist_demo.runs.run import EpochRecord, History, Run, RunConfig, RunStatus, StepRecord
from mnist_demo.runs.setting import Setting
from mnist_demo.runs.store import RunStore

SMALL = (3, 2)
"""Neurons in the hidden layers of a network that is quick to write and to read."""

DIGITS = DatasetInfo("digits8x8", "cd" * 32, 1437, 360)
"""What old runs were trained on where there was no MNIST."""

FIRST_EPOCH = EpochRecord(1, loss=0.5, accuracy=0.75, val_loss=0.25, val_accuracy=0.875, seconds=1.5)
SECOND_EPOCH = EpochRecord(2, loss=0.125, accuracy=0.9375, val_loss=0.375, val_accuracy=0.9, seconds=3.0)
HISTORY = History(
    epochs=(FIRST_EPOCH, SECOND_EPOCH),
    steps=(StepRecord(0.5, 0.75, 0.5), StepRecord(1.5, 0.2, 0.9)),
)


def some_values(setting: Setting) -> list[Any]:
    """List different values that a setting can have: bounds and what lies beside them, or all choices."""
    match setting:
        case Switch():
            return [False, True]
        case Digit():
            return [None, *range(10)]
        case Choice(choices=choices):
            return list(choices)
        case Number(default=default, low=low, high=high, steps=steps, is_whole=True):
            return sorted({low, low + 1, high - 1, high, *steps, *([default] if default is not None else [])})
        case Number(default=default, low=low, high=high, steps=steps):
            near = [default]
            for _ in range(9):
                near.append(math.nextafter(near[-1], high))
            return sorted({low, high, *steps, *near})
        case Layers(low=low, high=high, most=most):
            return [sizes for depth in range(most + 1) for sizes in product((low, 11, high), repeat=depth)]
    raise NotImplementedError(setting)


def make_history(val_losses: Sequence[float], losses: Sequence[float] = ()) -> History:
    """Make a history of these validation losses; the training loss falls unless it is given."""
    losses = losses or [1 / epoch for epoch in range(1, len(val_losses) + 1)]
    return History(
        tuple(
            EpochRecord(epoch, loss, 0.5, val_loss, 0.5, float(epoch))
            for epoch, (loss, val_loss) in enumerate(zip(losses, val_losses, strict=True), 1)
        )
    )


def random_network(hidden: tuple[int, ...] = SMALL, seed: int = 1, activation: str = RELU) -> Network:
    """Build a network whose weights and biases are all drawn at random."""
    random = np.random.default_rng(seed)
    sizes = (shape.PIXELS, *hidden, shape.DIGITS)
    return Network(
        tuple(
            (
                random.normal(0, 0.1, (size, neurons)).astype(np.float32),
                random.normal(0, 0.1, neurons).astype(np.float32),
            )
            for size, neurons in pairwise(sizes)
        ),
        activation,
    )


def make_run(**changes: Any) -> Run:  # noqa: ANN401 - any field of Run
    """Build a finished run of a small network on MNIST; a change replaces a field."""
    fields = {
        "folder": Path("20260102-030405-abcdef"),
        "config": RunConfig(epochs=2, hidden=SMALL),
        "dataset": MNIST,
        "status": RunStatus.FINISHED,
        "history": HISTORY,
        "created": "2026-01-02T03:04:05.678+00:00",
        "test_loss": 0.25,
        "test_accuracy": 0.975,
    }
    return Run(**(fields | changes))


def save_run(store: RunStore, **changes: Any) -> Run:  # noqa: ANN401 - any field of Run
    """Keep such a run in a store, with a network of the size that its settings say."""
    run = make_run(**changes)
    return store.save(
        run, random_network(run.config.hidden, activation=run.config.activation) if run.has_weights else None
    )
