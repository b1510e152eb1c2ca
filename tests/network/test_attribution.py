"""The explanation of an answer, held against sums by hand, finite differences and its own promises."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_demo.network.attribution import integrated_gradients, margin_gradient, nearest_neighbors
from mnist_demo.network.mlp import Network

DIGIT = 3
Image = NDArray[np.float32]


def network_of(
    first: dict[tuple[int, int], float],
    b1: tuple[float, float] = (0, 0),
    b2: tuple[float, float] = (0, 0),
) -> Network:
    """A network 784-2-2-10 of few weights.

    The second layer takes the first one's neurons (a, b) as (a + b, 2 b); to digit 3 they speak with 10 and
    -20, to digit 8 with 0 and 10, to the others not at all.
    """
    w1 = np.zeros((784, 2), np.float32)
    for place, weight in first.items():
        w1[place] = weight
    w2 = np.array([[1, 0], [1, 2]], np.float32)
    w3 = np.zeros((2, 10), np.float32)
    w3[:, DIGIT], w3[:, 8] = (10, -20), (0, 10)
    biases = (b1, b2, (0,) * 10)
    weights = (w1, w2, w3)
    return Network(
        tuple((weight, np.array(bias, np.float32)) for weight, bias in zip(weights, biases, strict=True))
    )


def image_of(**pixels: float) -> Image:
    """A black image (784,) but for some pixels, such as p5=1."""
    image = np.zeros(784, np.float32)
    for name, value in pixels.items():
        image[int(name[1:])] = value
    return image


def margin(network: Network, x: Image, digit: int) -> float:
    """How far a digit's logit lies above the mean of all ten, in double precision."""
    signal = x.astype(np.float64)
    for weights, biases in network.layers[:-1]:
        signal = np.maximum(signal @ weights.astype(np.float64) + biases, 0)
    weights, biases = network.layers[-1]
    logits = signal @ weights.astype(np.float64) + biases
    return float(logits[digit] - logits.mean())


def awake_network(bias: float = 0.5) -> Network:
    """A network 784-2-2-10 of random weights, positive below the last layer: no neuron there is ever silent.

    A negative bias lets its hidden neurons sleep near black.
    """
    random = np.random.default_rng(5)
    weights = (random.random((784, 2)) / 100, random.random((2, 2)), random.normal(0, 1, (2, 10)))
    return Network(
        tuple((weight.astype(np.float32), np.full(weight.shape[1], bias, np.float32)) for weight in weights)
    )


def steepness(network: Network, x: Image, digit: int) -> float:
    """How fast the margin can change at most on the way from black to an image, whoever is awake."""
    first, second, last = (weights.astype(np.float64) for weights, _ in network.layers)
    outer = last[:, digit] - last.mean(axis=1)
    return float(x @ np.abs(first) @ np.abs(second) @ np.abs(outer))


def change_of_margin(network: Network, x: Image, digit: int) -> float:
    """How far the margin moves from a black image to this one."""
    return margin(network, x, digit) - margin(network, np.zeros(784, np.float32), digit)


def half_black_image() -> Image:
    """An image of grey noise between black pixels."""
    image = np.random.default_rng(7).random(784).astype(np.float32)
    image[::2] = 0
    return image


NETWORK = network_of({(5, 0): 1, (6, 1): 1, (7, 0): -1})
"""Pixel 5 speaks to neuron a, pixel 6 to neuron b, pixel 7 against neuron a."""


class TestGradient:
    def test_gradient_by_hand(self):
        """Margin of 3: (10 - 1) and (-20 + 1) to the second layer, the mean of ten taken off.

        Logits are 10 (a + b) - 20 (2 b) for the 3 and 10 (2 b) for the 8; their mean is a - b. So the margin
        is 9 a - 29 b: the gradient is 9 at pixel 5, -29 at pixel 6, -9 at pixel 7.
        """
        gradient = margin_gradient(NETWORK, image_of(p5=1, p6=0.5)[np.newaxis], DIGIT)
        np.testing.assert_allclose(gradient[0], image_of(p5=9, p6=-29, p7=-9), rtol=1e-6)

    def test_silent_neuron_passes_nothing(self):
        """Where pixel 7 outweighs pixel 5, neuron a is silent, and a little more of it changes nothing."""
        gradient = margin_gradient(NETWORK, image_of(p5=0.25, p6=0.5, p7=1)[np.newaxis], DIGIT)
        np.testing.assert_allclose(gradient[0], image_of(p6=-29), rtol=1e-6)

    def test_silent_neuron_of_the_second_layer_passes_nothing(self):
        """With a bias of -100 its first neuron is silent: what is left of the margin is -19 * 2 b."""
        network = network_of({(5, 0): 1, (6, 1): 1}, b2=(-100, 0))
        gradient = margin_gradient(network, image_of(p5=1, p6=0.5)[np.newaxis], DIGIT)
        np.testing.assert_allclose(gradient[0], image_of(p6=-38), rtol=1e-6)

    def test_each_image_has_its_own_gradient(self):
        """Rows do not mix."""
        images = np.stack([image_of(p5=1, p6=0.5), image_of(p5=0.25, p6=0.5, p7=1)])
        both = margin_gradient(NETWORK, images, DIGIT)
        for image, gradient in zip(images, both, strict=True):
            np.testing.assert_array_equal(margin_gradient(NETWORK, image[np.newaxis], DIGIT)[0], gradient)

    @pytest.mark.parametrize("digit", range(10))
    def test_gradient_agrees_with_finite_differences(self, digit: int):
        """A step of 0.001 to both sides changes the margin by twice the gradient's share of it.

        No neuron changes its mind within a step, so the margin is linear there, and only the rounding of
        float32 products remains, 1e-7 of each: a tolerance of 1e-5 is far above it.
        """
        network = awake_network()
        image = np.random.default_rng(6).random(784).astype(np.float32)
        gradient = margin_gradient(network, image[np.newaxis], digit)[0]
        for pixel in range(0, 784, 49):
            step = np.zeros(784)
            step[pixel] = 0.001
            change = margin(network, image + step, digit) - margin(network, image - step, digit)
            assert change / 0.002 == pytest.approx(gradient[pixel], rel=1e-5)

    def test_all_margins_together_are_nothing(self):
        """What lies above the mean of ten is made up for by what lies below it."""
        image = np.random.default_rng(6).random((1, 784)).astype(np.float32)
        gradients = [margin_gradient(awake_network(), image, digit) for digit in range(10)]
        assert np.abs(sum(gradients)).max() < 1e-5 * np.abs(gradients).max()


