"""What is told of the inside of a network, held against sums by hand."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.network.activations import (
    LINKS_SHOWN,
    NEURONS_SHOWN,
    first_layer_activations,
    is_finite,
    neuron_importance,
    top_activating_images,
    trace_strongest_paths,
)
from mnist_demo.network.evaluation import IMAGES_AT_ONCE
from mnist_demo.network.mlp import Network
from tests.factories import random_network


def network_of_two() -> Network:
    """A network 784-2-2-10: pixel 0 excites neuron a, pixel 1 neuron b.

    The second layer takes (a + 3 b, 4 b); its first neuron speaks for digit 3, its second against digit 8.
    """
    w1 = np.zeros((784, 2), np.float32)
    w1[0, 0], w1[1, 1] = 1, 2
    w2 = np.array([[1, 0], [3, 4]], np.float32)
    w3 = np.zeros((2, 10), np.float32)
    w3[0, 3], w3[1, 8] = 10, -20
    zeros = [np.zeros(size, np.float32) for size in (2, 2, 10)]
    return Network(tuple(zip((w1, w2, w3), zeros, strict=True)))


def test_neuron_matters_if_it_speaks_and_is_listened_to():
    """Mean answer times the length of the outgoing weights: 0.5 times 1, and 1 times 5."""
    x = np.zeros((2, 784), np.float32)
    x[0, 0], x[1, 1] = 1, 1
    np.testing.assert_allclose(neuron_importance(network_of_two(), x), [0.5 * 1, 1.0 * 5])


def test_silent_neuron_does_not_matter():
    """However loud its outgoing weights are."""
    assert neuron_importance(network_of_two(), np.zeros((3, 784), np.float32)).tolist() == [0, 0]


def test_most_exciting_image_comes_first():
    """Images that leave the neuron silent are not among them."""
    images = np.zeros((4, 28, 28), np.uint8)
    images[:, 0, 1] = (51, 0, 255, 102)
    rows, answers = top_activating_images(network_of_two(), 1, images, 8)
    assert rows.tolist() == [2, 3, 0]
    np.testing.assert_allclose(answers, [2.0, 0.8, 0.4], rtol=1e-5)


def test_answers_are_the_networks_own():
    """Whichever of several batches an image is in."""
    images = np.random.default_rng(1).integers(0, 256, (2 * IMAGES_AT_ONCE + 50, 28, 28), np.uint8)
    network = random_network()
    hidden = network.activations(images.reshape(-1, 784) / np.float32(255)).hidden[0]
    neuron = int(hidden.max(axis=0).argmax())
    hidden = hidden[:, neuron]
    rows, answers = top_activating_images(network, neuron, images, 5)
    np.testing.assert_allclose(answers, hidden[rows], rtol=1e-4)
    assert answers[0] == pytest.approx(hidden.max(), rel=1e-4)


def test_wiring_tells_what_each_neuron_says():
    """Pixel 1 alone: b = 2, the second layer 6 and 8, and what they say to all digits alike is taken off."""
    x = np.zeros(784, np.float32)
    x[1] = 1
    network = network_of_two()
    paths = trace_strongest_paths(network, network.activations(x[np.newaxis]))
    said = {(link.layer, link.source, link.target): link.share for link in paths.links}
    assert (said[1, 1, 0], said[1, 1, 1]) == (6.0, 8.0)
    assert said[2, 0, 3] == pytest.approx(6 * (10 - 1))
    assert said[2, 1, 8] == pytest.approx(8 * (-20 + 2))
    assert paths.links[2].target == 8  # the strongest of its layer comes first


def test_wiring_shows_the_strongest_only():
    """However large the network is, the picture can be read."""
    x = np.random.default_rng(2).random(784, np.float32)
    network = random_network((200, 100))
    paths = trace_strongest_paths(network, network.activations(x[np.newaxis]))
    first, second = ([link for link in paths.links if link.layer == layer] for layer in (1, 2))
    assert len(first) == len(second) == LINKS_SHOWN
    sources, targets = {link.source for link in first}, {link.target for link in first}
    assert max(len(sources), len(targets), len({link.source for link in second})) <= NEURONS_SHOWN
    assert len(targets | {link.source for link in second}) <= NEURONS_SHOWN
    assert sum(paths.probabilities) == pytest.approx(1)


def test_black_image_may_excite_nothing():
    """Then there is no link, and the ten answers all the same."""
    network = network_of_two()
    paths = trace_strongest_paths(network, network.activations(np.zeros((1, 784), np.float32)))
    assert paths.links == ()
    assert len(paths.probabilities) == 10


def test_network_that_has_run_away_is_noticed():
    """One number that is none is enough."""
    assert is_finite(random_network())
    broken = random_network()
    broken.layers[1][1][0] = np.nan
    assert not is_finite(broken)


def test_outputs_stand_for_a_first_layer_that_is_not_there():
    """In their own order, with their sums as activations."""
    network = random_network(())
    images = np.random.default_rng(4).integers(0, 256, (30, 28, 28), np.uint8)
    x = images.reshape(-1, 784) / np.float32(255)
    logits = network.activations(x).logits
    np.testing.assert_array_equal(first_layer_activations(network, x), logits)
    assert len(set(neuron_importance(network, x).tolist())) == 1
    digit = int(logits.max(axis=0).argmax())
    rows, sums = top_activating_images(network, digit, images, 3)
    np.testing.assert_allclose(sums, np.sort(logits[:, digit])[::-1][:3], rtol=1e-4)
    assert rows[0] == logits[:, digit].argmax()


def test_neuron_matters_by_how_far_it_is_from_zero():
    """A neuron of tanh that is always at -0.9 says as much as one at 0.9."""
    network = random_network((6, 4), activation="tanh")
    (weights, biases), *others = network.layers
    turned = Network(((-weights, -biases), *others), "tanh")
    x = np.random.default_rng(4).random((9, 784), np.float32)
    np.testing.assert_allclose(neuron_importance(turned, x), neuron_importance(network, x), rtol=1e-5)


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
def test_layers_that_stand_close_have_fewer_links(layers: int):
    """So that the picture of four can be read; of one and two they are as many as ever."""
    network = random_network((60,) * layers)
    x = np.random.default_rng(2).random((1, 784), np.float32)
    links = trace_strongest_paths(network, network.activations(x)).links
    counts = [sum(link.layer == layer for link in links) for layer in range(1, layers + 1)]
    assert counts == [{1: 20, 2: 20, 3: 13, 4: 10}[layers]] * layers


def test_output_is_never_dead():
    """Of a network without hidden layers, sums below 0 are as good as others: softmax compares them."""
    weights, biases = np.zeros((784, 10), np.float32), np.full(10, -1, np.float32)
    images = np.zeros((3, 28, 28), np.uint8)
    rows, sums = top_activating_images(Network(((weights, biases),)), 4, images, 2)
    assert len(rows) == 2
    assert sums.tolist() == [-1, -1]
