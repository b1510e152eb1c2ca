import gc
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_demo.data.mnist import Dataset
from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.errors import DamagedRun, UnknownRun
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network, array_names, softmax
from mnist_demo.texts.loading import languages, message
from tests.factories import random_network

LOG_3 = math.log(3)


def hand_made_network() -> Network:
    """Two neurons, two neurons, ten outputs, with weights that can be followed on paper."""
    w1 = np.zeros((784, 2), np.float32)
    w1[0, 0], w1[1, 1] = 2, -1
    b1 = np.array([0.5, 0.25], np.float32)
    w2 = np.array([[1, 2], [3, 4]], np.float32)
    b2 = np.array([-3, 1], np.float32)
    w3 = np.zeros((2, 10), np.float32)
    w3[1, 3] = 1
    b3 = np.full(10, -1000, np.float32)
    b3[3], b3[7] = 0, 6 - LOG_3
    return Network.from_arrays([w1, b1, w2, b2, w3, b3])


def pixels(**values: float) -> NDArray[np.float32]:
    """One image (1, 784) that is black but for some pixels, named p0, p1 and so on."""
    x = np.zeros((1, 784), np.float32)
    for name, value in values.items():
        x[0, int(name[1:])] = value
    return x


def arrays(**changes: NDArray | None) -> dict[str, NDArray]:
    """Arrays of a whole `weights.npz`; a change replaces one, None leaves it out."""
    whole = dict(zip(array_names(3), random_network().arrays, strict=True))
    return {name: array for name, array in (whole | changes).items() if array is not None}


def problem_of(path: Path) -> str:
    """Give the sentence about a damaged file, which has to name it in each language."""
    with pytest.raises(DamagedRun) as caught:
        Network.load(path)
    for language in languages():
        assert str(path) in message(caught.value, language)
    return str(caught.value)


def assert_same(left: Network, right: Network) -> None:
    """Hold two networks together bit by bit."""
    for (weights, biases), (other_weights, other_biases) in zip(left.layers, right.layers, strict=True):
        np.testing.assert_array_equal(weights, other_weights)
        np.testing.assert_array_equal(biases, other_biases)


class TestSoftmax:
    def test_rows_are_worked_out_one_by_one(self):
        """exp(ln 3) is 3 and exp(0) is 1: three quarters and one quarter; equal logits share equally."""
        logits = np.array([[LOG_3, 0], [5, 5]], np.float32)
        np.testing.assert_allclose(softmax(logits), [[0.75, 0.25], [0.5, 0.5]], rtol=1e-6)

    def test_large_logits_do_not_overflow(self):
        """exp(1000) is beyond float32, but only differences count."""
        logits = np.array([[1000, 1000, 0], [-1000, -1000, -2000]], np.float32)
        np.testing.assert_array_equal(softmax(logits), [[0.5, 0.5, 0], [0.5, 0.5, 0]])

    def test_rows_add_up_to_one_in_float32(self):
        """Whatever the logits, a row is a distribution, and stays in float32."""
        logits = np.random.default_rng(1).normal(0, 30, (50, 10)).astype(np.float32)
        probabilities = softmax(logits)
        assert probabilities.dtype == np.float32
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


