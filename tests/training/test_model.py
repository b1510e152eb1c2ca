"""The notebook's steps in Keras."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras.src.trainers.data_adapters import array_slicing  # the code of `fit`; it has no public name

from mnist_demo.data.summary import split_validation
from mnist_demo.network.mlp import PRETRAINED_RUNS
from mnist_demo.runs.run import RunConfig
from mnist_demo.training.model import (
    build_network,
    draw_initial_weights,
    new_network,
    one_hot_labels,
    save_network,
)


def some_examples(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((count, 784), np.float32), one_hot_labels(rng.integers(0, 10, count, np.uint8))


def test_labels_become_one_hot_rows():
    """Digit d is a row of ten with a single 1 at place d, as float32."""
    rows = one_hot_labels(np.array([3, 0, 9], np.uint8))
    assert rows.dtype == np.float32
    assert rows.tolist() == [[float(place == digit) for place in range(10)] for digit in (3, 0, 9)]


@pytest.mark.parametrize("count", [10, 1437, 59_999, 60_000])
@pytest.mark.parametrize("split", [0.05, 0.1, 0.2, 0.29, 0.3, 1 / 3, 0.5])
def test_validation_is_cut_where_fit_cuts(count: int, split: float):
    """The same images are held back as in Keras's `fit`, to the last one."""
    rows = np.arange(count)
    kerases = array_slicing.train_validation_split((rows,), split)
    for ours, (keras_rows,) in zip(split_validation(rows, split), kerases, strict=True):
        np.testing.assert_array_equal(ours, keras_rows[:])


def test_network_is_the_notebooks():
    """Two ReLU layers of 128 and 64 neurons and ten softmax outputs: 109,386 parameters."""
    network = build_network((128, 64))
    layers = [(layer.units, layer.activation.__name__) for layer in network.layers]
    assert layers == [(128, "relu"), (64, "relu"), (10, "softmax")]
    assert network.count_params() == 109_386
    assert network.input_shape == (None, 784)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("adam", keras.optimizers.Adam), ("sgd", keras.optimizers.SGD), ("rmsprop", keras.optimizers.RMSprop)],
)
def test_optimizer_is_kerases_own(name: str, kind: type):
    """Each choice is the Keras optimizer of that name with Keras's other settings."""
    optimizer = new_network(RunConfig(hidden=(4, 3), optimizer=name, learning_rate=0.25)).optimizer
    assert type(optimizer) is kind
    assert optimizer.get_config() == kind(0.25, name=optimizer.name).get_config()


def test_seed_decides_the_initial_weights():
    """The same seed draws the same weights into any network of these sizes; another seed draws others."""
    first, second = build_network((8, 4)), build_network((8, 4))
    draw_initial_weights(first, 5)
    keras.utils.set_random_seed(99)
    draw_initial_weights(second, 5)
    for left, right in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
    draw_initial_weights(second, 6)
    assert not np.array_equal(first.get_weights()[0], second.get_weights()[0])


def test_initial_weights_are_drawn_as_keras_draws_them():
    """Kernels are uniform within Glorot's sqrt(6 / (inputs + neurons)), and independent; biases are 0."""
    network = build_network((300, 300))
    draw_initial_weights(network, 1)
    for layer in network.layers:
        kernel, limit = layer.kernel.numpy(), np.sqrt(6 / sum(layer.kernel.shape))
        assert 0.99 * limit < np.abs(kernel).max() <= limit
        assert kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.05)
        assert not layer.bias.numpy().any()
    starts = [layer.kernel.numpy().ravel()[:100] for layer in network.layers]
    assert np.abs(np.corrcoef(starts) - np.eye(3)).max() < 0.5


def test_evaluation_gives_loss_then_accuracy():
    """A network that knows nothing finds one digit in ten, at a loss of ln(10)."""
    network = new_network(RunConfig(hidden=(4, 4)))
    network.set_weights([np.zeros_like(weights) for weights in network.get_weights()])
    images, _ = some_examples(100)
    labels = one_hot_labels(np.repeat(np.arange(10, dtype=np.uint8), 10))
    loss, accuracy = network.evaluate(images, labels, verbose=0)
    assert loss == pytest.approx(np.log(10), rel=1e-6)
    assert accuracy == pytest.approx(0.1)


def test_fit_holds_back_the_last_part():
    """The notebook's training validates on the images that `split_validation` holds back."""
    images, labels = some_examples(50)
    network = new_network(RunConfig(hidden=(4, 4), optimizer="sgd", learning_rate=0.01))
    history = network.fit(images, labels, batch_size=8, validation_split=0.3, verbose=0).history
    (_, images), (_, labels) = split_validation(images, 0.3), split_validation(labels, 0.3)
    loss, _ = network.evaluate(images, labels, verbose=0)
    assert history["val_loss"] == pytest.approx([loss], rel=1e-5)


# Keras 3.15 turns its variables into arrays in a way that NumPy 2.4 warns of.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop"])
def test_saved_network_can_be_evaluated_and_trained_on(optimizer: str, tmp_path: Path):
    """Read back without a warning, it is compiled as it was for its training."""
    config = RunConfig(learning_rate=0.25, hidden=(4, 3), optimizer=optimizer)
    trained = new_network(config)
    examples = some_examples(50)
    trained.fit(*examples, verbose=0)
    save_network(trained.get_weights(), config, tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.evaluate(*examples, verbose=0) == trained.evaluate(*examples, verbose=0)
    settings, read = (network.optimizer.get_config() for network in (trained, loaded))
    assert settings | {"name": ""} == read | {"name": ""}
    loaded.fit(*examples, verbose=0)
    assert int(loaded.optimizer.iterations.numpy()) == 2  # batches of this `fit`: it starts from nothing


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
def test_saved_network_is_no_larger_than_its_weights(tmp_path: Path):
    """What Adam would remember, two numbers for each weight, costs nothing before it has learned anything."""
    network = build_network((128, 64))
    save_network(network.get_weights(), RunConfig(), tmp_path / "model.keras")
    assert (tmp_path / "model.keras").stat().st_size < 1.05 * 4 * network.count_params()


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
@pytest.mark.parametrize("run", sorted(folder.name for folder in PRETRAINED_RUNS.iterdir()))
def test_pretrained_file_can_be_evaluated(run: str):
    """Who downloads it need not know how it was trained."""
    network = keras.models.load_model(PRETRAINED_RUNS / run / "model.keras")
    loss, accuracy = network.evaluate(*some_examples(50), verbose=0)
    assert loss > 0
    assert 0 <= accuracy <= 1
