"""The settings of a run in words."""

from __future__ import annotations

from dataclasses import fields

import pytest

from mnist_demo.runs.labels import setting_name, setting_value
from mnist_demo.runs.run import RunConfig
from mnist_demo.texts.loading import languages, load_texts
from tests.factories import make_run

ES = load_texts("es")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("setting", [setting.name for setting in fields(RunConfig)])
def test_every_setting_has_its_words(language: str, setting: str):
    """A new setting has a name on the page, and its value can be written."""
    texts = load_texts(language)
    assert setting_name(setting, texts)[0].isupper()
    assert setting_value(setting, make_run(config=RunConfig()), texts)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("batch_size", 1024, "1024"),
        ("learning_rate", 0.00001, "0,00001"),
        ("validation_split", 0.2, "20\u00a0%"),
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
    assert setting_value(setting, make_run(config=RunConfig(**{setting: value})), ES) == said
