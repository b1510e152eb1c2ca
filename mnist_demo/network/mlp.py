"""The trained network as a few matrix products in NumPy: what the web pages predict with.

A multilayer perceptron needs no framework to run. With two hidden layers of ReLU: h1 = relu(x W1 + b1),
h2 = relu(h1 W2 + b2), p = softmax(h2 W3 + b3); without any: p = softmax(x W1 + b1). A test compares this
forward pass with the Keras model to 1e-6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DIGITS, PIXELS
from mnist_demo.errors import UnknownRun
from mnist_demo.network.archives import load_arrays, reading
from mnist_demo.network.functions import ACTIVATION_FUNCTIONS, RELU, ActivationFunction

MAX_HIDDEN_LAYERS, MAX_NEURONS = 4, 1024
MAX_WEIGHTS_BYTES = 2**24
"""Enough for four layers of 1024 neurons, four bytes for each weight."""
WEIGHTS_FILE = "weights.npz"
ACTIVATION = "activation"
"""Name of what a `weights.npz` holds beside the weights, where the hidden neurons are no ReLUs."""
PRETRAINED_RUNS = Path(__file__).parents[1] / "runs" / "pretrained"
"""Where the runs that come with the app are, each in a folder of its own."""

Layer = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True)
class Activations:
    """The output of each layer.

    Attributes:
        hidden: The hidden layers after their activation function, (n, neurons) float32 each.
        logits: (n, 10) float32, before softmax.
        probabilities: (n, 10) float32, each row sums to 1.
    """

    hidden: tuple[NDArray[np.float32], ...]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]

    @property
    def features(self) -> tuple[NDArray[np.float32], ...]:
        """What the network has found in an image: the hidden layers, or without any the ten logits."""
        return self.hidden or (self.logits,)


@dataclass(frozen=True, eq=False)
class Network:
    """A network of dense layers.

    Attributes:
        layers: Weights and biases of each: (784, h1) (h1,), (h1, h2) (h2,), and so on to (hn, 10) (10,).
        activation: Of all hidden neurons: a name in `ACTIVATION_FUNCTIONS`.
    """

    layers: tuple[Layer, ...]
    activation: str = RELU

    @classmethod
    def from_arrays(cls, arrays: Sequence[NDArray[np.float32]], activation: str = RELU) -> Self:
        """Build a network from W1, b1, W2, b2, and so on, as `keras.Model.get_weights` returns them.

        Raises:
            ValueError: The arrays do not fit together, or there is no such activation function.
        """
        if activation not in ACTIVATION_FUNCTIONS:
            raise ValueError(f"{activation[:20]!r} is none of {', '.join(ACTIVATION_FUNCTIONS)}.")
        if len(arrays) not in range(2, 2 * MAX_HIDDEN_LAYERS + 3, 2):
            raise ValueError(f"2 to {2 * MAX_HIDDEN_LAYERS + 2} arrays were expected, not {len(arrays)}.")
        size = PIXELS
        for weights, biases in zip(arrays[::2], arrays[1::2], strict=True):
            if weights.ndim != 2 or weights.shape[0] != size or biases.shape != (weights.shape[1],):
                raise ValueError(
                    f"({size}, n) and (n,) were expected, not {weights.shape} and {biases.shape}."
                )
            if weights.dtype != np.float32 or biases.dtype != np.float32:
                raise ValueError(f"float32 was expected, not {weights.dtype} and {biases.dtype}.")
            size = weights.shape[1]
        if size != DIGITS:
            raise ValueError(f"{DIGITS} outputs were expected, not {size}.")
        return cls(tuple(zip(arrays[::2], arrays[1::2], strict=True)), activation)

    @classmethod
    def load(cls, path_or_name: str | Path) -> Self:
        """Load a network from a `weights.npz`, a run's folder, or the name of a pretrained run.

        Raises:
            UnknownRun: There is no such file, folder or run, or it cannot be read just now.
            DamagedRun: It does not hold the weights of such a network.
        """
        path = _find_weights(path_or_name)
        plain = [array_names(hidden + 1) for hidden in range(MAX_HIDDEN_LAYERS + 1)]
        with reading(path):
            found = load_arrays(path, [*plain, *([*names, ACTIVATION] for names in plain)], MAX_WEIGHTS_BYTES)
            activation = _read_activation(found.pop(ACTIVATION)) if ACTIVATION in found else RELU
            return cls.from_arrays(list(found.values()), activation)

    def save(self, path: Path, *, compress: bool = True) -> None:
        """Write an npz; a write that fails leaves no file.

        Args:
            path: The file, which is replaced.
            compress: Not for what is read once, a moment later.

        Raises:
            OSError: It cannot be written.
        """
        members: dict[str, Any] = dict(zip(array_names(len(self.layers)), self.arrays, strict=True))
        if self.activation != RELU:
            members[ACTIVATION] = np.array(self.activation)
        write = np.savez_compressed if compress else np.savez
        try:
            with path.open("wb") as file:
                write(file, **members)
        except OSError:
            path.unlink(missing_ok=True)
            raise

    @property
    def hidden(self) -> tuple[int, ...]:
        """Number of neurons in each hidden layer."""
        return tuple(weights.shape[1] for weights, _ in self.layers[:-1])

    @property
    def arrays(self) -> list[NDArray[np.float32]]:
        """W1, b1, W2, b2, and so on."""
        return [array for layer in self.layers for array in layer]

    @property
    def function(self) -> ActivationFunction:
        """The activation function of the hidden neurons."""
        return ACTIVATION_FUNCTIONS[self.activation]

    def activations(self, x: NDArray[np.float32]) -> Activations:
        """Return the output of every layer.

        Args:
            x: (n, 784) float32, 0 to 1.
        """
        hidden: list[NDArray[np.float32]] = []
        signal = x
        for weights, biases in self.layers[:-1]:
            signal = self.function.apply(signal @ weights + biases)  # (n, neurons)
            hidden.append(signal)
        weights, biases = self.layers[-1]
        logits = signal @ weights + biases  # (n, 10)
        return Activations(tuple(hidden), logits, softmax(logits))

    def predict(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the ten probabilities of each image: (n, 784) float32 -> (n, 10) float32."""
        return self.activations(x).probabilities


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn logits, (n, 10) float32, into probabilities; subtracting each row's maximum avoids overflow."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def array_names(layers: int) -> list[str]:
    """Return the names of the arrays in a `weights.npz`, in order: w1, b1, w2, b2, and so on."""
    return [f"{kind}{layer}" for layer in range(1, layers + 1) for kind in "wb"]


def _read_activation(array: NDArray[Any]) -> str:
    if array.dtype.kind != "U" or array.shape:
        raise ValueError(f"{ACTIVATION}: {array.shape} {array.dtype}")
    return str(array)


def _find_weights(path_or_name: str | Path) -> Path:
    """Find the `weights.npz` of a file, of a run's folder, or of a pretrained run's name."""
    given = Path(path_or_name)
    with reading(given):
        for candidate in (given, given / WEIGHTS_FILE, PRETRAINED_RUNS / given / WEIGHTS_FILE):
            if candidate.is_file():
                return candidate
    raise UnknownRun("run_unknown", name=path_or_name)
