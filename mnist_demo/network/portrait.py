"""What a picture of a network needs, small enough to be sent to a browser several times a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DIGITS
from mnist_demo.network.activations import Shown, StrongestPaths, shown_layers
from mnist_demo.network.mlp import Activations, Network

MAX_SHOWN_FIRST, MAX_SHOWN = 128, 64
"""So many neurons of the first layer, and of each other, have a place; which ones, tells `shown_neurons`."""
LARGE_WEIGHT_QUANTILE = 0.97
INT8, UINT8 = 127, 255


def count_shown(network: Network) -> tuple[int, ...]:
    """Count the neurons of each of the `shown_layers` that have a place in the picture."""
    sizes = [len(biases) for _, biases in shown_layers(network)]
    return tuple(map(min, sizes, (MAX_SHOWN_FIRST, *[MAX_SHOWN] * (len(sizes) - 1))))


def shown_neurons(network: Network) -> Shown:
    """Choose the neurons of each of the `shown_layers` that have a place in the picture, in ascending order.

    Where there are more than places, those with the largest norm of the weights to the next layer: it does
    not depend on the image, so that every neuron keeps its place while somebody draws.
    """
    if not network.hidden:
        return (np.arange(DIGITS),)
    return tuple(
        np.sort(np.argsort(-np.linalg.norm(weights, axis=1), kind="stable")[:count])
        for (weights, _), count in zip(network.layers[1:], count_shown(network), strict=True)
    )


def quantize(values: NDArray[np.float32]) -> NDArray[np.int8]:
    """Round each row of (n, m) float32 to -127 to 127, which its larger values reach.

    The larger values are those above the 97 % quantile, so that a single one does not darken all the others.
    What has overflowed becomes 0.
    """
    values = np.nan_to_num(values, posinf=0.0, neginf=0.0)
    large = np.quantile(np.abs(values), LARGE_WEIGHT_QUANTILE, axis=1, keepdims=True)
    large = np.where(large > 0, large, np.abs(values).max(axis=1, keepdims=True, initial=1e-12))
    return np.rint(INT8 * np.clip(values / large, -1, 1)).astype(np.int8)


def layer_lights(answers: Activations) -> tuple[NDArray[np.float32], ...]:
    """Return how brightly the neurons of the `shown_layers` are lit, (n, neurons) float32 each, 0 or more.

    A hidden neuron by how far its activation is from 0, whichever its sign; an output by how far it is above
    the least one, as only the differences count.
    """
    if not answers.hidden:
        return (answers.logits - answers.logits.min(axis=1, keepdims=True),)
    return tuple(map(np.abs, answers.hidden))


def brightness(activations: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Scale activations (n,) float32, without their signs, to 0 to 255; the largest of them becomes 255."""
    activations = np.nan_to_num(np.abs(activations), posinf=0.0)
    return np.rint(UINT8 * activations / max(float(activations.max(initial=0)), 1e-12)).astype(np.uint8)


def placed_links(paths: StrongestPaths, shown: Shown) -> list[tuple[int, int, int, float]]:
    """Return the links of paths that were traced among shown neurons, between the places of these.

    Returns:
        Layer of the source from 1, place of the source, place of the target (a digit above the last layer),
        and the share, -1 to 1 in relation to the strongest link of its layer; the strongest first in each.
    """
    places = [{int(neuron): place for place, neuron in enumerate(layer)} for layer in shown]
    strongest = {link.layer: abs(link.share) for link in reversed(paths.links)}
    return [
        (
            link.layer,
            places[link.layer - 1][link.source],
            places[link.layer][link.target] if link.layer < len(shown) else link.target,
            round(link.share / strongest[link.layer], 3),
        )
        for link in paths.links
    ]


@dataclass(frozen=True)
class NeuronSum:
    """How one neuron comes to its activation: its activation function of (inputs · weights + bias).

    Attributes:
        inputs: (784,) float32, or what the layer below answers.
        weights: Likewise.
        bias: Its bias.
        activation: Its activation; of an output, the sum itself.
        function: Its activation function; empty for an output.
    """

    inputs: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: float
    activation: float
    function: str = "relu"

    @property
    def product(self) -> NDArray[np.float32]:
        """What each input contributes."""
        return self.inputs * self.weights

    @property
    def total(self) -> float:
        """The sum of the contributions, without the bias."""
        return float(self.product.sum(dtype=np.float64))


def neuron_sum(
    network: Network, x: NDArray[np.float32], answers: Activations, layer: int, neuron: int
) -> NeuronSum:
    """Take the computation of a neuron apart.

    Args:
        network: The network.
        x: (1, 784) float32.
        answers: Its activations for `x`.
        layer: One of the `shown_layers`, from 1.
        neuron: From 0.
    """
    inputs = x[0] if layer == 1 else answers.hidden[layer - 2][0]
    weights, biases = network.layers[layer - 1]
    activation = float(answers.features[layer - 1][0, neuron])
    function = network.activation if network.hidden else ""
    return NeuronSum(inputs, weights[:, neuron], float(biases[neuron]), activation, function)
