"""The settings of a run in words: each one's name and its value, the same wherever they are shown."""

from __future__ import annotations

from mnist_demo.runs.run import OPTIMIZER_NAMES, Run, count_training_images
from mnist_demo.texts.catalogue import Texts

NO_BREAK_HYPHEN = "\u2011"


def setting_name(setting: str, texts: Texts) -> str:
    """Name a setting as the sidebar does, or as the comparison does where the sidebar has none for it."""
    words = texts.compare
    own = {"hidden": words.hidden, "train_images": words.train_images, "schedule": words.schedule}
    return own.get(setting) or getattr(texts.settings, setting)


def setting_words(setting: str, run: Run, texts: Texts) -> str:
    """Write the value of a setting; training images are counted, also where they are all that there are."""
    value, numbers, words = getattr(run.config, setting), texts.numbers, texts.compare
    match setting:
        case "train_images":
            said = numbers.whole(count_training_images(run.config, run.dataset.n_train))
        case "hidden":
            said = NO_BREAK_HYPHEN.join(map(str, value))
        case "validation_split":
            said = numbers.percent(value, 0)
        case "optimizer":
            said = OPTIMIZER_NAMES[value]
        case "schedule":
            said = {"cosine": words.cosine, "constant": words.constant}[value]
        case "augment":
            said = words.yes if value else words.no
        case "seed":
            said = str(value)  # a mark to type in again, no amount
        case _:
            said = numbers.shortest(value) if isinstance(value, float) else numbers.whole(value)
    return said
