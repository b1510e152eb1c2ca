"""The training loop computes what Keras's `fit` computes, and reports it as it goes."""

import gc
import math
import weakref
from dataclasses import replace
from itertools import islice
from operator import attrgetter
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from mnist_demo.data.preprocessing import prepare_images
from mnist_demo.data.summary import split_validation
from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone
from mnist_demo.network.mlp import Network
from mnist_demo.runs.config import SETTINGS
from mnist_demo.runs.run import EpochRecord, RunConfig
from mnist_demo.runs.setting import Setting
from mnist_demo.training import compiled, loop, segments
from mnist_demo.training.compiled import SHARED_SETTINGS, network_key
from mnist_demo.training.epochs import scheduled_rate, shuffle
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.model import draw_initial_weights, new_network, one_hot_labels
from tests.factories import some_values
from tests.mnist import arrays_of, part_of_mnist

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]

SMALL = RunConfig(epochs=2, batch_size=32, hidden=(16, 8), validation_split=0.2, seed=3)
DIFFERENT = RunConfig(
    3,
    64,
    0.01,
    0.4,
    seed=4,
    augment=True,
    train_images=100,
    schedule="cosine",
    wrong_labels=0.3,
    missing_digit=7,
    rare_digit=4,
)
"""Differs from `SMALL` in every setting that is trained without another network."""
STEPS_200 = 7100
"""Images of which 90 % make 200 steps of 32, the last with 22 images."""

TOLERANCE = 1e-5
"""Keras adds up the same float32 products in another order than XLA, each sum off by some 1e-7 of its value,
and the optimizer carries that on: 200 steps move weights by 0.1 and let them differ by at most 5e-6."""

SEEDS = (1, 2, 3)
"""One of these must agree. A sum within 1e-7 of zero can fall on either side of ReLU's kink, and then the two
trainings part for good; that happens to about one in ten runs of 200 steps, and by chance never to all."""


