"""What came of a run, in sentences from a catalogue."""

from __future__ import annotations

import math

from mnist_demo.data import DIGITS
from mnist_demo.runs.config import USUAL_RATES
from mnist_demo.runs.labels import run_name, status_label
from mnist_demo.runs.run import Run, RunStatus, has_learned, last_figures
from mnist_demo.texts import Texts

MISLEADING_LABELS = 1 - 1 / DIGITS
"""From this share of wrong labels on, the right one is no likelier than each of the others."""


def run_outcome(run: Run, texts: Texts) -> str:
    """Say what came of a run in one sentence; of one that has learned nothing also what to do about it."""
    if not has_learned(run):
        return f"{run_name(run, texts)}: {status_label(run, texts)}. {_learned_nothing(run, texts)}"
    if run.test_accuracy is None or run.test_loss is None:
        return f"{run_name(run, texts)}: {status_label(run, texts)}."
    form = texts.runs.outcome if run.dataset.is_mnist else texts.runs.outcome_not_mnist
    return form.format(
        name=run_name(run, texts),
        status=status_label(run, texts),
        accuracy=texts.numbers.percent(run.test_accuracy),
        loss=texts.numbers.number(run.test_loss, 4),
        images=texts.numbers.whole(run.dataset.n_test),
    )


def run_remark(run: Run, texts: Texts) -> str:
    """Say what a list of runs has to say of one beside its figures; nothing where all went well."""
    parts = [] if run.status is RunStatus.FINISHED else [f"{status_label(run, texts).capitalize()}."]
    if not has_learned(run):
        parts.append(_learned_nothing(run, texts))
    return " ".join(parts)


def _learned_nothing(run: Run, texts: Texts) -> str:
    """Say that a network only guesses, and which way its learning rate was wrong, if it was the rate."""
    loss, accuracy = last_figures(run)
    numbers = texts.numbers
    if math.isfinite(loss) and run.config.wrong_labels >= MISLEADING_LABELS:
        share = numbers.percent(run.config.wrong_labels, 0)
        return texts.runs.learned_wrong.format(accuracy=numbers.percent(accuracy), share=share)
    fastest = max([run.config.learning_rate, *(change.rate for change in run.history.rates)])
    is_too_fast = not math.isfinite(loss) or fastest > USUAL_RATES[run.config.optimizer]
    remedy = texts.runs.try_slower if is_too_fast else texts.runs.try_faster
    return f"{texts.runs.learned_nothing.format(accuracy=numbers.percent(accuracy))} {remedy}"
