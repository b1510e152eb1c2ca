"""The trainer's process as the web server holds it: started, spoken to, listened to, ended."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from mnist_demo.jobs.messages import Message, decode, encode
from mnist_demo.settings import Settings

WORKER = (sys.executable, "-m", "mnist_demo.training.worker")
PROJECT = Path(__file__).parents[2]
EXIT_SECONDS = 5
"""How long a process may take to end after its last word: its own exit code tells more than a kill's."""


@dataclass(frozen=True)
class Patience:
    """How long the trainer is waited for.

    Attributes:
        start_seconds: Of silence before it is ready: a slow disk reads a gigabyte of TensorFlow meanwhile.
        silence_seconds: Of silence afterwards, of which every second should bring a heartbeat.
        heartbeats: Heartbeats without any progress of its job. Counted by them, not by the clock, the time
            does not go by while the computer sleeps.
        exit_seconds: From being asked to end, for the test and for keeping the run, to being terminated.
    """

    start_seconds: float = 300
    silence_seconds: float = 30
    heartbeats: int = 120
    exit_seconds: float = 20


class TrainerSilent(Exception):
    """The trainer lives, and says nothing."""


class TrainerProcess:
    """A running trainer.

    A thread writes to its pipe and another reads from it, so that nobody who speaks to it or listens ever
    waits longer than they want to, whatever it does.

    Args:
        settings: Passed on, so that both processes use the same folders wherever they were started.
        command: What to run.

    Raises:
        OSError: The system has no room for another process.
    """

    def __init__(self, settings: Settings, command: Sequence[str] = WORKER) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(settings),
            cwd=PROJECT,
            **_apart_from_the_terminal(),
        )
        self._to_send: SimpleQueue[Message | None] = SimpleQueue()
        self._received: SimpleQueue[bytes] = SimpleQueue()
        threading.Thread(target=self._write, name="to the trainer", daemon=True).start()
        threading.Thread(target=self._read, name="from the trainer", daemon=True).start()

    def send(self, message: Message) -> None:
        """Send a message without waiting; that a dead process missed it is seen by whoever listens to it."""
        self._to_send.put(message)

    def receive(self, silence_seconds: float) -> Message | None:
        """Wait for its next message; None when it has ended.

        Raises:
            TrainerSilent: None has come for so long.
            ValueError: What came is no message.
        """
        for _ in range(2):  # after the computer has slept, the first wait may seem over at once
            with contextlib.suppress(Empty):
                if line := self._received.get(timeout=silence_seconds / 2):
                    return decode(line.decode())
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(EXIT_SECONDS)
                return None
        raise TrainerSilent

    def end(self, exit_seconds: float) -> None:
        """Ask it to end, by closing its input; if it does not, terminate it, and then kill it.

        Args:
            exit_seconds: How long it may take to end in order.
        """
        self._to_send.put(None)
        for then, seconds in ((self._process.terminate, exit_seconds), (self._process.kill, 1)):
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                then()

    def close(self) -> int:
        """Make sure that it has ended, and return its exit code."""
        self._process.kill()
        self._to_send.put(None)
        return self._process.wait()

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe
        with contextlib.suppress(OSError), pipe:  # broken: the process is dead, and was told nothing in time
            while message := self._to_send.get():
                pipe.write(encode(message).encode())
                pipe.flush()

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe
        with contextlib.suppress(OSError), pipe:
            for line in pipe:
                self._received.put(line)
        self._received.put(b"")


def _environment(settings: Settings) -> dict[str, str]:
    """Return the trainer's environment.

    Its NumPy calculates little, to calibrate after each epoch. With a thread for each core, these would wait
    for each other in busy loops, and take from TensorFlow and from the pages more time than they save.
    """
    share = {"TF_NUM_INTRAOP_THREADS": str(threads_per_trainer(settings))} if settings.trainers > 1 else {}
    return (
        os.environ
        | share
        | {
            "MNIST_DEMO_HOME": str(settings.home),
            "MNIST_DEMO_DATA": str(settings.data or ""),
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "PYTHONUNBUFFERED": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
    )


def threads_per_trainer(settings: Settings) -> int:
    """Share the cores among the trainers, at least one each."""
    return max(1, (os.cpu_count() or 1) // settings.trainers)


def _apart_from_the_terminal() -> dict[str, Any]:
    """Keep Ctrl-C in the server's terminal from the trainer: the server ends it in order."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
