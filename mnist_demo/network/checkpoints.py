"""The network after some epochs of its training, small and kept with its run: pages show how it learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DIGITS, PIXELS
from mnist_demo.network.archives import load_arrays, reading
from mnist_demo.network.functions import RELU
from mnist_demo.network.mlp import Layer, Network, array_names

MAX_CHECKPOINTS = 10
MAX_WEIGHTS_KEPT = 8_000_000
"""Weights in all checkpoints of a run together, two bytes each; large networks are kept less often."""
MAX_BYTES = 2 * MAX_WEIGHTS_KEPT + 100_000


@dataclass(frozen=True, eq=False)
class Checkpoints:
    """Networks after some epochs.

    Attributes:
        epochs: Which epochs, from 1, ascending.
        arrays: w1, b1, w2, b2, and so on, each (epochs, ...) float16.
        activation: Of the networks' hidden neurons.
    """

    epochs: tuple[int, ...]
    arrays: tuple[NDArray[np.float16], ...]
    activation: str = RELU

    def network(self, epoch: int) -> Network:
        """Return the network after one of the epochs, with its weights rounded to three digits."""
        place = self.epochs.index(epoch)
        return Network.from_arrays(
            [array[place].astype(np.float32) for array in self.arrays], self.activation
        )

    def save(self, path: Path) -> None:
        """Write an npz, without compression, which would hardly make weights any smaller."""
        members: dict[str, Any] = dict(zip(array_names(len(self.arrays) // 2), self.arrays, strict=True))
        np.savez(path, epochs=np.array(self.epochs), **members)


class CheckpointRecorder:
    """Collects checkpoints while a run is trained: after evenly spaced epochs and after the latest one."""

    def __init__(self, epochs: int, activation: str = RELU) -> None:
        self._epochs, self._activation = epochs, activation
        self._recorded: dict[int, list[NDArray[np.float16]]] = {}

    def add(self, epoch: int, layers: Sequence[Layer]) -> None:
        """Record the layers after an epoch, and drop the previous one unless it is to be kept."""
        arrays = [array for layer in layers for array in layer]
        stay = checkpoint_epochs(self._epochs, sum(array.size for array in arrays))
        self._recorded = {known: kept for known, kept in self._recorded.items() if known in stay}
        with np.errstate(over="ignore"):  # weights that have diverged only become infinite a little sooner
            self._recorded[epoch] = [array.astype(np.float16) for array in arrays]

    def recorded(self) -> Checkpoints | None:
        """Return what was recorded; None before the first epoch has ended."""
        if not self._recorded:
            return None
        return Checkpoints(
            tuple(self._recorded),
            tuple(map(np.stack, zip(*self._recorded.values(), strict=True))),
            self._activation,
        )


def checkpoint_epochs(epochs: int, numbers: int) -> tuple[int, ...]:
    """Choose the epochs after which a network is kept: evenly spaced, and the last one always.

    Args:
        epochs: Epochs of the run.
        numbers: Weights and biases of the network.
    """
    count = min(epochs, MAX_CHECKPOINTS, max(2, MAX_WEIGHTS_KEPT // numbers))
    return tuple(round(epoch) for epoch in np.linspace(epochs, 1, count)[::-1].tolist())


def load_checkpoints(path: Path, hidden: tuple[int, ...], activation: str = RELU) -> Checkpoints:
    """Read what `Checkpoints.save` wrote.

    Args:
        path: The file.
        hidden: Neurons in each hidden layer.
        activation: Of these neurons.

    Raises:
        DamagedRun: The file does not hold the checkpoints of such a network.
        UnknownRun: It is not there, or cannot be read just now.
    """
    sizes = (PIXELS, *hidden, DIGITS)
    shapes = [
        shape
        for place in range(len(sizes) - 1)
        for shape in (sizes[place : place + 2], sizes[place + 1 :][:1])
    ]
    with reading(path, damage="checkpoints_unreadable"):
        arrays = load_arrays(path, [["epochs", *array_names(len(sizes) - 1)]], MAX_BYTES)
        epochs = _read_epochs(arrays.pop("epochs"))
        for (name, array), shape in zip(arrays.items(), shapes, strict=True):
            if array.shape != (len(epochs), *shape) or array.dtype != np.float16:
                raise ValueError(f"{name}: {array.shape} {array.dtype}")
    return Checkpoints(epochs, tuple(arrays.values()), activation)


def _read_epochs(array: NDArray[np.integer]) -> tuple[int, ...]:
    if array.ndim != 1 or array.dtype.kind != "i" or not 1 <= len(array) <= MAX_CHECKPOINTS:
        raise ValueError(f"epochs: {array.shape} {array.dtype}")
    epochs = tuple(array.tolist())
    if epochs[0] < 1 or list(epochs) != sorted(set(epochs)):
        raise ValueError(f"epochs: {epochs}")
    return epochs
