"""What goes on inside a network: influential neurons, what activates them, and the strongest paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DIGITS
from mnist_demo.network.evaluation import prepared_batches
from mnist_demo.network.mlp import Activations, Layer, Network

IMPORTANCE_IMAGES = 1000
NEURONS_SHOWN = 7
LINKS_SHOWN = 20
"""From one layer to the next, where there are at most two hidden ones; of more, which stand closer, fewer."""
Shown = tuple[NDArray[np.intp], ...]
"""Numbers of neurons of each layer that has a place in a picture, from 0, see `shown_layers`."""


def shown_layers(network: Network) -> tuple[Layer, ...]:
    """Return the layers whose neurons are shown: the hidden ones, or without any the ten outputs."""
    return network.layers[:-1] or network.layers


def first_layer_activations(network: Network, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the activations of the first layer: (n, 784) float32 -> (n, neurons) float32.

    Without a hidden layer these are the ten logits.
    """
    weights, biases = network.layers[0]
    sums = x @ weights + biases
    return network.function.apply(sums) if network.hidden else sums


def neuron_importance(network: Network, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each neuron of the first layer matters.

    That is its mean activation on some images, without its sign, times the Euclidean norm of its weights to
    the next layer: a neuron matters if it responds often and the next layer listens to it. Ten outputs all
    matter alike.

    Args:
        network: The network.
        x: (n, 784) float32, 0 to 1.

    Returns:
        (neurons,) float32, 0 for a dead neuron.
    """
    if not network.hidden:
        return np.ones(DIGITS, np.float32)
    activations = np.abs(first_layer_activations(network, x)).mean(axis=0)
    importance: NDArray[np.float32] = activations * np.linalg.norm(network.layers[1][0], axis=1)
    return importance


def top_activating_images(
    network: Network, neuron: int, images: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Find the images that activate a neuron of the first layer most.

    Args:
        network: The network.
        neuron: Which neuron, from 0.
        images: (n, 28, 28) uint8, 0 to 255.
        count: How many.

    Returns:
        Their row numbers, strongest first, and the neuron's activations, float32; fewer than `count` if
        fewer images activate it at all. An output has sums of either sign, and always as many.
    """
    weights, biases = network.layers[0]
    sums = np.concatenate([x @ weights[:, neuron] for x in prepared_batches(images)])
    sums = sums + biases[neuron]
    activations = network.function.apply(sums) if network.hidden else sums
    rows = np.argsort(-activations, kind="stable")[:count]
    if network.hidden:
        rows = rows[activations[rows] > 0]
    return rows, activations[rows]


@dataclass(frozen=True)
class Link:
    """What a neuron contributes to one of the next layer: its activation times the weight between them.

    Attributes:
        layer: Hidden layer of the source, from 1; 1 also for the outputs of a network without any.
        source: Neuron of that layer, from 0.
        target: Neuron of the layer above, from 0; a digit above the last one.
        share: Positive for, negative against.
    """

    layer: int
    source: int
    target: int
    share: float


@dataclass(frozen=True)
class StrongestPaths:
    """The part of a network that matters most for one image.

    Attributes:
        probabilities: The ten outputs.
        links: The strongest links between neurons that matter, layer by layer from below, the strongest
            first in each layer.
    """

    probabilities: tuple[float, ...]
    links: tuple[Link, ...]


def trace_strongest_paths(
    network: Network, answers: Activations, among: Shown | None = None
) -> StrongestPaths:
    """Follow an image through the network along its strongest links.

    Softmax depends on differences only, so what a neuron contributes to all ten digits alike is subtracted.
    From above: of the last hidden layer those neurons count that contribute most to any digit, and of a layer
    below those that contribute most to the ones that count above it. Without a hidden layer, what a digit has
    is its own logit.

    Args:
        network: The network.
        answers: Its activations for the image alone.
        among: The neurons of each hidden layer that may be linked; None: all.
    """
    probabilities = tuple(answers.probabilities[0].tolist())
    if not answers.hidden:
        shares = np.diag(answers.logits[0] - answers.logits[0].mean())
        digits = np.arange(DIGITS)
        return StrongestPaths(probabilities, tuple(_links(1, shares, digits, digits, LINKS_SHOWN)))
    most = 2 * LINKS_SHOWN // max(2, len(answers.hidden))
    to_digits = network.layers[-1][0]
    weights = to_digits - to_digits.mean(axis=1, keepdims=True)
    above, links = np.arange(weights.shape[1]), list[Link]()
    for layer in range(len(answers.hidden), 0, -1):
        shares = answers.hidden[layer - 1][0][:, np.newaxis] * weights[:, above]
        is_last = layer == len(answers.hidden)
        strength = np.abs(shares).max(axis=1) if is_last else np.abs(shares).sum(axis=1)
        counting = _strongest(strength, among[layer - 1] if among else None)
        links = [*_links(layer, shares[counting], counting, above, most), *links]
        weights, above = network.layers[layer - 1][0], counting
    return StrongestPaths(probabilities, tuple(links))


def _strongest(strength: NDArray[np.float32], among: NDArray[np.intp] | None) -> NDArray[np.intp]:
    if among is not None:
        strength = np.where(np.isin(np.arange(len(strength)), among), strength, 0)
    order = np.argsort(-strength, kind="stable")[:NEURONS_SHOWN]
    return order[strength[order] > 0]


def _links(
    layer: int, shares: NDArray[np.float32], sources: NDArray[np.intp], targets: NDArray[np.intp], most: int
) -> list[Link]:
    order = np.argsort(-np.abs(shares), axis=None, kind="stable")[:most]
    places = zip(*np.unravel_index(order, shares.shape), strict=True) if shares.size else ()
    links = [Link(layer, int(sources[s]), int(targets[t]), float(shares[s, t])) for s, t in places]
    return [link for link in links if link.share]


def is_finite(network: Network) -> bool:
    """Return whether all weights are finite; they are not where training has diverged."""
    return all(np.isfinite(array).all() for array in network.arrays)
