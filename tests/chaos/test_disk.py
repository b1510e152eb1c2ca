"""The home has no room, may not be written, vanishes, or is shared: one sentence, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mnist_demo.network import PRETRAINED_RUNS
from mnist_demo.runs import pack_run
from tests.chaos.conftest import StartServer, Tell
from tests.chaos.moments import check_goes_on
from tests.chaos.server import TRACEBACK, kept_runs, leftovers, nothing_lost, processes_of
from tests.trainer import is_running, wait_until

pytestmark = pytest.mark.full_chaos
MEGABYTE = 2**20
Mount = Callable[..., None]


@pytest.fixture
def mount(home: Path) -> Iterator[Mount]:
    """Put a small disk at the home; it is taken away again when nobody uses it any more."""
    home.mkdir()

    def mount_home(*options: str) -> None:
        asked = subprocess.run(["mount", *options, home], capture_output=True, text=True, check=False)
        if asked.returncode:
            pytest.skip(f"mount: {asked.stderr.strip() or asked.returncode}")

    yield mount_home
    subprocess.run(["umount", "--lazy", home], capture_output=True, check=False)


def fill(home: Path, *, free: int) -> Path:
    """Fill the disk up to so many free bytes; give the file that does it."""
    path = home / "filler"
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        file.truncate(0)
        while (left := shutil.disk_usage(home).free - free) > 0:
            file.write(bytes(min(left, MEGABYTE)))
            file.flush()
    return path


@pytest.mark.parametrize("free", [0, MEGABYTE // 16, MEGABYTE // 2, MEGABYTE])
def test_disk_that_is_full(start: StartServer, home: Path, mount: Mount, tell: Tell, free: int):
    """A run that cannot be kept is told in one sentence; when there is room again, Train works."""
    mount("-t", "tmpfs", "-o", "size=24m", "tmpfs")
    server = start()
    server.wait_until_ready()
    check_goes_on(server)
    (trainer,) = server.trainers()
    with nothing_lost(home):
        filler = fill(home, free=free)
        told = server.wait_until_over(server.train(epochs=5))
        assert told["phase"] == "failed", told
        assert "disk" in told["failure"]
        assert "\n" not in told["failure"]
        wait_until(lambda: not leftovers(home), 10, lambda: leftovers(home))
        refused = server.ask("upload", pack_run(PRETRAINED_RUNS / "notebook"))
        if free < MEGABYTE // 2:
            assert "disk" in refused["refused"]
        filler.unlink()
        check_goes_on(server)
    assert server.trainers() == [trainer]
    tell(f"full disk, {free >> 10} kB left", 1, "one sentence, no leftovers, the same trainer goes on")


def test_home_that_may_no_longer_be_written(start: StartServer, home: Path, mount: Mount, tell: Tell):
    """What is kept can still be read; what cannot be kept is told; when it may be written, Train works."""
    mount("-t", "tmpfs", "-o", "size=24m", "tmpfs")
    server = start()
    server.wait_until_ready()
    check_goes_on(server)
    with nothing_lost(home):
        # Laid over the home: files that are open (the claims' locks) keep the disk itself writable.
        subprocess.run(["mount", "--bind", home, home], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", home], check=True)
        told = server.wait_until_over(server.train(epochs=2))
        assert told["phase"] == "failed"
        assert "Read-only" in told["failure"]
        assert "Read-only" in server.ask("upload", pack_run(PRETRAINED_RUNS / "notebook"))["refused"]
        subprocess.run(["umount", "--lazy", home], check=True)
        check_goes_on(server)
    tell("home read-only while it runs", 1, "one sentence, runs readable, goes on")


def test_home_that_may_not_be_written_at_the_start(start: StartServer, home: Path, mount: Mount, tell: Tell):
    """The server ends with one sentence."""
    mount("-t", "tmpfs", "-o", "size=24m,ro", "tmpfs")
    server = start()
    assert server.process.wait(60) == 1
    assert TRACEBACK not in server.log()
    told = [line for line in server.log().splitlines() if "MNIST_DEMO_HOME" in line]
    assert len(told) == 1
    assert str(home) in told[0]
    assert not processes_of(home)
    tell("home read-only at the start", 1, "one sentence, exit code 1")


@pytest.mark.parametrize("moment", ["idle", "training"])
def test_home_that_is_deleted(start: StartServer, home: Path, tell: Tell, moment: str):
    """It is made again; the run in training is kept whole."""
    server = start()
    server.wait_until_ready()
    check_goes_on(server)
    job = ""
    if moment == "training":
        job = server.train(epochs=60)
        server.wait_for(lambda told: told["epochs"] > 2, job)
    shutil.rmtree(home, ignore_errors=True)
    if job:
        told = server.wait_until_over(job)
        assert told["phase"] == "ended", told
        assert told["run"] in kept_runs(home)
    check_goes_on(server)
    server.end()
    assert not leftovers(home)
    tell(f"home deleted, {moment}", 1, "made again" + (", the run in training is kept" if job else ""))


def test_two_servers_on_one_home(start: StartServer, home: Path, tell: Tell):
    """Both train; one is killed, and the other keeps what both have kept and tidies up."""
    first = start()
    first.wait_until_ready()  # before the second looks for a port
    second = start()
    second.wait_until_ready()
    jobs = [(server, server.train(epochs=5, seed=seed)) for seed in (1, 2, 3) for server in (first, second)]
    runs = {server.wait_until_over(job)["run"] for server, job in jobs}
    assert len(runs) == len(jobs)
    assert runs <= set(kept_runs(home))
    with nothing_lost(home):
        job = second.train(epochs=200, batch_size=8)
        second.wait_for(lambda told: told["epochs"] > 1, job)
        started = [*second.trainers(), second.process.pid]
        second.process.send_signal(signal.SIGKILL)
        second.process.wait()
        for process in started[:-1]:
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not any(map(is_running, started)), 60)
        first.kill_trainer()  # whoever starts one looks for what others have left
        first.wait_for(lambda told: told["worker"] != "ready")
        check_goes_on(first)
    tell("two servers on one home, one killed", len(jobs), "all runs whole, no leftovers")
