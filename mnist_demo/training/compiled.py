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

from mnist_demo.runs import RunConfig
from mnist_demo.training.batches import MAX_BATCH_SIZE, Pool, Specs, gather_batch
from mnist_demo.training.model import build_network, compile_network, draw_initial_weights

COUNT = tf.TensorSpec([], tf.int32)
TOTALS = tf.TensorSpec([2, 3], tf.float32)


class CompiledNetwork:
    """A network for one choice of layer sizes and optimizer, with a compiled training for each batch size.

    Learning rate, seed, validation split and number of epochs never cost a compilation. TensorFlow does not
    give the memory of a compiled function back (about 7 MB each), so a network is kept, not built again.
    """

    def __init__(self, hidden: tuple[int, ...], optimizer: str) -> None:
        self.network = compile_network(build_network(hidden), optimizer, RunConfig.learning_rate)
        self.network.optimizer.build(self.network.trainable_variables)
        self._train: dict[tuple[int, Specs], Callable[..., tf.Tensor]] = {}
        # Plain TensorFlow: on batches of a thousand it is as fast as XLA and starts without compiling.
        self._evaluate = tf.function(self._evaluate_batches)

    def is_compiled(self, batch_size: int, specs: Specs) -> bool:
        """Whether training with this batch size, on pools of this size, starts at once."""
        return (batch_size, specs) in self._train

    def compile(self, batch_size: int, pool: Pool) -> None:
        """Compile the training with a batch size on pools of this size, by walking over no batch at all."""
        train = tf.function(partial(self._train_batches, batch_size), jit_compile=True)
        self._train[batch_size, pool.specs] = train.get_concrete_function(*pool.specs, COUNT, COUNT, TOTALS)
        self.train(pool, batch_size, 0, 0, np.zeros(TOTALS.shape, np.float32))

    def restart(self, learning_rate: float, seed: int) -> None:
        """Put weights and optimizer to where a run starts; new ones would cost time and memory each run."""
        draw_initial_weights(self.network, seed)
        optimizer = self.network.optimizer
        for variable in optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.set_rate(learning_rate)

    def set_rate(self, learning_rate: float) -> None:
        """Choose the size of the steps from now on."""
        self.network.optimizer.learning_rate.assign(learning_rate)

    def train(
        self, pool: Pool, batch_size: int, first: int, last: int, totals: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Train on the batches from `first` up to, not including, `last`.

        Args:
            pool: The images.
            batch_size: Images a batch.
            first: Number of a batch, from 0.
            last: Likewise.
            totals: (2, 3) float32, two rows (the epoch so far, and this segment) of sums over images: of the
                loss, of right answers, of 1. They go in and come out, so that an epoch's sums do not depend
                on how it was cut into calls.

        Returns:
            The totals with these batches added.
        """
        train = self._train[batch_size, pool.specs]
        bounds = tf.constant(first), tf.constant(last)
        return train(pool.images, pool.labels, pool.order, *bounds, tf.constant(totals)).numpy()

    def evaluate(self, pool: Pool, images: int) -> tuple[float, float]:
        """Give loss and accuracy, means over the first `images` of the pool."""
        batches = tf.constant(math.ceil(images / MAX_BATCH_SIZE))
        loss, correct = self._evaluate(pool.images, pool.labels, pool.order, batches).numpy().tolist()
        return loss / images, correct / images

    def _train_batches(
        self,
        batch_size: int,
        images: tf.Tensor,
        labels: tf.Tensor,
        order: tf.Tensor,
        first: tf.Tensor,
        last: tf.Tensor,
        totals: tf.Tensor,
    ) -> tf.Tensor:
        network, optimizer = self.network, self.network.optimizer
        number = first
        while number < last:  # not tf.range: XLA compiles anew for each value of its bounds
            x, y, present = gather_batch(images, labels, order, number, batch_size)
            count = tf.reduce_sum(present)
            with tf.GradientTape() as tape:
                probabilities = network(x, training=True)
                # The loss is divided by the batch size; an epoch's last batch may hold fewer images.
                loss = network.loss(y, probabilities, present) * (batch_size / count)
            gradients = tape.gradient(loss, network.trainable_variables)
            # What optimizer.apply does, which leaves 4 MB behind for each function that it is traced in.
            for gradient, variable in zip(gradients, network.trainable_variables, strict=True):
                optimizer.update_step(gradient, variable.value, optimizer.learning_rate)
            optimizer.iterations.assign_add(1)
            correct = tf.reduce_sum(keras.metrics.categorical_accuracy(y, probabilities) * present)
            totals += tf.stack([loss * count, correct, count])  # (2, 3) + (3,): added to both rows
            number += 1
        return totals

    def _evaluate_batches(
        self, images: tf.Tensor, labels: tf.Tensor, order: tf.Tensor, batches: tf.Tensor
    ) -> tf.Tensor:
        number, totals = 0, tf.zeros(2)
        while number < batches:
            x, y, present = gather_batch(images, labels, order, number, MAX_BATCH_SIZE)
            probabilities = self.network(x, training=False)
            loss = self.network.loss(y, probabilities, present) * MAX_BATCH_SIZE
            correct = tf.reduce_sum(keras.metrics.categorical_accuracy(y, probabilities) * present)
            totals += tf.stack([loss, correct])
            number += 1
        return totals
