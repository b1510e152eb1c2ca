from dataclasses import replace
from typing import Any

import pytest

from mnist_demo.data.mnist import DatasetInfo
from mnist_demo.errors import InvalidConfig
from mnist_demo.runs.run import (
    BATCH_SIZES,
    OPTIMIZERS,
    EpochRecord,
    History,
    RunConfig,
    StepRecord,
    run_identity,
)
from tests.factories import FIRST_EPOCH, HISTORY, MNIST, SECOND_EPOCH, make_run

BOUNDS = {
    "epochs": (1, 200),
    "learning_rate": (0.00001, 1.0),
    "validation_split": (0.05, 0.5),
    "seed": (0, 2147483647),
}
OTHER_SETTINGS = {
    "epochs": 11,
    "batch_size": 64,
    "learning_rate": 0.002,
    "validation_split": 0.25,
    "hidden": (64, 128),
    "optimizer": "sgd",
    "seed": 2,
    "augment": True,
    "train_images": 100,
    "schedule": "cosine",
}
"""Each setting with a value that is not the notebook's."""

PLAIN = {
    "epochs": 3,
    "batch_size": 64,
    "learning_rate": 0.01,
    "validation_split": 0.25,
    "hidden": [10, 20],
    "optimizer": "sgd",
    "seed": 7,
    "augment": True,
    "train_images": 500,
    "schedule": "cosine",
}
"""A configuration as JSON has it."""


class TestRunConfig:
    def test_defaults_are_the_notebooks(self):
        """Ten epochs in batches of 32 by Adam at 0.001, a fifth held back, 128 and 64 neurons."""
        config = RunConfig()
        assert (config.epochs, config.batch_size, config.optimizer) == (10, 32, "adam")
        assert (config.learning_rate, config.validation_split, config.hidden) == (0.001, 0.2, (128, 64))

    @pytest.mark.parametrize("name", BOUNDS)
    @pytest.mark.parametrize("bound", [0, 1], ids=["low", "high"])
    def test_bound_itself_is_allowed(self, name: str, bound: int):
        """The lowest and the highest value are within the range."""
        assert getattr(RunConfig(**{name: BOUNDS[name][bound]}), name) == BOUNDS[name][bound]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("epochs", 0),
            ("epochs", 201),
            ("learning_rate", 0.00000999),
            ("learning_rate", 1.0001),
            ("validation_split", 0.0499),
            ("validation_split", 0.5001),
            ("seed", -1),
            ("seed", 2147483648),
            ("learning_rate", float("nan")),
            ("validation_split", float("inf")),
        ],
    )
    def test_value_outside_its_range_is_refused(self, name: str, value: float):
        """The error names the setting, the value and what may be chosen."""
        with pytest.raises(InvalidConfig) as caught:
            RunConfig(**{name: value})
        low, high = BOUNDS[name]
        assert caught.value.code == "config_range"
        assert caught.value.details == {"name": name, "value": str(value), "low": str(low), "high": str(high)}

    @pytest.mark.parametrize("name", BOUNDS)
    @pytest.mark.parametrize("value", [True, "1", None, [1]])
    def test_what_is_no_number_is_refused(self, name: str, value: object):
        """True is no number here, though Python counts it as 1, and neither is a text."""
        with pytest.raises(InvalidConfig, match=name):
            RunConfig(**{name: value})

    @pytest.mark.parametrize("name", ["epochs", "seed"])
    def test_half_a_count_is_refused(self, name: str):
        """There is no half epoch, and 2.0 is no count either."""
        for value in (1.5, 2.0):
            with pytest.raises(InvalidConfig, match=name):
                RunConfig(**{name: value})

    @pytest.mark.parametrize("images", [10, 60000])
    def test_bounds_of_training_images_are_allowed(self, images: int):
        """Fewer than ten digits would not even hold one of each; more than MNIST has mean all."""
        assert RunConfig(train_images=images).train_images == images

    @pytest.mark.parametrize("images", [0, 9, 60001, 100.0, True, "100"])
    def test_other_numbers_of_training_images_are_refused(self, images: object):
        """The error names the setting."""
        with pytest.raises(InvalidConfig, match="name: train_images"):
            RunConfig(train_images=images)

    @pytest.mark.parametrize("size", BATCH_SIZES)
    def test_offered_batch_sizes_are_allowed(self, size: int):
        """Every power of two from 8 to 1024 can be chosen."""
        assert RunConfig(batch_size=size).batch_size == size

    @pytest.mark.parametrize("size", [0, 1, 33, 2048, True, "32", None, 32.0, [32]])
    def test_other_batch_sizes_are_refused(self, size: object):
        """The error lists the sizes; 32.0 is none, since TensorFlow counts images in whole numbers."""
        with pytest.raises(InvalidConfig, match=r"name: batch_size, .* 8, 16, 32, 64, 128, 256, 512, 1024"):
            RunConfig(batch_size=size)

    @pytest.mark.parametrize("optimizer", OPTIMIZERS)
    def test_offered_optimizers_are_allowed(self, optimizer: str):
        """Each optimizer of the list can be chosen."""
        assert RunConfig(optimizer=optimizer).optimizer == optimizer

    @pytest.mark.parametrize("optimizer", ["Adam", "", None, "nadam", ["adam"]])
    def test_other_optimizers_are_refused(self, optimizer: object):
        """The error lists the optimizers."""
        with pytest.raises(InvalidConfig, match=r"name: optimizer, .* adam, sgd, rmsprop"):
            RunConfig(optimizer=optimizer)

    @pytest.mark.parametrize("hidden", [(1, 1), (1024, 1024)])
    def test_smallest_and_largest_layers_are_allowed(self, hidden: tuple[int, int]):
        """A layer has 1 to 1024 neurons."""
        assert RunConfig(hidden=hidden).hidden == hidden

    @pytest.mark.parametrize(
        "hidden",
        [(0, 64), (128, 1025), (True, 64), (128.0, 64), (128,), (128, 64, 32), [128, 64], 128, "ab", None],
    )
    def test_other_layers_are_refused(self, hidden: object):
        """Anything but two whole numbers in their range is refused by name."""
        with pytest.raises(InvalidConfig, match="name: hidden"):
            RunConfig(hidden=hidden)


