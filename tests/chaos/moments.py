"""The moments at which a process can be hit, and what has to be true afterwards."""

from __future__ import annotations

import threading
import time
import urllib.error
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from random import Random

from mnist_demo.network import PRETRAINED_RUNS
from mnist_demo.runs import RunStatus, RunStore, pack_run
from tests.chaos.server import TRACEBACK, Server, kept_runs, leftovers
from tests.trainer import wait_until

TRAINER_MOMENTS = ("idle", "compiling", "training", "saving")
SERVER_MOMENTS = (*TRAINER_MOMENTS, "uploading")
SAVING_SECONDS = 0.15
TRAINING_SECONDS = 1.0
UPLOADING_SECONDS = 0.5


@dataclass(frozen=True)
class Moment:
    """What a server was doing when it was hit.

    Attributes:
        job: The job in training; empty: none.
        steps: How many points of its curve the pages knew before.
        epochs: How many epochs.
    """

    job: str = ""
    steps: int = 0
    epochs: int = 0


def reach(server: Server, name: str, random: Random) -> Moment:
    """Bring a server that is ready to a moment; where within it, chance decides."""
    if name == "idle":
        return Moment()
    if name == "uploading":
        threading.Thread(target=_upload_on_and_on, args=(server,), daemon=True).start()
        wait_until(lambda: list(server.home.glob("runs/.unfinished-*")), 60, server.log)
        time.sleep(random.uniform(0, UPLOADING_SECONDS))
        return Moment()
    if name == "compiling":
        job = server.train(epochs=5, hidden=[random.randrange(10, 900), random.randrange(10, 900)])
        server.wait_for(lambda told: told["phase"] == "compiling", job)
        time.sleep(random.uniform(0, TRAINING_SECONDS))
    elif name == "training":
        job = server.train(epochs=200, batch_size=8, seed=random.randrange(1000))
        server.wait_for(lambda told: told["step"], job)
        time.sleep(random.uniform(0, TRAINING_SECONDS))
    else:
        job = server.train(epochs=2, seed=random.randrange(1000))
        wait_until(lambda: _saves(server.home), 60, server.log)
        time.sleep(random.uniform(0, SAVING_SECONDS))
    told = server.state(job)
    return Moment(job, told["steps"], told["epochs"])


def _saves(home: Path) -> bool:
    return any(home.glob("runs/.unfinished-*"))


def _upload_on_and_on(server: Server) -> None:
    data = pack_run(next(path for path in sorted(PRETRAINED_RUNS.iterdir()) if path.is_dir()))
    with suppress(urllib.error.URLError, ConnectionError, HTTPException):
        while "run" in server.ask("upload", data):
            pass


def check_promise(server: Server, moment: Moment, before: set[str]) -> None:
    """Check what is kept of a job that was interrupted: all that the pages knew of it.

    Args:
        server: Whose home it is.
        moment: When it was interrupted.
        before: The runs that were there already.
    """
    store = RunStore(server.home, server.home / "none")
    new = [run for run in store.list() if run.id not in before and not run.uploaded]
    if not moment.steps:
        assert len(new) <= 1
        return
    (run,) = new
    assert len(run.history.steps) >= moment.steps
    assert len(run.history.epochs) >= moment.epochs
    assert run.has_weights or not moment.epochs
    if run.status is not RunStatus.FAILED:
        assert run.test_accuracy is not None
        assert (run.folder / "model.keras").is_file()


def check_goes_on(server: Server) -> None:
    """Check that a server is as good as new: Train works, nothing is left over, the terminal is calm."""
    server.wait_until_ready()
    told = server.wait_until_over(server.train(epochs=1, seed=7))
    assert (told["phase"], told["problem"]) == ("ended", None)
    assert told["run"] in kept_runs(server.home)
    wait_until(lambda: not leftovers(server.home), 10, lambda: leftovers(server.home))
    assert len(server.trainers()) == 1
    assert TRACEBACK not in server.log()
