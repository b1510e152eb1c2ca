import hashlib
import json
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any

import pytest

from mnist_demo.data.mnist import DatasetInfo
from mnist_demo.errors import InvalidConfig
from mnist_demo.network.mlp import PRETRAINED_RUNS
from mnist_demo.runs import config as config_module
from mnist_demo.runs.config import (
    BATCH_SIZES,
    SETTINGS,
    RunConfig,
    count_training_images,
    run_identity,
    steps_per_epoch,
)
from mnist_demo.runs.files import read_run
from mnist_demo.runs.setting import Setting
from tests.factories import MNIST, some_values

BOUNDS = {
    "epochs": (1, 200),
    "learning_rate": (0.00001, 1.0),
    "validation_split": (0.05, 0.5),
    "seed": (0, 2147483647),
    "dropout": (0.0, 0.9),
    "l2": (0.0, 0.1),
    "wrong_labels": (0.0, 1.0),
}
PLAIN = {
    "epochs": 3,
    "batch_size": 64,
    "learning_rate": 0.01,
    "validation_split": 0.25,
    "hidden": [10, 20],
    "optimizer": "sgd",
    "seed": 7,
    "augment": True,
    "european": True,
    "train_images": 500,
    "schedule": "cosine",
    "activation": "tanh",
    "dropout": 0.25,
    "l2": 0.001,
    "keep_best": True,
    "wrong_labels": 0.3,
    "missing_digit": 7,
    "rare_digit": 4,
}
"""A configuration as JSON has it."""


class TestRunConfig:
    def test_every_field_is_a_setting(self):
        """By its own name and default, in the same order."""
        declared = [(field.name, field.default) for field in fields(RunConfig)]
        assert [(setting.name, setting.default) for setting in SETTINGS] == declared

    @pytest.mark.parametrize("setting", SETTINGS, ids=attrgetter("name"))
    def test_nothing_is_of_another_kind(self, setting: Setting):
        """Each is checked, the error names it, and no default is refused."""
        with pytest.raises(InvalidConfig, match=f"name: {setting.name}"):
            RunConfig(**{setting.name: object()})
        setting.check(setting.default)

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
            ("dropout", -0.01),
            ("dropout", 0.91),
            ("l2", 0.11),
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

    @pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop"])
    def test_offered_optimizers_are_allowed(self, optimizer: str):
        """Each optimizer of the list can be chosen."""
        assert RunConfig(optimizer=optimizer).optimizer == optimizer

    @pytest.mark.parametrize("optimizer", ["Adam", "", None, "nadam", ["adam"]])
    def test_other_optimizers_are_refused(self, optimizer: object):
        """The error lists the optimizers."""
        with pytest.raises(InvalidConfig, match=r"name: optimizer, .* adam, sgd, rmsprop"):
            RunConfig(optimizer=optimizer)

    @pytest.mark.parametrize("hidden", [(), (1,), (1, 1), (1024,) * 4])
    def test_smallest_and_largest_layers_are_allowed(self, hidden: tuple[int, ...]):
        """There are 0 to 4 layers of 1 to 1024 neurons."""
        assert RunConfig(hidden=hidden).hidden == hidden

    @pytest.mark.parametrize(
        "hidden",
        [(0, 64), (128, 1025), (True, 64), (128.0, 64), (10**9,), (1,) * 5, [128, 64], 128, "ab", None],
    )
    def test_other_layers_are_refused(self, hidden: object):
        """Anything but up to four whole numbers in their range is refused by name."""
        with pytest.raises(InvalidConfig, match="name: hidden"):
            RunConfig(hidden=hidden)


