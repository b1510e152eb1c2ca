"""What goes on inside a network: which neurons matter, what excites them, which links a drawing takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.evaluation import prepared_batches
from mnist_demo.network.mlp import Network

IMPORTANCE_IMAGES = 1000
NEURONS_SHOWN = 7
LINKS_SHOWN = 20


def first_layer_activations(network: Network, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give what the first hidden layer answers: (n, 784) float32 -> (n, neurons) float32."""
    weights, biases = network.layers[0]
    return np.maximum(x @ weights + biases, np.float32(0))


def neuron_importance(network: Network, x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Measure how much each neuron of the first layer matters.

    That is its mean answer to some images times the length (Euclidean norm) of its weights to the second
    layer: a neuron matters if it often speaks and is listened to.

    Args:
        network: The network.
        x: (n, 784) float32, 0 to 1.

    Returns:
        (neurons,) float32, 0 for a neuron that never answers.
    """
    return first_layer_activations(network, x).mean(axis=0) * np.linalg.norm(network.layers[1][0], axis=1)


def top_activating_images(
    network: Network, neuron: int, images: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Find the images that excite a neuron of the first layer most.

    Args:
        network: The network.
        neuron: Which neuron, from 0.
        images: (n, 28, 28) uint8, 0 to 255.
        count: How many.

    Returns:
        Their rows, the most exciting first, and the neuron's answers to them, float32; fewer than `count`
        where fewer excite it at all.
    """
    weights, biases = network.layers[0]
    answers = np.concatenate([x @ weights[:, neuron] for x in prepared_batches(images)]) + biases[neuron]
    rows = np.argsort(-answers, kind="stable")[:count]
    rows = rows[answers[rows] > 0]
    return rows, answers[rows]


@dataclass(frozen=True)
class Link:
    """What a neuron says to one of the next layer: its answer times the weight between them.

    Attributes:
        layer: Between layer 1 and 2 (1), or layer 2 and the answer (2).
        source: Neuron of the lower layer, from 0.
        target: Neuron of the layer above; a digit in the last.
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
        first: The shown neurons of the first layer and their answers, the strongest first.
        second: The same of the second layer.
        probabilities: The ten answers.
        links: The strongest links among what is shown, strongest first in each layer.
    """

    first: dict[int, float]
    second: dict[int, float]
    probabilities: tuple[float, ...]
    links: tuple[Link, ...]


def trace_strongest_paths(network: Network, x: NDArray[np.float32]) -> StrongestPaths:
    """Follow an image (784,) float32 through the network along its strongest links.

    Softmax looks at differences only, so what a neuron says to all ten digits alike is taken off. Of the
    second layer those neurons are shown that say most to a digit, of the first those that say most to these.
    """
    answers = network.activations(x[np.newaxis])
    first, second = answers.hidden[0][0], answers.hidden[1][0]
    to_digits = network.layers[2][0]
    above = second[:, np.newaxis] * (to_digits - to_digits.mean(axis=1, keepdims=True))  # (h2, 10)
    shown_above = _strongest(np.abs(above).max(axis=1))
    below = first[:, np.newaxis] * network.layers[1][0][:, shown_above]  # (h1, shown)
    shown_below = _strongest(np.abs(below).sum(axis=1))
    return StrongestPaths(
        first={int(neuron): float(first[neuron]) for neuron in shown_below},
        second={int(neuron): float(second[neuron]) for neuron in shown_above},
        probabilities=tuple(answers.probabilities[0].tolist()),
        links=(
            *_links(1, below[shown_below], shown_below, shown_above),
            *_links(2, above[shown_above], shown_above, np.arange(above.shape[1])),
        ),
    )


def _strongest(strength: NDArray[np.float32]) -> NDArray[np.intp]:
    order = np.argsort(-strength, kind="stable")[:NEURONS_SHOWN]
    return order[strength[order] > 0]


def _links(
    layer: int, shares: NDArray[np.float32], sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> list[Link]:
    order = np.argsort(-np.abs(shares), axis=None, kind="stable")[:LINKS_SHOWN]
    places = zip(*np.unravel_index(order, shares.shape), strict=True) if shares.size else ()
    links = [Link(layer, int(sources[s]), int(targets[t]), float(shares[s, t])) for s, t in places]
    return [link for link in links if link.share]


def is_finite(network: Network) -> bool:
    """Tell a network whose numbers are numbers from one whose training has run away."""
    return all(np.isfinite(array).all() for layer in network.layers for array in layer)
