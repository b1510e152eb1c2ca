import json

import numpy as np
import pytest

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.data.shape import DIGITS
from mnist_demo.network.evaluation import IMAGES_AT_ONCE, Confusion, Evaluation, evaluate, prepared_batches
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network
from tests.factories import random_network

SHIPPED = PRETRAINED_RUNS / "notebook"


def sure_of(*answers: tuple[int, int, float]) -> Evaluation:
    """Make an evaluation of (label, what was said, how sure); the rest goes to the other digits evenly."""
    probabilities = np.zeros((len(answers), DIGITS), np.float32)
    for row, (_, said, sureness) in enumerate(answers):
        probabilities[row] = (1 - sureness) / (DIGITS - 1)
        probabilities[row, said] = sureness
    return Evaluation(np.array([label for label, _, _ in answers]), probabilities, loss=0.5)


@pytest.fixture(scope="module")
def pretrained(mnist: Dataset) -> Evaluation:
    """Evaluate the run that ships with the app on MNIST's test images."""
    return evaluate(Network.load(SHIPPED), mnist.x_test, mnist.y_test)


class TestShippedRun:
    def test_figures_are_those_of_keras(self, pretrained: Evaluation):
        """The trainer wrote what TensorFlow computed; accuracy is exact, the loss but for float32's sums."""
        metrics = json.loads((SHIPPED / "metrics.json").read_text(encoding="utf-8"))
        assert pretrained.accuracy == metrics["test_accuracy"]
        assert pretrained.loss == pytest.approx(metrics["test_loss"], abs=1e-7)
        assert not pretrained.has_overflowed

    def test_matrix_counts_every_image_once(self, pretrained: Evaluation):
        """Rows add up to the digits of MNIST's test, the diagonal to what was right."""
        assert pretrained.confusion.sum(axis=1).tolist() == [
            980,
            1135,
            1032,
            1010,
            982,
            892,
            958,
            1028,
            974,
            1009,
        ]
        assert pretrained.confusion.trace() == pretrained.correct == 9769

    def test_every_image_is_in_the_list_of_its_cell(self, pretrained: Evaluation):
        """The 100 lists hold each image once."""
        rows = [pretrained.rows_of(digit, said) for digit in range(10) for said in range(10)]
        assert sorted(np.concatenate(rows).tolist()) == list(range(10_000))

    def test_it_is_a_little_too_sure(self, pretrained: Evaluation):
        """The bins hold all images, and the error lies where it does for such networks."""
        assert sum(found.images for found in pretrained.calibration) == 10_000
        assert 0.005 < pretrained.calibration_error < 0.03


def test_matrix_has_the_truth_in_rows_and_the_answer_in_columns():
    """A 4 that was taken for a 9 stands in row 4, column 9."""
    evaluation = sure_of((4, 9, 0.8), (4, 9, 0.7), (4, 4, 0.9), (9, 9, 0.6))
    assert evaluation.confusion[4, 9] == 2
    assert evaluation.confusion[9, 4] == 0
    assert evaluation.accuracy == 0.5


def test_recall_goes_by_row_and_precision_by_column():
    """One of three 4s was found; of three answers "9", one was right."""
    evaluation = sure_of((4, 9, 0.8), (4, 9, 0.7), (4, 4, 0.9), (9, 9, 0.6))
    assert (evaluation.recall[4], evaluation.recall[9]) == (pytest.approx(1 / 3), 1)
    assert (evaluation.precision[4], evaluation.precision[9]) == (1, pytest.approx(1 / 3))


def test_digit_that_never_came_has_no_share():
    """Nothing is divided by nothing."""
    evaluation = sure_of((4, 9, 0.8))
    assert evaluation.recall[3] is None
    assert evaluation.recall[4] == 0
    assert evaluation.precision[4] is None
    assert evaluation.precision[9] == 0


def test_mistakes_are_listed_surest_first():
    """In the gallery and in the list of a cell; what was right is no mistake."""
    evaluation = sure_of((1, 7, 0.6), (1, 1, 0.99), (1, 7, 0.9), (2, 7, 0.7))
    assert evaluation.most_confident_mistakes(5).tolist() == [2, 3, 0]
    assert evaluation.most_confident_mistakes(1).tolist() == [2]
    assert evaluation.rows_of(1, 7).tolist() == [2, 0]
    assert evaluation.rows_of(7, 1).tolist() == []


def test_right_answers_are_listed_least_sure_first():
    """Among a thousand right ones, the doubtful ones are worth a look."""
    assert sure_of((1, 1, 0.9), (1, 1, 0.5), (1, 1, 0.7)).rows_of(1, 1).tolist() == [1, 2, 0]


def test_most_frequent_confusions_come_first():
    """Right answers and pairs that never came are left out."""
    evaluation = sure_of((1, 7, 0.6), (2, 2, 0.9), (4, 9, 0.7), (4, 9, 0.7))
    assert evaluation.confusions(5) == (Confusion(4, 9, 2), Confusion(1, 7, 1))
    assert evaluation.confusions(1) == (Confusion(4, 9, 2),)


def test_bins_hold_their_upper_end():
    """As in the paper: 0.5 exactly lies in the range from 0.4 to 0.5, and 1 in the last one."""
    first, last = sure_of((1, 1, 0.5), (2, 1, 0.45), (3, 3, 1.0)).calibration
    assert (first.low, first.high, first.images, first.accuracy) == (0.4, 0.5, 2, 0.5)
    assert first.confidence == pytest.approx(0.475)
    assert (last.low, last.high, last.images, last.accuracy) == (0.9, 1.0, 1, 1.0)


def test_calibration_error_weighs_gaps_by_images():
    """Three of four at 0.75 right is no error; one wrong at 0.95 among five images is 0.95 / 5."""
    calibrated = [(1, 1, 0.75)] * 3 + [(2, 1, 0.75)]
    assert sure_of(*calibrated).calibration_error == pytest.approx(0, abs=1e-6)
    assert sure_of(*calibrated, (1, 2, 0.95)).calibration_error == pytest.approx(0.19, abs=1e-6)


def test_overflowed_network_is_told_from_a_bad_one():
    """Weights beyond what float32 holds give an evaluation that says so, without a warning on the way."""
    network = random_network()
    huge = Network(tuple((np.abs(weights) * np.float32(1e30), biases) for weights, biases in network.layers))
    images, labels = np.full((3, 28, 28), 200, np.uint8), np.array([1, 2, 3], np.uint8)
    assert evaluate(huge, images, labels).has_overflowed
    assert not evaluate(network, images, labels).has_overflowed


@pytest.mark.parametrize("count", [1, IMAGES_AT_ONCE, IMAGES_AT_ONCE + 1])
def test_batches_hold_every_image_once_and_in_order(count: int):
    """None is lost at the end, and no batch takes more memory than was meant."""
    images = np.random.default_rng(3).integers(0, 256, (count, 28, 28), np.uint8)
    batches = list(prepared_batches(images))
    assert max(map(len, batches)) <= IMAGES_AT_ONCE
    np.testing.assert_array_equal(np.concatenate(batches), prepare_images(images))
