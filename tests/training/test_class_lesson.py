"""What a class teaches, as the trainer prepares it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mnist_demo.data import Dataset, load_mnist
from mnist_demo.jobs import Event, StepDone, Teaching, class_config
from mnist_demo.runs import RunConfig, RunStore
from mnist_demo.settings import Settings
from mnist_demo.training.class_lesson import ClassLesson, prepare_class_lesson
from mnist_demo.training.control import RunControl
from mnist_demo.training.loop import TrainingSession
from tests.class_drawings import mirrored_class
from tests.mnist import arrays_of, part_of_mnist, write_images


class CountingSession(TrainingSession):
    """A session that counts the reports of its steps."""

    steps = 0

    def train(
        self, config: RunConfig, control: RunControl | None = None, lesson: ClassLesson | None = None
    ) -> Iterator[Event]:
        """Train, and count."""
        for event in super().train(config, control, lesson):
            self.steps += isinstance(event, StepDone)
            yield event


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """A small part of MNIST."""
    path = write_images(part_of_mnist(600, 100), tmp_path / "some.npz")
    return load_mnist(Settings(home=tmp_path, data=path))


@pytest.mark.parametrize(("stopped_after", "trains_on"), [(0, False), (1_000_000, True)])
def test_stop_is_heard_while_the_network_to_compare_with_is_trained(
    tmp_path: Path, dataset: Dataset, stopped_after: int, trains_on: bool
):
    """Which takes half of the time, and of which no page sees anything."""
    store, session = RunStore(tmp_path), CountingSession(*arrays_of(dataset).values())
    mirrored_class().save(tmp_path / "drawings.npz")
    config = class_config(store.get("notebook").config)
    teaching = Teaching("notebook", str(tmp_path / "drawings.npz"))
    prepare_class_lesson(teaching, config, session, dataset, store, lambda: session.steps > stopped_after)
    assert (session.steps > config.epochs) is trains_on
