import pytest

from mnist_demo.data.mnist import Dataset
from mnist_demo.network.coverage import answer_from
from mnist_demo.network.evaluation import evaluate
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network
from tests.network.test_evaluation import sure_of

SOME = sure_of((4, 9, 0.75), (4, 4, 0.875), (9, 9, 0.5), (0, 0, 1.0))


def test_what_is_exactly_as_sure_is_answered():
    """The slider says "at least"."""
    found = answer_from(SOME, 0.75)
    assert (found.images, found.answered, found.correct, found.mistakes) == (4, 3, 2, 1)
    assert found.share == 0.75
    assert found.accuracy == pytest.approx(2 / 3)


def test_a_higher_threshold_leaves_the_mistake_out():
    """Fewer answers, all of them right."""
    found = answer_from(SOME, 0.8)
    assert (found.share, found.accuracy, found.mistakes) == (0.5, 1.0, 0)


def test_without_an_answer_nothing_is_said_to_be_right():
    """Neither 0 % nor 100 % would be true."""
    assert answer_from(sure_of((4, 4, 0.5)), 0.9).accuracy is None


def test_the_shipped_network_is_right_more_often_where_it_is_sure(mnist: Dataset):
    """At the least threshold it answers all; the figures are those of its evaluation."""
    evaluation = evaluate(Network.load(PRETRAINED_RUNS / "notebook"), mnist.x_test, mnist.y_test)
    everything = answer_from(evaluation, 0.1)
    assert (everything.share, everything.accuracy) == (1, evaluation.accuracy)
    sure = answer_from(evaluation, 0.99)
    assert 0.8 < sure.share < 0.95
    assert sure.accuracy is not None
    assert sure.accuracy > 0.995
