"""The smallest images that somebody may bring: the real training takes them, from file to finished run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnist_demo.data.mnist import Dataset, load_mnist
from mnist_demo.runs.run import RunConfig, RunStatus
from mnist_demo.runs.store import RunStore
from mnist_demo.settings import Settings
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.making import train_run
from tests.mnist import arrays_of, part_of_mnist, write_images

Few = tuple[Dataset, TrainingSession]


@pytest.fixture(scope="module", params=[(2, 1), (3, 1), (20, 5)], ids="{0[0]} and {0[1]} images".format)
def few(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Few:
    """Bring so few images that a batch holds more."""
    folder = tmp_path_factory.mktemp("few")
    path = write_images(part_of_mnist(*request.param), folder / "few.npz")
    dataset = load_mnist(Settings(home=folder, data=path))
    return dataset, TrainingSession(*arrays_of(dataset).values())


@pytest.mark.parametrize("augment", [False, True])
@pytest.mark.parametrize("european", [False, True])
@pytest.mark.parametrize("split", [0.05, 0.5])
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_fewer_images_than_a_batch_train_to_a_whole_run(
    tmp_path: Path, few: Few, split: float, augment: bool, european: bool
):
    """However few are left to learn from: every epoch, the test and the calibration have figures."""
    dataset, session = few
    store = RunStore(tmp_path, pretrained=tmp_path / "none")
    config = RunConfig(epochs=2, hidden=(5, 4), validation_split=split, augment=augment, european=european)
    kept = train_run(session, config, dataset.info, store)
    assert kept
    run = store.get(kept.id)
    assert run.status is RunStatus.FINISHED
    assert not run.dataset.is_mnist
    figures = [(record.loss, record.accuracy, record.val_loss) for record in run.history.epochs]
    assert len(figures) == 2
    assert np.isfinite([*figures, (run.test_loss, run.test_accuracy, run.calibration.temperature)]).all()


def test_fewer_images_than_the_page_shows_are_all_changed(few: Few):
    """Sixteen, where there are so many."""
    dataset, session = few
    assert session.changed_samples().shape[2] == min(len(dataset.x_train), 16)
