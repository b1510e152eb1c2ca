"""The trainer's end of the pipes to the web server, and how the trainer ends: in order, in bounded time."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
from queue import Empty, SimpleQueue
from typing import Self, TextIO

from mnist_demo.jobs.messages import HandOver, Heartbeat, Message, Steer, Stop, Train, decode, encode
from mnist_demo.runs import Owner

HEARTBEAT_SECONDS = 1
LAST_SECONDS = 120
"""After which a process that was asked to end does so, whatever is not kept by then."""
EXIT_TOO_LATE = 4
PR_SET_PDEATHSIG = 1
"""Of Linux's `prctl`: which signal this process gets when its parent has died."""


class Channel:
    """The pipes; as a context, it listens and sends heartbeats.

    Attributes:
        jobs: What is to be trained, in order; None: nothing more.
        serves: Whether jobs may have come; set by the worker.
        owners: Whose the run of a job has become, where whoever pressed Train first has left it.
        ends: Whether this process ends as soon as it has kept what it has learned.
    """

    def __init__(self, commands: TextIO, events: TextIO) -> None:
        self.jobs: SimpleQueue[Train | None] = SimpleQueue()
        self.serves = False
        self.ends = False
        self._commands, self._events = commands, events
        self._sending = threading.Lock()
        self.owners: dict[str, Owner] = {}
        self._stopped: set[str] = set()
        self._steers: SimpleQueue[Steer | None] = SimpleQueue()  # None: look whether the job is stopped
        self._is_closed = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        """Read commands in the background, so that Stop is heard while a run trains, and send heartbeats."""
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        self._heart.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Send no more: a thread that writes while Python ends would make it crash."""
        self._is_closed.set()
        self._heart.join()

    def send(self, message: Message) -> None:
        """Send an event; a server that is gone needs none."""
        try:
            with self._sending:
                self._events.write(encode(message))
                self._events.flush()
        except OSError:
            self.ends = True

    def is_stopped(self, job: str) -> bool:
        """Whether a job ends early: Stop was pressed, or the process ends. What it has learned is kept."""
        return self.ends or job in self._stopped

    def next_steer(self, seconds: float | None) -> Steer | None:
        """Wait for what is pressed next in training, at most so many seconds; None: any time.

        Returns:
            None when the time is over, and at a Stop: see `is_stopped`.
        """
        with contextlib.suppress(Empty):
            return self._steers.get(timeout=seconds)
        return None

    def end(self) -> None:
        """Ask this process to end; it ends at once where nothing has begun that has to be kept."""
        if not self.serves:
            os._exit(0)
        self.ends = True
        self.jobs.put(None)
        self._steers.put(None)
        deadline = threading.Timer(LAST_SECONDS, os._exit, (EXIT_TOO_LATE,))
        deadline.daemon = True
        deadline.start()

    def hear(self, message: Message) -> None:
        """Take a command of the server's."""
        match message:
            case Train():
                self.jobs.put(message)
            case HandOver(job, owner):
                self.owners[job] = owner
            case Stop(job):
                self._stopped.add(job)
                self._steers.put(None)
            case Steer():
                self._steers.put(message)

    def _read(self) -> None:
        for line in self._commands:
            self.hear(decode(line))
        self.end()

    def _beat(self) -> None:
        while not self._is_closed.wait(HEARTBEAT_SECONDS):
            self.send(Heartbeat())


def claim_stdout() -> TextIO:
    """Keep the pipe of events to ourselves: whatever a library prints goes to the log."""
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return events


def end_when_asked(channel: Channel) -> None:
    """End in order on SIGTERM, which a system that shuts down sends to all; asked once more, at once.

    On Linux, a trainer that somebody has halted (`kill -STOP`) is woken when its server dies. It then sees
    that its input is closed, and does not stay behind.
    """

    def end(*_signal: object) -> None:
        if channel.ends:
            os._exit(EXIT_TOO_LATE)
        channel.end()

    signal.signal(signal.SIGTERM, end)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGCONT)
