import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_demo.data.mnist import Source, keras_files, load_mnist
from mnist_demo.errors import DownloadFailed
from mnist_demo.settings import Settings
from mnist_demo.training import download
from mnist_demo.training.download import ABANDONED_SECONDS, MNIST_BYTES, Fetch, download_mnist
from tests.data.test_mnist import write_npz
from tests.mnist import REPOSITORY

LONG_SECONDS = 60.0
SHORT_SECONDS = 0.05
PATIENCE_SECONDS = 30.0
WHOLE = b"all of the file"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a computer on which there is nothing yet."""
    monkeypatch.setattr(download, "KERAS_FALLBACK", tmp_path / "fallback")
    monkeypatch.setattr("mnist_demo.data.mnist.KERAS_FALLBACK", tmp_path / "fallback")
    return Settings(home=tmp_path / "home", data=None, keras_home=tmp_path / "keras")


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set at the end of a test, so that a fetch that waits for it ends, too."""
    event = threading.Event()
    yield event
    event.set()
    join_downloads()


def join_downloads() -> None:
    """Wait for the threads that were left to themselves."""
    for thread in threading.enumerate():
        if thread.name == "mnist-download":
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()


def folder_of(settings: Settings) -> Path:
    """Keras's folder of data sets."""
    return settings.keras_home / "datasets"


def fetching(folder: Path, content: bytes = WHOLE) -> Fetch:
    """A fetch that writes at once."""
    return lambda name: (folder / name).write_bytes(content)


def failing(error: Exception) -> Fetch:
    """A fetch that fails at once."""

    def fetch(_: str) -> None:
        raise error

    return fetch


def ignore(received: int, expected: int) -> None:
    """A report that nobody reads."""


def start(settings: Settings, fetch: Fetch, limit: float = LONG_SECONDS, stall: float = LONG_SECONDS) -> Path:
    """Download with a fetch of the test."""
    return download_mnist(settings, ignore, limit_seconds=limit, stall_seconds=stall, fetch=fetch)


def failure_of(
    settings: Settings, fetch: Fetch, limit: float = LONG_SECONDS, stall: float = LONG_SECONDS
) -> DownloadFailed:
    """Give the error of a download that has to fail."""
    with pytest.raises(DownloadFailed) as caught:
        start(settings, fetch, limit, stall)
    return caught.value


class TestSuccess:
    def test_whole_file_is_put_where_keras_looks(self, settings: Settings):
        """The file gets its own name once it is whole, and nothing else is left."""
        path = start(settings, fetching(folder_of(settings)))
        assert path == folder_of(settings) / "mnist.npz"
        assert [(file.name, file.read_bytes()) for file in path.parent.iterdir()] == [("mnist.npz", WHOLE)]

    def test_later_start_finds_it(self, settings: Settings, tmp_path: Path):
        """After a download, `load_mnist` needs none."""
        content = write_npz(tmp_path / "served.npz").read_bytes()
        start(settings, fetching(folder_of(settings), content))
        assert load_mnist(settings).origin.source is Source.KERAS_CACHE

    def test_damaged_file_is_replaced(self, settings: Settings):
        """A new copy takes the place of the damaged one."""
        folder_of(settings).mkdir(parents=True)
        (folder_of(settings) / "mnist.npz").write_bytes(b"damaged")
        assert start(settings, fetching(folder_of(settings))).read_bytes() == WHOLE

    def test_file_from_the_fallback_is_moved_home(self, settings: Settings, tmp_path: Path):
        """Keras may have another idea of its home than the settings; the settings decide."""
        fallback = tmp_path / "fallback" / "datasets"
        fallback.mkdir(parents=True)
        assert start(settings, fetching(fallback)) == folder_of(settings) / "mnist.npz"
        assert not list(fallback.iterdir())

    def test_file_stays_in_the_fallback_where_home_cannot_be_written(
        self, settings: Settings, tmp_path: Path
    ):
        """Where Keras's folder cannot be made, its fallback keeps the file, and a later start looks there."""
        settings.keras_home.write_text("a file, in which no folder can be made")
        blocked = Settings(settings.home, None, settings.keras_home / "keras")
        fallback = tmp_path / "fallback" / "datasets"
        fallback.mkdir(parents=True)
        path = start(blocked, fetching(fallback))
        assert path == fallback / "mnist.npz"
        assert path in keras_files(blocked)

    def test_bytes_are_reported_while_they_come(self, settings: Settings):
        """Progress is told from the start, with every growth and at the end."""
        reports: list[tuple[int, int]] = []
        seen = threading.Event()

        def report(received: int, expected: int) -> None:
            reports.append((received, expected))
            if received:
                seen.set()

        def fetch(name: str) -> None:
            with (folder_of(settings) / name).open("wb", buffering=0) as file:
                file.write(b"12345")
                assert seen.wait(PATIENCE_SECONDS)
                file.write(b"678")

        download_mnist(settings, report, LONG_SECONDS, LONG_SECONDS, fetch)
        assert reports == [(0, MNIST_BYTES), (5, MNIST_BYTES), (8, MNIST_BYTES)]

    def test_socket_timeout_holds_only_while_fetching(self, settings: Settings):
        """Sockets of an abandoned download end by themselves; others keep their own timeout."""
        during = []
        start(
            settings,
            lambda name: (
                during.append(socket.getdefaulttimeout()),
                fetching(folder_of(settings))(name),
            ),
        )
        assert during == [2 * LONG_SECONDS]
        assert socket.getdefaulttimeout() is None


