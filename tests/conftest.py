"""What several tests need."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def mnist_file() -> Path:
    """Find the real MNIST: the file or folder of MNIST_DEMO_DATA, or a shared copy beside the repository."""
    named = os.environ.get("MNIST_DEMO_DATA")
    path = Path(named) if named else REPOSITORY.parent / "shared" / "data" / "mnist.npz"
    if not path.exists():
        pytest.skip(f"the real MNIST is not at {path}: set MNIST_DEMO_DATA to a copy of it")
    return path
