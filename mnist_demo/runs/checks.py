"""Checks what the files of a run say, so that no page has to be ready for what training never gives."""

from __future__ import annotations

import math
import re
from datetime import datetime
from itertools import pairwise

import numpy as np

from mnist_demo.data import MNIST, DatasetInfo
from mnist_demo.errors import DamagedRun
from mnist_demo.network import TEMPERATURES, Calibration
from mnist_demo.runs.config import TRAINING_VERSION, steps_per_epoch
from mnist_demo.runs.run import History, Run, RunStatus

MAX_IMAGES = 10_000_000
MAX_FLOAT32 = float(np.finfo(np.float32).max)
YEARS = range(1970, 9999)
"""Within which every computer can tell the local time."""


def check_plausible(run: Run) -> None:
    """Check that a run's files say what training can give.

    Raises:
        DamagedRun: It cannot be; the error names the file.
    """
    if run.training_version > TRAINING_VERSION:
        raise DamagedRun("run_newer", file=run.folder / "config.json")
    if run.training_version < 1:
        raise _damaged(run, "config.json", run.training_version)
    if datetime.fromisoformat(run.created).year not in YEARS:
        raise _damaged(run, "config.json", run.created)
    if not _is_plausible_dataset(run.dataset):
        raise _damaged(run, "config.json", run.dataset)
    measured = [(run.test_loss, run.test_accuracy)] if run.test_accuracy is not None else []
    if (run.test_loss is None) != (run.test_accuracy is None) or not all(map(_is_measure, measured)):
        raise _damaged(run, "metrics.json", f"{run.test_loss}, {run.test_accuracy}")
    if run.calibration and not _is_plausible_calibration(run.calibration):
        raise _damaged(run, "metrics.json", run.calibration)
    if run.taught and run.taught.on_test.after.of != run.dataset.n_test:
        raise _damaged(run, "config.json", run.taught.on_test)
    _check_history(run, run.history)


def _damaged(run: Run, file: str, reason: object) -> DamagedRun:
    return DamagedRun("run_unreadable", file=run.folder / file, reason=reason)


def _is_plausible_dataset(dataset: DatasetInfo) -> bool:
    counts_fit = all(1 <= count <= MAX_IMAGES for count in (dataset.n_train, dataset.n_test))
    if dataset.is_mnist:
        counts_fit = (dataset.n_train, dataset.n_test) == (60_000, 10_000)
    named = dataset.name in {"mnist", "digits8x8", "other"}
    honest = dataset.is_mnist == (dataset.fingerprint == MNIST.fingerprint)
    return counts_fit and named and honest and bool(re.fullmatch("[0-9a-f]{64}", dataset.fingerprint))


def _is_plausible_calibration(found: Calibration) -> bool:
    shares = (found.error_before, found.error_after, found.abstention_rate)
    low, high = TEMPERATURES
    measured = all(0 <= share <= 1 for share in shares) and abs(found.min_logit_margin) <= MAX_FLOAT32
    return measured and low <= found.temperature <= high


def _is_measure(pair: tuple[float | None, float | None]) -> bool:
    """Whether these can be a loss, which may have overflowed, and an accuracy."""
    loss, accuracy = pair
    if loss is None or accuracy is None:
        return False
    overflown = not math.isfinite(loss)
    return (overflown or 0 <= loss <= MAX_FLOAT32) and 0 <= accuracy <= 1


def _check_history(run: Run, history: History) -> None:
    epochs = run.config.epochs
    numbers = [record.epoch for record in history.epochs]
    measures = [(r.loss, r.accuracy) for r in history.epochs]
    measures += [(r.val_loss, r.val_accuracy) for r in history.epochs]
    seconds_fit = all(0 <= record.seconds < 1e6 for record in history.epochs)
    in_order = numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= epochs
    whole = len(numbers) == epochs or run.status is not RunStatus.FINISHED
    if not (in_order and whole and seconds_fit and all(map(_is_measure, measures))):
        raise _damaged(run, "history.csv", f"{numbers} / {epochs}")
    positions = [0.0, *(record.epochs for record in history.steps)]
    rising = all(before < after <= epochs for before, after in pairwise(positions))
    if not (rising and all(_is_measure((r.loss, r.accuracy)) for r in history.steps)):
        raise _damaged(run, "steps.csv", f"0 < … ≤ {epochs}")
    steps = epochs * steps_per_epoch(run.config, run.dataset.n_train)
    if history.rates and history.rates[-1].step >= steps:
        raise _damaged(run, "config.json", f"rates: {history.rates[-1].step} ≥ {steps}")