class TestConfigAsJson:
    def test_config_is_written_as_plain_values(self):
        """A list stands for the tuple that JSON does not have."""
        config = RunConfig(3, 64, 0.01, 0.25, (10, 20), "sgd", 7, True, 500, "cosine")
        assert config.to_json() == PLAIN
        assert isinstance(config.to_json()["hidden"], list)

    @pytest.mark.parametrize("name", OTHER_SETTINGS)
    def test_config_comes_back_as_it_was(self, name: str):
        """What is written is read as an equal configuration."""
        config = RunConfig(**{name: OTHER_SETTINGS[name]})
        assert RunConfig.from_json(config.to_json()) == config

    @pytest.mark.parametrize("name", PLAIN)
    def test_missing_setting_takes_its_default(self, name: str):
        """A setting that an older version did not have had the value that is the default now."""
        read = RunConfig.from_json({key: value for key, value in PLAIN.items() if key != name})
        default = RunConfig().to_json()[name]
        assert read.to_json() == PLAIN | {name: default}
        assert default != PLAIN[name]

    def test_no_settings_are_the_notebooks(self):
        """Where nothing is said, nothing differs."""
        assert RunConfig.from_json({}) == RunConfig()

    def test_unknown_setting_is_refused(self):
        """A setting that this version does not know would be lost silently."""
        with pytest.raises(
            InvalidConfig, match="batch_size, epochs, hidden, learning_rate, optimizer, schedule, seed"
        ):
            RunConfig.from_json(PLAIN | {"dropout": 0.5})
        with pytest.raises(InvalidConfig) as caught:
            RunConfig.from_json({"dropout": 0.5})
        assert caught.value.code == "config_settings"

    @pytest.mark.parametrize("values", [None, [], "epochs", 3])
    def test_what_is_no_table_is_refused(self, values: Any):  # noqa: ANN401 - the wrong type is the point
        """Foreign JSON gives the same error."""
        with pytest.raises(InvalidConfig, match="config_settings"):
            RunConfig.from_json(values)

    @pytest.mark.parametrize(
        ("name", "value"), [("epochs", 201), ("hidden", [10]), ("hidden", "ab"), ("batch_size", 7)]
    )
    def test_values_are_checked_when_they_are_read(self, name: str, value: object):
        """A file that somebody has changed is held to the same ranges."""
        with pytest.raises(InvalidConfig, match=name):
            RunConfig.from_json(PLAIN | {name: value})


