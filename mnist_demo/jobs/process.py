"""The trainer's process as the web server holds it: started, spoken to, listened to, ended."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mnist_demo.jobs.messages import Message, decode, encode
from mnist_demo.settings import Settings

WORKER = (sys.executable, "-m", "mnist_demo.training.worker")
PROJECT = Path(__file__).parents[2]
EXIT_SECONDS = 5


class TrainerProcess:
    """A running trainer.

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
            text=True,
            encoding="utf-8",
            **_apart_from_the_terminal(),
        )

    @property
    def id(self) -> int:
        """The system's number of it."""
        return self._process.pid

    def send(self, message: Message) -> None:
        """Tell it something; what a dead process misses is seen by whoever listens to it."""
        assert self._process.stdin
        try:
            self._process.stdin.write(encode(message))
            self._process.stdin.flush()
        except (OSError, ValueError):  # the pipe is broken, or closed already
            return

    def events(self) -> Iterator[Message]:
        """Listen until it ends."""
        for line in self._process.stdout or ():
            yield decode(line)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(EXIT_SECONDS)  # its own exit code says more than that of a kill

    def kill(self) -> None:
        """End it at once, if it has not ended by itself: whoever listens hears that it has ended."""
        self._process.kill()

    def close(self) -> int:
        """Make sure that it has ended, and let go of its pipes; returns its exit code."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # what it was told and never read is flushed once more
                pipe.close()  # type: ignore[union-attr] - both are pipes
        return self._process.wait()


def _environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        "MNIST_DEMO_HOME": str(settings.home),
        "MNIST_DEMO_DATA": str(settings.data or ""),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONUNBUFFERED": "1",
    }


def _apart_from_the_terminal() -> dict[str, Any]:
    """Keep Ctrl-C in the server's terminal from the trainer: the server ends it in order."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
