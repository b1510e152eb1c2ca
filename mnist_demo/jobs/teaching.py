"""What a job needs besides settings where a network goes on learning from a class."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mnist_demo.runs import USUAL_RATES, RunConfig

CLASS_EPOCHS, CLASS_BATCH, CLASS_IMAGES = 4, 64, 8192


@dataclass(frozen=True)
class Teaching:
    """Which network goes on learning, and from what.

    Attributes:
        base: Id of its run.
        drawings: File of the drawings, see `data.ClassDrawings`.
    """

    base: str
    drawings: str


def class_config(base: RunConfig) -> RunConfig:
    """Return the settings with which a network goes on learning from a class, in a few seconds.

    What it is made of, what is held back and how its images are changed stays; nothing is spoiled.
    """
    return replace(
        base,
        epochs=CLASS_EPOCHS,
        batch_size=CLASS_BATCH,
        learning_rate=min(base.learning_rate, USUAL_RATES[base.optimizer]),
        augment=True,
        train_images=CLASS_IMAGES,
        schedule="cosine",
        keep_best=False,
        wrong_labels=0.0,
        missing_digit=None,
        rare_digit=None,
    )
