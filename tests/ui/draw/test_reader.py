"""Who reads the drawing where several networks are trained."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mnist_demo.errors import UnknownRun
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.runs.run import RunConfig
from mnist_demo.ui import services
from mnist_demo.ui.draw.reader import LIVE, NotBegun, find_reader, live_name
from tests.factories import random_network


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Let three networks be trained, of which the last has not begun."""
    made = []
    for seed in (1, 2):
        random_network(seed=seed).save(tmp_path / f"{seed}.npz")
        made.append(
            Job(f"job{seed}", RunConfig(seed=seed), JobPhase.TRAINING, weights=str(tmp_path / f"{seed}.npz"))
        )
    made.append(Job("job3", RunConfig(seed=3), JobPhase.COMPILING))
    state = TrainerState(tuple(Worker(WorkerPhase.READY, job) for job in made))
    monkeypatch.setattr(services, "trainer", lambda: SimpleNamespace(state=state))
    return made


def test_each_page_is_answered_by_the_network_that_it_follows(jobs: list[Job]):
    """Not by whichever is trained first."""
    for seed, job in zip((1, 2), jobs, strict=False):
        network = find_reader(live_name(job)).network
        np.testing.assert_array_equal(network.layers[0][0], random_network(seed=seed).layers[0][0])
    with pytest.raises(NotBegun):
        find_reader(live_name(jobs[2]))


def test_network_in_training_is_known_by_no_other_name(jobs: list[Job]):
    """Its id is told to nobody, and names nothing."""
    assert not any(job.id in live_name(job) for job in jobs)
    for name in (LIVE, f"{LIVE}-", f"{LIVE}-job1", f"{LIVE}-0"):
        with pytest.raises(UnknownRun):
            find_reader(name)
