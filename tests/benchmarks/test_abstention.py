"""What is put to the networks to see what they take for no digit."""

from __future__ import annotations

import numpy as np

from benchmarks.abstention import draw_pairs
from benchmarks.outlier_rules import area_under_curve, build_rules
from benchmarks.strokes import draw_all, draw_scribbles
from mnist_demo.data.mnist import Dataset
from mnist_demo.data.several import looks_like_several
from tests.factories import random_network


def test_pairs_are_told_from_single_digits(mnist: Dataset) -> None:
    """Nearly all of those that the benchmark draws, the same ones for the same seed."""
    pairs = draw_pairs(mnist, 60)
    assert np.mean([looks_like_several(ink) for ink in pairs]) > 0.9
    np.testing.assert_array_equal(pairs[3], draw_pairs(mnist, 4)[3])


def test_scribbles_are_on_the_canvas() -> None:
    """Each of them leaves ink, and no two are the same."""
    one, other = draw_all(draw_scribbles(2))
    assert one.any()
    assert other.any()
    assert (one != other).any()


def test_area_is_the_share_of_pairs_in_the_right_order() -> None:
    """By hand: of six pairs, one is in the wrong order."""
    assert area_under_curve(np.array([1.0, 2, 5]), np.array([4.0, 6])) == 5 / 6


def test_an_image_is_its_own_neighbour() -> None:
    """Every rule gives a number for each image; by the nearest image, noise is stranger than a known one."""
    random = np.random.default_rng(1)
    x, labels = random.random((40, 784), np.float32) ** 8, (np.arange(40) % 10).astype(np.uint8)
    network = random_network((16, 12))
    noise = random.random((1, 784), np.float32)
    rules = build_rules(network, None, x, labels)
    assert len(rules) == 9
    for name, rule in rules.items():
        known, strange = (rule(network.activations(rows), rows) for rows in (x[:1], noise))
        assert known.shape == strange.shape == (1,)
        if "nearest" in name:
            assert strange[0] > known[0]
