"""Networks after some epochs, taken, kept and read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mnist_demo.errors import DamagedRun
from mnist_demo.network.checkpoints import (
    MAX_WEIGHTS_KEPT,
    CheckpointRecorder,
    Checkpoints,
    checkpoint_epochs,
    load_checkpoints,
)
from mnist_demo.network.mlp import Network
from tests.factories import SMALL, random_network


def take(epochs: int, trained: int) -> Checkpoints:
    """Train so many epochs of those planned; the network after an epoch has its number as seed."""
    taker = CheckpointRecorder(epochs)
    for epoch in range(1, trained + 1):
        taker.add(epoch, random_network(seed=epoch).layers)
    checkpoints = taker.recorded()
    assert checkpoints
    return checkpoints


def is_rounded(network: Network, exact: Network) -> bool:
    """Whether two networks agree to three digits."""
    pairs = zip(network.layers, exact.layers, strict=True)
    return all(np.allclose(a, b, rtol=1e-3, atol=1e-6) for p, q in pairs for a, b in zip(p, q, strict=True))


@pytest.mark.parametrize(
    ("epochs", "chosen"),
    [
        (1, (1,)),
        (2, (1, 2)),
        (10, tuple(range(1, 11))),
        (19, tuple(range(1, 20, 2))),
        (30, (1, 4, 7, 11, 14, 17, 20, 24, 27, 30)),
    ],
)
def test_epochs_are_spread_evenly_to_the_last(epochs: int, chosen: tuple[int, ...]):
    """At most ten, the first and the last always."""
    assert checkpoint_epochs(epochs, 109_386) == chosen


def test_large_networks_are_kept_after_fewer_epochs():
    """The file stays small; the first and the last epoch are there all the same."""
    largest = 784 * 1024 + 1024 * 1024 + 1024 * 10 + 2058
    assert len(checkpoint_epochs(30, largest)) == MAX_WEIGHTS_KEPT // largest
    assert checkpoint_epochs(30, 10 * MAX_WEIGHTS_KEPT) == (1, 30)


@pytest.mark.parametrize(("trained", "kept"), [(1, (1,)), (5, (1, 4, 5)), (8, (1, 4, 7, 8)), (27, None)])
def test_run_that_was_stopped_keeps_its_last_epoch(trained: int, kept: tuple[int, ...] | None):
    """Whichever that is, and never more than ten."""
    checkpoints = take(30, trained)
    assert checkpoints.epochs == (kept or (1, 4, 7, 11, 14, 17, 20, 24, 27))
    assert is_rounded(checkpoints.network(trained), random_network(seed=trained))


def test_nothing_is_taken_before_an_epoch_has_ended():
    """There is nothing to keep."""
    assert CheckpointRecorder(3).recorded() is None


def test_snapshots_come_back_as_they_were(tmp_path: Path):
    """Rounded to three digits, each under its epoch."""
    take(19, 19).save(tmp_path / "snapshots.npz")
    checkpoints = load_checkpoints(tmp_path / "snapshots.npz", SMALL)
    assert checkpoints.epochs == tuple(range(1, 20, 2))
    for epoch in (1, 7, 19):
        assert is_rounded(checkpoints.network(epoch), random_network(seed=epoch))


def test_weights_that_have_run_away_are_kept_as_they_are():
    """Two bytes hold no more than 65,504: what is beyond is infinite, without a warning."""
    taker = CheckpointRecorder(1)
    taker.add(1, [(weights * 1e9, biases) for weights, biases in random_network().layers])
    checkpoints = taker.recorded()
    assert checkpoints
    assert np.isinf(checkpoints.network(1).layers[0][0]).any()


def rewrite(**changes: object) -> Callable[[Path], None]:
    """Replace arrays of the file; None takes one away."""

    def change(path: Path) -> None:
        with np.load(path, allow_pickle=False) as archive:
            arrays = dict(archive)
        arrays |= changes
        np.savez(path, **{name: array for name, array in arrays.items() if array is not None})

    return change


DAMAGE = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-200]),
    "no archive": lambda path: path.write_text("weights"),
    "array missing": rewrite(w2=None),
    "epochs missing": rewrite(epochs=None),
    "other layers": rewrite(w1=np.zeros((2, 784, 9), np.float16)),
    "other number of epochs": rewrite(w1=np.zeros((3, 784, 3), np.float16)),
    "other type": rewrite(b3=np.zeros((2, 10), np.float64)),
    "objects": rewrite(epochs=np.array([1, 2], object)),
    "epochs in disorder": rewrite(epochs=np.array([2, 1])),
    "epoch before the first": rewrite(epochs=np.array([0, 1])),
    "fractions of epochs": rewrite(epochs=np.array([0.5, 1.0])),
    "too large": rewrite(other=np.zeros(20_000_000, np.uint8)),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_file_is_refused_in_one_sentence(tmp_path: Path, damage: str):
    """Whatever is in it, nothing is run and nothing wrong is shown."""
    path = tmp_path / "snapshots.npz"
    take(2, 2).save(path)
    DAMAGE[damage](path)
    with pytest.raises(DamagedRun, match=r"checkpoints_unreadable .*snapshots\.npz"):
        load_checkpoints(path, SMALL)
