"""The pages evaluate a network as Keras does."""

import keras
import numpy as np
import pytest

from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.network.evaluation import evaluate
from mnist_demo.network.mlp import Network
from mnist_demo.training.model import build_network
from tests.factories import random_network


@pytest.mark.parametrize("strength", [1, 30])
def test_loss_and_accuracy_are_those_of_keras_evaluate(strength: float):
    """Also where weights are so strong that probabilities round to 0 and 1."""
    random = np.random.default_rng(3)
    images = random.integers(0, 256, (400, 28, 28), np.uint8)
    labels = random.integers(0, 10, 400).astype(np.uint8)
    layers = random_network((16, 12)).layers
    network = Network((*layers[:-1], (layers[-1][0] * np.float32(strength), layers[-1][1])))
    twin = build_network((16, 12))
    twin.set_weights(network.arrays)
    twin.compile(loss="categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = twin.evaluate(prepare_images(images), keras.utils.to_categorical(labels, 10), verbose=0)
    evaluation = evaluate(network, images, labels)
    assert evaluation.loss == pytest.approx(loss, rel=1e-5)
    assert evaluation.accuracy == pytest.approx(accuracy, abs=1e-6)
