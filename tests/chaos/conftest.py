"""Faults that are made on purpose. The ordinary run makes some of each kind; `make chaos` all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.server import Server, processes_of
from tests.mnist import part_of_mnist, write_images

FULL = os.environ.get("MNIST_DEMO_CHAOS") == "full"
ROWS = pytest.StashKey[list[tuple[str, int, str]]]()
StartServer = Callable[..., Server]
Tell = Callable[[str, int, str], None]


def pytest_configure(config: pytest.Config) -> None:
    """Make room for the table."""
    config.stash[ROWS] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the long cases to `make chaos`."""
    for item in items:
        if item.get_closest_marker("full_chaos") and not FULL:
            item.add_marker(pytest.mark.skip(reason="takes minutes: `make chaos`"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what was tried and what came of it."""
    if rows := config.stash[ROWS]:
        terminalreporter.section("chaos")
        width = max(len(case) for case, _, _ in rows)
        for case, tried, result in rows:
            terminalreporter.write_line(f"{case:<{width}}  {tried:>5}  {result}")


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Tell:
    """Add a row to the table: the case, how often it was tried, what came of it."""
    return lambda case, tried, result: pytestconfig.stash[ROWS].append((case, tried, result))


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give so few images that an epoch takes some hundredths of a second."""
    return write_images(part_of_mnist(2000, 500), tmp_path_factory.mktemp("images") / "mnist.npz")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of the runs, which is not there yet."""
    return tmp_path / "home"


@pytest.fixture
def start(tmp_path: Path, home: Path, images: Path) -> Iterator[StartServer]:
    """Start servers on a home; none is left behind, and nothing of it has told of an error in Python."""
    servers: list[Server] = []

    def start_one(home: Path = home, *wrapped_in: str) -> Server:
        servers.append(Server(home, images, tmp_path / "server.log", *wrapped_in))
        return servers[-1]

    yield start_one
    for server in servers:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
        for process in processes_of(server.home):
            os.kill(process, 9)
