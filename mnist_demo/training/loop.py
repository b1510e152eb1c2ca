"""Trains runs one after the other and reports several times a second how they do."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Iterator

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_demo.preprocessing import prepare_images
from mnist_demo.runs import EpochRecord, RunConfig
from mnist_demo.training.compiled import CompiledNetwork, Images
from mnist_demo.training.events import Compiling, EpochDone, Event, StepDone
from mnist_demo.training.model import one_hot_labels, split_validation

SEGMENT_SECONDS = 0.2
SEGMENT_GROWTH = 8
NETWORKS_KEPT = 8


class TrainingSession:
    """Trains one run at a time on one data set, and keeps what it compiled for the next run.

    Args:
        x_train: (n, 28, 28) uint8, 0 to 255.
        y_train: (n,) uint8, 0 to 9.
        x_test: (m, 28, 28) uint8.
        y_test: (m,) uint8.

    Attributes:
        compilations: Functions compiled so far. TensorFlow never frees one, so that a process that has
            compiled very many should make room for a fresh one.
    """

    def __init__(
        self,
        x_train: NDArray[np.uint8],
        y_train: NDArray[np.uint8],
        x_test: NDArray[np.uint8],
        y_test: NDArray[np.uint8],
    ) -> None:
        images = prepare_images(np.concatenate([x_train, x_test]))
        self._data = Images(images, one_hot_labels(np.concatenate([y_train, y_test])))
        self._train_rows, self._test_rows = np.split(np.arange(len(images)), [len(x_train)])
        self._networks: OrderedDict[tuple[tuple[int, int], str], CompiledNetwork] = OrderedDict()
        self._current: CompiledNetwork | None = None
        self._segment = 1
        self.compilations = 0

    def warm_up(self, config: RunConfig) -> None:
        """Build and compile what `config` needs, so that its training starts at once."""
        current = self._start(config)
        if not current.is_compiled(config.batch_size):
            self._compile(current, config.batch_size)

    def train(self, config: RunConfig) -> Iterator[Event]:
        """Train a run and report as it goes; close the iterator to stop, the weights so far stay.

        Read it to its end, or close it, before another run starts.

        Yields:
            `Compiling` if these sizes are new, then for each epoch some `StepDone` and one `EpochDone`.
        """
        current = self._start(config)
        if not current.is_compiled(config.batch_size):
            yield Compiling()
            self._compile(current, config.batch_size)
        rows = self._train_rows
        (train_rows, _), (validation_rows, _) = split_validation(rows, rows, config.validation_split)
        train_rows = train_rows[: config.train_images]
        validation = self._data.order(validation_rows)
        for epoch in range(1, config.epochs + 1):
            shuffled = shuffle(train_rows, config.seed, epoch)
            loss, accuracy, train_seconds = yield from self._train_epoch(epoch, config.batch_size, shuffled)
            started = time.perf_counter()
            val_loss, val_accuracy = current.evaluate(validation, len(validation_rows))
            seconds = train_seconds + time.perf_counter() - started
            yield EpochDone(EpochRecord(epoch, loss, accuracy, val_loss, val_accuracy, seconds))

    def evaluate(self) -> tuple[float, float]:
        """Give loss and accuracy of the network on the test images."""
        return self._trained.evaluate(self._data.order(self._test_rows), len(self._test_rows))

    @property
    def network(self) -> keras.Sequential:
        """The network of the run that was started last, which the next run may reset."""
        return self._trained.network

    def weights(self) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Copy each layer's weights (inputs, neurons) and biases (neurons,)."""
        layers = self.network.layers
        return [(layer.kernel.numpy().copy(), layer.bias.numpy().copy()) for layer in layers]

    def _start(self, config: RunConfig) -> CompiledNetwork:
        """Make the network of these sizes the current one, with the weights that the seed gives."""
        key = (config.hidden, config.optimizer)
        if key not in self._networks:
            self._networks[key] = CompiledNetwork(*key, self._data)
            if len(self._networks) > NETWORKS_KEPT:
                self._networks.popitem(last=False)
        self._networks.move_to_end(key)
        self._current, self._segment = self._networks[key], 1
        self._current.restart(config.learning_rate, config.seed)
        return self._current

    def _compile(self, network: CompiledNetwork, batch_size: int) -> None:
        network.compile(batch_size)
        self.compilations += 1

    @property
    def _trained(self) -> CompiledNetwork:
        if self._current is None:
            raise RuntimeError("There is no network before warm_up or train.")
        return self._current

    def _train_epoch(self, epoch: int, batch_size: int, rows: NDArray[np.integer]) -> Iterator[StepDone]:
        """Train an epoch; returns its loss, its accuracy and the seconds spent here, not in the reader."""
        order, steps = self._data.order(rows), math.ceil(len(rows) / batch_size)
        totals, step, busy = np.zeros((2, 3), np.float32), 0, 0.0
        while step < steps:
            first, step = step, step + self._segment
            if steps - step < self._segment / 2:  # no crumb at the end of an epoch
                step = steps
            totals[1] = 0
            started = time.perf_counter()
            totals = self._trained.train(order, batch_size, first, step, totals)
            seconds = time.perf_counter() - started
            busy += seconds
            self._adapt_segment(step - first, seconds)
            (loss, accuracy), segment_means = (totals[:, :2] / totals[:, 2:]).tolist()
            speed = float(totals[1, 2]) / seconds
            yield StepDone(epoch, step, steps, loss, accuracy, *segment_means, speed)
        return loss, accuracy, busy

    def _adapt_segment(self, steps: int, seconds: float) -> None:
        """Choose the steps of the next segment; growth is bounded, since a tiny segment is timed badly."""
        wanted = round(steps * SEGMENT_SECONDS / seconds)
        self._segment = max(1, min(wanted, steps * SEGMENT_GROWTH))


def shuffle(rows: NDArray[np.integer], seed: int, epoch: int) -> NDArray[np.integer]:
    """Put row numbers (n,) into the order of an epoch, which depends on nothing but seed and epoch."""
    return np.random.default_rng([seed, epoch]).permutation(rows)
