"""Where trained runs differ, and the figures by which they are compared."""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from mnist_demo.runs.config import SETTINGS, RunConfig, has_effect
from mnist_demo.runs.run import EpochRecord, History, Run, pretrained_runs
from mnist_demo.runs.setting import Setting

COMPARED_AT_FIRST = 3
MIN_EPOCHS_AFTER_BEST = 3
"""So many epochs without a better validation loss make a turn; fewer may be chance."""
MIN_RISE = 0.03
"""By this share of its lowest value the validation loss has to lie higher afterwards, on average."""
MIN_GAP = 0.25
"""By so much the validation loss lies above the training loss where images are learned by heart; ten epochs
on all of MNIST end with 0.09."""


@dataclass(frozen=True)
class Figures:
    """What a table says of a run; None where it was not measured.

    Attributes:
        epochs: Epochs trained to their end.
        test_accuracy: Share of the test images recognised, 0 to 1.
        test_loss: Cross-entropy on them.
        best_val_loss: Lowest validation loss of all epochs.
        seconds_per_epoch: Median, so that one slow epoch does not count.
        overfitting: Where it began to learn by heart, see `find_overfitting`.
    """

    epochs: int
    test_accuracy: float | None
    test_loss: float | None
    best_val_loss: float | None
    seconds_per_epoch: float | None
    overfitting: Overfitting | None


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
        overfitting=find_overfitting(run),
    )


@dataclass(frozen=True)
class Overfitting:
    """Where a network began to learn its training images by heart, and how far that went.

    Attributes:
        epoch: The last good one, from 1.
        gap: By how much the validation loss lies above the training loss after the last epoch.
    """

    epoch: int
    gap: float


def find_overfitting(run: Run) -> Overfitting | None:
    """Find where a run began to overfit; None where it did not.

    Where a digit is missing or rare in training, the validation loss is high because of that digit.
    """
    epoch = None if run.config.spoils_rows else overfitting_epoch(run.history)
    if not epoch:
        return None
    last = [record for record in run.history.epochs if math.isfinite(record.val_loss)][-1]
    return Overfitting(epoch, last.val_loss - last.loss)


def overfitting_epoch(history: History) -> int | None:
    """Find the epoch where overfitting began: the last good one.

    That is the epoch of the lowest validation loss, if from then on the training loss went on falling while
    the validation loss lay clearly higher, and in the end above the training loss: who is still worse on what
    it learns from has learned nothing by heart. Of few images all is learned by heart before anything can
    rise: there, it is the epoch after which the gap between both losses stayed wide. The training loss of an
    epoch is its mean, so it trails a little.

    Returns:
        The epoch, from 1; None where both losses fell together, or fell and rose together.
    """
    records = [record for record in history.epochs if math.isfinite(record.val_loss)]
    found = [epoch for epoch in (_rise_epoch(records), _gap_epoch(records)) if epoch]
    return min(found, default=None)


def _rise_epoch(records: Sequence[EpochRecord]) -> int | None:
    if not records:
        return None
    best = min(records, key=lambda record: record.val_loss)
    after = [record for record in records if record.epoch > best.epoch]
    if len(after) < MIN_EPOCHS_AFTER_BEST:
        return None
    rose = statistics.mean(record.val_loss for record in after) > best.val_loss * (1 + MIN_RISE)
    fell = after[-1].loss < min(best.loss, after[-1].val_loss)
    return best.epoch if rose and fell else None


def _gap_epoch(records: Sequence[EpochRecord]) -> int | None:
    wide = list(takewhile(lambda record: record.val_loss - record.loss > MIN_GAP, reversed(records)))
    if len(wide) < MIN_EPOCHS_AFTER_BEST or wide[0].loss >= wide[-1].loss:
        return None
    return max(wide[-1].epoch - 1, 1)


def differing_settings(configs: Sequence[RunConfig]) -> tuple[Setting[Any], ...]:
    """Return the settings in which configurations differ, in the order of `RunConfig`.

    A setting counts only where it has an effect: a network without hidden layers has no activation function
    in which it could differ from another.
    """

    def values(setting: Setting[Any]) -> set[Any]:
        return {getattr(config, setting.name) for config in configs if has_effect(setting, config)}

    return tuple(setting for setting in SETTINGS if len(values(setting)) > 1)


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
