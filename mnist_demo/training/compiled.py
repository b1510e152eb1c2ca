"""The network of `model.py`, compiled so that one call walks over many batches.

Keras's `fit` returns to Python after every batch, which takes longer than a batch of a network this small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_demo.runs import RunConfig
from mnist_demo.training.batches import MAX_BATCH_SIZE, BatchSource, gather_batch
from mnist_demo.training.model import dense_layers, draw_initial_weights, new_network

DEFAULTS = RunConfig()
SHARED_SETTINGS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "validation_split",
    "seed",
    "augment",
    "train_images",
    "schedule",
    "keep_best",
    "wrong_labels",
    "missing_digit",
    "rare_digit",
)
"""Settings that one compiled network trains with whatever they are; each value of the others has its own."""


def network_key(config: RunConfig) -> RunConfig:
    """Return what is the same for all configurations that one compiled network trains."""
    return replace(config, **{name: getattr(DEFAULTS, name) for name in SHARED_SETTINGS})


class CompiledNetwork:
    """A network for all configurations that differ in nothing but `SHARED_SETTINGS`.

    It compiles its training once for each batch size and each way to change the images; learning rate, seed,
    validation split and number of epochs never cost a compilation. TensorFlow does not give the memory of a
    compiled function back (about 7 MB each), so a network is kept, not built again.
    """

    def __init__(self, config: RunConfig) -> None:
        self.network = new_network(config)
        self.network.optimizer.build(self.network.trainable_variables)
        self._train: dict[tuple[int, bool, bool], Callable[..., tf.Tensor]] = {}
        # Plain TensorFlow: on batches of a thousand it is as fast as XLA and starts without compiling.
        self._evaluate = tf.function(self._evaluate_batches)

    def is_compiled(self, config: RunConfig) -> bool:
        """Return whether training with this configuration starts at once."""
        return _kind(config) in self._train

    def compile(self, config: RunConfig, source: BatchSource) -> None:
        """Compile the training for sources of this size; none of the images is learned."""
        train = tf.function(partial(self._train_batches, config.batch_size), jit_compile=True)
        self._train[_kind(config)] = train
        self.train(config, source, 0, 0, np.zeros((2, 3), np.float32))

    def restart(self, config: RunConfig) -> None:
        """Reset weights and optimizer to where a run starts; new ones would cost time and memory each run."""
        draw_initial_weights(self.network, config.seed)
        for variable in self.network.optimizer.variables:
            variable.assign(tf.zeros_like(variable))
        self.set_rate(config.learning_rate)

    def set_rate(self, learning_rate: float) -> None:
        """Set the learning rate from now on."""
        self.network.optimizer.learning_rate.assign(learning_rate)

    def train(
        self, config: RunConfig, source: BatchSource, first: int, last: int, totals: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Train on the batches from `first` up to, not including, `last`.

        Args:
            config: One that this network was compiled for.
            source: The images.
            first: Number of a batch, from 0.
            last: Likewise.
            totals: (2, 3) float32, two rows (see `EpochMeter.totals`) of sums over images: of the
                loss, of correct answers, of 1. They go in and come out, so that an epoch's sums do not depend
                on how it was cut into calls.

        Returns:
            The totals with these batches added.
        """
        train = self._train[_kind(config)]
        bounds = tf.constant(first), tf.constant(last)
        return train(source.images, source.labels, source.order, *bounds, tf.constant(totals)).numpy()

    def validate(self, source: BatchSource) -> tuple[float, float, float]:
        """Evaluate, and see which hidden neurons are dead.

        Returns:
            Loss, with the penalty of L2, so that it is measured like that of training; accuracy; and which
            share of the hidden neurons fires for no image of the source, 0 to 1.
        """
        loss, accuracy, fired = self._walk(source)
        dead = 1 - float(fired.mean()) if fired.size else 0.0
        return loss + float(sum(self.network.losses)), accuracy, dead

    def evaluate(self, source: BatchSource) -> tuple[float, float]:
        """Return loss and accuracy, means over the images of a source: what the answers alone cost."""
        loss, accuracy, _ = self._walk(source)
        return loss, accuracy

    def _walk(self, source: BatchSource) -> tuple[float, float, NDArray[np.bool_]]:
        batches = tf.constant(source.count_batches(MAX_BATCH_SIZE))
        totals, fired = self._evaluate(source.images, source.labels, source.order, batches)
        loss, correct = totals.numpy().tolist()
        return loss / source.count, correct / source.count, fired.numpy()

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
        """Train on one batch after the other, and add up loss, correct answers and images."""
        number = first
        while number < last:  # not tf.range: XLA compiles anew for each value of its bounds
            x, y, mask = gather_batch(images, labels, order, number, batch_size)
            totals += self._train_batch(x, y, mask)  # (2, 3) + (3,): added to both rows
            number += 1
        return totals

    def _train_batch(self, x: tf.Tensor, y: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """Answer a batch, measure the loss, and correct every weight a little against its gradient."""
        network, optimizer, count = self.network, self.network.optimizer, tf.reduce_sum(mask)
        with tf.GradientTape() as tape:
            probabilities = network(x, training=True)
            # The loss is divided by the batch size; an epoch's last batch may hold fewer images.
            loss = network.loss(y, probabilities, mask) * (len(x) / count)
            for penalty in network.losses:  # of L2
                loss += penalty
        gradients = tape.gradient(loss, network.trainable_variables)
        # What optimizer.apply does, which leaves 4 MB behind for each function that it is traced in.
        for gradient, variable in zip(gradients, network.trainable_variables, strict=True):
            optimizer.update_step(gradient, variable.value, optimizer.learning_rate)
        optimizer.iterations.assign_add(1)
        correct = tf.reduce_sum(keras.metrics.categorical_accuracy(y, probabilities) * mask)
        return tf.stack([loss * count, correct, count])

    def _evaluate_batches(
        self, images: tf.Tensor, labels: tf.Tensor, order: tf.Tensor, batches: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Answer one batch after the other; add up loss and correct answers, and note which neurons fire."""
        *hidden, output = dense_layers(self.network)  # all that the network is made of, unless it is training
        number, totals = 0, tf.zeros(2)
        fired = tf.zeros(sum(layer.units for layer in hidden), tf.bool)
        while number < batches:
            x, y, mask = gather_batch(images, labels, order, number, MAX_BATCH_SIZE)
            signals = [tf.zeros((MAX_BATCH_SIZE, 0))]
            for layer in hidden:
                x = layer(x)
                signals.append(x)
            probabilities = output(x)
            loss = self.network.loss(y, probabilities, mask) * MAX_BATCH_SIZE
            correct = tf.reduce_sum(keras.metrics.categorical_accuracy(y, probabilities) * mask)
            totals += tf.stack([loss, correct])
            fired |= tf.reduce_any(tf.concat(signals, axis=1) * mask[:, None] != 0, axis=0)
            number += 1
        return totals, fired


def _kind(config: RunConfig) -> tuple[int, bool, bool]:
    """Name what a training is compiled for; with it, whatever changes the images is made ready, too."""
    return config.batch_size, config.augment, config.european
