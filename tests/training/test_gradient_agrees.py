"""One step of learning in NumPy is one step of Keras."""

import keras
import numpy as np
import pytest

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
    twin = compile_network(build_network(network.hidden), "adam", 0.001)
    twin.set_weights([array for layer in network.layers for array in layer])
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
    ours = [array for layer in learner.network.layers for array in layer]
    apart = max(np.abs(one - other).max() for one, other in zip(ours, twin.get_weights(), strict=True))
    assert apart < (TOLERANCE if steps <= 10 else 10 * TOLERANCE)
    assert np.abs(learner.network.predict(x) - keras.ops.convert_to_numpy(twin(x))).max() < TOLERANCE
    assert learner.steps == steps


def test_gradient_is_how_the_loss_grows():
    """For single weights of each layer: the difference quotient of the loss."""
    network = random_network((5, 4))
    x, digits = drawing(4), np.array([2], np.uint8)
    gradients = loss_gradient(network, x, one_hot_labels(digits))
    arrays = [array.astype(np.float64) for layer in network.layers for array in layer]
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
    before = [array.copy() for layer in network.layers for array in layer]
    Learner(network).step(drawing(1), one_hot_labels(np.array([1], np.uint8)))
    after = [array for layer in network.layers for array in layer]
    assert all((one == other).all() for one, other in zip(before, after, strict=True))


def test_impossible_answer_has_a_finite_loss():
    """As in Keras."""
    probabilities = np.eye(10, dtype=np.float32)[:1]
    assert cross_entropy(probabilities, np.array([1])) == pytest.approx(16.118, abs=1e-3)
