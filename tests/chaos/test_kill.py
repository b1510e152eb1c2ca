"""Processes are killed, ended and halted at any moment: nothing that was kept is lost."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from random import Random

import pytest

from tests.chaos.conftest import StartServer, Tell
from tests.chaos.moments import SERVER_MOMENTS, TRAINER_MOMENTS, check_goes_on, check_promise, reach
from tests.chaos.server import TRACEBACK, Server, kept_runs, leftovers, nothing_lost, processes_of
from tests.trainer import is_running, wait_until

SEED = 20
TRAINER_HITS = [*TRAINER_MOMENTS] * 5
SERVER_HITS = [*SERVER_MOMENTS] * 4
STOP_PRESSES = 1500
ENDING_SECONDS = 60


def wait_until_gone(processes: list[int], server: Server) -> None:
    """Wait until none of these processes is there."""
    wait_until(lambda: not any(map(is_running, processes)), ENDING_SECONDS, server.log)


@pytest.mark.full_chaos
def test_trainer_that_is_killed(start: StartServer, home: Path, tell: Tell):
    """The page says so in one sentence, the run is kept with all that was seen of it, the next one trains."""
    server, random = start(), Random(SEED)
    server.wait_until_ready()
    for name in TRAINER_HITS:
        before = set(kept_runs(home))
        with nothing_lost(home):
            (trainer,) = server.trainers()
            moment = reach(server, name, random)
            os.kill(trainer, signal.SIGKILL)
            wait_until_gone([trainer], server)
            if moment.job:
                told = server.wait_until_over(moment.job)
                assert bool(told["failure"]) == (told["phase"] == "failed")
                check_promise(server, moment, before)
            wait_until(lambda old=trainer: set(server.trainers()) - {old}, ENDING_SECONDS, server.log)
            check_goes_on(server)
    tell("kill -9 of the trainer", len(TRAINER_HITS), "all runs whole, the interrupted one kept")


@pytest.mark.full_chaos
def test_server_that_is_killed(start: StartServer, home: Path, tell: Tell):
    """The trainer keeps what it has learned and ends; the next server finds all of it and nothing else."""
    random, seconds = Random(SEED), []
    server = start()
    for name in SERVER_HITS:
        server.wait_until_ready()
        before = set(kept_runs(home))
        with nothing_lost(home):
            moment = reach(server, name, random)
            started, killed = processes_of(home), time.monotonic()
            server.process.kill()
            server.process.wait()
            wait_until_gone(started, server)
            seconds.append(time.monotonic() - killed)
            server = start()
            server.wait_until_ready()
            assert not leftovers(home)
            check_promise(server, moment, before)
            check_goes_on(server)
    tell(
        "kill -9 of the server",
        len(SERVER_HITS),
        f"all runs whole, the interrupted one kept, no orphan after {max(seconds):.1f} s",
    )


@pytest.mark.full_chaos
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_server_that_is_ended(start: StartServer, home: Path, tell: Tell, number: signal.Signals):
    """As Stop: tested and kept, and all processes end."""
    random, seconds = Random(SEED), []
    for name in SERVER_MOMENTS:
        server = start()
        server.wait_until_ready()
        before = set(kept_runs(home)) if home.exists() else set()
        with nothing_lost(home):
            moment, asked = reach(server, name, random), time.monotonic()
            server.end(number)
            seconds.append(time.monotonic() - asked)
            check_promise(server, moment, before)
            assert not leftovers(home)
            assert TRACEBACK not in server.log()
    tell(number.name, len(SERVER_MOMENTS), f"tested and kept, the longest took {max(seconds):.1f} s")


def test_server_that_is_killed_while_its_trainer_is_halted(start: StartServer, home: Path, tell: Tell):
    """The trainer wakes, keeps what it has learned, and ends; the next server goes on."""
    server = start()
    server.wait_until_ready()
    moment = reach(server, "training", Random(SEED))
    (trainer,) = server.trainers()
    os.kill(trainer, signal.SIGSTOP)
    server.process.kill()
    server.process.wait()
    wait_until_gone([trainer], server)
    check_promise(server, moment, set())
    with nothing_lost(home):
        check_goes_on(start())
    tell("kill -9 of the server, trainer halted", 1, "no orphan, the run is kept")


@pytest.mark.full_chaos
def test_trainer_that_is_halted_and_told_to_stop(start: StartServer, tell: Tell):
    """The server answers all the while, sees that the trainer is silent, and keeps the run."""
    server = start()
    server.wait_until_ready()
    moment = reach(server, "training", Random(SEED))
    (trainer,) = server.trainers()
    os.kill(trainer, signal.SIGSTOP)
    halted = time.monotonic()
    slowest = 0.0
    for _ in range(STOP_PRESSES):
        pressed = time.monotonic()
        server.stop(moment.job)
        slowest = max(slowest, time.monotonic() - pressed)
    told = server.wait_until_over(moment.job)
    seconds = time.monotonic() - halted
    assert "stopped answering" in told["failure"]
    assert not is_running(trainer)
    check_promise(server, moment, set())
    check_goes_on(server)
    tell(
        "SIGSTOP of the trainer, then Stop",
        STOP_PRESSES,
        f"slowest press {slowest:.2f} s; replaced after {seconds:.0f} s, run kept",
    )


@pytest.mark.full_chaos
def test_server_that_is_ended_while_its_trainer_is_halted(start: StartServer, home: Path, tell: Tell):
    """It is asked, waited for, and killed: Ctrl-C ends, and what was kept stays."""
    server = start()
    server.wait_until_ready()
    moment = reach(server, "training", Random(SEED))
    os.kill(server.trainers()[0], signal.SIGSTOP)
    asked = time.monotonic()
    server.end(signal.SIGINT)
    seconds = time.monotonic() - asked
    check_promise(server, moment, set())
    assert not leftovers(home)
    assert TRACEBACK not in server.log()
    tell("SIGINT, trainer halted", 1, f"ended after {seconds:.0f} s, the run is kept")
