"""What a picture of a network needs, held against the network itself."""

from __future__ import annotations

import numpy as np
import pytest

from mnist_demo.network.activations import trace_strongest_paths
from mnist_demo.network.mlp import Network
from mnist_demo.network.portrait import (
    MAX_SHOWN,
    MAX_SHOWN_FIRST,
    brightness,
    layer_lights,
    neuron_sum,
    placed_links,
    quantize,
    shown_neurons,
)
from tests.factories import random_network

X = np.random.default_rng(5).random((1, 784), np.float32)


def test_small_layers_are_shown_whole():
    """Every neuron has its place, in the order of the numbers."""
    first, second = shown_neurons(random_network((128, 64)))
    assert first.tolist() == list(range(128))
    assert second.tolist() == list(range(64))


def test_of_large_layers_those_are_shown_to_which_the_next_one_listens_most():
    """As many as have room."""
    network = random_network((1024, 100))
    first, second = shown_neurons(network)
    assert (len(first), len(second)) == (MAX_SHOWN_FIRST, MAX_SHOWN)
    norms = np.linalg.norm(network.layers[1][0], axis=1)
    assert set(np.argsort(-norms)[:128]) == set(first.tolist())


def test_weights_are_rounded_to_bytes_of_both_signs():
    """The larger ones of a neuron reach the end of the scale; a single huge one darkens nobody."""
    weights = np.linspace(-1, 1, 201, dtype=np.float32)[np.newaxis]
    rounded = quantize(weights)
    assert rounded.dtype == np.int8
    assert rounded[0, 0] == -127
    assert rounded[0, 100] == 0
    weights[0, 0] = -1000
    assert abs(quantize(weights)[0, 50] - rounded[0, 50]) <= 1


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
def test_weights_that_have_overflowed_are_black(value: float):
    """And so is a neuron without any."""
    assert not quantize(np.full((2, 784), value, np.float32)).any()


def test_strongest_activation_is_the_brightest():
    """And none at all is dark."""
    assert brightness(np.array([0, 1, 4], np.float32)).tolist() == [0, 64, 255]
    assert not brightness(np.zeros(3, np.float32)).any()


def test_links_lie_between_places_of_shown_neurons():
    """Whatever the size; the strongest of each layer has the share 1 or -1."""
    network = random_network((300, 90))
    shown = shown_neurons(network)
    paths = trace_strongest_paths(network, network.activations(X), shown)
    links = placed_links(paths, shown)
    assert {layer for layer, *_ in links} == {1, 2}
    for (layer, source, target, share), link in zip(links, paths.links, strict=True):
        assert shown[layer - 1][source] == link.source
        assert (shown[1][target] if layer == 1 else target) == link.target
        assert np.sign(share) == np.sign(link.share)
    assert max(abs(share) for layer, _, _, share in links if layer == 1) == 1


@pytest.mark.parametrize("layer", [1, 2])
def test_neurons_sum_is_its_activation(layer: int):
    """Inputs times weights, plus bias, through ReLU."""
    network = random_network((5, 4))
    answers = network.activations(X)
    for neuron in range(4):
        taken = neuron_sum(network, X, answers, layer, neuron)
        np.testing.assert_allclose(max(0, taken.total + taken.bias), taken.activation, rtol=1e-4, atol=1e-6)
        assert taken.activation == answers.hidden[layer - 1][0, neuron]


def test_dead_network_has_no_links():
    """Nothing passes through it."""
    network = Network(tuple((weights * 0, biases * 0) for weights, biases in random_network().layers))
    shown = shown_neurons(network)
    assert placed_links(trace_strongest_paths(network, network.activations(X), shown), shown) == []


class TestAnyDepth:
    @pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
    @pytest.mark.parametrize("hidden", [(6,), (6, 5, 4), (200, 100, 70, 80)])
    def test_every_hidden_layer_is_shown_and_linked(self, hidden: tuple[int, ...], activation: str):
        """Lights are never below 0, and a neuron's sum leads to its activation by its own function."""
        network = random_network(hidden, activation=activation)
        answers, shown = network.activations(X), shown_neurons(network)
        assert [len(layer) for layer in shown] == [
            min(hidden[0], 128),
            *(min(size, 64) for size in hidden[1:]),
        ]
        for lights, activations in zip(layer_lights(answers), answers.hidden, strict=True):
            np.testing.assert_array_equal(lights, np.abs(activations))
        links = placed_links(trace_strongest_paths(network, answers, shown), shown)
        assert {layer for layer, *_ in links} == set(range(1, len(hidden) + 1))
        taken = neuron_sum(network, X, answers, len(hidden), 3)
        assert taken.function == activation
        total = np.float32(taken.total + taken.bias)
        assert network.function.apply(total) == pytest.approx(taken.activation, rel=1e-3, abs=1e-6)

    def test_without_a_hidden_layer_the_outputs_are_shown(self):
        """Each linked to its own digit by how far its logit is above the mean; the least one is dark."""
        network = random_network(())
        answers, shown = network.activations(X), shown_neurons(network)
        assert [layer.tolist() for layer in shown] == [list(range(10))]
        (lights,) = layer_lights(answers)
        assert lights.min() == 0
        assert lights.argmax() == answers.logits.argmax()
        paths = trace_strongest_paths(network, answers, shown)
        logits = answers.logits[0]
        for link in paths.links:
            assert (link.layer, link.source) == (1, link.target)
            assert link.share == pytest.approx(float(logits[link.target] - logits.mean()), rel=1e-4)
        assert {source for _, source, _, _ in placed_links(paths, shown)} == set(range(10))
        taken = neuron_sum(network, X, answers, 1, 7)
        assert taken.function == ""
        assert taken.total + taken.bias == pytest.approx(taken.activation, rel=1e-4)
