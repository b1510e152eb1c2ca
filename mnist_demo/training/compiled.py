"""The network of `model.py` with its training and evaluation compiled: one call walks over many batches.

Keras's `fit` comes back to Python after every batch, which takes longer than a batch of a network this small.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_demo.runs import BATCH_SIZES, RunConfig
from mnist_demo.training.model import build_network, compile_network, draw_initial_weights

EVALUATION_BATCH = max(BATCH_SIZES)
NO_IMAGE = -1
COUNT = tf.TensorSpec([], tf.int32)
TOTALS = tf.TensorSpec([2, 3], tf.float32)


class Images:
    """All images, training and test, where the compiled functions find them.

    Args:
        images: (n, 784) float32, 0 to 1, from `prepare_images`, like every drawing.
        labels: (n, 10) float32, one-hot.
    """

    def __init__(self, images: NDArray[np.float32], labels: NDArray[np.float32]) -> None:
        self.images, self.labels = tf.constant(images), tf.constant(labels)
        length = math.ceil(len(images) / EVALUATION_BATCH) * EVALUATION_BATCH
        self.order_spec = tf.TensorSpec([length], tf.int32)

    def order(self, rows: NDArray[np.integer]) -> tf.Tensor:
        """Say in which order to walk over which images.

        Args:
            rows: Their row numbers.

        Returns:
            The row numbers as int32, filled up with `NO_IMAGE` to whole batches of any size. The length is
            always the same, since another one would cost a compilation.
        """
        order = np.full(self.order_spec.shape, NO_IMAGE, np.int32)
        order[: len(rows)] = rows
        return tf.constant(order)

    def batch(self, order: tf.Tensor, number: tf.Tensor, size: int) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Gather a batch, inside a compiled function.

        Returns:
            Images (size, 784) float32, 0 to 1; labels (size, 10); and (size,) float32: 1 image, 0 none.
        """
        rows = tf.slice(order, [number * size], [size])
        present = tf.cast(rows != NO_IMAGE, tf.float32)
        rows = tf.maximum(rows, 0)
        return tf.gather(self.images, rows), tf.gather(self.labels, rows), present


class CompiledNetwork:
    """A network for one choice of layer sizes and optimizer, with a compiled training for each batch size.

    Learning rate, seed, validation split and number of epochs never cost a compilation. TensorFlow does not
    give the memory of a compiled function back (about 7 MB each), so a network is kept, not built again.
    """

    def __init__(self, hidden: tuple[int, int], optimizer: str, data: Images) -> None:
        self.network = compile_network(build_network(hidden), optimizer, RunConfig.learning_rate)
        self.network.optimizer.build(self.network.trainable_variables)
        self._data = data
        self._train: dict[int, Callable[..., tf.Tensor]] = {}
        # Plain TensorFlow: on batches of a thousand it is as fast as XLA and starts without compiling.
        self._evaluate = tf.function(self._evaluate_batches).get_concrete_function(data.order_spec, COUNT)

    def is_compiled(self, batch_size: int) -> bool:
        """Whether training with this batch size starts at once."""
        return batch_size in self._train

    def compile(self, batch_size: int) -> None:
        """Compile the training with a batch size, by walking over no batch at all."""
        train = tf.function(partial(self._train_batches, batch_size), jit_compile=True)
        self._train[batch_size] = train.get_concrete_function(self._data.order_spec, COUNT, COUNT, TOTALS)
        nothing = self._data.order(np.empty(0, np.int32))
        self.train(nothing, batch_size, 0, 0, np.zeros(TOTALS.shape, np.float32))

    def restart(self, learning_rate: float, seed: int) -> None:
        """Put weights and optimizer to where a run starts; new ones would cost time and memory each run."""
        draw_initial_weights(self.network, seed)
        optimizer = self.network.optimizer
        for variable in optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        optimizer.learning_rate.assign(learning_rate)

    def train(
        self, order: tf.Tensor, batch_size: int, first: int, last: int, totals: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Train on the batches from `first` up to, not including, `last`.

        Args:
            order: From `Images.order`.
            batch_size: Images a batch.
            first: Number of a batch, from 0.
            last: Likewise.
            totals: (2, 3) float32, two rows (the epoch so far, and this segment) of sums over images: of the
                loss, of right answers, of 1. They go in and come out, so that an epoch's sums do not depend
                on how it was cut into calls.

        Returns:
            The totals with these batches added.
        """
        train = self._train[batch_size]
        return train(order, tf.constant(first), tf.constant(last), tf.constant(totals)).numpy()

    def evaluate(self, order: tf.Tensor, images: int) -> tuple[float, float]:
        """Give loss and accuracy, means over the first `images` of `order`."""
        loss, correct = (
            self._evaluate(order, tf.constant(math.ceil(images / EVALUATION_BATCH))).numpy().tolist()
        )
        return loss / images, correct / images

    def _train_batches(
        self, batch_size: int, order: tf.Tensor, first: tf.Tensor, last: tf.Tensor, totals: tf.Tensor
    ) -> tf.Tensor:
        network, optimizer = self.network, self.network.optimizer
        number = first
        while number < last:  # not tf.range: XLA compiles anew for each value of its bounds
            images, labels, present = self._data.batch(order, number, batch_size)
            count = tf.reduce_sum(present)
            with tf.GradientTape() as tape:
                probabilities = network(images, training=True)
                # The loss is divided by the batch size; an epoch's last batch may hold fewer images.
                loss = network.loss(labels, probabilities, present) * (batch_size / count)
            gradients = tape.gradient(loss, network.trainable_variables)
            # What optimizer.apply does, which leaves 4 MB behind for each function that it is traced in.
            for gradient, variable in zip(gradients, network.trainable_variables, strict=True):
                optimizer.update_step(gradient, variable.value, optimizer.learning_rate)
            optimizer.iterations.assign_add(1)
            correct = tf.reduce_sum(keras.metrics.categorical_accuracy(labels, probabilities) * present)
            totals += tf.stack([loss * count, correct, count])  # (2, 3) + (3,): added to both rows
            number += 1
        return totals

    def _evaluate_batches(self, order: tf.Tensor, batches: tf.Tensor) -> tf.Tensor:
        number, totals = 0, tf.zeros(2)
        while number < batches:
            images, labels, present = self._data.batch(order, number, EVALUATION_BATCH)
            probabilities = self.network(images, training=False)
            loss = self.network.loss(labels, probabilities, present) * EVALUATION_BATCH
            correct = tf.reduce_sum(keras.metrics.categorical_accuracy(labels, probabilities) * present)
            totals += tf.stack([loss, correct])
            number += 1
        return totals
