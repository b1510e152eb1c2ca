"""A network goes on learning from a class, whose drawings are mixed with images that it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from mnist_demo.data import IMAGE_SIDE, ClassDrawings, Dataset, prepare_images
from mnist_demo.errors import TrainingFailed
from mnist_demo.jobs.teaching import Teaching
from mnist_demo.network import Network, evaluate
from mnist_demo.runs import Comparison, RunConfig, RunStore, Score, Taught
from mnist_demo.training.augment import AUGMENTED_AT_ONCE, Augmenter
from mnist_demo.training.batches import PADDING, BatchSource, Examples, pad
from mnist_demo.training.european import EuropeanForms, write_forms
from mnist_demo.training.model import one_hot_labels

if TYPE_CHECKING:
    from mnist_demo.training.loop import TrainingSession

CLASS_SHARE = 0.25
"""Of the images of an epoch: so many are drawings of the class, each deformed anew whenever it comes."""
CLASS_LOTS = 1_000_003
"""Beside the seed, as in `data.spoiling`."""


class Mixture:
    """Images of a data set and drawings of a class, all deformed anew in every epoch.

    Args:
        known: Images (n, 784) float32, 0 to 1, of the data set, and their digits (n,).
        drawn: Those of the class (m, 784), and the digits that they should be.
        european: Whether some zeros, ones and sevens of the data set are replaced by their European forms.

    Attributes:
        images: (n + f + m, 784) float32, all of them, the f forms between the two.
    """

    def __init__(self, known: Examples, drawn: Examples, *, european: bool) -> None:
        (images, digits), self._count = known, len(known[0])
        self._forms: EuropeanForms | None = write_forms(images, digits) if european else None
        rows = np.arange(self._count)
        of_forms = np.flatnonzero(self._forms.rows != rows) if self._forms else rows[:0]
        form_images = self._forms.images if self._forms else images[:0]
        self.images = np.concatenate([images, form_images, drawn[0]])
        self._digits = np.concatenate([digits, digits[of_forms], drawn[1]])
        self._drawn = np.arange(len(self.images) - len(drawn[0]), len(self.images))
        self._augmenter = Augmenter(tf.constant(self.images))

    def rows(self, seed: int, epoch: int, *, with_class: bool) -> NDArray[np.integer]:
        """Choose the images (n,) of an epoch, in their order; the class's stand in the place of others."""
        lots = np.random.default_rng([seed, epoch, CLASS_LOTS])
        rows: NDArray[np.integer] = lots.permutation(self._count)
        if self._forms:
            rows = self._forms.replace(rows, int(lots.integers(2**31)))
        if with_class:
            places = lots.choice(self._count, max(1, round(CLASS_SHARE * self._count)), replace=False)
            rows[places] = lots.permutation(np.resize(lots.permutation(self._drawn), len(places)))
        return rows

    def sources(self, seed: int, epoch: int, *, with_class: bool) -> Iterator[BatchSource]:
        """Yield the images of an epoch, see `rows`, in parts of which all have one size."""
        chosen = self.rows(seed, epoch, with_class=with_class)
        deformed = int(np.random.default_rng([seed, epoch]).integers(2**31))
        for rows, images in self._augmenter.augment_in_parts(chosen, deformed):
            labels = np.zeros((AUGMENTED_AT_ONCE, 10), np.float32)
            labels[: len(rows)] = one_hot_labels(self._digits[rows])
            order = pad(np.arange(len(rows)), AUGMENTED_AT_ONCE, PADDING)
            yield BatchSource(images, tf.constant(labels), order, len(rows))


@dataclass(frozen=True, eq=False)
class ClassLesson:
    """What a network learns from, where it starts, and on what it is tested.

    Attributes:
        base: Id of the run that it starts from.
        start: The network of that run.
        mixture: What it learns from.
        drawings: All of the class, those held out, too.
        tests: The data set, for its test images.
        control: The network that made as many steps without the class's drawings; None before.
        with_class: Whether the class's drawings are learned from.
    """

    base: str
    start: Network
    mixture: Mixture
    drawings: ClassDrawings
    tests: Dataset
    control: Network | None = None
    with_class: bool = True

    def sources(self, config: RunConfig, epoch: int) -> Iterator[BatchSource]:
        """Yield the images of an epoch."""
        return self.mixture.sources(config.seed, epoch, with_class=self.with_class)

    @property
    def start_weights(self) -> list[NDArray[np.float32]]:
        """Weights and biases to start from, as Keras takes them."""
        return [array for layer in self.start.layers for array in layer]

    def train_control(
        self, session: TrainingSession, config: RunConfig, is_stopped: Callable[[], bool]
    ) -> Self:
        """Train the network to compare with: as many steps, of the same data set, without the class.

        Where the job is stopped meanwhile, it ends at once; nothing is measured by it then.
        """
        for _ in session.train(config, lesson=replace(self, with_class=False)):
            if is_stopped():
                break
        return replace(self, control=Network(tuple(session.weights()), config.activation))

    def measure(self, after: Network) -> Taught:
        """Test a network, the one before and the control, on the people held out and on the test images."""
        learned, held_out, tests = self.drawings.learned, self.drawings.held_out, self.tests
        networks = (self.start, after, self.control or self.start)
        images = held_out.images.reshape(-1, IMAGE_SIDE, IMAGE_SIDE)
        return Taught(
            base=self.base,
            drawings=len(learned),
            people=learned.count_people,
            held_people=held_out.count_people,
            digest=self.drawings.digest,
            on_class=Comparison(*(_score(network, images, held_out.digits) for network in networks)),
            on_test=Comparison(*(_score(network, tests.x_test, tests.y_test) for network in networks)),
        )


def _score(network: Network, images: NDArray[np.uint8], digits: NDArray[np.uint8]) -> Score:
    return Score(evaluate(network, images, digits).correct, len(images))


def prepare_class_lesson(
    teaching: Teaching,
    config: RunConfig,
    session: TrainingSession,
    dataset: Dataset,
    store: RunStore,
    is_stopped: Callable[[], bool],
) -> ClassLesson:
    """Read what a class has drawn, and train the control, for as long as nobody has stopped the job.

    Raises:
        TrainingFailed: The drawings are gone.
        UnknownRun, DamagedRun: The network to start from cannot be read.
    """
    start = store.load_network(store.get(teaching.base))
    try:
        drawings = ClassDrawings.load(Path(teaching.drawings))
    except (OSError, ValueError) as error:
        raise TrainingFailed("class_drawings_gone") from error
    learned = drawings.learned
    drawn = prepare_images(learned.images), learned.digits
    mixture = Mixture(session.training_examples(config), drawn, european=config.european)
    lesson = ClassLesson(teaching.base, start, mixture, drawings, dataset)
    return lesson.train_control(session, config, is_stopped)