class TestFailure:
    def test_stalled_download_is_given_up(self, settings: Settings, released: threading.Event):
        """A network that swallows everything costs seconds, not the lesson."""
        error = failure_of(settings, lambda _: released.wait(PATIENCE_SECONDS), stall=SHORT_SECONDS)
        assert (error.code, error.details) == ("download_stalled", {"seconds": "0.05"})

    def test_download_that_stalls_halfway_is_given_up(self, settings: Settings, released: threading.Event):
        """Bytes that came before do not keep a dead download alive, nor does their file stay."""

        def fetch(name: str) -> None:
            (folder_of(settings) / name).write_bytes(b"half")
            released.wait(PATIENCE_SECONDS)

        assert failure_of(settings, fetch, stall=SHORT_SECONDS).code == "download_stalled"
        assert not list(folder_of(settings).iterdir())

    def test_slow_download_is_given_up(self, settings: Settings, released: threading.Event):
        """A download that creeps on has an end, too."""

        def fetch(name: str) -> None:
            end = time.monotonic() + PATIENCE_SECONDS
            with (folder_of(settings) / name).open("wb", buffering=0) as file:
                while time.monotonic() < end and not released.wait(SHORT_SECONDS / 10):
                    file.write(b".")

        error = failure_of(settings, fetch, limit=SHORT_SECONDS)
        assert (error.code, error.details["seconds"]) == ("download_too_slow", "0.05")
        assert error.details["total"] == "11"

    def test_refused_download_fails_at_once(self, settings: Settings):
        """There is no waiting for what has failed already."""
        began = time.monotonic()
        error = failure_of(settings, failing(ConnectionRefusedError(111, "Connection refused")))
        assert time.monotonic() - began < LONG_SECONDS / 4
        assert (error.code, error.details) == ("download_failed", {"reason": "Connection refused"})

    def test_error_without_words_is_named_by_its_kind(self, settings: Settings):
        """A sentence with empty brackets would say nothing."""
        assert failure_of(settings, failing(TimeoutError())).details == {"reason": "TimeoutError"}

    def test_download_of_something_else_is_named(self, settings: Settings):
        """A file with a wrong checksum is not MNIST, and it is not kept."""

        def fetch(name: str) -> None:
            (folder_of(settings) / name).write_bytes(b"<html>Sign in</html>")
            raise ValueError("Incomplete or corrupted file detected.")

        assert failure_of(settings, fetch).code == "download_altered"
        assert not list(folder_of(settings).iterdir())

    def test_fetch_without_a_file_is_a_failure(self, settings: Settings):
        """A fetch that ends without an error and without a file has failed."""
        assert failure_of(settings, lambda _: None).code == "download_failed"

    def test_file_that_is_there_survives_a_failure(self, settings: Settings):
        """Half of a new file is no reason to lose what was there."""
        folder_of(settings).mkdir(parents=True)
        old = folder_of(settings) / "mnist.npz"
        old.write_bytes(b"damaged, but perhaps not beyond repair")
        failure_of(settings, failing(OSError("no network")))
        assert old.read_bytes() == b"damaged, but perhaps not beyond repair"

    def test_abandoned_download_leaves_nothing_when_it_ends(
        self, settings: Settings, released: threading.Event
    ):
        """What arrives after everybody has gone is removed by the thread that brought it."""
        wrote = []

        def fetch(name: str) -> None:
            released.wait(PATIENCE_SECONDS)
            wrote.append((folder_of(settings) / name).write_bytes(WHOLE))

        failure_of(settings, fetch, stall=SHORT_SECONDS)
        released.set()
        join_downloads()
        assert wrote == [len(WHOLE)]
        assert not list(folder_of(settings).iterdir())

    def test_report_that_fails_ends_the_download(self, settings: Settings, released: threading.Event):
        """When the server has gone, its trainer does not go on downloading into the dark."""

        def fetch(name: str) -> None:
            (folder_of(settings) / name).write_bytes(b"half")
            released.wait(PATIENCE_SECONDS)

        def report(received: int, _: int) -> None:
            if received:
                raise BrokenPipeError

        with pytest.raises(BrokenPipeError):
            download_mnist(settings, report, LONG_SECONDS, LONG_SECONDS, fetch)
        assert not list(folder_of(settings).iterdir())

    def test_leftovers_of_a_killed_trainer_are_removed(self, settings: Settings):
        """Old parts go; a part that another trainer may be writing stays."""
        folder_of(settings).mkdir(parents=True)
        old, fresh = (folder_of(settings) / f"mnist.npz.{name}.part" for name in ("old", "fresh"))
        for part in (old, fresh):
            part.write_bytes(b"half")
        os.utime(old, (time.time() - ABANDONED_SECONDS - 60,) * 2)
        failure_of(settings, failing(OSError("no network")))
        assert list(folder_of(settings).iterdir()) == [fresh]