class TestForwardPass:
    def test_negative_sums_become_zero(self):
        """Pixel 0 gives 2 * 1 + 0.5 = 2.5; pixel 1 gives -0.5 + 0.25 < 0, which ReLU makes 0."""
        hidden = hand_made_network().activations(pixels(p0=1, p1=0.5)).hidden
        np.testing.assert_array_equal(hidden[0], [[2.5, 0]])

    def test_second_layer_reads_the_first(self):
        """2.5 * 1 - 3 = -0.5 becomes 0, and 2.5 * 2 + 1 = 6 stays."""
        hidden = hand_made_network().activations(pixels(p0=1, p1=0.5)).hidden
        np.testing.assert_array_equal(hidden[1], [[0, 6]])

    def test_logits_come_before_softmax(self):
        """Output 3 is 6 * 1 + 0, output 7 has only its bias 6 - ln 3; logits may be negative."""
        logits = hand_made_network().activations(pixels(p0=1, p1=0.5)).logits
        np.testing.assert_allclose(logits[0, [3, 7, 0]], [6, 6 - LOG_3, -1000], rtol=1e-6)

    def test_probabilities_are_worked_out_by_hand(self):
        """Logits 6 and 6 - ln 3 stand three to one: 3/4 for the 3, 1/4 for the 7, nothing for the rest."""
        expected = np.zeros((1, 10))
        expected[0, 3], expected[0, 7] = 0.75, 0.25
        np.testing.assert_allclose(hand_made_network().predict(pixels(p0=1, p1=0.5)), expected, atol=1e-6)

    def test_black_image_is_answered_by_the_biases(self):
        """Without ink: (0.5, 0.25), then 0.5 + 0.75 - 3 < 0 and 1 + 1 + 1 = 3, the logit of output 3."""
        activations = hand_made_network().activations(pixels())
        np.testing.assert_array_equal(activations.hidden[0], [[0.5, 0.25]])
        np.testing.assert_array_equal(activations.hidden[1], [[0, 3]])
        assert activations.logits[0, 3] == 3

    def test_each_image_is_answered_for_itself(self):
        """A batch gives the rows that its images give alone, in float32."""
        network = random_network()
        x = np.random.default_rng(2).random((5, 784), np.float32)
        rows = np.concatenate([network.predict(row[None]) for row in x])
        together = network.predict(x)
        assert together.shape == (5, 10)
        assert together.dtype == np.float32
        np.testing.assert_allclose(together, rows, atol=1e-6)

    def test_sizes_of_the_hidden_layers_are_known(self):
        """The page says how many neurons a network has."""
        assert random_network((7, 4)).hidden == (7, 4)


class TestFromArrays:
    def test_number_of_arrays_has_to_fit(self):
        """Half a layer, none, or five hidden ones are no network of this kind."""
        whole = list(arrays().values())
        for some in ([], whole[:5], [*whole[:2], *whole[2:4] * 4, *whole[4:]]):
            with pytest.raises(ValueError, match=f"2 to 10 arrays were expected, not {len(some)}"):
                Network.from_arrays(some)

    def test_activation_has_to_be_known(self):
        """A name from a file may be anything."""
        with pytest.raises(ValueError, match="none of relu, tanh, sigmoid"):
            Network.from_arrays(list(arrays().values()), "softmax")

    @pytest.mark.parametrize(
        ("name", "shape"),
        [
            ("w1", (783, 3)),
            ("w1", (784, 3, 1)),
            ("b1", (4,)),
            ("b1", (3, 1)),
            ("w2", (4, 2)),
            ("b2", (3,)),
            ("w3", (3, 10)),
            ("w3", (2, 9)),
            ("b3", (9,)),
        ],
    )
    def test_arrays_have_to_fit_together(self, name: str, shape: tuple[int, ...]):
        """Each layer takes what the one before gives."""
        changed = arrays(**{name: np.zeros(shape, np.float32)})
        with pytest.raises(ValueError, match="were expected"):
            Network.from_arrays(list(changed.values()))

    def test_there_are_ten_outputs(self):
        """Nine outputs fit together, but there are ten digits."""
        changed = arrays(w3=np.zeros((2, 9), np.float32), b3=np.zeros(9, np.float32))
        with pytest.raises(ValueError, match="10 outputs were expected, not 9"):
            Network.from_arrays(list(changed.values()))

    @pytest.mark.parametrize("name", ["w1", "b3"])
    def test_other_numbers_than_float32_are_refused(self, name: str):
        """Weights in double precision would make every prediction slower, unnoticed."""
        changed = arrays(**{name: arrays()[name].astype(np.float64)})
        with pytest.raises(ValueError, match="float32 was expected"):
            Network.from_arrays(list(changed.values()))


