"""A class teaches a network: a real trainer, real images, a handwriting that no network knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_demo.jobs import Job, JobPhase, Teaching, Trainer, class_config
from mnist_demo.network import OUTLIERS_FILE, Network
from mnist_demo.runs import TEACHER, RunStatus, RunStore, keep_upload, pack_run, read_run
from mnist_demo.runs.config import RunConfig
from mnist_demo.settings import Settings
from tests.class_drawings import mirrored_class
from tests.mnist import part_of_mnist, write_images
from tests.trainer import wait_for

SECONDS = 120


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for the trainer and the tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> RunStore:
    """The store that they share."""
    return RunStore(home)


@pytest.fixture(scope="module")
def trainer(home: Path, store: RunStore) -> Iterator[Trainer]:
    """A trainer of part of MNIST."""
    images = write_images(part_of_mnist(9000, 400), home / "some.npz")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MNIST_DEMO_HOME", str(home))
        environment.setenv("MNIST_DEMO_DATA", str(images))
        started = Trainer(Settings.from_environment(), store)
        started.start()
        yield started
        started.close()


def taught(trainer: Trainer, home: Path, base: str = "notebook", name: str = "learning.npz") -> Job:
    """Let a network learn from a file of drawings; give the job when it is over."""
    config = class_config(RunStore(home).get(base).config)
    job = trainer.submit(config, TEACHER, Teaching(base, str(home / name)))
    state = wait_for(trainer, lambda s: bool(s.find(job.id) and s.find(job.id).phase.is_over), SECONDS)
    return state.find(job.id)


@pytest.fixture(scope="module")
def ended(trainer: Trainer, home: Path) -> Job:
    """A training that has ended."""
    mirrored_class().save(home / "learning.npz")
    return taught(trainer, home)


def test_network_learns_what_it_did_not_know_and_forgets_little(ended: Job, store: RunStore):
    """Measured on people it has not learned from; as many steps without the class teach nothing of it."""
    run = store.get(ended.run)
    found = run.taught
    assert (found.base, found.drawings, found.people, found.held_people) == ("notebook", 60, 6, 3)
    assert found.on_class.after.of == 30
    assert found.on_class.after.right > max(found.on_class.before.right, found.on_class.control.right) + 5
    assert found.on_test.after.of == 400
    assert found.on_test.after.right > 0.93 * 400
    assert found.on_test.after.right / 400 == pytest.approx(run.test_accuracy, abs=0.01)


def test_it_is_an_ordinary_run(ended: Job, store: RunStore):
    """That is read, used, calibrated and taken home as any other."""
    run = store.get(ended.run)
    assert run.status is RunStatus.FINISHED
    assert len(run.history.epochs) == run.config.epochs
    assert run.calibration
    assert (run.folder / OUTLIERS_FILE).is_file()
    assert (run.folder / "model.keras").is_file()
    assert read_run(run.folder) == run
    assert Network.load(run.folder).hidden == run.config.hidden
    uploaded = keep_upload(pack_run(run.folder), store, TEACHER)
    assert uploaded.taught == run.taught


def test_it_can_go_on_learning_with_the_same_people_held_out(
    ended: Job, trainer: Trainer, home: Path, store: RunStore
):
    """What it was after the first training is what it was before the second."""
    first = store.get(ended.run).taught
    second = store.get(taught(trainer, home, ended.run).run).taught
    assert second.on_class.before == first.on_class.after
    assert second.base == ended.run


def test_drawings_that_are_gone_fail_the_job_in_a_sentence(trainer: Trainer, home: Path):
    """The class has ended meanwhile; the trainer goes on."""
    job = taught(trainer, home, name="none.npz")
    assert job.phase is JobPhase.FAILED
    assert job.problem.code == "class_drawings_gone"
    assert not job.run


@pytest.mark.usefixtures("ended")
def test_stopped_training_of_a_class_leaves_no_run(trainer: Trainer, home: Path, store: RunStore):
    """Half of what a class has taught is no run; and nobody joins it by the same settings."""
    runs = len(store.list())
    config = class_config(store.get("notebook").config)
    job = trainer.submit(config, TEACHER, Teaching("notebook", str(home / "learning.npz")))
    assert not job.trains(config)
    trainer.stop(job.id)
    wait_for(trainer, lambda s: not s.pending, SECONDS)
    assert len(store.list()) == runs


def test_settings_of_a_class_keep_what_the_network_is_made_of():
    """And spoil nothing."""
    base = RunConfig(
        hidden=(40,), activation="tanh", learning_rate=0.00003, wrong_labels=0.5, missing_digit=3
    )
    found = class_config(base)
    assert (found.hidden, found.activation, found.learning_rate) == ((40,), "tanh", 0.00003)
    assert found.augment
    assert not found.spoils_data