class TestIdentity:
    def test_identity_is_stable(self):
        """The notebook's settings on some images, written by another program: sha256sum of the same JSON."""
        some = DatasetInfo("mnist", "ab" * 32, 60000, 10000)
        assert run_identity(RunConfig(), some, training_version=1) == "61d095e1b18fc03f"

    @pytest.mark.parametrize("name", OTHER_SETTINGS)
    def test_every_setting_changes_it(self, name: str):
        """Other settings train to another network."""
        changed = RunConfig(**{name: OTHER_SETTINGS[name]})
        assert run_identity(changed, MNIST) != run_identity(RunConfig(), MNIST)

    def test_images_change_it(self):
        """The same settings on other images are another run."""
        other = DatasetInfo("mnist", "ba" * 32, 60000, 10000)
        assert run_identity(RunConfig(), other) != run_identity(RunConfig(), MNIST)

    def test_version_of_the_training_code_changes_it(self):
        """After a change of the training code, an old run is no longer what the new code would give."""
        assert run_identity(RunConfig(), MNIST, 2) != run_identity(RunConfig(), MNIST, 1)

    def test_equal_settings_have_equal_identities(self):
        """A learning rate of 1 is a learning rate of 1.0, as JSON from elsewhere may write it."""
        assert run_identity(RunConfig(learning_rate=1), MNIST) == run_identity(
            RunConfig(learning_rate=1.0), MNIST
        )

    def test_run_knows_its_identity(self):
        """A run counts with the version that it was trained by, not with today's."""
        run = make_run(training_version=9)
        assert run.identity == run_identity(run.config, run.dataset, 9)

    def test_identity_is_computed_once(self):
        """Pages ask for those of all runs several times a second; a run with other settings has its own."""
        run = make_run()
        assert run.identity is run.identity
        changed = replace(run, config=replace(run.config, seed=2))
        assert changed.identity == run_identity(changed.config, run.dataset) != run.identity
        assert run == make_run()

    def test_id_is_the_name_of_the_folder(self):
        """So that a run can be found on the disk by hand."""
        assert make_run().id == "20260102-030405-abcdef"


class TestHistory:
    def test_nothing_is_reached_before_the_first_epoch_ends(self):
        """Steps alone make no epoch."""
        assert History().reached_epoch == 0
        assert History(steps=HISTORY.steps).reached_epoch == 0

    def test_last_record_is_the_epoch_reached(self):
        """Two epochs have been trained to their end, however many steps were recorded."""
        assert HISTORY.reached_epoch == 2
        assert History((FIRST_EPOCH, SECOND_EPOCH)).reached_epoch == 2

    @pytest.mark.parametrize(
        ("positions", "epoch"), [((), 1), ((0.2,), 1), ((0.5, 1.0), 1), ((1.0, 1.1), 2), ((1.5, 2.0), 2)]
    )
    def test_training_ended_in_the_epoch_of_the_last_step(self, positions: tuple[float, ...], epoch: int):
        """A run that was stopped in its second epoch ended there, though it had one whole epoch."""
        assert History(steps=tuple(StepRecord(at, 0.5, 0.5) for at in positions)).last_epoch == epoch

    def test_whole_epochs_count_without_steps(self):
        """The files of a run may hold epochs alone."""
        assert History((FIRST_EPOCH, SECOND_EPOCH)).last_epoch == 2
        assert History((FIRST_EPOCH, SECOND_EPOCH), (StepRecord(0.5, 0.75, 0.5),)).last_epoch == 2

    def test_records_are_added_at_the_end(self):
        """A history grows by new values and leaves the old ones as they were."""
        before = History((FIRST_EPOCH,), (StepRecord(0.5, 0.75, 0.5),))
        after = before.with_epoch(SECOND_EPOCH).with_step(StepRecord(1.5, 0.2, 0.9))
        assert after == HISTORY
        assert before.reached_epoch == 1

    def test_epoch_record_keeps_the_order_of_its_figures(self):
        """Loss, accuracy, then the same for validation, then seconds: the columns of `history.csv`."""
        assert EpochRecord(1, 0.5, 0.75, 0.25, 0.875, 1.5) == FIRST_EPOCH


class TestDatasetInfo:
    def test_only_mnist_is_mnist(self):
        """Figures on the offline digits are another test's."""
        assert MNIST.is_mnist
        assert not DatasetInfo("digits8x8", "ab" * 32, 1437, 360).is_mnist
        assert not DatasetInfo("other", "ab" * 32, 60000, 10000).is_mnist
