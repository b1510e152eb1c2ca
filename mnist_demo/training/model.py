"""The notebook's network, step by step, in plain Keras."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

PIXELS = 28 * 28
DIGITS = 10


def one_hot_labels(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn digits (n,) into rows (n, 10) with a 1 at the digit's place: 3 -> 0 0 0 1 0 0 0 0 0 0."""
    return keras.utils.to_categorical(labels, DIGITS).astype(np.float32)


def build_network(hidden: tuple[int, ...]) -> keras.Sequential:
    """Stack two hidden layers of ReLU neurons and ten outputs that softmax turns into probabilities."""
    return keras.Sequential(
        [
            keras.Input((PIXELS,)),
            keras.layers.Dense(hidden[0], activation="relu"),
            keras.layers.Dense(hidden[1], activation="relu"),
            keras.layers.Dense(DIGITS, activation="softmax"),
        ]
    )


def draw_initial_weights(network: keras.Sequential, seed: int) -> None:
    """Draw small random weights and zero biases; the same seed gives the same network to start from."""
    random_weights = keras.initializers.GlorotUniform(keras.random.SeedGenerator(seed))
    for layer in network.layers:
        layer.kernel.assign(random_weights(layer.kernel.shape))
        layer.bias.assign(np.zeros(layer.bias.shape))


def compile_network(network: keras.Sequential, optimizer: str, learning_rate: float) -> keras.Sequential:
    """Choose how the network learns: the optimizer, its step size and the loss that it makes small."""
    chosen = keras.optimizers.get(optimizer)
    chosen.learning_rate = learning_rate
    network.compile(optimizer=chosen, loss=keras.losses.CategoricalCrossentropy(), metrics=["accuracy"])
    return network


def fit_network(
    network: keras.Sequential,
    images: NDArray[np.float32],
    labels: NDArray[np.float32],
    epochs: int = 10,
    batch_size: int = 32,
    validation_split: float = 0.2,
) -> keras.callbacks.History:
    """Train the way the notebook does; the app trains the same way in fewer, longer calls."""
    return network.fit(
        images, labels, epochs=epochs, batch_size=batch_size, validation_split=validation_split, verbose=0
    )


def evaluate_network(
    network: keras.Sequential, images: NDArray[np.float32], labels: NDArray[np.float32]
) -> tuple[float, float]:
    """Measure loss and accuracy on images (n, 784) with one-hot labels (n, 10) that were never trained on."""
    loss, accuracy = network.evaluate(images, labels, verbose=0)
    return loss, accuracy
