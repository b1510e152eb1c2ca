"""How soon networks of other shapes start, and what their epochs cost: `python -m benchmarks.shapes`.

Each is trained for two epochs, twice, in one process, as the trainer does it: what the first start takes
longer than the second one is its compilation. The first shape is the default, which the trainer compiles
before anybody asks.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import NamedTuple

from mnist_demo.data import load_mnist
from mnist_demo.jobs import EpochDone, StepDone
from mnist_demo.runs import RunConfig
from mnist_demo.training.loop import TrainingSession

USUAL = RunConfig(epochs=2)
SHAPES = {
    "128-64, the default": USUAL,
    "no hidden layer": replace(USUAL, hidden=()),
    "32": replace(USUAL, hidden=(32,)),
    "256-128-64": replace(USUAL, hidden=(256, 128, 64)),
    "128-128-128-128": replace(USUAL, hidden=(128,) * 4),
    "1024-1024-1024-1024": replace(USUAL, hidden=(1024,) * 4, train_images=6000),
    "128-64, tanh": replace(USUAL, activation="tanh"),
    "128-64, sigmoid": replace(USUAL, activation="sigmoid"),
    "128-64, L2": replace(USUAL, l2=0.001),
    "128-64, dropout": replace(USUAL, dropout=0.2),
    "128-64, batches of 8": replace(USUAL, batch_size=8),
    "128-64, SGD": replace(USUAL, optimizer="sgd", learning_rate=0.1),
}


class Measured(NamedTuple):
    """Seconds from the start of a run to its first progress, and of its last epoch."""

    start: float
    epoch: float


def train(session: TrainingSession, config: RunConfig) -> Measured:
    """Train a run."""
    started, first, epoch = time.perf_counter(), 0.0, 0.0
    for event in session.train(config):
        if isinstance(event, (StepDone, EpochDone)):
            first = first or time.perf_counter() - started
        if isinstance(event, EpochDone):
            epoch = event.record.seconds
    return Measured(first, epoch)


def main() -> None:
    """Print a line for each shape."""
    data = load_mnist()
    session = TrainingSession(data.x_train, data.y_train, data.x_test, data.y_test)
    print(f"{'':24} {'first start':>12} {'second start':>13} {'an epoch':>9}  (seconds)")
    for name, config in SHAPES.items():
        cold, warm = train(session, config), train(session, config)
        print(f"{name:24} {cold.start:12.2f} {warm.start:13.2f} {warm.epoch:9.2f}", flush=True)


if __name__ == "__main__":
    main()
