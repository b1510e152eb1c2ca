"""The kinds of settings, and the words that every setting has."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest

from mnist_demo.errors import InvalidConfig
from mnist_demo.runs.config import SETTINGS
from mnist_demo.runs.kinds import Choice, Digit, Layers, Number, Switch
from mnist_demo.runs.labels import setting_value
from mnist_demo.runs.run import RunConfig
from mnist_demo.runs.setting import Setting
from mnist_demo.texts.loading import languages, load_texts
from tests.factories import make_run, some_values

ES = load_texts("es")
NAMED = {setting.name: setting for setting in SETTINGS}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("setting", SETTINGS, ids=attrgetter("name"))
class TestEverySetting:
    def test_has_its_words(self, language: str, setting: Setting):
        """Whoever forgets one is told by its name."""
        words = load_texts(language).settings
        assert [entry for entry in setting.entries() if not hasattr(words, entry)] == []
        assert setting.label(load_texts(language))[0].isupper()

    def test_writes_different_values_differently(self, language: str, setting: Setting):
        """As values and as parts of names, to the last digit: nobody could tell them apart else."""
        texts, values = load_texts(language), some_values(setting)
        assert len({setting.write(value, texts) for value in values}) == len(values)
        changed = [value for value in values if value != setting.default]
        assert len({setting.short(value, texts) for value in changed}) == len(changed)

    def test_sorts_different_values_differently(self, language: str, setting: Setting):
        """A table writes what it sorts by, in any language."""
        assert language
        keys = [setting.sort_key(value) for value in some_values(setting)]
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("batch_size", 1024, "1024"),
        ("learning_rate", 0.00001, "0,00001"),
        ("learning_rate", 1, "1"),
        ("validation_split", 0.2, "20\u00a0%"),
        ("validation_split", 0.125, "12,5\u00a0%"),
        ("hidden", (4, 64), "4\u201164"),
        ("optimizer", "sgd", "SGD"),
        ("schedule", "cosine", "baja según un coseno"),
        ("augment", True, "sí"),
        ("seed", 12345, "12345"),
        ("train_images", 100, "100"),
        ("train_images", None, "48\u00a0000"),
    ],
)
def test_value_is_written_as_the_language_does(setting: str, value: object, said: str):
    """All images are counted, so that one sees how many they are."""
    assert setting_value(NAMED[setting], make_run(config=RunConfig(**{setting: value})), ES) == said


@pytest.mark.parametrize(
    "values",
    [[(4, 1024), (5, 1), (5, 2), (128, 64)], [(), (1,), (1, 1), (1, 1, 1, 1024), (1, 1, 2, 1), (2,)]],
)
def test_layers_are_sorted_by_the_first_then_by_the_next(values: list[tuple[int, ...]]):
    """However many there are, a layer more counts as more."""
    layers = Layers((), 1, 1024, most=4, steps=(), fresh=())
    keys = [layers.sort_key(sizes) for sizes in values]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    ("setting", "right", "wrong"),
    [
        (Number(5, 1, 9), [1, 9], [0, 10, 1.0, True, "5", None]),
        (Number(0.5, 0.0, 1.0), [0.0, 1, 0.25], [-0.1, 1.1, True, "0", None, float("nan")]),
        (Number(None, 1, 9), [None, 1, 9], [0, 10, 1.0]),
        (Choice(8, (8, 16)), [8, 16], [9, 8.0, True, "8", None, [8]]),
        (Choice("a", ("a", "b")), ["a", "b"], ["c", "", None, ["a"]]),
        (Digit(None), [None, 0, 9], [-1, 10, 1.0, True, "5", [5]]),
        (Switch(False), [True, False], [0, 1, "yes", None]),
        (
            Layers((2,), 1, 4, most=1, steps=(), fresh=()),
            [(), (1,), (4,)],
            [(0,), (5,), (1, 1), [1], (1.0,), (True,), 1],
        ),
    ],
)
def test_each_kind_refuses_what_it_cannot_be(setting: Setting, right: list[Any], wrong: list[Any]):
    """Whole numbers where whole numbers are meant, and nothing that Python merely counts as equal."""
    for value in right:
        setting.check(value)
    for value in wrong:
        with pytest.raises(InvalidConfig):
            setting.check(value)
