"""Harm done to a network on purpose: neurons that fall silent, weights that tremble.

What a network knows is spread over many weights, so that it fails little by little. The damage is done to a
copy, and chance is drawn from a seed, so that the same harm is the same every time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.network.evaluation import prepared_batches
from mnist_demo.network.mlp import Layer, Network

ABLATED_PERCENTS = tuple(range(0, 101, 10))
NOISE_PERCENTS = (0, 25, 50, 75, 100, 150, 200, 250, 300)
"""Strengths in per cent; the first noise hardly shows."""

PerturbLayer = Callable[[Network, int, int], Network]
"""Damages a layer (0, 1 or 2) of a network by so many per cent; the network that is given stays as it is."""


def ablate_neurons(network: Network, layer: int, per_cent: int, seed: int = 1) -> Network:
    """Silence a share of the neurons of a hidden layer: the next layer no longer hears them.

    They fall silent in one order, so that a larger share has all those of a smaller one.

    Args:
        network: Stays as it is.
        layer: 0 or 1.
        per_cent: Share of its neurons, 0 to 100.
        seed: Of the order.
    """
    weights, biases = network.layers[layer + 1]  # a row of weights for each neuron that is listened to
    order = np.random.default_rng(seed).permutation(len(weights))
    deaf = weights.copy()
    deaf[order[: round(len(weights) * per_cent / 100)]] = 0
    return _replace_layer(network, layer + 1, (deaf, biases))


def add_weight_noise(network: Network, layer: int, per_cent: int, seed: int = 1) -> Network:
    """Add normal noise to the weights of a layer.

    Args:
        network: Stays as it is.
        layer: 0, 1 or 2.
        per_cent: Standard deviation of the noise, in per cent of that of the layer's weights.
        seed: Of the noise, whose direction is the same for every strength.
    """
    weights, biases = network.layers[layer]
    noise = np.random.default_rng(seed).standard_normal(weights.shape, np.float32)
    strength = weights.std() * np.float32(per_cent / 100)
    return _replace_layer(network, layer, (weights + strength * noise, biases))


@dataclass(frozen=True)
class WeightPerturbation:
    """A way to damage a network: how, how much in per cent, and in which layers."""

    perturb: PerturbLayer
    strengths: tuple[int, ...]
    layers: tuple[int, ...]


WEIGHT_PERTURBATIONS = {
    "ablate": WeightPerturbation(ablate_neurons, ABLATED_PERCENTS, (0, 1)),
    "noise": WeightPerturbation(add_weight_noise, NOISE_PERCENTS, (0, 1, 2)),
}


def _replace_layer(network: Network, layer: int, changed: Layer) -> Network:
    return Network((*network.layers[:layer], changed, *network.layers[layer + 1 :]))


def accuracy_curve(
    network: Network,
    perturb: PerturbLayer,
    layer: int,
    strengths: Sequence[int],
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
) -> list[float]:
    """Measure how accuracy falls as a layer is damaged more and more.

    Args:
        network: Stays as it is.
        perturb: What is done to it.
        layer: Where.
        strengths: In per cent.
        images: (n, 28, 28) uint8, 0 to 255.
        labels: (n,) uint8, 0 to 9.

    Returns:
        A share from 0 to 1 for each strength.
    """
    damaged = [perturb(network, layer, per_cent) for per_cent in strengths]
    # What comes before the damage is the same for all of them, and the first product is by far the largest.
    first = next(
        (i for i in range(len(network.layers)) if any(_differ(network, one, i) for one in damaged)), 0
    )
    rests = [Network(one.layers[first:]) for one in damaged]
    predicted: list[NDArray[np.intp]] = []  # for each batch (strengths, images)
    for x in prepared_batches(images):
        signal = network.activations(x).hidden[first - 1] if first else x
        predicted.append(np.stack([rest.predict(signal).argmax(axis=1) for rest in rests]))
    return (np.concatenate(predicted, axis=1) == labels).mean(axis=1).tolist()


def _differ(network: Network, other: Network, layer: int) -> bool:
    return network.layers[layer] is not other.layers[layer]
