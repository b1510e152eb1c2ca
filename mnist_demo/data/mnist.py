"""The images to learn from: MNIST, which is part of this package, or what somebody brings instead."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.files import IDX_NAMES, read_arrays
from mnist_demo.settings import Settings

BUNDLED_IMAGES = Path(__file__).parent / "images" / "mnist.npz"
"""MNIST as `data.build` made it; the README beside it says whose work it is."""


@dataclass(frozen=True)
class DatasetInfo:
    """Which images a run was trained on.

    Attributes:
        name: "mnist", or "other" for whatever else somebody brings; old runs may have other names.
        fingerprint: SHA-256 of the images and labels, hexadecimal.
        n_train: Number of training images, validation included.
        n_test: Number of test images.
    """

    name: str
    fingerprint: str
    n_train: int
    n_test: int

    @property
    def is_mnist(self) -> bool:
        """Whether these are MNIST's images, so that figures may be compared."""
        return self.name == "mnist"


MNIST = DatasetInfo(
    "mnist", "25c98f992c005963b7428e1f38418b233c9b286cc403519287eb8063f0bcfe07", n_train=60_000, n_test=10_000
)
"""The 70,000 images in their original order, from whichever file."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels, for training and for the test.

    Attributes:
        x_train: (n, 28, 28) uint8, 0 to 255, white on black.
        y_train: (n,) uint8, 0 to 9.
        x_test: (m, 28, 28) uint8, as `x_train`.
        y_test: (m,) uint8, as `y_train`.
        origin: The file or folder from which they were read.
    """

    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.uint8]
    origin: Path

    @cached_property
    def info(self) -> DatasetInfo:
        """Say which images these are; the fingerprint depends on the arrays alone, not on their file."""
        digest = hashlib.sha256()
        for name in IDX_NAMES:
            array = np.ascontiguousarray(getattr(self, name))
            digest.update(repr(array.shape).encode())
            digest.update(array.data)
        fingerprint = digest.hexdigest()
        name = "mnist" if fingerprint == MNIST.fingerprint else "other"
        return DatasetInfo(name, fingerprint, len(self.y_train), len(self.y_test))


def load_mnist(settings: Settings | None = None) -> Dataset:
    """Load the images of `MNIST_DEMO_DATA` if it is set, else MNIST as it comes with this package.

    Args:
        settings: Where to look; None reads the environment.

    Returns:
        The images; their arrays are read-only, because everybody shares them.

    Raises:
        DatasetUnavailable: They cannot be read or trained on; the error names the file and what is wrong.
    """
    settings = settings or Settings.from_environment()
    origin = settings.data or BUNDLED_IMAGES
    arrays = read_arrays(origin)
    for array in arrays.values():
        array.flags.writeable = False
    return Dataset(**arrays, origin=origin)
