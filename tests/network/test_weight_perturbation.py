from itertools import pairwise

import numpy as np
import pytest

from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.network.evaluation import IMAGES_AT_ONCE
from mnist_demo.network.mlp import Network
from mnist_demo.network.weight_perturbation import (
    ABLATED_PERCENTS,
    NOISE_PERCENTS,
    WEIGHT_PERTURBATIONS,
    ablate_neurons,
    accuracy_curve,
    add_weight_noise,
)
from tests.factories import random_network

HIDDEN = (20, 10)
PLACES = [
    (perturbation, layer)
    for perturbation, one in WEIGHT_PERTURBATIONS.items()
    for layer in one.layers(random_network(HIDDEN))
]


def test_neurons_are_switched_off_in_hidden_layers_only():
    """A network without any has weights all the same."""
    layers = {
        name: [list(one.layers(random_network(hidden))) for hidden in ((), (3,), (3, 2, 4, 5))]
        for name, one in WEIGHT_PERTURBATIONS.items()
    }
    assert layers["ablate"] == [[], [0], [0, 1, 2, 3]]
    assert layers["noise"] == [[0], [0, 1], [0, 1, 2, 3, 4]]


@pytest.fixture
def network() -> Network:
    """A network with two hidden layers of even size."""
    return random_network(HIDDEN)


@pytest.fixture
def x() -> np.ndarray:
    """Fifty pictures of nothing."""
    return np.random.default_rng(2).random((50, 784), np.float32)


@pytest.mark.parametrize(("perturbation", "layer"), PLACES)
def test_network_that_was_given_stays_as_it_is(
    network: Network, x: np.ndarray, perturbation: str, layer: int
):
    """All visitors share it."""
    before = network.predict(x)
    damaged = WEIGHT_PERTURBATIONS[perturbation].perturb(network, layer, 100)
    assert not np.array_equal(damaged.predict(x), before)
    assert np.array_equal(network.predict(x), before)


@pytest.mark.parametrize(("perturbation", "layer"), PLACES)
def test_no_damage_changes_nothing(network: Network, x: np.ndarray, perturbation: str, layer: int):
    """At 0 per cent the network answers as before, to the last bit."""
    assert np.array_equal(
        WEIGHT_PERTURBATIONS[perturbation].perturb(network, layer, 0).predict(x), network.predict(x)
    )


@pytest.mark.parametrize(("perturbation", "layer"), PLACES)
def test_same_harm_is_the_same_every_time(network: Network, x: np.ndarray, perturbation: str, layer: int):
    """Chance comes from a seed."""
    perturb = WEIGHT_PERTURBATIONS[perturbation].perturb
    first, second = (perturb(network, layer, 50).predict(x) for _ in range(2))
    assert np.array_equal(first, second)


class TestSilence:
    @pytest.mark.parametrize(
        ("layer", "per_cent", "silent"), [(0, 50, 10), (0, 10, 2), (1, 30, 3), (1, 100, 10)]
    )
    def test_share_of_the_layer_is_no_longer_heard(
        self, network: Network, layer: int, per_cent: int, silent: int
    ):
        """The next layer has no weight for them."""
        heard = ablate_neurons(network, layer, per_cent).layers[layer + 1][0]
        assert int((heard == 0).all(axis=1).sum()) == silent

    def test_larger_share_has_all_of_a_smaller_one(self, network: Network):
        """So that a curve goes down one way."""
        silent = [
            set(np.flatnonzero(~ablate_neurons(network, 0, share).layers[1][0].any(axis=1)))
            for share in ABLATED_PERCENTS
        ]
        assert all(few <= many for few, many in pairwise(silent))

    def test_wholly_silent_layer_answers_the_same_to_everything(self, network: Network, x: np.ndarray):
        """Only the biases after it are left."""
        answers = ablate_neurons(network, 1, 100).predict(x)
        assert np.array_equal(answers, np.repeat(answers[:1], len(x), axis=0))


class TestShake:
    def test_noise_is_measured_by_the_spread_of_the_weights(self, network: Network):
        """100 per cent: as large as the weights themselves; biases stay."""
        (before, biases), (after, same) = network.layers[0], add_weight_noise(network, 0, 100).layers[0]
        assert (after - before).std() == pytest.approx(before.std(), rel=0.02)
        assert after.dtype == np.float32
        assert same is biases

    def test_noise_grows_in_one_direction(self, network: Network):
        """Twice the strength is twice the change of each weight."""
        before = network.layers[2][0]
        once, twice = (add_weight_noise(network, 2, share).layers[2][0] - before for share in (100, 200))
        assert np.allclose(twice, 2 * once, atol=1e-6)


class TestCurve:
    @pytest.mark.parametrize(("perturbation", "layer"), PLACES)
    def test_every_point_is_the_accuracy_of_the_damaged_network(
        self, network: Network, perturbation: str, layer: int
    ):
        """What comes before the damage is computed once, a batch at a time, and that changes no point."""
        images = np.random.default_rng(5).integers(0, 256, (2 * IMAGES_AT_ONCE + 1, 28, 28), np.uint8)
        x = prepare_images(images)
        labels = network.predict(x).argmax(axis=1).astype(np.uint8)
        chosen = WEIGHT_PERTURBATIONS[perturbation]
        curve = accuracy_curve(network, chosen.perturb, layer, chosen.strengths, images, labels)
        damaged = [chosen.perturb(network, layer, share).predict(x) for share in chosen.strengths]
        assert curve == [float((answer.argmax(axis=1) == labels).mean()) for answer in damaged]
        assert curve[0] == 1
        assert curve[-1] < 1

    @pytest.mark.parametrize("strengths", [ABLATED_PERCENTS, NOISE_PERCENTS])
    def test_strengths_begin_with_none_and_grow(self, strengths: tuple[int, ...]):
        """The first point is the network as it is."""
        assert strengths[0] == 0
        assert list(strengths) == sorted(set(strengths))
