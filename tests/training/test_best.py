"""A run keeps the network of its best epoch where that is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_demo.data.mnist import Dataset
from mnist_demo.jobs.events import EpochDone, Event
from mnist_demo.network.mlp import Network
from mnist_demo.runs.outcome import run_outcome
from mnist_demo.runs.run import Run, RunConfig, RunStatus
from mnist_demo.runs.store import RunStore
from mnist_demo.texts.loading import load_texts
from mnist_demo.training.best import BestEpoch
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.making import train_run
from mnist_demo.training.model import new_network
from tests.mnist import arrays_of, part_of_mnist

RESTLESS = RunConfig(6, 64, 0.3, hidden=(16,), keep_best=True, seed=5)
"""Its steps are so long that its best epoch is not the last."""

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return part_of_mnist(2000, 300)


@pytest.fixture(scope="module")
def session(dataset: Dataset) -> TrainingSession:
    return TrainingSession(*arrays_of(dataset).values())


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path, pretrained=tmp_path / "none")


def arrays(run: Run) -> list[np.ndarray]:
    return Network.load(run.folder).arrays


def test_best_epochs_network_is_kept(session: TrainingSession, dataset: Dataset, store: RunStore):
    """To the bit what a training of so many epochs ends with; history, test figures and words say so."""
    run = train_run(session, RESTLESS, dataset.info, store)
    losses = [record.val_loss for record in run.history.epochs]
    assert run.kept_epoch == losses.index(min(losses)) + 1 < len(losses) == RESTLESS.epochs
    shorter = train_run(
        session, replace(RESTLESS, epochs=run.kept_epoch, keep_best=False), dataset.info, store
    )
    for kept, expected in zip(arrays(run), arrays(shorter), strict=True):
        np.testing.assert_array_equal(kept, expected)
    assert (run.test_loss, run.test_accuracy) == (shorter.test_loss, shorter.test_accuracy)
    assert f"epoch {run.kept_epoch} kept" in run_outcome(run, load_texts("en"))


def test_stopped_run_keeps_its_best_epoch(session: TrainingSession, dataset: Dataset, store: RunStore):
    """Of those that it has ended."""

    def stop_in_fourth_epoch(event: Event) -> bool:
        return not (isinstance(event, EpochDone) and event.record.epoch == 4)

    run = train_run(session, RESTLESS, dataset.info, store, stop_in_fourth_epoch)
    assert run.status is RunStatus.STOPPED
    losses = [record.val_loss for record in run.history.epochs]
    assert run.kept_epoch == losses.index(min(losses)) + 1
    assert replace(run, status=RunStatus.FAILED).kept_epoch == 4  # nobody was there to go back


def test_without_the_setting_the_last_epoch_is_kept(
    session: TrainingSession, dataset: Dataset, store: RunStore
):
    """As before there was one."""
    run = train_run(session, replace(RESTLESS, keep_best=False), dataset.info, store)
    assert run.kept_epoch == RESTLESS.epochs
    for kept, now in zip(arrays(run), session.network.get_weights(), strict=True):
        np.testing.assert_array_equal(kept, now)


def test_loss_that_is_no_number_is_never_the_best():
    """The first of equal losses is; and where none is a number, the network stays as it is."""
    network, best = new_network(RunConfig(hidden=(2,))), BestEpoch()
    start = network.get_weights()
    best.see(float("nan"), network)
    network.set_weights([array + 1 for array in start])
    best.restore(network)
    np.testing.assert_array_equal(network.get_weights()[0], start[0] + 1)
    for change, loss in ((2, 0.5), (3, 0.5), (4, float("inf"))):
        network.set_weights([array + change for array in start])
        best.see(loss, network)
    best.restore(network)
    np.testing.assert_array_equal(network.get_weights()[0], start[0] + 2)