REAL_DOWNLOADS = """
import functools, json, sys, threading, time
from mnist_demo.data.mnist import load_mnist
from mnist_demo.settings import Settings
from mnist_demo.training.download import download_mnist, keras_fetch
import os, urllib.request

keras_fetch()  # takes the import out of the measured time
settings, answers = Settings.from_environment(), {}
for name, port, stall in (("refused", sys.argv[1], 60.0), ("silent", sys.argv[2], 1.0)):
    os.environ["https_proxy"] = f"http://127.0.0.1:{port}"
    urllib.request.install_opener(None)  # it would keep the proxy that it knew first
    began, reports = time.monotonic(), []
    report = lambda *figures: reports.append(figures)
    origin = load_mnist(settings, functools.partial(download_mnist, settings, report, 90.0, stall)).origin
    took = time.monotonic() - began
    threads = [thread for thread in threading.enumerate() if thread.name == "mnist-download"]
    for thread in threads:
        thread.join(30)
    answers[name] = {
        "source": origin.source, "problems": [note.code for note in origin.notes], "seconds": took,
        "reasons": [note.details.get("reason") for note in origin.notes], "reports": reports,
        "alive": [thread.is_alive() for thread in threads],
        "files": [path.name for path in settings.keras_home.rglob("*.npz*")],
    }
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def real_downloads(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Let Keras itself download through a proxy that refuses, and through one that never answers.

    In a process of its own, because Keras reads its folder from the environment when it is imported.
    """
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refusing = closed.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        environment |= {"KERAS_HOME": str(tmp_path_factory.mktemp("keras")), "MNIST_DEMO_DATA": ""}
        command = [sys.executable, "-c", REAL_DOWNLOADS, str(refusing), str(silent.getsockname()[1])]
        done = subprocess.run(
            command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=240
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class TestKeras:
    def test_refused_connection_falls_back_to_the_digits_at_once(self, real_downloads: dict):
        """Without internet, the lesson starts with the stand-in and says why."""
        answer = real_downloads["refused"]
        assert (answer["source"], answer["problems"]) == ("offline_digits", ["download_failed"])
        assert "refused" in answer["reasons"][0]
        assert "http" not in answer["reasons"][0]
        assert answer["seconds"] < 30
        assert answer["files"] == []

    def test_silent_network_falls_back_to_the_digits(self, real_downloads: dict):
        """A network that accepts and never answers is given up after the time that was set."""
        answer = real_downloads["silent"]
        assert (answer["source"], answer["problems"]) == ("offline_digits", ["download_stalled"])
        assert answer["seconds"] < 30
        assert answer["files"] == []

    def test_abandoned_thread_ends_by_itself(self, real_downloads: dict):
        """The socket's timeout ends what cannot be stopped."""
        assert real_downloads["silent"]["alive"] in ([], [False])