class TestIntegratedGradients:
    def test_shares_by_hand(self):
        """Without a kink on the way each pixel has its own part of 9 a - 29 b: 9 * 1 and -29 * 0.5."""
        shares = integrated_gradients(NETWORK, image_of(p5=1, p6=0.5), DIGIT)
        np.testing.assert_allclose(shares, image_of(p5=9, p6=-14.5), rtol=1e-6)

    def test_kink_halfway_halves_the_share(self):
        """Neuron a with a bias of -0.5 wakes up halfway to a white pixel: 16 of 32 points have a gradient."""
        network = network_of({(5, 0): 1}, b1=(-0.5, 0))
        shares = integrated_gradients(network, image_of(p5=1), DIGIT)
        np.testing.assert_allclose(shares, image_of(p5=4.5), rtol=1e-6)

    @pytest.mark.parametrize("digit", range(10))
    def test_shares_add_up_to_the_change_of_the_margin(self, digit: int):
        """From black to the image; where no neuron wakes up on the way, only float32's rounding is lost."""
        network, image = awake_network(), half_black_image()
        shares = integrated_gradients(network, image, digit)
        assert float(shares.sum()) == pytest.approx(change_of_margin(network, image, digit), rel=1e-4)

    @pytest.mark.parametrize("steps", [32, 1024])
    @pytest.mark.parametrize("digit", range(10))
    def test_neurons_that_wake_up_on_the_way_cost_half_a_step_each(self, digit: int, steps: int):
        """The midpoint rule takes each of four neurons to be awake up to half a step too early or too late.

        So long the margin's steepness is wrong, by at most the steepest it can be.
        """
        network, image = awake_network(bias=-0.1), half_black_image()
        assert not margin_gradient(network, image[np.newaxis] / 100, digit).any()  # all asleep near black
        assert margin_gradient(network, image[np.newaxis], digit).any()
        shares = integrated_gradients(network, image, digit, steps)
        change = change_of_margin(network, image, digit)
        tolerance = 4 * 0.5 / steps * steepness(network, image, digit)
        assert float(shares.sum()) == pytest.approx(change, abs=tolerance)

    def test_more_steps_come_nearer(self):
        """A kink at a third of the way is met better by 960 points than by 32: 6 of 9 is the exact share."""
        network = network_of({(5, 0): 1}, b1=(-1 / 3, 0))
        image = image_of(p5=1)
        errors = [
            abs(float(integrated_gradients(network, image, DIGIT, steps)[5]) - 6) for steps in (32, 960)
        ]
        assert errors[0] == pytest.approx(9 * abs(21 / 32 - 2 / 3), rel=1e-4)
        assert errors[1] < 0.01

    def test_black_pixels_have_no_share(self):
        """A pixel without ink says nothing, however much it could."""
        shares = integrated_gradients(awake_network(), image_of(p5=1, p6=0.5), DIGIT)
        assert set(np.flatnonzero(shares)) == {5, 6}


class TestNearest:
    POINTS = np.array([[0, 0], [10, 0], [3, 4], [0, 2], [-1, -1]], np.float32)
    """At distances 0, 10, 5, 2 and 1.41 from the origin."""

    def test_nearest_come_first(self):
        """From (0, 0): itself, then (-1, -1), then (0, 2)."""
        assert nearest_neighbors(self.POINTS, np.zeros(2, np.float32), 3).tolist() == [0, 4, 3]

    def test_length_of_a_point_counts(self):
        """From (8, 1) a point straight on is nearest: products alone would prefer the longest everywhere."""
        assert nearest_neighbors(self.POINTS, np.array([8, 1], np.float32), 2).tolist() == [1, 2]
        assert nearest_neighbors(self.POINTS, np.array([0, 1.5], np.float32), 2).tolist() == [3, 0]

    def test_row_itself_is_its_own_nearest(self):
        """However the points lie."""
        points = np.random.default_rng(8).random((500, 16)).astype(np.float32)
        for row in range(0, 500, 50):
            assert nearest_neighbors(points, points[row], 4)[0] == row

    def test_rows_agree_with_distances_one_by_one(self):
        """The distances of 500 points, measured plainly in double precision and sorted."""
        points = np.random.default_rng(9).random((500, 16)).astype(np.float32)
        point = np.random.default_rng(10).random(16).astype(np.float32)
        plainly = np.linalg.norm(points.astype(np.float64) - point, axis=1)
        assert nearest_neighbors(points, point, 6).tolist() == np.argsort(plainly)[:6].tolist()
