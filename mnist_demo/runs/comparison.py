"""Where trained runs differ, and the figures by which they are compared."""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from mnist_demo.runs.config import SETTINGS, RunConfig
from mnist_demo.runs.run import EpochRecord, History, Run, pretrained_runs
from mnist_demo.runs.setting import Setting

COMPARED_AT_FIRST = 3
MIN_EPOCHS_AFTER_BEST = 3
"""So many epochs without a better validation loss make a turn; fewer may be chance."""
MIN_RISE = 0.03
"""By this share of its lowest value the validation loss has to lie higher afterwards, on average."""


@dataclass(frozen=True)
class Figures:
    """What a table says of a run; None where it was not measured.

    Attributes:
        epochs: Epochs trained to their end.
        test_accuracy: Share of the test images recognised, 0 to 1.
        test_loss: Cross-entropy on them.
        best_val_loss: Lowest validation loss of all epochs.
        seconds_per_epoch: Median, so that one slow epoch does not count.
        overfitting_epoch: Epoch after which the validation loss rose, see `overfitting_epoch`.
    """

    epochs: int
    test_accuracy: float | None
    test_loss: float | None
    best_val_loss: float | None
    seconds_per_epoch: float | None
    overfitting_epoch: int | None


def run_figures(run: Run) -> Figures:
    """Gather the figures of a run."""
    losses = [record.val_loss for record in run.history.epochs if math.isfinite(record.val_loss)]
    seconds = [record.seconds for record in run.history.epochs]
    return Figures(
        epochs=run.history.reached_epoch,
        test_accuracy=run.test_accuracy,
        test_loss=run.test_loss,
        best_val_loss=min(losses, default=None),
        seconds_per_epoch=statistics.median(seconds) if seconds else None,
        overfitting_epoch=overfitting_epoch(run.history),
    )


def overfitting_epoch(history: History) -> int | None:
    """Find the epoch where overfitting began: the last good one.

    That is the epoch of the lowest validation loss, if from then on the training loss went on falling while
    the validation loss lay clearly higher. The training loss of an epoch is its mean, so it trails a little.

    Returns:
        The epoch, from 1; None where the validation loss was still falling, or fell and rose with the other.
    """
    records = [record for record in history.epochs if math.isfinite(record.val_loss)]
    if not records:
        return None
    best = min(records, key=lambda record: record.val_loss)
    after = [record for record in records if record.epoch > best.epoch]
    if len(after) < MIN_EPOCHS_AFTER_BEST:
        return None
    rose = statistics.mean(record.val_loss for record in after) > best.val_loss * (1 + MIN_RISE)
    return best.epoch if rose and after[-1].loss < best.loss else None


def differing_settings(configs: Sequence[RunConfig]) -> tuple[Setting[Any], ...]:
    """Return the settings in which configurations differ, in the order of `RunConfig`."""
    return tuple(
        setting for setting in SETTINGS if len({getattr(config, setting.name) for config in configs}) > 1
    )


def comparable_runs(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Keep the runs that have a whole epoch to show."""
    return tuple(run for run in runs if run.history.epochs)


def group_by_test(runs: Sequence[Run]) -> tuple[tuple[Run, ...], ...]:
    """Put together what was trained and tested on the same images, MNIST first: only that can be compared."""
    groups: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda run: not run.dataset.is_mnist):
        groups.setdefault(run.dataset.fingerprint, []).append(run)
    return tuple(map(tuple, groups.values()))


def first_choice(runs: Sequence[Run], own: Collection[str] = ()) -> tuple[str, ...]:
    """Choose runs to begin with, of one test: the visitor's own, else the newest of MNIST's.

    Who has trained sees no stranger's run; beside few of their own stands the pretrained one with as short a
    training, the notebook's.

    Args:
        runs: Comparable ones, newest first.
        own: Ids of those that this visitor has trained.

    Returns:
        The ids of up to three.
    """
    groups = group_by_test(runs)
    for group in groups:
        if trained := [run for run in group if run.id in own]:
            return _ids([*trained, *pretrained_runs(group)[-1:]])
    return _ids(groups[0]) if groups else ()


def _ids(runs: Sequence[Run]) -> tuple[str, ...]:
    return tuple(run.id for run in runs[:COMPARED_AT_FIRST])


def shared_epochs(first: History, second: History) -> int:
    """Count the epochs, from the first one, in which two histories do not differ."""
    pairs = zip(first.epochs, second.epochs, strict=False)
    return len(list(takewhile(lambda pair: _curve_values(pair[0]) == _curve_values(pair[1]), pairs)))


def _curve_values(record: EpochRecord) -> tuple[float, ...]:
    return record.loss, record.accuracy, record.val_loss, record.val_accuracy
