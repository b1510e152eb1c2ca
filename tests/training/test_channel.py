"""How the trainer's process lives and ends: real processes, which hold the channel and train nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from mnist_demo.jobs.messages import Ended, Heartbeat, Ready, Stop, Train, decode, encode
from mnist_demo.runs.run import RunConfig
from mnist_demo.training.channel import EXIT_TOO_LATE
from tests.mnist import REPOSITORY
from tests.trainer import is_running, process_status, wait_until

PATIENCE_SECONDS = 60

WORKER = """
import sys
from mnist_demo.jobs.messages import Ended, Ready
from mnist_demo.training.channel import Channel, claim_stdout, end_when_asked

with Channel(sys.stdin, claim_stdout()) as channel:
    end_when_asked(channel)
    channel.serves = "serves" in sys.argv
    channel.send(Ready())
    print("a library prints")
    while order := channel.jobs.get():
        channel.send(order)
        while not channel.is_stopped(order.job):
            pass
        channel.send(Ended(order.job, "kept", recycles=channel.ends))
        if "lingers" in sys.argv:
            while True:
                pass
"""
"""Echoes a job when it begins with it."""

JOB = Train("a", RunConfig())

SERVER = """
import subprocess, sys
worker = subprocess.Popen([sys.executable, "-c", sys.argv[1], *sys.argv[2:]], stdin=subprocess.PIPE)
print(worker.pid, flush=True)
worker.wait()
"""

Start = Callable[..., subprocess.Popen]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a program with arguments; none is left behind."""
    started: list[subprocess.Popen] = []

    def start_one(*command: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", *command],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        return process

    yield start_one
    for process in started:
        with process:
            process.kill()


def told(worker: subprocess.Popen) -> object:
    """Read the next message that is no heartbeat."""
    while isinstance(message := decode(worker.stdout.readline()), Heartbeat):
        pass
    return message


def tell(worker: subprocess.Popen, *messages: object) -> None:
    """Write messages."""
    worker.stdin.write("".join(map(encode, messages)))
    worker.stdin.flush()


def test_heart_beats_while_the_process_is_busy(start: Start):
    """And nothing that a library prints comes between."""
    worker = start(WORKER, "serves")
    assert told(worker) == Ready()
    tell(worker, JOB)
    assert told(worker) == JOB
    for _ in range(2):
        assert decode(worker.stdout.readline()) == Heartbeat()
    tell(worker, Stop("a"))
    assert told(worker) == Ended("a", "kept")


@pytest.mark.parametrize("way", ["closed pipe", "SIGTERM"])
def test_run_in_training_is_kept_before_the_process_ends(start: Start, way: str):
    """Whether its server ends, or the system ends all processes."""
    worker = start(WORKER, "serves")
    assert told(worker) == Ready()
    tell(worker, JOB)
    assert told(worker) == JOB
    if way == "SIGTERM":
        worker.send_signal(signal.SIGTERM)
    else:
        worker.stdin.close()
    assert told(worker) == Ended("a", "kept", recycles=True)
    assert worker.wait(PATIENCE_SECONDS) == 0


def test_process_without_job_ends_when_it_is_asked(start: Start):
    """In order: nothing has to be kept."""
    worker = start(WORKER, "serves")
    assert told(worker) == Ready()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE_SECONDS) == 0


def test_process_that_still_loads_ends_at_once(start: Start):
    """Loading TensorFlow takes seconds that nobody has to wait for."""
    worker = start(WORKER)
    assert told(worker) == Ready()
    worker.stdin.close()
    assert worker.wait(PATIENCE_SECONDS) == 0


def test_second_request_ends_the_process_at_once(start: Start):
    """It has not ended in order, so its server stops waiting."""
    worker = start(WORKER, "serves", "lingers")
    assert told(worker) == Ready()
    tell(worker, JOB)
    assert told(worker) == JOB
    worker.stdin.close()
    assert isinstance(told(worker), Ended)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE_SECONDS) == EXIT_TOO_LATE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux wakes it")
def test_halted_process_does_not_outlive_its_server(start: Start):
    """The server is killed while its trainer is halted: the trainer wakes and ends."""
    server = start(SERVER, WORKER, "serves")
    process = int(server.stdout.readline())
    try:
        assert told(server) == Ready()
        os.kill(process, signal.SIGSTOP)
        wait_until(lambda: process_status(process) == "T", PATIENCE_SECONDS)
        server.kill()
        wait_until(lambda: not is_running(process), PATIENCE_SECONDS)
    finally:
        if is_running(process):
            os.kill(process, signal.SIGKILL)
