"""The smallest images that somebody may bring: the real training takes them, from file to finished run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnist_demo.data.mnist import load_mnist
from mnist_demo.runs.run import RunConfig, RunStatus
from mnist_demo.runs.store import RunStore
from mnist_demo.settings import Settings
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.worker import train_run
from tests.mnist import arrays_of, part_of_mnist, write_images


@pytest.mark.parametrize("augment", [False, True])
@pytest.mark.parametrize("split", [0.05, 0.5])
@pytest.mark.parametrize(("train", "test"), [(2, 1), (3, 1), (20, 5)])
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_fewer_images_than_a_batch_train_to_a_whole_run(
    tmp_path: Path, train: int, test: int, split: float, augment: bool
):
    """However few are left to learn from: every epoch, the test and the calibration have figures."""
    path = write_images(part_of_mnist(train, test), tmp_path / "few.npz")
    dataset = load_mnist(Settings(home=tmp_path, data=path))
    session = TrainingSession(*arrays_of(dataset).values())
    assert len(session.augmented_samples()) == min(train, 16)
    store = RunStore(tmp_path, pretrained=tmp_path / "none")
    config = RunConfig(epochs=2, hidden=(5, 4), validation_split=split, augment=augment)
    kept = train_run(session, config, dataset.info, store)
    assert kept
    run = store.get(kept.id)
    assert run.status is RunStatus.FINISHED
    assert not run.dataset.is_mnist
    figures = [(record.loss, record.accuracy, record.val_loss) for record in run.history.epochs]
    assert len(figures) == 2
    assert np.isfinite([*figures, (run.test_loss, run.test_accuracy, run.calibration.temperature)]).all()
