"""The European forms of zeros, ones and sevens, as the trainer writes them, and how an epoch takes them."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.runs.config import RunConfig
from mnist_demo.training import augment as augment_module
from mnist_demo.training import european as european_module
from mnist_demo.training.augment import AUGMENTED_AT_ONCE, Augmenter
from mnist_demo.training.batches import Images
from mnist_demo.training.european import FORM_SHARES, EuropeanForms, write_forms
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.model import one_hot_labels
from tests.mnist import part_of_mnist
from tests.training.test_augment import centres, sides

COUNT = 5000
SEEDS = range(20)


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """What real images show, (5000,)."""
    return part_of_mnist(COUNT, 1).y_train


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """These images, (5000, 784)."""
    return prepare_images(part_of_mnist(COUNT, 1).x_train)


@pytest.fixture(scope="module")
def forms(images: np.ndarray, digits: np.ndarray) -> EuropeanForms:
    """Their forms."""
    return write_forms(images, digits)


def changed(pool: Images, rows: np.ndarray, seed: int = 3, **how: bool) -> tuple[np.ndarray, np.ndarray]:
    """Give the images and labels of an epoch, without the padding."""
    sources = list(pool.changed_batches(rows, seed, **how))
    images = np.concatenate([source.images.numpy()[: source.count] for source in sources])
    return images, np.concatenate([source.labels.numpy()[: source.count] for source in sources])


def test_zeros_ones_and_sevens_have_a_form_and_no_other_digit(forms: EuropeanForms, digits: np.ndarray):
    """A form follows after the images; what has none is its own."""
    has_form = forms.rows != np.arange(COUNT)
    assert np.array_equal(has_form, np.isin(digits, [0, 1, 7]))
    assert np.array_equal(forms.rows[has_form], COUNT + np.arange(len(forms.images)))


def test_forms_are_framed_as_mnist_is(images: np.ndarray, forms: EuropeanForms):
    """20 pixels, the centre of mass within half a pixel of 14, the brightest pixel white."""
    assert forms.images.shape[1:] == (784,)
    assert forms.images.dtype == np.float32
    assert np.median(sides(forms.images)) == np.median(sides(images)) == 20
    assert set(sides(forms.images)) <= {18, 19, 20, 21}  # the round ends of a thin pen are faint
    # At the edges of MNIST, as here, a box of 20 pixels cannot be shifted further.
    assert np.mean(np.abs(centres(forms.images) - 14).max(axis=1) <= 0.5 + 1e-4) > 0.99
    assert forms.images.min() == 0
    assert (forms.images.max(axis=1) == 1).all()


def test_strokes_are_as_wide_as_the_digits_own(images: np.ndarray, digits: np.ndarray, forms: EuropeanForms):
    """Who writes with a thin pen draws a thin flag: the forms' strokes are on the whole as wide."""
    replaced = np.flatnonzero(digits == 1)
    before = european_module._measure_strokes(images[replaced].reshape(-1, 28, 28)).width
    after = european_module._measure_strokes(
        forms.images[forms.rows[replaced] - COUNT].reshape(-1, 28, 28)
    ).width
    assert np.median(after / before) == pytest.approx(1, abs=0.12)
    assert np.corrcoef(before, after)[0, 1] > 0.8


def test_slash_crosses_the_middle(images: np.ndarray, digits: np.ndarray, forms: EuropeanForms):
    """A zero is empty there, its form is not."""
    middle = np.zeros((28, 28), bool)
    middle[12:16, 12:16] = True
    zeros = np.flatnonzero(digits == 0)
    before, after = images[zeros], forms.images[forms.rows[zeros] - COUNT]
    assert np.median(before[:, middle.ravel()].max(axis=1)) < 0.1
    assert np.mean(after[:, middle.ravel()].max(axis=1) > 0.7) > 0.98


