"""What several tests need."""

from pathlib import Path

import pytest

from tests.mnist import explain_missing_mnist, mnist_path


@pytest.fixture(scope="session")
def mnist_file() -> Path:
    """Find the real MNIST."""
    if missing := explain_missing_mnist():
        pytest.skip(missing)
    return mnist_path()
