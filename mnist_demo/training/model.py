"""The notebook's network, step by step, in plain Keras."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

import keras
import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DIGITS, PIXELS
from mnist_demo.runs import RunConfig


def one_hot_labels(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn digits (n,) into rows (n, 10) with a 1 at the digit's place: 3 -> 0 0 0 1 0 0 0 0 0 0."""
    return keras.utils.to_categorical(labels, DIGITS).astype(np.float32)


def build_network(
    hidden: tuple[int, ...], activation: str = "relu", dropout: float = 0.0, l2: float = 0.0
) -> keras.Sequential:
    """Stack the hidden layers, if any, and ten outputs that softmax turns into probabilities.

    While it learns, dropout leaves out a share of each hidden layer's neurons, others in every batch; L2 adds
    the squares of all weights, times a small number, to the loss.
    """
    penalty = keras.regularizers.L2(l2) if l2 else None
    layers = [keras.Input((PIXELS,))]
    for neurons in hidden:
        layers.append(keras.layers.Dense(neurons, activation=activation, kernel_regularizer=penalty))
        if dropout:
            layers.append(keras.layers.Dropout(dropout))
    layers.append(keras.layers.Dense(DIGITS, activation="softmax", kernel_regularizer=penalty))
    return keras.Sequential(layers)


def draw_initial_weights(network: keras.Sequential, seed: int) -> None:
    """Draw small random weights and zero biases; the same seed gives the same network to start from.

    What dropout will leave out comes from the seed, too.
    """
    random_weights = keras.initializers.GlorotUniform(keras.random.SeedGenerator(seed))
    for place, layer in enumerate(network.layers):
        if isinstance(layer, keras.layers.Dropout):
            layer.seed_generator.state.assign([np.random.default_rng([seed, place]).integers(2**31), 0])
        else:
            layer.kernel.assign(random_weights(layer.kernel.shape))
            layer.bias.assign(np.zeros(layer.bias.shape))


def dense_layers(network: keras.Sequential) -> list[keras.layers.Dense]:
    """Return the layers that have weights."""
    return [layer for layer in network.layers if layer.weights]


def compile_network(network: keras.Sequential, optimizer: str, learning_rate: float) -> keras.Sequential:
    """Choose how the network learns: the optimizer, its step size and the loss that it makes small."""
    chosen = keras.optimizers.get(optimizer)
    chosen.learning_rate = learning_rate
    network.compile(optimizer=chosen, loss=keras.losses.CategoricalCrossentropy(), metrics=["accuracy"])
    return network


def new_network(config: RunConfig) -> keras.Sequential:
    """Take the steps above that come before the weights, with the settings of a configuration."""
    network = build_network(config.hidden, config.activation, config.dropout, config.l2)
    return compile_network(network, config.optimizer, config.learning_rate)


def save_network(weights: list[NDArray[np.float32]], config: RunConfig, path: Path) -> None:
    """Write a trained network as a Keras file, compiled as for its training and with a fresh optimizer.

    Keras warns of a file that lacks what an optimizer remembers, and what a used one remembers triples the
    size; of a fresh one it is zeros, which compression makes nothing of.
    """
    network = new_network(config)
    network.set_weights(weights)
    network.optimizer.build(network.trainable_variables)
    with TemporaryDirectory() as folder:
        large = Path(folder) / "model.keras"
        network.save(large)
        with ZipFile(large) as source, ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as target:
            for name in source.namelist():
                target.writestr(name, source.read(name))
