"""What Keras would print of a training."""

from __future__ import annotations

from mnist_demo.data import DatasetInfo
from mnist_demo.runs import EpochRecord, History, RunConfig, steps_per_epoch


def count_steps(config: RunConfig, dataset: DatasetInfo | None) -> int:
    """Count the steps of an epoch; before it is known of what images, nothing has been trained."""
    return steps_per_epoch(config, dataset.n_train) if dataset else 0


def keras_line(record: EpochRecord, epochs: int, steps: int) -> str:
    """Write an epoch in one line, as Keras prints it."""
    milliseconds = 1000 * record.seconds / max(steps, 1)
    form = ".0f" if milliseconds >= 10 else ".2g"
    speed = f"{record.seconds:.0f}s {milliseconds:{form}}ms/step"
    names = ("accuracy", "loss", "val_accuracy", "val_loss")
    figures = " - ".join(f"{name}: {_keras_number(getattr(record, name))}" for name in names)
    return f"Epoch {record.epoch}/{epochs} {steps}/{steps} {speed} - {figures}"


def _keras_number(value: float) -> str:
    """Write a figure as Keras's progress bar does: with an exponent where four digits would say little."""
    return f"{value:.4f}" if abs(value) > 0.001 else f"{value:.4e}"


def log_lines(history: History, config: RunConfig, dataset: DatasetInfo | None) -> list[str]:
    """Write every epoch of a history so."""
    steps = count_steps(config, dataset)
    return [keras_line(record, config.epochs, steps) for record in history.epochs]
