"""The NumPy network of the pages and the Keras network of the trainer are one and the same function."""

from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_demo.network.functions import ACTIVATION_FUNCTIONS
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network
from mnist_demo.training.model import build_network
from tests.factories import random_network

SHIPPED: Path = PRETRAINED_RUNS / "notebook"
TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def images() -> NDArray[np.float32]:
    """200 images (200, 784) with as much ink as a drawing: about 15 % of the pixels, of any brightness."""
    random = np.random.default_rng(5)
    ink = random.random((200, 784), np.float32)
    return np.where(random.random(ink.shape) < 0.15, ink, np.float32(0))


def answers(network: keras.Model, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ask Keras for the probabilities."""
    return keras.ops.convert_to_numpy(network(images))


@pytest.mark.parametrize("activation", ACTIVATION_FUNCTIONS)
@pytest.mark.parametrize(
    "hidden", [(128, 64), (7, 5), (1, 1), (32, 200), (), (64,), (32, 200, 16), (16, 32, 64, 20)]
)
def test_random_network_answers_the_same(
    hidden: tuple[int, ...], activation: str, images: NDArray[np.float32]
):
    """With random weights and biases, every probability agrees to 1e-6; so do the hidden layers."""
    network = random_network(hidden, activation=activation)
    twin = build_network(hidden, activation)
    twin.set_weights(network.arrays)
    assert np.abs(network.predict(images) - answers(twin, images)).max() < TOLERANCE
    signal, ours = images, network.activations(images).hidden
    for layer, activations in zip(twin.layers[:-1], ours, strict=True):
        signal = layer(signal)
        assert np.abs(activations - keras.ops.convert_to_numpy(signal)).max() < 3 * TOLERANCE


def test_dropout_and_penalty_are_for_learning_only(images: NDArray[np.float32]):
    """The network that reads is the whole one."""
    network = random_network((20, 10))
    twin = build_network((20, 10), "relu", 0.5, 0.01)
    twin.set_weights(network.arrays)
    assert np.abs(network.predict(images) - answers(twin, images)).max() < TOLERANCE
    assert [type(layer).__name__ for layer in twin.layers] == ["Dense", "Dropout"] * 2 + ["Dense"]


def test_random_answers_are_not_all_alike(images: NDArray[np.float32]):
    """The test above compares answers that differ from image to image and from digit to digit."""
    probabilities = random_network((128, 64)).predict(images)
    assert probabilities.std(axis=0).max() > 0.01
    assert probabilities.std(axis=1).min() > 0.01


@pytest.fixture(scope="module")
def shipped_model() -> keras.Model:
    """Load the shipped `model.keras`; only what it computes matters here, not how it was trained."""
    return keras.models.load_model(SHIPPED / "model.keras", compile=False)


def test_shipped_model_holds_the_shipped_weights(shipped_model: keras.Model):
    """`model.keras` and `weights.npz` are the same numbers, bit by bit."""
    arrays = Network.load(SHIPPED).arrays
    for array, twin in zip(arrays, shipped_model.get_weights(), strict=True):
        np.testing.assert_array_equal(array, twin)


def test_shipped_network_answers_the_same(shipped_model: keras.Model, images: NDArray[np.float32]):
    """The network that reads drawings is the one that can be loaded with Keras."""
    difference = np.abs(Network.load(SHIPPED).predict(images) - answers(shipped_model, images))
    assert difference.max() < TOLERANCE
