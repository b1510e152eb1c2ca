"""What several tests need."""

import pytest

from mnist_demo.data.mnist import Dataset
from tests.mnist import whole_mnist


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    """Load MNIST."""
    return whole_mnist()
