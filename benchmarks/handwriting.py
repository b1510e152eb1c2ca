"""What makes a network read strangers' handwriting: `python -m benchmarks.handwriting STROKES.npz`.

Trains the robust run's settings with what the options change, in this process, and prints how the network
reads MNIST's test images, digits that other people drew (`benchmarks.drawing`), and a straight 1 with a flag
at eight angles. The drawn digits are only measured with. `docs/handwriting.md` has the figures.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from benchmarks.drawing import average_by_form, build_inputs
from benchmarks.forms import FLAG_ANGLES, draw_flagged_one
from benchmarks.strokes import WrittenDigits, average_by_writer, draw_placements, load_strokes
from mnist_demo.data.mnist import load_mnist
from mnist_demo.data.preprocessing import frame_drawing
from mnist_demo.jobs.events import EpochDone
from mnist_demo.network.calibration import calibrate
from mnist_demo.network.mlp import Network
from mnist_demo.runs.run import ROBUST_RUN, RunConfig
from mnist_demo.training.batches import BatchSource
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.pretrain import CONFIGS

Weights = list[NDArray[np.float32]]


class VariedSession(TrainingSession):
    """Trains towards softer labels than the images' own.

    Attributes:
        smoothing: How much of each label is spread over all ten digits.
        teacher: A network whose answers are half of each label; None: no half is.
        temperature: What the teacher's logits are divided by.
    """

    smoothing = 0.0
    teacher: Network | None = None
    temperature = 2.0

    def _sources(self, config: RunConfig, rows: NDArray[np.integer], epoch: int) -> Iterator[BatchSource]:
        for source in super()._sources(config, rows, epoch):
            labels = (1 - self.smoothing) * source.labels + self.smoothing / 10
            if self.teacher:
                labels = (labels + self._ask_teacher(source.images)) / 2
            yield replace(source, labels=labels)

    def _ask_teacher(self, x: tf.Tensor) -> tf.Tensor:
        assert self.teacher
        *hidden, (weights, biases) = self.teacher.layers
        for some, offsets in hidden:
            x = tf.nn.relu(x @ some + offsets)
        return tf.nn.softmax((x @ weights + biases) / self.temperature)


def train(session: TrainingSession, config: RunConfig) -> list[Weights]:
    """Train, and give the weights after each epoch."""
    return [session.network.get_weights() for event in session.train(config) if isinstance(event, EpochDone)]


def average(epochs: list[Weights]) -> Weights:
    """Average weights over epochs."""
    return [np.mean(arrays, axis=0) for arrays in zip(*epochs, strict=True)]


def measure(
    session: TrainingSession, config: RunConfig, written: WrittenDigits, rows: NDArray[np.float32]
) -> str:
    """Measure the network as it is now, in one line for the accuracies and one for each digit and form."""
    network = Network(tuple(session.weights()))
    calibration = calibrate(network, *session.calibration_data(config))
    assert calibration
    right = network.predict(rows).argmax(axis=1) == written.labels
    ones = np.stack([frame_drawing(draw_flagged_one(degrees)).ravel() for degrees in FLAG_ANGLES])
    flags = int((network.predict(ones).argmax(axis=1) == 1).sum())
    digits = [
        f"{average_by_writer(right[shown], written.writers[shown]):.1%}"
        for shown in (written.labels == digit for digit in range(10))
    ]
    forms = [f"{name} {share:.1%}" for name, share in average_by_form(right, written).items()]
    drawn, test = average_by_writer(right, written.writers), session.evaluate()[1]
    return (
        f"pen digits {drawn:.2%}, MNIST's test {test:.2%}, "
        f"calibration error {calibration.error_after:.2%}, flagged ones {flags} of {len(ones)}\n"
        f"  by digit {' '.join(digits)}\n  {', '.join(forms)}"
    )


def main() -> None:
    """Train and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "strokes", type=Path, metavar="STROKES.npz", help="digits as strokes, to measure with"
    )
    parser.add_argument("--epochs", type=int, default=CONFIGS[ROBUST_RUN].epochs)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true", help="without European digits")
    parser.add_argument("--smoothing", type=float, default=0.0, help="share of a label for all ten digits")
    parser.add_argument(
        "--average", type=int, metavar="N", help="also average the weights of the last N epochs"
    )
    parser.add_argument("--teacher", type=int, nargs=2, metavar="NEURONS", help="train such a network first")
    parser.add_argument("--teacher-epochs", type=int, default=30)
    asked = parser.parse_args()
    written, dataset = load_strokes(asked.strokes), load_mnist()
    rows = build_inputs(written, draw_placements(len(written.digits))).framed
    session = VariedSession(dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test)
    config = replace(CONFIGS[ROBUST_RUN], epochs=asked.epochs, seed=asked.seed, european=not asked.plain)
    if asked.teacher:
        train(session, replace(config, hidden=tuple(asked.teacher), epochs=asked.teacher_epochs))
        print("teacher:", measure(session, config, written, rows), flush=True)
        session.teacher = Network(tuple(session.weights()))
    session.smoothing = asked.smoothing
    epochs = train(session, config)
    print(measure(session, config, written, rows), flush=True)
    if asked.average:
        session.network.set_weights(average(epochs[-asked.average :]))
        print("averaged:", measure(session, config, written, rows))


if __name__ == "__main__":
    main()