class TestConfigAsJson:
    def test_config_is_written_as_plain_values(self):
        """A list stands for the tuple that JSON does not have."""
        config = RunConfig(
            *(3, 64, 0.01, 0.25, (10, 20), "sgd", 7, True, True, 500, "cosine"),
            *("tanh", 0.25, 0.001, True, 0.3, 7, 4),
        )
        assert json.loads(json.dumps(config.to_json())).items() >= PLAIN.items()

    @pytest.mark.parametrize("setting", SETTINGS, ids=attrgetter("name"))
    def test_config_comes_back_as_it_was(self, setting: Setting):
        """What is written is read as an equal configuration, whatever the setting."""
        for value in some_values(setting):
            config = RunConfig(**{setting.name: value})
            assert RunConfig.from_json(json.loads(json.dumps(config.to_json()))) == config

    @pytest.mark.parametrize("name", PLAIN)
    def test_missing_setting_takes_its_default(self, name: str):
        """A setting that an older version did not have had the value that is the default now."""
        read = RunConfig.from_json({key: value for key, value in PLAIN.items() if key != name})
        assert read == replace(RunConfig.from_json(PLAIN), **{name: getattr(RunConfig(), name)})
        assert read != RunConfig.from_json(PLAIN)

    def test_no_settings_are_the_notebooks(self):
        """Where nothing is said, nothing differs."""
        assert RunConfig.from_json({}) == RunConfig()

    def test_unknown_setting_is_refused(self):
        """A setting that this version does not know would be lost silently."""
        for others in ({}, PLAIN):
            with pytest.raises(InvalidConfig) as caught:
                RunConfig.from_json(others | {"colour": 0.5})
            assert caught.value.code == "config_settings"
            assert caught.value.details["expected"] == ", ".join(sorted(setting.name for setting in SETTINGS))

    @pytest.mark.parametrize("values", [None, [], "epochs", 3])
    def test_what_is_no_table_is_refused(self, values: Any):  # noqa: ANN401 - the wrong type is the point
        """Foreign JSON gives the same error."""
        with pytest.raises(InvalidConfig, match="config_settings"):
            RunConfig.from_json(values)

    @pytest.mark.parametrize(
        ("name", "value"), [("epochs", 201), ("hidden", [10] * 10), ("hidden", "ab"), ("batch_size", 7)]
    )
    def test_values_are_checked_when_they_are_read(self, name: str, value: object):
        """A file that somebody has changed is held to the same ranges."""
        with pytest.raises(InvalidConfig, match=name):
            RunConfig.from_json(PLAIN | {name: value})


class TestIdentity:
    def test_identity_is_stable(self):
        """The notebook's settings on these images, written by another program: sha256sum of the same JSON."""
        assert run_identity(RunConfig(), MNIST, training_version=1) == "121d66c361f1d6a7"

    @pytest.mark.parametrize(
        ("name", "identity"), [("notebook", "121d66c361f1d6a7"), ("robust", "ad96ce46d80253f5")]
    )
    def test_pretrained_runs_keep_theirs(self, name: str, identity: str):
        """Whatever setting is added later: else Train would not find them, nor any run that is kept."""
        assert read_run(PRETRAINED_RUNS / name, pretrained=True).identity == identity

    @pytest.mark.parametrize("setting", SETTINGS, ids=attrgetter("name"))
    def test_every_setting_changes_it(self, setting: Setting):
        """Other settings train to another network."""
        values = some_values(setting)
        identities = {run_identity(RunConfig(**{setting.name: value}), MNIST) for value in values}
        assert len(identities) == len(values)

    def test_later_setting_counts_only_where_it_is_not_the_default(self, monkeypatch: pytest.MonkeyPatch):
        """As if `augment` had come later: the runs of before, without it, keep their identities."""
        later = [replace(setting, is_later=setting.name == "augment") for setting in SETTINGS]
        monkeypatch.setattr(config_module, "SETTINGS", later)
        before = RunConfig().to_json()
        assert "augment" not in before
        assert RunConfig.from_json(before) == RunConfig()
        assert RunConfig(augment=True).to_json() == before | {"augment": True}
        text = json.dumps([before, MNIST.fingerprint, 1], sort_keys=True)
        assert run_identity(RunConfig(), MNIST, 1) == hashlib.sha256(text.encode()).hexdigest()[:16]
        assert run_identity(RunConfig(augment=True), MNIST) != run_identity(RunConfig(), MNIST)

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


class TestCounts:
    @pytest.mark.parametrize(
        ("split", "batch_size", "n_train", "steps"),
        [
            (0.2, 32, 60000, 1500),  # 48,000 / 32
            (0.2, 128, 60000, 375),  # 48,000 / 128
            (0.2, 1024, 60000, 47),  # 46.875
            (0.05, 512, 60000, 112),  # 57,000 / 512 = 111.3
            (0.2, 32, 1437, 36),  # 1,149.6 -> 1,149 / 32 = 35.9
            (0.5, 8, 9, 1),  # 4.5 -> 4 / 8
        ],
    )
    def test_last_smaller_batch_is_a_step(self, split: float, batch_size: int, n_train: int, steps: int):
        """Whatever is left over at the end of an epoch is one more step."""
        config = RunConfig(validation_split=split, batch_size=batch_size)
        assert steps_per_epoch(config, n_train) == steps

    @pytest.mark.parametrize(
        ("train_images", "n_train", "images", "steps"),
        [(None, 60000, 48000, 1500), (100, 60000, 100, 4), (100, 100, 80, 3), (60000, 60000, 48000, 1500)],
    )
    def test_only_the_images_trained_on_count(
        self, train_images: int | None, n_train: int, images: int, steps: int
    ):
        """Of 100 images 80 are left to train on; of 60,000 the first hundred are taken."""
        config = RunConfig(train_images=train_images)
        assert count_training_images(config, n_train) == images
        assert steps_per_epoch(config, n_train) == steps
