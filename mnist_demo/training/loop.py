"""Here is how a network is trained: epoch after epoch, batch after batch, with a report now and then."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_demo.data import IMAGE_SIDE, make_non_digits, prepare_images, split_validation
from mnist_demo.jobs import Compiling, EpochDone, Event, Started, StepDone
from mnist_demo.runs import Learned, RunConfig, learned_examples, steps_per_epoch
from mnist_demo.training.batches import BatchSource, Examples, Images
from mnist_demo.training.class_lesson import ClassLesson
from mnist_demo.training.compiled import CompiledNetwork, network_key
from mnist_demo.training.control import RunControl
from mnist_demo.training.epochs import scheduled_rate, shuffle
from mnist_demo.training.model import dense_layers, one_hot_labels
from mnist_demo.training.segments import EpochMeter, Pace

MAX_NETWORKS = 8
MAX_CALIBRATION_IMAGES = 5000
"""So many of the validation images are enough to calibrate: a run that is stopped should end at once."""
DETECTOR_DIGITS, NON_DIGITS = 24_000, 24_000
"""From so many examples a network's `OutlierDetector` learns, in less than a second."""


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
        self._images = Images(images, one_hot_labels(np.concatenate([y_train, y_test])))
        self._digits, self._test_digits = y_train, y_test
        self._train_rows, self._test_rows = np.split(np.arange(len(images)), [len(x_train)])
        self._networks: OrderedDict[RunConfig, CompiledNetwork] = OrderedDict()
        self._current: CompiledNetwork | None = None
        self.compilations = 0

    def warm_up(self, config: RunConfig) -> None:
        """Build and compile what a configuration needs, so that its training starts at once."""
        network = self._start(config)
        if not network.is_compiled(config):
            self._compile(network, config)

    def prepare_detector(self) -> None:
        """Make the non-digits, which takes two seconds, so that no run waits for them at its end."""
        _ = self._non_digits

    def train(
        self, config: RunConfig, control: RunControl | None = None, lesson: ClassLesson | None = None
    ) -> Iterator[Event]:
        """Train a run and report on it; close the iterator to stop, and the weights stay as they are.

        Read it to its end, or close it, before another run starts. While nobody reads, nothing is trained.

        Args:
            config: Its settings.
            control: What may be changed meanwhile; None: nothing is.
            lesson: What a class teaches, from which network on; None: a new network learns from the images.

        Yields:
            `Compiling` if these sizes are new, `Started`, then for each epoch some `StepDone` and one
            `EpochDone`.
        """
        control = control or RunControl(config.learning_rate)
        network, pace = self._start(config), Pace(config.epochs, control)
        if not network.is_compiled(config):
            yield Compiling()
            self._compile(network, config, lesson)
        if lesson:
            network.network.set_weights(lesson.start_weights)
        yield Started()
        _, validation_rows = split_validation(self._train_rows, config.validation_split)
        learned = learned_examples(config, self._digits)
        labels = self._given_labels(config, learned)
        steps = steps_per_epoch(config, len(self._train_rows))
        validation = self._images.batches(validation_rows)
        for epoch in range(1, config.epochs + 1):
            meter = EpochMeter(epoch, steps, pace)
            for source in self._sources(config, learned.rows, epoch, labels, lesson):
                yield from train_on(source, network, config, meter)
            yield EpochDone(meter.record(*network.validate(validation)))

    def evaluate(self) -> tuple[float, float]:
        """Return loss and accuracy of the network on the test images."""
        return self._trained.evaluate(self._images.batches(self._test_rows))

    def changed_samples(self, count: int = 16) -> NDArray[np.uint8]:
        """Change the first training images, to be looked at, as `Images.changed_samples` does.

        Returns:
            (2, 2, count, 28, 28) uint8, without and with European forms, not augmented and augmented.
        """
        images = self._images.changed_samples(self._train_rows[:count])
        return np.rint(255 * images).astype(np.uint8).reshape(2, 2, -1, IMAGE_SIDE, IMAGE_SIDE)

    def calibration_data(self, config: RunConfig) -> tuple[Examples, Examples]:
        """Return the last validation images of a configuration, and the test images, with their digits."""
        return self.validation_examples(config), self._images.examples(self._test_rows)

    def training_examples(self, config: RunConfig) -> Examples:
        """Return the images that a configuration learns from, with their digits."""
        return self._images.examples(learned_examples(config, self._digits).rows)

    def validation_examples(self, config: RunConfig, most: int | None = None) -> Examples:
        """Return the last validation images of a configuration with their digits.

        Args:
            config: Says how many are held back.
            most: If there are more than so many, some of them, evenly spaced.
        """
        _, validation_rows = split_validation(self._train_rows, config.validation_split)
        rows = validation_rows[-MAX_CALIBRATION_IMAGES:]
        return self._images.examples(rows[:: math.ceil(len(rows) / most) if most else 1])

    def detector_data(
        self, config: RunConfig, lesson: ClassLesson | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Return what `fit_detector` takes: training images, non-digits, validation images.

        Where a configuration trains on European forms, they are among the digits: no form of a digit that the
        network has learned may be strange to the detector. The same goes for the drawings of a class.
        """
        if lesson:
            non_digits = prepare_images(self._non_digits)
            return lesson.mixture.images, non_digits, self.validation_examples(config)[0]
        train_rows = learned_examples(config, self._digits).rows
        rows = train_rows[:: math.ceil(len(train_rows) / DETECTOR_DIGITS)]
        digits, _ = self._images.examples(rows)
        if config.european:
            digits = np.concatenate([digits, self._images.european_forms(rows)])
        return digits, prepare_images(self._non_digits), self.validation_examples(config)[0]

    @cached_property
    def _non_digits(self) -> NDArray[np.uint8]:
        """Made of the first half of the training images, which no configuration holds back."""
        x, digits = self._images.examples(self._train_rows[: math.ceil(len(self._train_rows) / 2)])
        images = np.rint(255 * x).astype(np.uint8).reshape(-1, IMAGE_SIDE, IMAGE_SIDE)
        return make_non_digits(images, digits, NON_DIGITS, seed=0)

    @property
    def network(self) -> keras.Sequential:
        """The network of the run that was started last, which the next run may reset."""
        return self._trained.network

    def weights(self) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
        """Copy each layer's weights (inputs, neurons) and biases (neurons,)."""
        layers = dense_layers(self.network)
        return [(layer.kernel.numpy().copy(), layer.bias.numpy().copy()) for layer in layers]

    @property
    def _trained(self) -> CompiledNetwork:
        if self._current is None:
            raise RuntimeError("There is no network before warm_up or train.")
        return self._current

    def _start(self, config: RunConfig) -> CompiledNetwork:
        """Make the network of these sizes the current one, with the weights that the seed gives."""
        key = network_key(config)
        if key not in self._networks:
            self._networks[key] = CompiledNetwork(config)
            if len(self._networks) > MAX_NETWORKS:
                self._networks.popitem(last=False)
        self._networks.move_to_end(key)
        self._current = self._networks[key]
        self._current.restart(config)
        return self._current

    def _compile(
        self, network: CompiledNetwork, config: RunConfig, lesson: ClassLesson | None = None
    ) -> None:
        network.compile(config, next(self._sources(config, self._train_rows[:1], epoch=0, lesson=lesson)))
        self.compilations += 1

    def _given_labels(self, config: RunConfig, learned: Learned) -> tf.Tensor | None:
        """Return the one-hot labels of all images as a run is given them; None where none is wrong."""
        if not config.wrong_labels:
            return None
        return tf.constant(one_hot_labels(np.concatenate([learned.labels, self._test_digits])))

    def _sources(
        self,
        config: RunConfig,
        rows: NDArray[np.integer],
        epoch: int,
        labels: tf.Tensor | None = None,
        lesson: ClassLesson | None = None,
    ) -> Iterator[BatchSource]:
        """Yield an epoch's images in its order: all at once, or changed in several parts."""
        if lesson:
            return lesson.sources(config, epoch)
        rows = shuffle(rows, config.seed, epoch)
        if config.changes_images:
            seed = int(np.random.default_rng([config.seed, epoch]).integers(2**31))
            return self._images.changed_batches(
                rows, seed, labels, augment=config.augment, european=config.european
            )
        return iter([self._images.batches(rows, labels)])


def train_on(
    source: BatchSource, network: CompiledNetwork, config: RunConfig, meter: EpochMeter
) -> Iterator[StepDone]:
    """Train on the batches of a source, and yield a report whenever one is due."""
    for first, last in meter.cut(source.count_batches(config.batch_size)):
        rate = scheduled_rate(config, meter.epoch, meter.pace.control.rate)
        if rate != meter.rate:  # setting it takes a quarter of a millisecond
            network.set_rate(rate)
            meter.rate = rate
        meter.totals = network.train(config, source, first, last, meter.totals)
        if meter.report_is_due:
            yield meter.report()
            meter.start_segment()