def test_flag_is_left_of_the_upper_end(images: np.ndarray, digits: np.ndarray, forms: EuropeanForms):
    """In the form, the ink of the upper half lies further to the left, seen from that of the lower half."""
    column, upper, lower = np.arange(28), slice(0, 14), slice(14, 28)

    def lean(rows: np.ndarray) -> np.ndarray:
        halves = [rows.reshape(-1, 28, 28)[:, half].sum(axis=1) for half in (upper, lower)]
        above, below = (half @ column / half.sum(axis=1) for half in halves)
        return above - below

    ones = np.flatnonzero(digits == 1)
    upright = european_module._stand_up(images[ones].reshape(-1, 28, 28), np.ones(len(ones)))
    assert np.median(np.abs(lean(upright))) < 0.5
    assert np.median(lean(images[ones]) - lean(forms.images[forms.rows[ones] - COUNT])) > 1


def test_bar_crosses_the_stem(images: np.ndarray, digits: np.ndarray, forms: EuropeanForms):
    """About half way down, a seven has one stroke's width of ink and its form has more."""
    sevens = np.flatnonzero(digits == 7)
    before, after = images[sevens], forms.images[forms.rows[sevens] - COUNT]
    widest = [rows.reshape(-1, 28, 28)[:, 13:18].sum(axis=2).max(axis=1) for rows in (before, after)]
    assert np.median(widest[1] - widest[0]) > 2.5


def test_same_seed_writes_the_same_forms(images: np.ndarray, digits: np.ndarray, forms: EuropeanForms):
    """Another seed writes others."""
    assert np.array_equal(write_forms(images, digits).images, forms.images)
    assert not np.array_equal(write_forms(images, digits, seed=8).images, forms.images)


def test_form_of_an_image_does_not_depend_on_those_that_follow(
    images: np.ndarray, digits: np.ndarray, forms: EuropeanForms
):
    """The app knows test images, too; a run's notebook does not, and writes and chooses the same forms."""
    few = write_forms(images[:4000], digits[:4000])
    assert np.array_equal(few.images, forms.images[: len(few.images)])
    rows = np.arange(4000)
    assert np.array_equal(few.replace(rows, 5) == rows, forms.replace(rows, 5) == rows)


def test_as_many_are_replaced_as_declared(digits: np.ndarray, forms: EuropeanForms):
    """In every epoch others, each by its own form."""
    rows = np.arange(COUNT)
    epochs = np.array([forms.replace(rows, seed) != rows for seed in SEEDS])
    for digit in range(10):
        share = epochs[:, digits == digit].mean()
        assert share == pytest.approx(FORM_SHARES.get(digit, 0), abs=0.02), digit
    assert not np.array_equal(epochs[0], epochs[1])
    assert np.array_equal(forms.replace(rows, 3), forms.replace(rows, 3))
    replaced = forms.replace(rows, 3)
    assert set(replaced[replaced != rows]) <= set(forms.rows)


def test_order_of_the_rows_does_not_matter(forms: EuropeanForms):
    """Which images are replaced depends on the seed alone."""
    rows = np.random.default_rng(0).permutation(COUNT)
    assert np.array_equal(forms.replace(rows, 3), forms.replace(np.arange(COUNT), 3)[rows])


def test_images_without_ink_have_no_form():
    """Somebody's own images may be black; then there is nothing to write on, nor a warning."""
    forms = write_forms(np.zeros((3, 784), np.float32), np.array([0, 1, 7]))
    assert forms.images.shape == (0, 784)
    assert np.array_equal(forms.replace(np.arange(3), 1), np.arange(3))


def test_each_image_keeps_its_label_without_augmentation(images: np.ndarray, digits: np.ndarray):
    """An epoch is the images as they are, some replaced by their forms, in the order of their rows."""
    pool, rows = Images(images, one_hot_labels(digits)), np.arange(COUNT)[::-1]
    assert AUGMENTED_AT_ONCE < COUNT
    shown, labels = changed(pool, rows, augment=False, european=True)
    assert np.array_equal(labels.argmax(axis=1), digits[rows])
    forms = write_forms(images, digits)
    assert np.array_equal(shown, np.concatenate([images, forms.images])[forms.replace(rows, 3)])
    kept = (shown == images[rows]).all(axis=1)
    assert 0.03 < np.mean(~kept) < 0.15


