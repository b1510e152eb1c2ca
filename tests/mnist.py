"""Where the real MNIST is, for tests and benchmarks: it is not part of the repository."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
SHARED = REPOSITORY.parent / "shared" / "data" / "mnist.npz"


def mnist_path() -> Path:
    """Name the file or folder of MNIST_DEMO_DATA, or a shared copy beside the repository."""
    named = os.environ.get("MNIST_DEMO_DATA")
    return Path(named) if named else SHARED


def explain_missing_mnist() -> str:
    """Say what is missing and what to do; empty when MNIST is there."""
    path = mnist_path()
    return "" if path.exists() else f"the real MNIST is not at {path}: set MNIST_DEMO_DATA to a copy of it"
