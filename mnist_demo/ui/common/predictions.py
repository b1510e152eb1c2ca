"""What is asked of an experiment before its runs are seen: who predicts first learns more from looking."""

from __future__ import annotations

from mnist_demo.texts import Texts

RIGHT_CHOICES = {
    **{"batch_size": 0, "learning_rate": 1, "neurons": 1, "train_images": 1, "depth": 0},
    **{"dropout": 1, "missing_digit": 1, "rare_digit": 1, "wrong_labels": 0},
}
"""Which answer is right, from 0; the experiments' runs show it."""


def question(experiment: str, texts: Texts) -> str:
    """Return what is asked about an experiment."""
    return str(getattr(texts.class_questions, experiment))


def choices(experiment: str, texts: Texts) -> list[str]:
    """Return what can be answered."""
    return str(getattr(texts.class_questions, f"{experiment}_choices")).split("|")


def judged(experiment: str, guess: int, texts: Texts) -> str:
    """Say what somebody has predicted, and whether it came so."""
    words = texts.compare
    form = words.guessed_right if guess == RIGHT_CHOICES[experiment] else words.guessed_wrong
    return form.format(guess=choices(experiment, texts)[guess])
