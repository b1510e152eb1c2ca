"""Sentences about runs, put together from a catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain, count
from typing import Any

from mnist_demo.data import DIGITS, PIXELS
from mnist_demo.runs.comparison import differing_settings
from mnist_demo.runs.config import (
    SETTINGS,
    RunConfig,
    changed_settings,
    has_effect,
)
from mnist_demo.runs.kinds import NO_BREAK_HYPHEN, Layers
from mnist_demo.runs.rates import MAX_RATE_CHANGES
from mnist_demo.runs.run import ROBUST_RUN, History, Run, RunStatus
from mnist_demo.runs.setting import Setting
from mnist_demo.runs.taught import Taught
from mnist_demo.texts import NO_NUMBER, Texts

MAX_NAMED = 2
"""So many settings have room beside Train."""


def run_name(run: Run, texts: Texts) -> str:
    """Name a run: whose it is, where they have a name, and as they called it, or what is special about it."""
    title = run_title(run, texts)
    return f"{run.owner.name} · {title}" if run.owner.name else title


def run_title(run: Run, texts: Texts) -> str:
    """Name a run without its owner."""
    if run.name:
        return run.name
    if run.pretrained:
        return texts.runs.robust_name if run.id == ROBUST_RUN else texts.runs.notebook_name
    return taught_label(run.taught, texts) if run.taught else run_summary(run, texts)


def run_label(run: Run, texts: Texts) -> str:
    """Name a run after its validation accuracy, and mark what is not MNIST, not finished, or from elsewhere.

    One chooses by the validation images: whoever chose by the test images could not test with them any more.
    The accuracy comes first: on a phone a field of one line cuts off the end of a long name.
    """
    parts = []
    if run.val_accuracy is not None:
        accuracy = texts.numbers.percent(run.val_accuracy)
        form = "{accuracy}" if run.dataset.is_mnist else texts.runs.not_mnist_accuracy
        parts.append(form.format(accuracy=accuracy))
    elif not run.dataset.is_mnist:
        parts.append(texts.runs.not_mnist)
    parts.append(run_name(run, texts))
    if run.status is not RunStatus.FINISHED:
        parts.append(status_label(run, texts))
    if run.uploaded:
        parts.append(upload_label(run, texts))
    return " · ".join(parts)


def upload_label(run: Run, texts: Texts) -> str:
    """Say that a run was uploaded, and whether its figures are only claimed."""
    has_claims = run.test_accuracy is not None and not run.is_measured_here
    return texts.export.uploaded_claimed if has_claims else texts.export.uploaded


def choice_labels(runs: Sequence[Run], texts: Texts) -> dict[str, str]:
    """Label runs for a list to choose from, by id; no two alike."""
    labels = tell_apart([run_label(run, texts) for run in runs], runs, texts)
    return {run.id: label for run, label in zip(runs, labels, strict=True)}


def tell_apart(names: Sequence[str], runs: Sequence[Run], texts: Texts) -> list[str]:
    """Add the date to names that several runs have, and a number where even that is the same."""
    times, taken = Counter(names), set()
    different = []
    for name, run in zip(names, runs, strict=True):
        dated = f"{name} · {_date(run, texts)}" if times[name] > 1 else name
        numbered = (f"{dated} ({number})" for number in count(2))
        different.append(next(label for label in chain([dated], numbered) if label not in taken))
        taken.add(different[-1])
    return different


def digit_name(digit: int, texts: Texts) -> str:
    """Name a digit with its article: in English "an 8", but "a 7"."""
    return texts.drawing.digit_names.split("|")[digit]


def function_name(activation: str, texts: Texts) -> str:
    """Name an activation function as the settings do."""
    setting = next(setting for setting in SETTINGS if setting.name == "activation")
    return setting.write(activation, texts)


def status_label(run: Run, texts: Texts) -> str:
    """Return how a run ended, with the epoch that it was in and how many it had completed by then.

    Of one that keeps its best epoch also which that is.
    """
    ending = ending_label(run.status, run.history, texts)
    keeps_best = run.config.keep_best and run.kept_epoch != run.history.last_epoch
    return texts.runs.kept_best.format(status=ending, epoch=run.kept_epoch) if keeps_best else ending


def ending_label(status: RunStatus, history: History, texts: Texts) -> str:
    """Return the same of a training that is no run yet."""
    match status:
        case RunStatus.FINISHED:
            return texts.runs.finished
        case RunStatus.STOPPED:
            during, after = texts.runs.stopped_during, texts.runs.stopped_after
        case RunStatus.FAILED:
            during, after = texts.runs.failed_during, texts.runs.failed_after
    completed, epoch = history.reached_epoch, history.last_epoch
    if completed == epoch:
        return after.format(epoch=epoch)
    return during.format(epoch=epoch, completed=completed)


def config_summary(config: RunConfig, texts: Texts) -> str:
    """Describe settings by what is not the default, and by epochs and batch size, no two networks alike.

    What tells networks apart comes first: a field of one line cuts off the end.
    """
    always = [setting for setting in SETTINGS if setting.always_named]
    others = [setting for setting in _told_changes(config) if not setting.always_named]
    return " · ".join([*_shorts(others, config, texts), ", ".join(_shorts(always, config, texts))])


def run_summary(run: Run, texts: Texts) -> str:
    """Describe a run by its settings, and by the learning rates that were chosen while it trained.

    One that has learned from a class is also called so, unless its title says it.
    """
    parts = [config_summary(run.config, texts)]
    if run.taught and run.name:
        parts.insert(0, taught_label(run.taught, texts))
    if run.history.rates:
        parts.append(texts.runs.rates.format(changes=rates_label(run.history, texts, MAX_NAMED)))
    return " · ".join(parts)


def taught_label(taught: Taught, texts: Texts) -> str:
    """Say in a few words that a run has learned from a class."""
    return texts.runs.taught.format(
        drawings=texts.numbers.whole(taught.drawings), people=texts.numbers.whole(taught.people)
    )


def rates_label(history: History, texts: Texts, most: int = MAX_RATE_CHANGES) -> str:
    """List the learning rates that were chosen in training, of many only the first; empty without any."""
    words, numbers = texts.runs, texts.numbers
    parts = [
        words.rate_from.format(rate=numbers.shortest(change.rate), step=numbers.whole(change.step + 1))
        for change in history.rates[:most]
    ]
    if (left := len(history.rates) - most) > 0:
        parts.append(words.rates_more.format(count=left))
    return ", ".join(parts)


def brief_settings(config: RunConfig, texts: Texts) -> str:
    """Describe what is chosen among the folded settings, in the few words that have room beside Train.

    Returns:
        The network from image to answer and the settings that are not the default, of many only the first
        and how many more there are: "784-128-64-10 · augmented".
    """
    network = NO_BREAK_HYPHEN.join(map(str, (PIXELS, *config.hidden, DIGITS)))
    changed = [setting for setting in folded_changes(config) if not isinstance(setting, Layers)]
    named = changed if len(changed) <= MAX_NAMED + 1 else changed[:MAX_NAMED]
    parts = [network, *_shorts(named, config, texts)]
    if len(changed) > len(named):
        parts.append(texts.settings.more_changed.format(count=len(changed) - len(named)))
    return " · ".join(parts)


def folded_changes(config: RunConfig) -> list[Setting[Any]]:
    """Return the settings that the panel folds away and that are not the default."""
    return [setting for setting in _told_changes(config) if setting.panel != "top"]


def _told_changes(config: RunConfig) -> list[Setting[Any]]:
    """Return the settings that are not the default, and have an effect."""
    return [setting for setting in changed_settings(config) if has_effect(setting, config)]


def check_setting_words(texts: Texts) -> None:
    """Check that a catalogue has all words of all settings.

    Raises:
        ValueError: Some are missing; the message names them.
    """
    needed = {entry for setting in SETTINGS for entry in setting.entries()}
    if missing := sorted(entry for entry in needed if not hasattr(texts.settings, entry)):
        raise ValueError(f"{texts.code}.toml: settings: missing entries {missing}.")


def _shorts(settings: Iterable[Setting[Any]], config: RunConfig, texts: Texts) -> list[str]:
    return [setting.short(getattr(config, setting.name), texts) for setting in settings]


def remedy_label(before: RunConfig, after: RunConfig, texts: Texts) -> str:
    """Return what has to be changed to come from some settings to others."""
    changed = differing_settings((before, after))
    named = [setting for setting in changed if getattr(after, setting.name) is not None]
    words = _shorts(named, after, texts)
    return " · ".join(words if len(named) == len(changed) else [*words, texts.hints.all_images])


def run_date(run: Run, texts: Texts) -> str:
    """Say when a run ended or was uploaded, in this computer's time zone."""
    date = _date(run, texts)
    return f"{date} ({upload_label(run, texts)})" if run.uploaded else date


def _date(run: Run, texts: Texts) -> str:
    return datetime.fromisoformat(run.created).astimezone().strftime(texts.runs.date_format)


def setting_value(setting: Setting[Any], run: Run, texts: Texts) -> str:
    """Write the value of a setting, a dash where it has no effect.

    Training images are counted, also where they are all that there are.
    """
    if not has_effect(setting, run.config):
        return NO_NUMBER
    return setting.write(setting.shown(run.config, run.dataset.n_train), texts)
