"""Trains runs one after the other and reports several times a second how they do."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Generator, Iterator

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import prepare_images, split_validation
from mnist_demo.jobs import Compiling, EpochDone, Event, StepDone
from mnist_demo.runs import EpochRecord, RunConfig
from mnist_demo.training.batches import Held, Images, Pool, Specs
from mnist_demo.training.compiled import CompiledNetwork
from mnist_demo.training.model import one_hot_labels

SEGMENT_SECONDS = 0.2
SEGMENT_GROWTH = 8
NETWORKS_KEPT = 8
MAX_CALIBRATION_IMAGES = 5000
"""So many of the validation images are enough to calibrate: a run that is stopped should end at once."""
MIN_RATE_SHARE = 0.001
"""What the cosine ends with, as a share of the first learning rate."""


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
        self._networks: OrderedDict[tuple[tuple[int, ...], str], CompiledNetwork] = OrderedDict()
        self._current: CompiledNetwork | None = None
        self._segment = 1
        self._pool_specs: dict[bool, Specs] = {}
        self.compilations = 0

    def warm_up(self, config: RunConfig) -> None:
        """Build and compile what `config` needs, so that its training starts at once."""
        self._start(config)
        if not self._is_compiled(config):
            self._compile(config)

    def train(self, config: RunConfig) -> Iterator[Event]:
        """Train a run and report as it goes; close the iterator to stop, the weights so far stay.

        Read it to its end, or close it, before another run starts.

        Yields:
            `Compiling` if these sizes are new, then for each epoch some `StepDone` and one `EpochDone`.
        """
        current = self._start(config)
        if not self._is_compiled(config):
            yield Compiling()
            self._compile(config)
        train_rows, validation_rows = split_validation(self._train_rows, config.validation_split)
        train_rows = train_rows[: config.train_images]
        validation = self._data.pool(validation_rows)
        for epoch in range(1, config.epochs + 1):
            shuffled = shuffle(train_rows, config.seed, epoch)
            loss, accuracy, train_seconds = yield from self._train_epoch(epoch, config, shuffled)
            started = time.perf_counter()
            val_loss, val_accuracy = current.evaluate(validation, len(validation_rows))
            seconds = train_seconds + time.perf_counter() - started
            current.set_rate(scheduled_rate(config, epoch))
            yield EpochDone(EpochRecord(epoch, loss, accuracy, val_loss, val_accuracy, seconds))

    def evaluate(self) -> tuple[float, float]:
        """Give loss and accuracy of the network on the test images."""
        return self._trained.evaluate(self._data.pool(self._test_rows), len(self._test_rows))

    def augmented_samples(self, count: int = 16) -> NDArray[np.uint8]:
        """Deform the first training images as `augment` does, (count, 28, 28) uint8."""
        images = self._data.augmented(self._train_rows[:count], seed=0)
        return np.rint(255 * images).astype(np.uint8).reshape(-1, 28, 28)

    def calibration_data(self, config: RunConfig) -> tuple[Held, Held]:
        """Give the last validation images of a configuration and the test images, each with what they show.

        Returns:
            Twice images (n, 784) float32, 0 to 1, and digits (n,).
        """
        _, validation_rows = split_validation(self._train_rows, config.validation_split)
        return self._data.show(validation_rows[-MAX_CALIBRATION_IMAGES:]), self._data.show(self._test_rows)

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
            self._networks[key] = CompiledNetwork(*key)
            if len(self._networks) > NETWORKS_KEPT:
                self._networks.popitem(last=False)
        self._networks.move_to_end(key)
        self._current, self._segment = self._networks[key], 1
        self._current.restart(config.learning_rate, config.seed)
        return self._current

    def _is_compiled(self, config: RunConfig) -> bool:
        pool_kind = self._pool_specs.get(config.augment)
        return pool_kind is not None and self._trained.is_compiled(config.batch_size, pool_kind)

    def _compile(self, config: RunConfig) -> None:
        pool = next(self._pools(config, self._train_rows[:1], 0))
        self._pool_specs[config.augment] = pool.specs
        if not self._trained.is_compiled(config.batch_size, pool.specs):
            self._trained.compile(config.batch_size, pool)
            self.compilations += 1

    def _pools(self, config: RunConfig, rows: NDArray[np.integer], epoch: int) -> Iterator[Pool]:
        if config.augment:
            seed = np.random.default_rng([config.seed, epoch]).integers(2**31)
            return self._data.augmented_batches(rows, int(seed))
        return iter([self._data.pool(rows)])

    @property
    def _trained(self) -> CompiledNetwork:
        if self._current is None:
            raise RuntimeError("There is no network before warm_up or train.")
        return self._current

    def _train_epoch(
        self, epoch: int, config: RunConfig, rows: NDArray[np.integer]
    ) -> Generator[StepDone, None, tuple[float, float, float]]:
        """Train an epoch; returns its loss, its accuracy and the seconds spent here, not in the reader."""
        size, steps = config.batch_size, math.ceil(len(rows) / config.batch_size)
        totals, step, busy, reported = np.zeros((2, 3), np.float32), 0, 0.0, 0
        due = self._next_report(0, steps)
        started = time.perf_counter()
        for pool in self._pools(config, rows, epoch):
            first, batches = 0, min(steps - step, pool.batches(size))
            while first < batches:
                last = min(batches, first + due - step)
                totals = self._trained.train(pool, size, first, last, totals)
                step, first = step + last - first, last
                if step < due:
                    continue
                seconds = time.perf_counter() - started
                busy += seconds
                self._adapt_segment(step - reported, seconds)
                (loss, accuracy), segment_means = (totals[:, :2] / totals[:, 2:]).tolist()
                speed = float(totals[1, 2]) / seconds
                yield StepDone(epoch, step, steps, loss, accuracy, *segment_means, speed)
                totals[1] = 0
                reported, due = step, self._next_report(step, steps)
                started = time.perf_counter()
        return loss, accuracy, busy

    def _next_report(self, step: int, steps: int) -> int:
        """Say after which step the next segment ends, without a crumb at the end of an epoch."""
        due = step + self._segment
        return steps if steps - due < self._segment / 2 else due

    def _adapt_segment(self, steps: int, seconds: float) -> None:
        """Choose the steps of the next segment; growth is bounded, since a tiny segment is timed badly."""
        wanted = round(steps * SEGMENT_SECONDS / seconds)
        self._segment = max(1, min(wanted, steps * SEGMENT_GROWTH))


def shuffle(rows: NDArray[np.integer], seed: int, epoch: int) -> NDArray[np.integer]:
    """Put row numbers (n,) into the order of an epoch, which depends on nothing but seed and epoch."""
    return np.random.default_rng([seed, epoch]).permutation(rows)


def scheduled_rate(config: RunConfig, epoch: int) -> float:
    """Give the learning rate of the epoch that follows so many.

    Source: Loshchilov, Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (ICLR 2017).
    """
    if config.schedule == "constant":
        return config.learning_rate
    height = (1 + math.cos(math.pi * epoch / config.epochs)) / 2
    return config.learning_rate * (MIN_RATE_SHARE + (1 - MIN_RATE_SHARE) * height)
