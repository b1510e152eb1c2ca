"""Perturbations of a network: neurons are ablated, or noise is added to weights.

What a network knows is spread over many weights, so it fails gradually. Every function returns a changed
copy, and randomness comes from a seed, so that a perturbation can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.evaluation import prepared_batches
from mnist_demo.network.mlp import Layer, Network

ABLATED_PERCENTS = tuple(range(0, 101, 10))
NOISE_PERCENTS = (0, 25, 50, 75, 100, 150, 200, 250, 300)
"""Strengths in per cent."""

PerturbLayer = Callable[[Network, int, int], Network]
"""Takes a network, a layer (from 0) and a strength in per cent, and returns a perturbed copy."""


def ablate_neurons(network: Network, layer: int, per_cent: int, seed: int = 1) -> Network:
    """Ablate a share of the neurons of a hidden layer, by setting their outgoing weights to 0.

    A larger share includes all the neurons of a smaller one.

    Args:
        network: The network, which is not changed.
        layer: A hidden one, from 0.
        per_cent: Share of the layer's neurons, 0 to 100.
        seed: Seed of the order in which they are ablated.
    """
    weights, biases = network.layers[layer + 1]  # one row of outgoing weights for each neuron
    order = np.random.default_rng(seed).permutation(len(weights))
    ablated = weights.copy()
    ablated[order[: round(len(weights) * per_cent / 100)]] = 0
    return _replace_layer(network, layer + 1, (ablated, biases))


def add_weight_noise(network: Network, layer: int, per_cent: int, seed: int = 1) -> Network:
    """Add normal noise to the weights of a layer.

    Args:
        network: The network, which is not changed.
        layer: From 0.
        per_cent: Standard deviation of the noise, in per cent of that of the layer's weights.
        seed: Seed of the noise, which has the same direction for every strength.
    """
    weights, biases = network.layers[layer]
    noise = np.random.default_rng(seed).standard_normal(weights.shape, np.float32)
    strength = weights.std() * np.float32(per_cent / 100)
    return _replace_layer(network, layer, (weights + strength * noise, biases))


@dataclass(frozen=True)
class WeightPerturbation:
    """A kind of perturbation.

    Attributes:
        perturb: The function.
        strengths: In per cent.
        is_of_neurons: Whether it applies to hidden layers only.
    """

    perturb: PerturbLayer
    strengths: tuple[int, ...]
    is_of_neurons: bool

    def layers(self, network: Network) -> range:
        """Return the layers of a network that it applies to, from 0; a network may have none."""
        return range(len(network.hidden) if self.is_of_neurons else len(network.layers))


WEIGHT_PERTURBATIONS = {
    "ablate": WeightPerturbation(ablate_neurons, ABLATED_PERCENTS, is_of_neurons=True),
    "noise": WeightPerturbation(add_weight_noise, NOISE_PERCENTS, is_of_neurons=False),
}


def _replace_layer(network: Network, layer: int, changed: Layer) -> Network:
    return replace(network, layers=(*network.layers[:layer], changed, *network.layers[layer + 1 :]))


def accuracy_curve(
    network: Network,
    perturb: PerturbLayer,
    layer: int,
    strengths: Sequence[int],
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
) -> list[float]:
    """Return the accuracy of a network for growing perturbations of one layer.

    Args:
        network: The network, which is not changed.
        perturb: The perturbation.
        layer: The layer it is applied to.
        strengths: Strengths in per cent.
        images: (n, 28, 28) uint8, 0 to 255.
        labels: (n,) uint8, 0 to 9.

    Returns:
        For each strength the accuracy, 0 to 1.
    """
    damaged = [perturb(network, layer, per_cent) for per_cent in strengths]
    # The layers before the perturbed one are the same for all, and the first product is by far the largest.
    first = next(
        (i for i in range(len(network.layers)) if any(_differ(network, one, i) for one in damaged)), 0
    )
    rests = [replace(one, layers=one.layers[first:]) for one in damaged]
    predicted: list[NDArray[np.intp]] = []  # for each batch (strengths, images)
    for x in prepared_batches(images):
        signal = network.activations(x).hidden[first - 1] if first else x
        predicted.append(np.stack([rest.predict(signal).argmax(axis=1) for rest in rests]))
    return (np.concatenate(predicted, axis=1) == labels).mean(axis=1).tolist()


def _differ(network: Network, other: Network, layer: int) -> bool:
    return network.layers[layer] is not other.layers[layer]
