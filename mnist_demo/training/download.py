"""Fetch MNIST with Keras, but with an end: a lesson must not wait for a network that does not answer."""

from __future__ import annotations

import shutil
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mnist_demo.data import KERAS_FALLBACK, keras_files
from mnist_demo.errors import DownloadFailed
from mnist_demo.settings import Settings

MNIST_BYTES = 11_490_434
STALL_SECONDS = 8.0
LIMIT_SECONDS = 90.0
POLL_SECONDS = 0.2
ABANDONED_SECONDS = 3600

Fetch = Callable[[str], object]
"""Downloads MNIST under a file name into Keras's folder of data sets; raises whatever went wrong."""

Report = Callable[[int, int], None]
"""Is told the bytes received and the bytes expected."""


class Transfer(threading.Thread):
    """One run of a fetch in a daemon thread, which can be abandoned but not stopped.

    Keras writes straight to its target, so the target has a name of its own until it is whole.

    Args:
        fetch: Does the work.
        folders: Where the file may appear.
        timeout_seconds: After which a silent socket ends the thread.
    """

    def __init__(self, fetch: Fetch, folders: list[Path], timeout_seconds: float) -> None:
        super().__init__(name="mnist-download", daemon=True)
        self.file_name = f"mnist.npz.{uuid.uuid4().hex}.part"
        self.error: Exception | None = None
        self.done = threading.Event()
        self._fetch = fetch
        self._paths = [folder / self.file_name for folder in folders]
        self._timeout_seconds = timeout_seconds
        self._abandoned = threading.Event()

    def run(self) -> None:
        """Fetch, and clear up if nobody waits any more."""
        before = socket.getdefaulttimeout()
        socket.setdefaulttimeout(self._timeout_seconds)
        try:
            self._fetch(self.file_name)
        except Exception as error:  # noqa: BLE001 - Keras raises the bare class
            self.error = error
        finally:
            socket.setdefaulttimeout(before)
            if self._abandoned.is_set():
                self._remove()
            self.done.set()

    def received(self) -> int:
        """Count the bytes that have arrived."""
        return sum(_size(path) for path in self._paths)

    def path(self) -> Path | None:
        """Find the file, wherever it was put."""
        return next((path for path in self._paths if path.is_file()), None)

    def abandon(self) -> None:
        """Leave the thread to itself; what it has written or will write is removed."""
        self._abandoned.set()
        self._remove()

    def _remove(self) -> None:
        for path in self._paths:
            with suppress(OSError):  # Windows keeps a file that is open; the thread itself removes it then
                path.unlink()


def download_mnist(
    settings: Settings,
    report: Report,
    limit_seconds: float = LIMIT_SECONDS,
    stall_seconds: float = STALL_SECONDS,
    fetch: Fetch | None = None,
) -> Path:
    """Download MNIST into Keras's folder, where a later start finds it.

    Call it only where that folder has no intact `mnist.npz`: it replaces what is there, once the new file
    is whole and has the checksum that Keras knows.

    Args:
        settings: Names Keras's folder.
        report: Is told the bytes received and the bytes expected: at first 0, then whenever there are more.
        limit_seconds: When to give up altogether.
        stall_seconds: When to give up if no byte comes.
        fetch: Does the work; None: `keras.datasets.mnist.load_data`.

    Returns:
        Path of the `mnist.npz`.

    Raises:
        DownloadFailed: It was refused, came to a halt, took too long, or brought something else.
    """
    report(0, MNIST_BYTES)
    fetch = fetch or keras_fetch()
    target = keras_files(settings)[0]
    with suppress(OSError):  # Keras then uses its fallback
        target.parent.mkdir(parents=True, exist_ok=True)
    folders = [target.parent, KERAS_FALLBACK / "datasets"]
    _remove_leftovers(folders)
    # The watch below is quicker, so that it is the one to say what happened.
    transfer = Transfer(fetch, folders, timeout_seconds=2 * stall_seconds)
    transfer.start()
    try:
        _watch(transfer, report, limit_seconds, stall_seconds)
        return _settle(transfer, target)
    finally:
        transfer.abandon()


def keras_fetch() -> Fetch:
    """Prepare the download that Keras offers; it checks the SHA-256 of what came."""
    import keras  # noqa: PLC0415 - takes seconds that only a download has to pay, and must not count as its own

    def fetch(file_name: str) -> None:
        # Holds for this thread only; its progress bar would mix with what the trainer prints.
        keras.config.disable_interactive_logging()
        keras.datasets.mnist.load_data(file_name)

    return fetch


def _watch(transfer: Transfer, report: Report, limit_seconds: float, stall_seconds: float) -> None:
    start = last_byte = time.monotonic()
    received = 0
    while not transfer.done.wait(min(POLL_SECONDS, stall_seconds, limit_seconds)):
        now = time.monotonic()
        if transfer.received() > received:
            received, last_byte = transfer.received(), now
            report(received, MNIST_BYTES)
        if now - last_byte >= stall_seconds:
            raise DownloadFailed("download_stalled", seconds=f"{stall_seconds:g}")
        if now - start >= limit_seconds:
            megabytes = {"received": received // 10**6, "total": MNIST_BYTES // 10**6}
            raise DownloadFailed("download_too_slow", seconds=f"{limit_seconds:g}", **megabytes)
    if isinstance(transfer.error, ValueError):  # what Keras raises for a wrong checksum
        raise DownloadFailed("download_altered") from transfer.error
    if transfer.error is not None:
        raise DownloadFailed("download_failed", reason=_reason(transfer.error)) from transfer.error
    report(transfer.received(), MNIST_BYTES)


def _settle(transfer: Transfer, target: Path) -> Path:
    """Give the whole file its name, next to where Keras put it if its own folder cannot be written."""
    path = transfer.path()
    if path is None:
        raise DownloadFailed("download_failed", reason=f"{transfer.file_name} is missing")
    try:
        with suppress(OSError):
            return Path(shutil.move(path, target.with_name(path.name))).replace(target)
        return path.replace(path.with_name(target.name))
    except OSError as error:
        raise DownloadFailed("download_failed", reason=_reason(error)) from error


def _remove_leftovers(folders: list[Path]) -> None:
    """Remove what trainers left that were ended in the middle of a download."""
    for folder in folders:
        for path in folder.glob("mnist.npz.*.part"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                    path.unlink()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _reason(error: Exception) -> str:
    """Find the shortest true reason: Keras wraps an error that wraps the one of the system."""
    inner = error.__context__ or error
    reason = getattr(inner, "reason", inner)
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
