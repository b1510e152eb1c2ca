"""One step of learning in NumPy is one step of Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mnist_demo.network.attribution import margin_gradient
from mnist_demo.network.functions import ACTIVATION_FUNCTIONS
from mnist_demo.network.gradient import Learner, cross_entropy, loss_gradient
from mnist_demo.network.mlp import Network
from mnist_demo.training.model import build_network, compile_network, one_hot_labels
from tests.factories import random_network

TOLERANCE = 1e-5


def drawing(seed: int) -> np.ndarray:
    """An image (1, 784) with as much ink as a digit."""
    random = np.random.default_rng(seed)
    ink = random.random((1, 784), np.float32)
    return np.where(random.random(ink.shape) < 0.15, ink, np.float32(0))


def keras_twin(network: Network) -> keras.Sequential:
    """The same network, compiled as in the notebook."""
    twin = compile_network(build_network(network.hidden, network.activation), "adam", 0.001)
    twin.set_weights(network.arrays)
    return twin


@pytest.mark.parametrize("steps", [1, 10, 100])
@pytest.mark.parametrize("start", ["notebook", (32, 16)])
def test_steps_are_those_of_train_on_batch(start: str | tuple[int, int], steps: int):
    """After one step loss, weights and probabilities agree to 1e-5.

    What float32 rounds off in 109,386 weights adds up from step to step: after more of them the losses agree
    to 5e-5. Of a hundred steps on one image most are taken with next to nothing left to learn. Adam makes
    them as long as the others, so that there the weights agree to 1e-4.
    """
    network = Network.load(start) if isinstance(start, str) else random_network(start)
    x, digits = drawing(3), np.array([7], np.uint8)
    labels, twin, learner = one_hot_labels(digits), keras_twin(network), Learner(network)
    for _ in range(steps):
        before = cross_entropy(learner.network.predict(x), digits)
        learner = learner.step(x, labels)
        loss = float(twin.train_on_batch(x, labels)[0])
        twin.reset_metrics()
        assert before == pytest.approx(loss, abs=TOLERANCE, rel=TOLERANCE if steps == 1 else 5 * TOLERANCE)
    ours = learner.network.arrays
    apart = max(np.abs(one - other).max() for one, other in zip(ours, twin.get_weights(), strict=True))
    assert apart < (TOLERANCE if steps <= 10 else 10 * TOLERANCE)
    assert np.abs(learner.network.predict(x) - keras.ops.convert_to_numpy(twin(x))).max() < TOLERANCE
    assert learner.steps == steps


@pytest.mark.parametrize("activation", ACTIVATION_FUNCTIONS)
@pytest.mark.parametrize("hidden", [(), (12,), (12, 9), (12, 9, 7), (12, 9, 7, 5)])
class TestAnyNetwork:
    def test_gradient_is_tensorflows(self, hidden: tuple[int, ...], activation: str):
        """By its automatic differentiation, of the loss by each weight and bias, to 1e-6."""
        network = random_network(hidden, activation=activation)
        x = np.concatenate([drawing(seed) for seed in range(6)])
        labels, twin = one_hot_labels(np.arange(6, dtype=np.uint8)), keras_twin(network)
        with tf.GradientTape() as tape:
            loss = twin.loss(labels, twin(x))
        expected = tape.gradient(loss, twin.trainable_variables)
        for ours, theirs in zip(loss_gradient(network, x, labels), expected, strict=True):
            np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-6)

    def test_attribution_is_by_tensorflows_gradient(self, hidden: tuple[int, ...], activation: str):
        """Of a digit's logit above the mean of all ten, by each pixel, relative to the largest, to 1e-6."""
        network, x, digit = random_network(hidden, activation=activation), drawing(8), 3
        twin, pixels = keras_twin(network), tf.constant(x)
        twin.layers[-1].activation = keras.activations.linear
        with tf.GradientTape() as tape:
            tape.watch(pixels)
            logits = twin(pixels)[0]
            margin = logits[digit] - tf.reduce_mean(logits)
        expected = tape.gradient(margin, pixels).numpy()
        assert np.abs(margin_gradient(network, x, digit) - expected).max() < 1e-6 * max(
            1, np.abs(expected).max()
        )

    def test_steps_of_learning_are_kerases(self, hidden: tuple[int, ...], activation: str):
        """Ten of them, and the network keeps its activation function."""
        network = random_network(hidden, activation=activation)
        x, labels, twin = drawing(3), one_hot_labels(np.array([7], np.uint8)), keras_twin(network)
        learner = Learner(network)
        for _ in range(10):
            learner = learner.step(x, labels)
            twin.train_on_batch(x, labels)
        assert learner.network.activation == activation
        for ours, theirs in zip(learner.network.arrays, twin.get_weights(), strict=True):
            np.testing.assert_allclose(ours, theirs, atol=TOLERANCE)


def test_gradient_is_how_the_loss_grows():
    """For single weights of each layer: the difference quotient of the loss."""
    network = random_network((5, 4))
    x, digits = drawing(4), np.array([2], np.uint8)
    gradients = loss_gradient(network, x, one_hot_labels(digits))
    arrays = [array.astype(np.float64) for array in network.arrays]
    for which, gradient in enumerate(gradients):
        place = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
        losses = []
        for change in (-1e-3, 1e-3):
            moved = [array.copy() for array in arrays]
            moved[which][place] += change
            changed = Network.from_arrays([array.astype(np.float32) for array in moved])
            losses.append(cross_entropy(changed.predict(x), digits))
        assert (losses[1] - losses[0]) / 2e-3 == pytest.approx(float(gradient[place]), rel=0.02, abs=1e-4)


def test_network_that_learns_from_is_not_changed():
    """Every step makes a network of its own."""
    network = random_network((5, 4))
    before = [array.copy() for array in network.arrays]
    Learner(network).step(drawing(1), one_hot_labels(np.array([1], np.uint8)))
    after = network.arrays
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


def test_impossible_answer_has_a_finite_loss():
    """As in Keras."""
    probabilities = np.eye(10, dtype=np.float32)[:1]
    assert cross_entropy(probabilities, np.array([1])) == pytest.approx(16.118, abs=1e-3)
