"""Words for runs that are compared: what differs between them, and short names by that."""

from __future__ import annotations

from collections.abc import Sequence

from mnist_demo.charts import Measure
from mnist_demo.runs import (
    Run,
    RunStatus,
    differing_settings,
    find_overfitting,
    has_effect,
    rates_label,
    run_name,
    setting_value,
    shared_epochs,
    status_label,
    tell_apart,
    upload_label,
)
from mnist_demo.texts import NO_NUMBER, Texts

MAX_NAMED_SETTINGS = 3
"""Runs that differ in more than so many are named as everywhere else: a legend has no room for a list."""


def differences(runs: Sequence[Run], texts: Texts) -> str:
    """Say in one sentence in which settings runs differ."""
    settings = differing_settings([run.config for run in runs])
    parts = []
    for setting in settings:
        values = dict.fromkeys(
            setting_value(setting, run, texts) for run in runs if has_effect(setting, run.config)
        )
        parts.append(f"**{setting.label(texts)}** ({' / '.join(values)})")
    if len({run.history.rates for run in runs}) > 1:
        values = dict.fromkeys(rates_label(run.history, texts) or NO_NUMBER for run in runs)
        parts.append(f"**{texts.report.rates}** ({' / '.join(values)})")
    return texts.compare.differs.format(settings=" · ".join(parts)) if parts else texts.compare.same


def short_names(runs: Sequence[Run], texts: Texts) -> list[str]:
    """Name runs by what somebody called them, or by the few settings in which they differ; no two alike."""
    settings = differing_settings([run.config for run in runs])
    names = []
    for run in runs:
        parts = [
            f"{setting.label(texts)}: {setting_value(setting, run, texts)}"
            for setting in settings
            if has_effect(setting, run.config)
        ]
        if run.history.rates:
            parts.append(f"{texts.report.rates}: {rates_label(run.history, texts)}")
        is_named = run.name or run.pretrained or run.owner.name
        if is_named or not parts or len(settings) > MAX_NAMED_SETTINGS:
            parts = [run_name(run, texts)]
        if run.status is not RunStatus.FINISHED:
            parts.append(status_label(run, texts))
        if run.uploaded:
            parts.append(upload_label(run, texts))
        names.append(" · ".join(parts))
    return tell_apart(names, runs, texts)


def coincidences(runs: Sequence[Run], names: Sequence[str], texts: Texts) -> str:
    """Say whose curves lie on another's, and how long; nothing where no two begin alike.

    Each run is held against the longer ones: they hide it, or it them.
    """
    order = sorted(range(len(runs)), key=lambda place: -len(runs[place].history.epochs))
    said = []
    for rank, place in enumerate(order):
        shared = [
            (shared_epochs(runs[place].history, runs[longer].history), longer) for longer in order[:rank]
        ]
        epoch, longer = max(shared, key=lambda pair: pair[0], default=(0, 0))
        if epoch:
            said.append(texts.compare.coincides.format(run=names[place], other=names[longer], epoch=epoch))
    return texts.compare.coincidences.format(where="; ".join(said)) if said else ""


def overfitting_sentence(runs: Sequence[Run], names: Sequence[str], texts: Texts) -> str:
    """Say where overfitting began and how far it went, the worst first; nothing where there was none."""
    words = texts.compare
    found = [(found, name) for run, name in zip(runs, names, strict=True) if (found := find_overfitting(run))]
    where = [
        words.overfitted_at.format(run=name, epoch=one.epoch, gap=texts.numbers.number(one.gap, 2))
        for one, name in sorted(found, key=lambda pair: -pair[0].gap)
    ]
    return words.overfitted.format(where="; ".join(where)) if where else ""


def dash_note(runs: Sequence[Run], texts: Texts) -> str:
    """Say what a dash in the column of overfitting means; nothing where there is none."""
    words = texts.compare
    has_dash = any(find_overfitting(run) is None for run in runs)
    return words.no_overfitting.format(column=words.overfitting_epoch) if has_dash else ""


def curves_alt(runs: Sequence[Run], names: Sequence[str], measure: Measure, texts: Texts) -> str:
    """Say what the chart shows: where each run's validation is, after its last epoch."""
    title = texts.charts.loss_title if measure == "loss" else texts.charts.accuracy_title
    said = []
    for run, name in zip(runs, names, strict=True):
        if not run.history.epochs:
            continue
        last = run.history.epochs[-1]
        loss, accuracy = texts.numbers.number(last.val_loss, 3), texts.numbers.percent(last.val_accuracy)
        value = loss if measure == "loss" else accuracy
        said.append(texts.compare.curve_alt.format(run=name, value=value, epoch=last.epoch))
    return texts.compare.curves_alt.format(title=title, runs="; ".join(said)) if said else title