def blurred_digits(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Ten patterns under noise, images (count, 28, 28) and labels (count,), uint8: quick to learn."""
    rng, patterns = np.random.default_rng(seed), np.random.default_rng(99).integers(0, 256, (10, 28, 28))
    labels = rng.integers(0, 10, count, np.uint8)
    noise = rng.integers(0, 256, (count, 28, 28))
    return ((patterns[labels] + 3 * noise) // 4).astype(np.uint8), labels


def some_arrays(count: int) -> Arrays:
    return (*blurred_digits(count), *blurred_digits(300, seed=1))


@pytest.fixture(scope="module")
def arrays() -> Arrays:
    return some_arrays(1000)


@pytest.fixture(scope="module")
def session(arrays: Arrays) -> TrainingSession:
    """One session for many tests, as in the worker; `SMALL` is compiled."""
    session = TrainingSession(*arrays)
    session.warm_up(SMALL)
    return session


def records(events: list[Event]) -> list[EpochRecord]:
    """The epochs without what the clock says."""
    return [replace(event.record, seconds=0) for event in events if isinstance(event, EpochDone)]


def steps(events: list[Event]) -> list[StepDone]:
    return [event for event in events if isinstance(event, StepDone)]


def flat(weights: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    return np.concatenate([array.ravel() for layer in weights for array in layer])


class BatchLogs(keras.callbacks.Callback):
    """Keeps what Keras prints after each batch: means over the epoch so far."""

    def __init__(self) -> None:
        super().__init__()
        self.printed = []

    def on_train_batch_end(self, batch: int, logs: dict):  # noqa: ARG002
        self.printed.append((float(logs["loss"]), float(logs["accuracy"])))


def fit_in_our_order(arrays: Arrays, config: RunConfig) -> tuple[keras.Sequential, dict, list]:
    """Train with `fit` on the same batches from the same start; give its history and batch logs too."""
    images, labels = prepare_images(arrays[0]), one_hot_labels(arrays[1])
    train, validation = split_validation(np.arange(len(images)), config.validation_split)
    train = train[: config.train_images]
    network = new_network(config)
    draw_initial_weights(network, config.seed)
    if config.dropout:
        network.jit_compile = True  # without XLA, TensorFlow draws other random numbers from the same seed
    history, logs = {}, BatchLogs()
    for epoch in range(1, config.epochs + 1):
        order = shuffle(train, config.seed, epoch)
        kept = network.fit(
            images[order],
            labels[order],
            batch_size=config.batch_size,
            shuffle=False,
            validation_data=(images[validation], labels[validation]),
            callbacks=[logs],
            verbose=0,
        ).history
        history = {name: history.get(name, []) + values for name, values in kept.items()}
    return network, history, logs.printed


def assert_same_training(arrays: Arrays, config: RunConfig) -> TrainingSession:
    """Train both ways and compare weights, losses and accuracies; give the session, which has it compiled."""
    session, differences = TrainingSession(*arrays), []
    for seed in SEEDS:
        config = replace(config, seed=seed)
        trained = records(list(session.train(config)))
        network, history, _ = fit_in_our_order(arrays, config)
        pairs = list(zip(session.network.get_weights(), network.get_weights(), strict=True))
        pairs += [([getattr(record, name) for record in trained], history[name]) for name in history]
        differences.append(max(np.abs(np.subtract(ours, kerases)).max() for ours, kerases in pairs))
        if differences[-1] < TOLERANCE:
            return session
    pytest.fail(f"For the seeds {SEEDS} the trainings differ by {differences}.")


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop"])
def test_200_steps_train_like_fit(optimizer: str):
    """Weights, losses and accuracies after 200 steps, the last on a smaller batch, are those of `fit`."""
    rate = 0.01 if optimizer == "sgd" else 0.001
    config = RunConfig(1, 32, rate, validation_split=0.1, optimizer=optimizer)
    assert_same_training(some_arrays(STEPS_200), config)


def test_real_digits_train_like_fit():
    """On MNIST's digits, whose borders never change, two epochs of 200 steps agree with Keras's `fit` too."""
    arrays = tuple(arrays_of(part_of_mnist(STEPS_200, STEPS_200)).values())
    assert_same_training(arrays, RunConfig(epochs=2, validation_split=0.1))


def test_first_images_alone_train_like_fit_on_them(arrays: Arrays):
    """Only the first 100 are learned, in four steps; validation stays on all that are held back."""
    config = RunConfig(epochs=2, train_images=100)
    session = assert_same_training(arrays, config)
    assert {event.steps for event in steps(list(session.train(config)))} == {4}


@pytest.mark.parametrize(("count", "batch_size"), [(1437, 1024), (10, 8), (40, 1024), (2, 32)])
def test_small_data_trains_like_fit(count: int, batch_size: int):
    """Fewer images than a batch holds, or a few more, train as in Keras's `fit`."""
    assert_same_training(some_arrays(count), RunConfig(3, batch_size, hidden=(5, 4)))


@pytest.mark.parametrize("hidden", [(1, 1), (1024, 3)])
def test_any_layer_sizes_can_be_trained(hidden: tuple[int, int], arrays: Arrays):
    """The smallest and the largest layers train like any other."""
    session = TrainingSession(*arrays)
    last = list(session.train(RunConfig(1, 256, hidden=hidden)))[-1]
    assert [kernel.shape for kernel, _ in session.weights()] == [(784, hidden[0]), hidden, (hidden[1], 10)]
    assert math.isfinite(last.record.val_loss)


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("hidden", [(), (9,), (9, 8, 7), (9, 8, 7, 6)])
def test_any_depth_trains_like_fit(hidden: tuple[int, ...], activation: str, arrays: Arrays):
    """Without a hidden layer, too."""
    assert_same_training(arrays, RunConfig(2, 64, hidden=hidden, activation=activation))


@pytest.mark.parametrize("hidden", [(), (9, 8)])
def test_penalty_counts_as_in_fit(hidden: tuple[int, ...], arrays: Arrays):
    """In the gradients, in both losses of the history, and in no answer: not in the test loss."""
    config = RunConfig(2, 64, hidden=hidden, l2=0.01)
    session = assert_same_training(arrays, config)
    images, labels = prepare_images(arrays[2]), one_hot_labels(arrays[3])
    whole, _ = session.network.evaluate(images, labels, verbose=0)
    penalty = 0.01 * sum(np.square(weights).sum() for weights, _ in session.weights())
    assert penalty > 0.1
    assert session.evaluate()[0] == pytest.approx(whole - penalty, abs=TOLERANCE)


def test_dropout_leaves_out_what_fit_leaves_out(arrays: Arrays):
    """While it learns, and only then; batches are full, so that the same random numbers fall on the same."""
    config = RunConfig(2, 32, hidden=(16, 8), dropout=0.5)
    session = assert_same_training(arrays, config)
    first = records(list(session.train(config)))
    assert first == records(list(session.train(config)))  # what is left out comes from the seed alone
    assert session.evaluate() == session.evaluate()
    plain = records(list(session.train(replace(config, dropout=0.0))))
    assert plain[0].loss < first[0].loss


def test_reports_are_what_keras_prints(arrays: Arrays, session: TrainingSession):
    """Loss and accuracy of a report are Keras's running means at that batch."""
    _, _, printed = fit_in_our_order(arrays, SMALL)
    reports = steps(list(session.train(SMALL)))
    assert len(reports) >= 4
    for report in reports:
        expected = printed[(report.epoch - 1) * report.steps + report.step - 1]
        assert (report.loss, report.accuracy) == pytest.approx(expected, abs=TOLERANCE)


def test_segment_means_add_up_to_the_epoch(session: TrainingSession, monkeypatch: pytest.MonkeyPatch):
    """A report's segment figures are means over the images since the report before."""
    monkeypatch.setattr(segments.Pace, "adapt", lambda self, *_: setattr(self, "steps", 7))
    reports = [report for report in steps(list(session.train(SMALL))) if report.epoch == 2]
    ends = [min(report.step * 32, 800) for report in reports]
    images = np.diff([0, *ends])
    assert [report.step for report in reports] == [7, 14, 21, 25]
    for place in range(len(reports)):
        seen, done = images[: place + 1], reports[: place + 1]
        loss = np.average([report.segment_loss for report in done], weights=seen)
        accuracy = np.average([report.segment_accuracy for report in done], weights=seen)
        assert (loss, accuracy) == pytest.approx((done[-1].loss, done[-1].accuracy), rel=1e-5)


def test_equal_settings_train_equal_networks(arrays: Arrays, session: TrainingSession):
    """One seed gives the same history and weights to the last digit, in a used session and in a new one."""
    histories, weights = [], []
    for trainer in (session, session, TrainingSession(*arrays)):
        histories.append(records(list(trainer.train(SMALL))))
        weights.append(flat(trainer.weights()))
    assert histories[0] == histories[1] == histories[2]
    assert np.array_equal(weights[0], weights[1])
    assert np.array_equal(weights[0], weights[2])


def test_another_seed_trains_another_network(session: TrainingSession):
    """Seeds differ in weights and in order."""
    first = records(list(session.train(SMALL)))
    assert first != records(list(session.train(replace(SMALL, seed=4))))
    assert not np.array_equal(shuffle(np.arange(99), 3, 1), shuffle(np.arange(99), 4, 1))


def test_every_epoch_has_its_own_order():
    """Images are shuffled anew for each epoch, none lost and none doubled."""
    first, second = (shuffle(np.arange(99), 3, epoch) for epoch in (1, 2))
    assert not np.array_equal(first, second)
    assert sorted(first) == sorted(second) == list(range(99))


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_clock_decides_reports_but_no_figures(
    optimizer: str, session: TrainingSession, monkeypatch: pytest.MonkeyPatch
):
    """However an epoch is cut into segments, its figures and the network stay the same to the last digit."""
    config = replace(SMALL, optimizer=optimizer)
    in_long_pieces = list(session.train(config))
    weights = flat(session.weights())
    monkeypatch.setattr(segments, "SEGMENT_SECONDS", 0)
    in_single_steps = list(session.train(config))
    assert len(steps(in_single_steps)) == 50 > len(steps(in_long_pieces))
    assert records(in_single_steps) == records(in_long_pieces)
    assert np.array_equal(weights, flat(session.weights()))


def test_first_report_comes_at_once(session: TrainingSession):
    """After a single step, whatever the pace of the run before."""
    list(session.train(SMALL))
    assert steps(list(islice(session.train(SMALL), 2)))[0].step == 1


def test_start_is_told_before_anything_is_learned(arrays: Arrays):
    """Once a run, after compiling; the network then has the weights that the seed gives."""
    session = TrainingSession(*arrays)
    session.warm_up(SMALL)
    initial = flat(session.weights())
    for config in (SMALL, replace(SMALL, batch_size=64)):
        events = []
        for event in session.train(config):
            events.append(event)
            if isinstance(event, Started):
                assert np.array_equal(flat(session.weights()), initial)
        before = [Started()] if config == SMALL else [Compiling(), Started()]
        assert events[: len(before)] == before
        assert events.count(Started()) == 1


def test_some_validation_images_are_spread_over_those_of_the_end(session: TrainingSession, arrays: Arrays):
    """They are held back from training, and each has its own digit; fewer than that are all there are."""
    x, digits = session.validation_examples(SMALL)
    assert np.array_equal(x, prepare_images(arrays[0][800:]))
    assert np.array_equal(digits, arrays[1][800:])
    some, their_digits = session.validation_examples(SMALL, most=60)
    assert len(some) == 50
    assert np.array_equal(some, x[::4])
    assert np.array_equal(their_digits, digits[::4])
    assert np.array_equal(session.validation_examples(SMALL, most=1)[0], x[:1])
    assert len(session.validation_examples(SMALL, most=1000)[0]) == 200


def test_closing_keeps_the_weights_so_far(session: TrainingSession):
    """Stopped after a report, the network has learned what it learned until then, and can be evaluated."""
    session.warm_up(SMALL)
    initial = flat(session.weights())
    training = session.train(SMALL)
    list(islice(training, 3))
    reported = flat(session.weights())
    training.close()
    assert np.array_equal(flat(session.weights()), reported)
    assert not np.array_equal(reported, initial)
    assert 0 <= session.evaluate()[1] <= 1


def test_weights_are_copies(session: TrainingSession):
    """Weights that were handed out stay as they are while training goes on."""
    training = session.train(SMALL)
    list(islice(training, 2))
    recorded = session.weights()
    before = flat(recorded).copy()
    list(training)
    assert all(array.dtype == np.float32 for layer in recorded for array in layer)
    assert np.array_equal(flat(recorded), before)


def test_evaluation_is_that_of_keras(arrays: Arrays, session: TrainingSession):
    """Test loss and accuracy are those of Keras's `evaluate` on the test images."""
    list(session.train(SMALL))
    expected = session.network.evaluate(prepare_images(arrays[2]), one_hot_labels(arrays[3]), verbose=0)
    assert session.evaluate() == pytest.approx(expected, abs=TOLERANCE)


def test_known_sizes_start_without_compiling(session: TrainingSession):
    """Another learning rate, seed, split or number of epochs needs nothing new."""
    changes = [{}, {"learning_rate": 0.5}, {"seed": 9}, {"validation_split": 0.33}, {"epochs": 1}]
    for change in changes:
        first = next(session.train(replace(SMALL, **change)))
        assert isinstance(first, Started), change


@pytest.mark.parametrize("change", [{"batch_size": 64}, {"hidden": (16, 9)}, {"optimizer": "sgd"}])
def test_new_sizes_compile_once(change: dict, arrays: Arrays):
    """Another batch size, layer size or optimizer is announced the first time, and known the second time."""
    session, config = TrainingSession(*arrays), replace(SMALL, epochs=1)
    session.warm_up(config)
    config = replace(config, **change)
    events = list(session.train(config))
    assert [event for event in events if isinstance(event, Compiling)] == events[:1]
    assert isinstance(next(session.train(config)), Started)
    assert session.compilations == 2


@pytest.mark.parametrize("setting", SETTINGS, ids=attrgetter("name"))
def test_only_the_shared_settings_leave_the_network_as_it_was_compiled(setting: Setting):
    """Another value of any other one makes a network of its own, so that none trains as another run asked."""
    keys = {network_key(RunConfig(**{setting.name: value})) for value in some_values(setting)}
    assert (len(keys) == 1) == (setting.name in SHARED_SETTINGS)


@pytest.mark.parametrize("name", sorted(set(SHARED_SETTINGS) - {"keep_best"}))  # which comes after training
def test_shared_network_trains_as_a_fresh_one(name: str, arrays: Arrays, session: TrainingSession):
    """What a process trained before does not show, and the setting does."""
    config = replace(SMALL, **{name: getattr(DIFFERENT, name)})
    list(session.train(SMALL))
    before = session.weights()
    list(session.train(config))
    fresh = TrainingSession(*arrays)
    list(fresh.train(config))
    np.testing.assert_array_equal(flat(session.weights()), flat(fresh.weights()))
    assert not np.array_equal(flat(session.weights()), flat(before))


def test_segment_of_any_length_runs_what_was_compiled(session: TrainingSession):
    """No number of a batch is part of the compiled function: XLA makes the same program for all of them."""
    session.warm_up(SMALL)
    source = session._images.batches(np.arange(800))
    train, totals = session._current._train[compiled._kind(SMALL)], tf.zeros((2, 3))
    programs = {
        train.experimental_get_compiler_ir(
            source.images, source.labels, source.order, tf.constant(first), tf.constant(last), totals
        )(stage="hlo")
        for first, last in ((0, 1), (3, 7))
    }
    assert len(programs) == 1
    assert train.experimental_get_tracing_count() == 1


def test_learning_rate_is_the_one_asked_for(session: TrainingSession):
    """A run takes its own learning rate, not that of the run that was compiled."""
    session.warm_up(replace(SMALL, learning_rate=0.25))
    assert float(session.network.optimizer.learning_rate.numpy()) == 0.25


def test_run_starts_from_a_fresh_optimizer(session: TrainingSession):
    """Nothing is left of an earlier run's moments and step count."""
    list(session.train(SMALL))
    assert int(session.network.optimizer.iterations.numpy()) == 50
    session.warm_up(SMALL)
    state = [np.abs(variable.numpy()).max() for variable in session.network.optimizer.variables]
    assert sorted(state) == pytest.approx([0] * (len(state) - 1) + [0.001])


# Keras 3.15 turns its variables into arrays in a way that NumPy 2.4 warns of.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
def test_network_is_saved_like_any_keras_network(session: TrainingSession, tmp_path: Path):
    """The file of `network.save` gives back the network with its optimizer's state."""
    list(session.train(SMALL))
    session.network.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for ours, read in zip(session.network.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, read)
    assert int(loaded.optimizer.iterations.numpy()) == 50


def test_networks_of_long_ago_are_let_go(arrays: Arrays, monkeypatch: pytest.MonkeyPatch):
    """Only the networks that were used last are kept."""
    monkeypatch.setattr(loop, "MAX_NETWORKS", 2)
    session = TrainingSession(*arrays)
    for width in (1, 2, 1, 3):
        session._start(replace(SMALL, hidden=(width, 2)))
        if width == 2:
            forgotten = weakref.ref(session.network)
    gc.collect()
    assert [key.hidden[0] for key in session._networks] == [1, 3]
    assert forgotten() is None


def test_there_is_no_network_before_the_first_run(arrays: Arrays):
    """Asked too early, a session says what to do first."""
    session = TrainingSession(*arrays)
    with pytest.raises(RuntimeError, match="before warm_up or train"):
        session.evaluate()


def test_augmented_run_trains_on_every_image_once_an_epoch(session: TrainingSession):
    """Its steps count up to the same number as a plain run's, and it learns."""
    config = replace(SMALL, augment=True, epochs=3)
    events = list(session.train(config))
    steps = [event for event in events if isinstance(event, StepDone)]
    plain = [event for event in session.train(replace(config, augment=False)) if isinstance(event, StepDone)]
    assert steps[-1].step == steps[-1].steps == plain[-1].steps
    records = [event.record for event in events if isinstance(event, EpochDone)]
    assert records[-1].loss < records[0].loss


def test_augmented_run_is_the_same_for_the_same_seed(session: TrainingSession):
    """The augmentation follows from the seed, and is another one in every epoch."""
    config = replace(SMALL, augment=True, epochs=2)
    runs = []
    others = ({"seed": config.seed + 1}, {"augment": False}, {"european": True})
    for chosen in (config, config, *(replace(config, **other) for other in others)):
        done = [event.record for event in session.train(chosen) if isinstance(event, EpochDone)]
        runs.append([(record.loss, record.val_loss) for record in done])
    assert runs[0] == runs[1]
    assert runs[0] not in runs[2:]


def test_european_digits_are_a_setting_of_their_own(session: TrainingSession):
    """Without augmentation, too: another run than the plain one, and the same for the same seed."""
    config = replace(SMALL, european=True, epochs=2)
    runs = []
    for chosen in (config, config, replace(config, european=False)):
        events = list(session.train(chosen))
        steps = [event for event in events if isinstance(event, StepDone)]
        assert (steps[-1].epoch, steps[-1].step) == (2, steps[-1].steps)
        runs.append([event.record.loss for event in events if isinstance(event, EpochDone)])
    assert runs[0] == runs[1] != runs[2]
    assert runs[0][1] < runs[0][0]


def test_changed_samples_are_images(session: TrainingSession):
    """Sixteen for each choice of augmentation and European digits, for the page to show."""
    samples = session.changed_samples()
    assert samples.shape == (2, 2, 16, 28, 28)
    assert samples.dtype == np.uint8
    assert (samples[:, 1].max(axis=(2, 3)) == 255).all()


def test_learning_rate_falls_along_the_cosine(session: TrainingSession):
    """Half of it after half of the epochs, a thousandth at the end; a constant one stays."""
    config = replace(SMALL, epochs=4, schedule="cosine")
    rates = [scheduled_rate(config, epoch, 1.0) for epoch in range(1, 6)]
    assert rates == pytest.approx([1, 0.8537, 0.5005, 0.1473, 0.001], abs=1e-4)
    for chosen, share in ((config, rates[3]), (replace(config, schedule="constant"), 1)):
        list(session.train(chosen))
        now = float(session.network.optimizer.learning_rate.numpy())
        assert now == pytest.approx(share * config.learning_rate, rel=1e-5)


@pytest.fixture(scope="module")
def real() -> TrainingSession:
    """A session on real digits, of which few epochs learn much."""
    return TrainingSession(*arrays_of(part_of_mnist(4000, 1000)).values())


def test_dead_neurons_are_those_that_fire_for_no_validation_image(real: TrainingSession):
    """Counted in NumPy; steps that are far too long leave many of them, usual ones hardly any."""
    shares = []
    for rate in (0.001, 0.1):
        config = RunConfig(epochs=2, learning_rate=rate)
        shares.append(records(list(real.train(config)))[-1].dead)
        fired = Network(tuple(real.weights())).activations(real.validation_examples(config)[0])
        silent = np.concatenate([(layer == 0).all(axis=0) for layer in fired.hidden])
        assert shares[-1] == pytest.approx(silent.mean())
    usual, far_too_long = shares
    assert usual < 0.1
    assert far_too_long > 0.3


def test_wrong_labels_are_learned_and_not_checked_with(real: TrainingSession):
    """Four of ten labels that are learned from are wrong; those of validation and test are right."""
    last = records(list(real.train(RunConfig(epochs=4, wrong_labels=0.4))))[-1]
    assert last.accuracy < 0.65
    assert last.val_accuracy > 0.75
    assert real.evaluate()[1] > 0.75


def test_digit_that_was_never_seen_is_never_said(real: TrainingSession):
    """It is in the validation and in the test, where it is taken for another."""
    list(real.train(RunConfig(epochs=4, missing_digit=7)))
    test = part_of_mnist(4000, 1000)
    predicted = real.network.predict(prepare_images(test.x_test), verbose=0).argmax(axis=1)
    assert 7 in test.y_test
    assert 7 not in predicted
    assert (predicted == test.y_test)[test.y_test != 7].mean() > 0.85