def test_forms_are_augmented_like_every_image(images: np.ndarray, digits: np.ndarray):
    """As if they followed the images; and who is not replaced is augmented as without them."""
    pool, rows = Images(images, one_hot_labels(digits)), np.arange(COUNT)
    shown, labels = changed(pool, rows, augment=True, european=True)
    assert np.array_equal(labels.argmax(axis=1), digits)
    forms = write_forms(images, digits)
    augmenter = Augmenter(tf.constant(np.concatenate([images, forms.images])))
    parts = augmenter.augment_in_parts(forms.replace(rows, 3), 3)
    assert np.array_equal(shown, np.concatenate([part[: len(some)] for some, part in parts]))
    plain, _ = changed(pool, rows, augment=True, european=False)
    same = (shown == plain).all(axis=1)
    assert np.array_equal(same, forms.replace(rows, 3) == rows)


def test_samples_show_every_form_there_is(images: np.ndarray, digits: np.ndarray):
    """[european][augment]: plain images, then deformed; forms, then deformed."""
    samples = Images(images[:16], one_hot_labels(digits[:16])).changed_samples(np.arange(16))
    forms = write_forms(images[:16], digits[:16])
    assert samples.shape == (2, 2, 16, 784)
    assert np.array_equal(samples[0, 0], images[:16])
    assert np.array_equal(samples[1, 0], np.concatenate([images[:16], forms.images])[forms.rows])
    for plain, deformed in samples:
        likeness = (plain * deformed).sum(axis=1) / np.linalg.norm(deformed, axis=1)
        assert np.median(likeness / np.linalg.norm(plain, axis=1)) > 0.5
        assert not np.array_equal(plain, deformed)


def top_names(module: object) -> set[str]:
    """Name what a file defines, leaving out what it imports."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    targets = [node.targets[0] for node in tree.body if isinstance(node, ast.Assign)]
    return names | {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def test_both_files_may_stand_in_one_notebook():
    """The second would take the place of whatever has the same name in the first."""
    assert len(top_names(european_module)) > 10
    assert not top_names(european_module) & top_names(augment_module)


def test_forms_a_network_learns_are_among_the_digits_of_its_detector(mnist: Dataset) -> None:
    """A zero with a stroke is no stranger to it; without the setting the digits are MNIST's alone."""
    session = TrainingSession(mnist.x_train[:60], mnist.y_train[:60], mnist.x_test[:10], mnist.y_test[:10])
    plain, _, _ = session.detector_data(RunConfig())
    digits, _, _ = session.detector_data(RunConfig(european=True))
    have_form = np.isin(mnist.y_train[: len(plain)], (0, 1, 7))
    assert len(digits) == len(plain) + have_form.sum()
    np.testing.assert_array_equal(digits[: len(plain)], plain)
    forms = digits[len(plain) :]
    assert (np.abs(forms - plain[have_form]).max(axis=1) > 0).all()


def test_some_ones_get_a_straight_stem_in_place_of_theirs(images: np.ndarray, digits: np.ndarray):
    """As many as is said; a stem of MNIST's, made upright, is more jagged than what is drawn on a canvas."""
    ones = images[digits == 1][:100].reshape(-1, 28, 28)
    shapes = european_module._measure_strokes(ones)
    chances = np.full((european_module.FORM_CHANCES, len(ones)), 0.5)
    chances[6] = np.linspace(0, 1, len(ones), endpoint=False)
    strokes = european_module._flag_and_foot(shapes, chances)
    is_drawn = ~np.isnan(strokes[:, 2]).any(axis=1)
    assert is_drawn.mean() == pytest.approx(european_module.STRAIGHT_SHARE, abs=0.01)
