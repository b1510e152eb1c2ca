"""What is no digit, told by the hidden layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.non_digits import make_non_digits
from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.network.abstention import abstains
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network
from mnist_demo.network.outliers import ABSTENTION_SHARE, OutlierDetector, fit_detector
from mnist_demo.runs.run import NOTEBOOK_RUN, ROBUST_RUN
from tests.factories import random_network

RNG = np.random.default_rng(5)


def some_detector(hidden: tuple[int, ...] = (12, 8)) -> tuple[Network, OutlierDetector]:
    """Fit a detector to a random network, on dark digits and bright others."""
    network = random_network(hidden)
    dark, bright = RNG.random((200, 784), np.float32) ** 6, RNG.random((150, 784), np.float32)
    detector = fit_detector(network, dark, bright, dark[:100])
    assert detector is not None
    return network, detector


def test_shipped_network_tells_other_non_digits_than_it_has_learned_from(mnist: Dataset) -> None:
    """Made with another seed, of test images: most are told, and hardly a digit."""
    strange = prepare_images(make_non_digits(mnist.x_test, mnist.y_test, 1000, seed=7))
    digits = prepare_images(mnist.x_test[:1000])
    for name, share in ((ROBUST_RUN, 0.6), (NOTEBOOK_RUN, 0.45)):
        assert abstains(name, strange).mean() > share
        assert abstains(name, digits).mean() < 0.03


def test_so_many_of_the_validation_images_are_false_alarms(mnist: Dataset) -> None:
    """The bias is moved until it is that share, whatever has been learned."""
    network = Network.load(NOTEBOOK_RUN)
    digits, validation = prepare_images(mnist.x_train[:2000]), prepare_images(mnist.x_train[-2000:])
    strange = prepare_images(make_non_digits(mnist.x_train[:2000], mnist.y_train[:2000], 1000, seed=1))
    detector = fit_detector(network, digits, strange, validation)
    assert detector is not None
    false_alarms = (detector.scores(network.activations(validation)) > 0).mean()
    assert false_alarms == pytest.approx(ABSTENTION_SHARE, abs=1e-3)
    assert (detector.scores(network.activations(strange)) > 0).mean() > 0.3
    again = fit_detector(network, digits, strange, validation)
    assert again is not None
    np.testing.assert_array_equal(again.hidden[0], detector.hidden[0])


def test_network_that_has_overflowed_has_none() -> None:
    """There is nothing to learn from."""
    layers = random_network().layers
    broken = Network((*layers[:2], (layers[2][0] * np.float32(np.inf), layers[2][1])))
    x = RNG.random((20, 784), np.float32)
    assert fit_detector(broken, x, x, x) is None


def test_dead_network_has_one_that_says_nothing() -> None:
    """All of its neurons are silent: every image looks the same, and none is called strange."""
    layers = [(np.zeros_like(weights), biases - 1) for weights, biases in random_network().layers]
    x = RNG.random((20, 784), np.float32)
    detector = fit_detector(Network(tuple(layers)), x, x, x)
    assert detector is not None
    assert not (detector.scores(Network(tuple(layers)).activations(x)) > 0).any()


@pytest.mark.parametrize("hidden", [(12, 8), (300, 260), (1, 1)])
def test_it_is_read_as_it_was_written(hidden: tuple[int, int], tmp_path: Path) -> None:
    """Of a small network and of one whose layers are larger than what is looked at."""
    network, detector = some_detector(hidden)
    detector.save(tmp_path / "outliers.npz")
    answers = network.activations(RNG.random((9, 784), np.float32))
    read = OutlierDetector.load(tmp_path / "outliers.npz", hidden)
    np.testing.assert_array_equal(read.scores(answers), detector.scores(answers))


@pytest.mark.parametrize("damage", ["shape", "dtype", "nan", "missing", "more"])
def test_other_arrays_are_refused(damage: str, tmp_path: Path) -> None:
    """Whatever is in the file, it is checked before anything is computed with it."""
    _, detector = some_detector()
    detector.save(tmp_path / "outliers.npz")
    with np.load(tmp_path / "outliers.npz") as file:
        arrays = dict(file)
    if damage == "shape":
        arrays["w1"] = arrays["w1"][1:]
    elif damage == "dtype":
        arrays["w2"] = arrays["w2"].astype(np.float64)
    elif damage == "nan":
        arrays["b1"][0] = np.nan
    elif damage == "missing":
        del arrays["b2"]
    else:
        arrays["w3"] = arrays["w2"]
    np.savez(tmp_path / "outliers.npz", **arrays)
    with pytest.raises(DamagedRun):
        OutlierDetector.load(tmp_path / "outliers.npz", (12, 8))


def test_rule_is_that_of_a_pretrained_run() -> None:
    """By its name; there is no other."""
    assert abstains(ROBUST_RUN, np.zeros((2, 784), np.float32)).shape == (2,)
    assert (PRETRAINED_RUNS / ROBUST_RUN / "outliers.npz").is_file()
    with pytest.raises(UnknownRun):
        abstains("nobody", np.zeros((1, 784), np.float32))


@pytest.mark.parametrize("hidden", [(), (300,), (300, 300, 300), (1024,) * 4, (8, 300, 5, 4)])
def test_detector_fits_any_depth(hidden: tuple[int, ...], tmp_path: Path) -> None:
    """It stays as small as that of two layers, and comes back as it was."""
    network, detector = some_detector(hidden)
    assert detector.hidden[0].shape[0] <= 512
    detector.save(tmp_path / "outliers.npz")
    loaded = OutlierDetector.load(tmp_path / "outliers.npz", hidden)
    answers = network.activations(RNG.random((5, 784), np.float32))
    np.testing.assert_array_equal(loaded.scores(answers), detector.scores(answers))