class TestLoad:
    @pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
    @pytest.mark.parametrize("hidden", [(), (5,), (3, 2), (4, 3, 2), (2, 3, 4, 5)])
    def test_any_depth_comes_back(self, tmp_path: Path, hidden: tuple[int, ...], activation: str):
        """With its activation function, of which a file of ReLUs says nothing."""
        network = random_network(hidden, activation=activation)
        network.save(tmp_path / "weights.npz")
        loaded = Network.load(tmp_path / "weights.npz")
        assert (loaded.hidden, loaded.activation) == (hidden, activation)
        assert_same(loaded, network)
        with np.load(tmp_path / "weights.npz") as file:
            assert ("activation" in file) == (activation != "relu")

    @pytest.mark.parametrize("value", ["softmax", 7, ["tanh"], "x" * 300_000])
    def test_foreign_activation_is_refused(self, tmp_path: Path, value: object):
        """It has to be one name of the three."""
        path = tmp_path / "weights.npz"
        np.savez(path, activation=np.array(value), **arrays())
        problem_of(path)

    def test_too_many_layers_are_refused(self, tmp_path: Path):
        """Ten of them, small as they are, are never put together."""
        path = tmp_path / "weights.npz"
        np.savez(path, **{name: np.zeros(1, np.float32) for name in array_names(10)})
        assert "w10" in problem_of(path)

    def test_network_is_loaded_by_path(self, tmp_path: Path):
        """What was saved comes back to the last bit."""
        network = random_network()
        network.save(tmp_path / "some.npz")
        assert_same(Network.load(tmp_path / "some.npz"), network)
        assert_same(Network.load(str(tmp_path / "some.npz")), network)

    def test_network_is_loaded_by_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        """A run's folder stands for the `weights.npz` in it, also as seen from where one is."""
        network = random_network()
        (tmp_path / "run").mkdir()
        network.save(tmp_path / "run" / "weights.npz")
        assert_same(Network.load(tmp_path / "run"), network)
        monkeypatch.chdir(tmp_path)
        assert_same(Network.load("run"), network)

    def test_shipped_network_is_loaded_by_name(self):
        """The notebook's network has its 128 and 64 neurons."""
        network = Network.load("notebook")
        assert network.hidden == (128, 64)
        assert_same(network, Network.load(PRETRAINED_RUNS / "notebook"))

    @pytest.mark.parametrize("name", ["nobody", "/no/such/weights.npz"])
    def test_unknown_name_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
        """What is neither file, folder nor run is named in the error."""
        monkeypatch.setenv("MNIST_DEMO_HOME", str(tmp_path))
        with pytest.raises(UnknownRun, match=name):
            Network.load(name)

    def test_folder_without_weights_is_no_run(self, tmp_path: Path):
        """An empty folder has no network."""
        with pytest.raises(UnknownRun):
            Network.load(tmp_path)

    def test_shipped_network_recognises_what_its_figures_say(self, mnist: Dataset):
        """On MNIST's test images it is right as often as `metrics.json` says."""
        answers = Network.load("notebook").predict(prepare_images(mnist.x_test)).argmax(axis=1)
        metrics = json.loads((PRETRAINED_RUNS / "notebook" / "metrics.json").read_text())
        assert (answers == mnist.y_test).mean() == pytest.approx(metrics["test_accuracy"], abs=2e-4)


class TestSave:
    def test_nothing_else_is_left_behind(self, tmp_path: Path):
        """The unfinished file has become the finished one."""
        random_network().save(tmp_path / "weights.npz")
        assert [path.name for path in tmp_path.iterdir()] == ["weights.npz"]

    def test_earlier_file_is_replaced(self, tmp_path: Path):
        """A network in training overwrites its last epoch."""
        random_network(seed=1).save(tmp_path / "live.npz")
        random_network(seed=2).save(tmp_path / "live.npz")
        assert_same(Network.load(tmp_path / "live.npz"), random_network(seed=2))

    def test_file_holds_plain_named_arrays(self, tmp_path: Path):
        """Anybody can read it with NumPy alone: w1, b1, w2, b2, w3, b3."""
        random_network().save(tmp_path / "weights.npz")
        with np.load(tmp_path / "weights.npz", allow_pickle=False) as archive:
            assert {name: archive[name].shape for name in archive.files} == {
                "w1": (784, 3),
                "b1": (3,),
                "w2": (3, 2),
                "b2": (2,),
                "w3": (2, 10),
                "b3": (10,),
            }


