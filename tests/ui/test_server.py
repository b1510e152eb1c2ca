"""How the server starts and ends: a real `streamlit run`, real signals, a real trainer."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from mnist_demo.runs.run import RunStatus
from mnist_demo.runs.store import RunStore
from tests.mnist import REPOSITORY
from tests.trainer import is_running, wait_until, worker_processes

PATIENCE_SECONDS = 120

TRAINING_APP = """
from contextlib import asynccontextmanager

import streamlit as st

from mnist_demo.runs import RunConfig
from mnist_demo.ui import server, services


@asynccontextmanager
async def lifespan(app):
    async with server.lifespan(app):
        services.trainer().submit(RunConfig(epochs=200, batch_size=8))
        yield


app = st.App(__file__, lifespan=lifespan)
"""
"""The app, in which somebody has pressed Train as soon as it could be done."""


UPLOAD_APP = """
import streamlit as st
from starlette.routing import Route

from mnist_demo.ui import server


async def take(request):
    print("taking", flush=True)
    await request.body()


app = st.App(__file__, lifespan=server.lifespan, routes=[Route("/take", take, methods=["POST"])])
"""
"""The app, with an address that takes uploads."""


@dataclass
class Server:
    """A running server.

    Attributes:
        process: The web server.
        port: Its port.
        log: What it writes to the terminal.
    """

    process: subprocess.Popen
    port: int
    log: Path


StartServer = Callable[..., Server]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of its runs, which is not there yet."""
    return tmp_path / "home"


@pytest.fixture
def start(tmp_path: Path, home: Path) -> Iterator[StartServer]:
    """Start servers on that home; none is left behind."""
    servers: list[Server] = []
    images = tmp_path / "mnist.npz"
    random = np.random.default_rng(1)
    np.savez(
        images,
        x_train=random.integers(0, 256, (6000, 28, 28), np.uint8),
        y_train=np.arange(6000, dtype=np.uint8) % 10,
        x_test=random.integers(0, 256, (500, 28, 28), np.uint8),
        y_test=np.arange(500, dtype=np.uint8) % 10,
    )

    def start_one(app: Path) -> Server:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
        variables = {"MNIST_DEMO_HOME": str(home), "MNIST_DEMO_DATA": str(images), "LC_ALL": "C.UTF-8"}
        environment = {**os.environ, **variables, "PYTHONPATH": str(REPOSITORY)}
        log = tmp_path / "server.log"
        with log.open("wb") as file:
            process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=file, stderr=file)
        servers.append(Server(process, port, log))
        return servers[-1]

    yield start_one
    for server in servers:
        server.process.kill()
        server.process.wait()


def answers(server: Server) -> bool:
    """Whether the server serves pages."""
    assert server.process.poll() is None, server.log.read_text()
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{server.port}/_stcore/health", timeout=PATIENCE_SECONDS
        ):
            return True
    except OSError:
        return False


def has_learned(home: Path) -> bool:
    """Whether there is a network in training that is no longer as it was drawn, which is the first file."""
    return any(not path.stem.endswith("-0") for path in home.glob("live/*/*.npz"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_run_in_training_is_kept_when_the_server_is_ended(
    start: StartServer, tmp_path: Path, home: Path, number: signal.Signals
):
    """As if somebody had pressed Stop: tested, with the Keras file, and nothing is left over."""
    app = tmp_path / "app.py"
    app.write_text(TRAINING_APP)
    server = start(app)
    wait_until(lambda: has_learned(home), PATIENCE_SECONDS, server.log.read_text)
    (trainer,) = worker_processes(server.process.pid)
    server.process.send_signal(number)
    server.process.wait(PATIENCE_SECONDS)
    assert not is_running(trainer)
    assert not list(home.glob("live/*/*"))
    assert not list(home.glob("runs/.*"))
    (run,) = RunStore(home, home / "none").list()
    assert run.status is RunStatus.STOPPED
    assert run.test_accuracy is not None
    assert (run.folder / "model.keras").is_file()


def test_upload_that_never_ends_does_not_keep_the_server(start: StartServer, tmp_path: Path):
    """One Ctrl-C is enough, although a request is still under way."""
    app = tmp_path / "app.py"
    app.write_text(UPLOAD_APP)
    server = start(app)
    wait_until(lambda: answers(server), PATIENCE_SECONDS, server.log.read_text)
    with socket.create_connection(("127.0.0.1", server.port)) as upload:
        head = "POST /take HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n"
        upload.sendall(f"{head}the first bytes".encode())
        wait_until(lambda: "taking" in server.log.read_text(), PATIENCE_SECONDS)
        server.process.send_signal(signal.SIGINT)
        server.process.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize("taken", ["home", "home/runs"])
def test_home_that_cannot_be_used_is_told_in_one_line(start: StartServer, tmp_path: Path, taken: str):
    """A file lies where a folder belongs."""
    path = tmp_path / taken
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    server = start(REPOSITORY / "streamlit_app.py")
    assert server.process.wait(PATIENCE_SECONDS) == 1
    lines = server.log.read_text().splitlines()
    (told,) = (line for line in lines if "MNIST_DEMO_HOME" in line)
    assert str(path) in told
    assert "Traceback" not in "\n".join(lines)
