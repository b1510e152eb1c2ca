from dataclasses import replace

import numpy as np
import pytest

from mnist_demo.data.summary import DataSummary, summarise
from mnist_demo.runs.config import RunConfig
from mnist_demo.runs.spoiling import learned_examples
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.data.spoiled import learned_or_none, spoiled_sentences, wrong_rows
from tests.mnist import part_of_mnist

EN, ES = load_texts("en"), load_texts("es")


@pytest.fixture(scope="module")
def summary() -> DataSummary:
    """1,000 images, 800 of them learned from; the first 500 are kept."""
    return summarise(part_of_mnist(1000, 10), keep=500)


def test_images_with_wrong_labels_are_shown(summary: DataSummary):
    """Each of them is kept, learned from, and has another label than its digit."""
    learned = learned_examples(RunConfig(wrong_labels=0.3), summary.y_train)
    rows = wrong_rows(learned, summary)
    assert len(rows) == 14
    assert max(rows) < 500
    assert (learned.labels[rows] != summary.y_train[rows]).all()


def test_image_that_is_left_out_is_not_shown(summary: DataSummary):
    """Its label does not matter, and what stands in its place is shown once."""
    rows = wrong_rows(
        learned_examples(RunConfig(wrong_labels=1.0, missing_digit=7), summary.y_train), summary
    )
    assert 7 not in summary.y_train[rows]
    assert len(set(rows)) == 14


def test_sentences_say_what_is_spoiled_and_what_is_not(summary: DataSummary):
    """With the figures of these images."""
    config = RunConfig(wrong_labels=1.0, missing_digit=7, rare_digit=8)
    learned = learned_examples(config, summary.y_train)
    labels, missing, rare, rest = spoiled_sentences(config, learned, summary, EN)
    assert "800 of the 800" in labels
    assert "a 7" in missing
    left = len(np.unique(learned.rows[summary.y_train[learned.rows] == 8]))
    assert f"an 8, only {left} are" in rare
    assert "stay as they are" in rest


def test_rare_digit_that_is_missing_is_missing(summary: DataSummary):
    """It is said once."""
    config = RunConfig(missing_digit=7, rare_digit=7)
    said = spoiled_sentences(config, learned_examples(config, summary.y_train), summary, ES)
    assert len(said) == 2
    assert "un 7" in said[0]


def test_plain_settings_spoil_nothing(summary: DataSummary):
    """Nor does a digit without which there is no image; that is told elsewhere."""
    assert learned_or_none(RunConfig(), summary) is None
    ones = replace(summary, y_train=np.ones(10, np.uint8))
    assert learned_or_none(RunConfig(missing_digit=1), ones) is None
    assert learned_or_none(RunConfig(missing_digit=2), ones) is not None
