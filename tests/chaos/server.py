"""A real server with a real trainer, and what a test does to both."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mnist_demo.runs.store import RunStore
from tests.browser.conftest import free_port
from tests.mnist import REPOSITORY
from tests.trainer import is_running, wait_until, worker_processes

APP = Path(__file__).with_name("app.py")
PATIENCE_SECONDS = 120
TRACEBACK = "Traceback (most recent call last)"
Told = dict[str, Any]


class Server:
    """A running server.

    Args:
        home: Its `MNIST_DEMO_HOME`.
        images: Its `MNIST_DEMO_DATA`.
        log: What it and its trainer write to the terminal; appended to.

    Attributes:
        process: The web server.
        port: Its port.
    """

    def __init__(self, home: Path, images: Path, log: Path, *wrapped_in: str) -> None:
        self.home, self._log, self.port = home, log, free_port()
        command = [
            *wrapped_in,
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(APP),
            "--server.headless",
            "true",
        ]
        command += ["--server.address", "127.0.0.1", "--server.port", str(self.port)]
        variables = {"MNIST_DEMO_HOME": str(home), "MNIST_DEMO_DATA": str(images), "LC_ALL": "C.UTF-8"}
        environment = {**os.environ, **variables, "PYTHONPATH": str(REPOSITORY)}
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                command, cwd=REPOSITORY, env=environment, stdout=file, stderr=file, start_new_session=True
            )

    def log(self) -> str:
        """Read the terminal, without its colours."""
        return re.sub(r"\x1b\[[0-9;]*m", "", self._log.read_text(errors="replace"))

    def ask(self, path: str, data: bytes | None = None) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Ask an address of `app`."""
        address = f"http://127.0.0.1:{self.port}"
        request = urllib.request.Request(f"{address}/chaos/{path}", data, {"Origin": address})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)

    def state(self, job: str = "") -> Told:
        """Ask what the pages know."""
        return self.ask(f"state?job={job}")

    def train(self, **settings: object) -> str:
        """Press Train; give the job's id."""
        return self.ask("train", json.dumps(settings).encode())

    def stop(self, job: str) -> None:
        """Press Stop."""
        self.ask(f"stop?job={job}", b"")

    def wait_for(self, condition: Callable[[Told], object], job: str = "") -> Told:
        """Wait until the pages know something."""
        told: list[Told] = []

        def look() -> object:
            assert self.process.poll() is None, self.log()
            with contextlib.suppress(ConnectionError, urllib.error.URLError):
                told.append(self.state(job))
            return told and condition(told[-1])

        wait_until(look, PATIENCE_SECONDS, lambda: f"{told[-1:]} {self.log()}")
        return told[-1]

    def wait_until_ready(self) -> None:
        """Wait until the trainer is warm."""
        self.wait_for(lambda told: told["worker"] == "ready")

    def wait_until_over(self, job: str) -> Told:
        """Wait until a job has ended or failed."""
        return self.wait_for(lambda told: told["phase"] in {"ended", "failed"}, job)

    def trainers(self) -> list[int]:
        """List the trainers' processes."""
        return worker_processes(self.process.pid)

    def kill_trainer(self) -> None:
        """Kill the trainer, as a computer without memory does."""
        for process in self.trainers():
            os.kill(process, signal.SIGKILL)

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End the server by a signal, and wait until it and all that it has started is gone."""
        started = processes_of(self.home)
        self.process.send_signal(number)
        self.process.wait(PATIENCE_SECONDS)
        wait_until(
            lambda: not any(map(is_running, started)), PATIENCE_SECONDS, lambda: f"{started} {self.log()}"
        )


def processes_of(home: Path) -> list[int]:
    """List the processes that have this home, however they came to be."""
    wanted = f"MNIST_DEMO_HOME={home}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended, or is somebody else's
            if wanted in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


def kept_runs(home: Path) -> dict[str, str]:
    """Give a checksum of all files of each run, and check that each is whole."""
    store = RunStore(home, home / "none")
    whole = {run.id for run in store.list()}
    assert not store.damaged
    folders = {path.name: path for path in (home / "runs").iterdir() if not path.name.startswith(".")}
    assert set(folders) == whole
    return {name: checksum(folder) for name, folder in folders.items()}


def checksum(folder: Path) -> str:
    """Sum up all files of a run."""
    total = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        total.update(path.name.encode() + path.read_bytes())
    return total.hexdigest()


def leftovers(home: Path) -> list[str]:
    """List what unfinished work has left: half runs, and networks of jobs that are over."""
    found = [*home.glob("runs/.unfinished-*"), *home.glob("live/*/*"), *home.glob("live/.*")]
    return [str(path.relative_to(home)) for path in found]


@contextlib.contextmanager
def nothing_lost(home: Path) -> Iterator[None]:
    """Check that every run that was there before is still there, byte by byte."""
    before = kept_runs(home) if home.exists() else {}
    yield
    after = kept_runs(home)
    assert before.items() <= after.items()
