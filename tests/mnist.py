"""MNIST and parts of it, for tests; whatever MNIST_DEMO_DATA says, they use the images inside."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from mnist_demo.data.files import IDX_NAMES
from mnist_demo.data.mnist import Dataset, load_mnist
from mnist_demo.settings import Settings

REPOSITORY = Path(__file__).parent.parent


@cache
def whole_mnist() -> Dataset:
    """Load all 70,000 images, once a process."""
    return load_mnist(Settings(home=Path()))


def part_of_mnist(train: int, test: int) -> Dataset:
    """Give the first images of each part: real digits, but not MNIST."""
    whole = whole_mnist()
    return replace(
        whole,
        x_train=whole.x_train[:train],
        y_train=whole.y_train[:train],
        x_test=whole.x_test[:test],
        y_test=whole.y_test[:test],
    )


def arrays_of(dataset: Dataset) -> dict[str, np.ndarray]:
    """Give the four arrays by Keras's names."""
    return {name: getattr(dataset, name) for name in IDX_NAMES}


def write_images(dataset: Dataset, path: Path) -> Path:
    """Write a file that MNIST_DEMO_DATA may name."""
    np.savez(path, **arrays_of(dataset))
    return path
