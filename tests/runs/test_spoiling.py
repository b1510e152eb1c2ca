import numpy as np
import pytest

from mnist_demo.errors import TrainingFailed
from mnist_demo.runs.config import RunConfig
from mnist_demo.runs.spoiling import learned_examples
from tests.mnist import whole_mnist

DIGITS = whole_mnist().y_train


def test_plain_settings_learn_from_the_first_images_with_their_labels():
    """As the classic notebook does."""
    learned = learned_examples(RunConfig(), DIGITS)
    assert (learned.rows == np.arange(48_000)).all()
    assert (learned.labels == DIGITS).all()


def test_fewer_images_are_the_first_ones_of_what_is_not_held_back():
    """And a label is wrong whatever part of the images is learned from."""
    few = learned_examples(RunConfig(train_images=100, wrong_labels=0.3, validation_split=0.5), DIGITS)
    many = learned_examples(RunConfig(wrong_labels=0.3), DIGITS)
    assert (few.rows == np.arange(100)).all()
    assert (few.labels == many.labels).all()


def test_no_image_that_is_held_back_is_learned_from():
    """Others that take the place of a missing digit come from the images that are learned from."""
    learned = learned_examples(RunConfig(missing_digit=7, rare_digit=4), DIGITS)
    assert len(learned.rows) == 48_000
    assert learned.rows.max() < 48_000
    assert 7 not in DIGITS[learned.rows]


def test_nothing_to_learn_from_is_told():
    """Images that somebody brings may be of one digit where they are learned from."""
    with pytest.raises(TrainingFailed, match="nothing_to_learn"):
        learned_examples(RunConfig(missing_digit=7), np.array([7, 7, 7, 7, 1], np.uint8))