def write_truncated(path: Path) -> None:
    random_network().save(path)
    path.write_bytes(path.read_bytes()[:-200])


def write_single_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros((784, 3), np.float32))


def write_encrypted(path: Path) -> None:
    """Set the flag for encryption in the first entry's two headers, as a flipped bit would."""
    random_network().save(path)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


class TestDamagedFile:
    @pytest.mark.parametrize(
        "write",
        [
            write_truncated,
            write_single_array,
            write_encrypted,
            lambda path: path.write_bytes(b""),
            lambda path: path.write_text("weights", encoding="utf-8"),
            lambda path: np.savez(path, **arrays(w2=None)),
            lambda path: np.savez(path, **arrays(b2=np.zeros(3, np.float32))),
            lambda path: np.savez(path, **arrays(w1=arrays()["w1"].astype(np.float64))),
        ],
        ids=["truncated", "npy", "encrypted", "empty", "text", "missing array", "wrong shape", "wrong type"],
    )
    def test_damaged_file_is_named(self, tmp_path: Path, write: Callable[[Path], object]):
        """Whatever is wrong with it, the error names the file."""
        path = tmp_path / "weights.npz"
        write(path)
        problem_of(path)

    def test_damaged_file_is_closed_again(self, tmp_path: Path):
        """Otherwise it would warn when it is cleared away, and Windows could not move it aside."""
        (tmp_path / "weights.npz").write_bytes(b"PK\x03\x04")
        problem_of(tmp_path / "weights.npz")
        gc.collect()

    def test_reason_tells_the_shapes(self, tmp_path: Path):
        """The sentence says what was expected and what came."""
        np.savez(tmp_path / "weights.npz", **arrays(b2=np.zeros(3, np.float32)))
        assert "(3, n) and (n,) were expected, not (3, 2) and (3,)" in problem_of(tmp_path / "weights.npz")

    def test_pickled_arrays_are_refused(self, tmp_path: Path):
        """An array of objects could run foreign code when it is read: it is not."""
        trap = tmp_path / "sprung"
        path = tmp_path / "weights.npz"
        np.savez(path, allow_pickle=True, **arrays(b1=np.array([Trap(trap)], object)))
        problem_of(path)
        assert not trap.exists()

    def test_pickle_in_place_of_an_archive_is_refused(self, tmp_path: Path):
        """A file that is a pickle altogether is not read either."""
        trap = tmp_path / "sprung"
        path = tmp_path / "weights.npz"
        path.write_bytes(__import__("pickle").dumps(Trap(trap)))
        problem_of(path)
        assert not trap.exists()

    @pytest.mark.parametrize("write", [np.savez, np.savez_compressed], ids=["plain", "compressed"])
    def test_any_changed_byte_gives_a_network_or_the_error(self, tmp_path: Path, write: Callable[..., None]):
        """Wherever a byte has changed, in the archive or in an array's header, no other error comes out."""
        path = tmp_path / "weights.npz"
        write(path, **arrays())
        whole = path.read_bytes()
        refused = 0
        for place in [*range(180), *range(180, len(whole), 31)]:
            changed = bytearray(whole)
            changed[place] ^= 0b1000
            path.write_bytes(changed)
            try:
                Network.load(path)
            except DamagedRun:
                refused += 1
        assert refused > 100


class Trap:
    """Leaves a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable, tuple]:
        return Path.touch, (self.path,)
