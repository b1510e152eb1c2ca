"""What several tests need, and in which order they run."""

import pytest

from mnist_demo.data.mnist import Dataset
from tests.mnist import whole_mnist


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    """Load MNIST."""
    return whole_mnist()


SLOW_FOLDERS = {"jobs", "training", "export"}
"""Whose files train, each for up to a minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first, so that several processes end at the same time.

    pytest-xdist hands whole files out in this order if it is told not to put those of many tests first, which
    are the quickest.
    """
    items.sort(key=_begins_late)


def _begins_late(item: pytest.Item) -> int:
    """Give 0 to tests in a browser, 1 to tests that train, and 2 to all others."""
    if item.get_closest_marker("browser"):
        return 0
    return 1 if item.path.parent.name in SLOW_FOLDERS else 2
