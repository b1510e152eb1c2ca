"""Sentences about runs, put together from a catalogue."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from mnist_demo.runs.run import OPTIMIZER_NAMES, ROBUST_RUN, Run, RunConfig, RunStatus, count_training_images
from mnist_demo.texts import Texts


def run_name(run: Run, texts: Texts) -> str:
    """Name a run: as somebody called it, or by what is special about it."""
    if run.name:
        return run.name
    if run.pretrained:
        return texts.runs.robust_name if run.id == ROBUST_RUN else texts.runs.notebook_name
    return config_summary(run, texts)


def run_label(run: Run, texts: Texts) -> str:
    """Name a run with its test accuracy, and mark what is not MNIST or not finished."""
    parts = [run_name(run, texts)]
    if run.test_accuracy is not None:
        accuracy = texts.numbers.percent(run.test_accuracy)
        form = "{accuracy}" if run.dataset.is_mnist else texts.runs.not_mnist_accuracy
        parts.append(form.format(accuracy=accuracy))
    elif not run.dataset.is_mnist:
        parts.append(texts.runs.not_mnist)
    if run.status is not RunStatus.FINISHED:
        parts.append(status_label(run, texts))
    return " · ".join(parts)


def digit_name(digit: int, texts: Texts) -> str:
    """Name a digit with its article: in English "an 8", but "a 7"."""
    return texts.drawing.digit_names.split("|")[digit]


def escape_markdown(text: object) -> str:
    """Write text that somebody typed, or a path, so that Markdown shows it as it is."""
    return "".join(f"\\{sign}" if sign in MARKDOWN_SIGNS else sign for sign in str(text))


def status_label(run: Run, texts: Texts) -> str:
    """Return how a run ended, with the epoch that it was in and how many it had completed by then."""
    match run.status:
        case RunStatus.FINISHED:
            return texts.runs.finished
        case RunStatus.STOPPED:
            during, after = texts.runs.stopped_during, texts.runs.stopped_after
        case RunStatus.FAILED:
            during, after = texts.runs.failed_during, texts.runs.failed_after
    completed, epoch = run.history.reached_epoch, run.history.last_epoch
    if completed == epoch:
        return after.format(epoch=epoch)
    return during.format(epoch=epoch, completed=completed)


def run_outcome(run: Run, texts: Texts) -> str:
    """Say what came of a run in one sentence."""
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


def config_summary(run: Run, texts: Texts) -> str:
    """Describe a run by epochs, batch size and what else is not the notebook's, but for the schedule."""
    words, default = texts.runs, RunConfig()
    said = partial(setting_value, run=run, texts=texts)
    form = words.one_epoch_and_batch if run.config.epochs == 1 else words.epochs_and_batch
    forms = {
        "hidden": words.hidden,
        "optimizer": "{value}",
        "learning_rate": words.learning_rate,
        "validation_split": words.validation_split,
        "augment": words.augmented,
        "train_images": words.train_images,
        "seed": words.seed,
    }
    others = [
        other.format(value=said(setting))
        for setting, other in forms.items()
        if getattr(run.config, setting) != getattr(default, setting)
    ]
    return " · ".join([form.format(epochs=said("epochs"), batch_size=said("batch_size")), *others])


MARKDOWN_SIGNS = frozenset("\\`*_{}[]()<>#+-.!|~$:^&")


def run_date(run: Run, texts: Texts) -> str:
    """Say when a run ended or was uploaded, in this computer's time zone."""
    date = datetime.fromisoformat(run.created).astimezone().strftime(texts.runs.date_format)
    return f"{date} ({texts.export.uploaded})" if run.uploaded else date


NO_BREAK_HYPHEN = "\u2011"


def setting_name(setting: str, texts: Texts) -> str:
    """Name a setting as the sidebar does, or as the comparison does where the sidebar has none for it."""
    words = texts.compare
    own = {"hidden": words.hidden, "train_images": words.train_images, "schedule": words.schedule}
    return own.get(setting) or getattr(texts.settings, setting)


def setting_value(setting: str, run: Run, texts: Texts) -> str:
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
