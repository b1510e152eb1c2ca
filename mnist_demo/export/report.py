"""The report of a run: one HTML file with everything in it, to read, to print, to hand in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import numpy as np

from mnist_demo.charts import SHEET_NEURONS, curves_svg, first_layer_sheet, picture_url, render_template
from mnist_demo.network import Network
from mnist_demo.runs import (
    Digit,
    EpochRecord,
    Run,
    RunConfig,
    Taught,
    effective_settings,
    rate_places,
    rates_label,
    setting_value,
    steps_per_epoch,
)
from mnist_demo.texts import NO_NUMBER, Texts


def build_report(run: Run, network: Network | None, name: str, outcome: str, texts: Texts) -> str:
    """Write the report of a run.

    Args:
        run: The run.
        network: Its network, None where there is none; the first layer's weights are pictured.
        name: What the run is called on the page.
        outcome: What came of it, in one sentence.
        texts: The language of the report.

    Returns:
        A whole HTML document that asks no host for anything.
    """
    words, charts, epochs = texts.report, texts.charts, run.config.epochs
    rates = rate_places(run.history.rates, steps_per_epoch(run.config, run.dataset.n_train))
    report = render_template(
        "export/report.html",
        texts=texts,
        name=name,
        outcome=outcome,
        figures=_figures(run, texts),
        charts={
            charts.loss_title: curves_svg(run.history, "loss", epochs, charts, texts.numbers, rates),
            charts.accuracy_title: curves_svg(run.history, "accuracy", epochs, charts, texts.numbers, rates),
        },
        settings=_setting_rows(run, texts),
        headings=(
            words.epoch,
            words.loss,
            words.accuracy,
            words.val_loss,
            words.val_accuracy,
            words.seconds,
            *([words.dead] if run.config.hidden else []),
        ),
        epochs={record.epoch: _epoch_cells(record, run.config, texts) for record in run.history.epochs},
        weights=_weights(network, texts),
        origin=_origin(run, texts),
    )
    return str(report)


def _figures(run: Run, texts: Texts) -> dict[str, str]:
    words, numbers = texts.report, texts.numbers
    seconds = sum(record.seconds for record in run.history.epochs)
    return {
        words.test_accuracy: NO_NUMBER
        if run.test_accuracy is None
        else numbers.percent(run.test_accuracy, 2),
        words.test_loss: NO_NUMBER if run.test_loss is None else numbers.number(run.test_loss, 4),
        words.epochs_trained: f"{run.history.reached_epoch} / {run.config.epochs}",
        words.duration: f"{numbers.number(seconds, 1)} s",
    }


def _setting_rows(run: Run, texts: Texts) -> Iterable[tuple[str, str]]:
    """Pair every setting that has an effect, and the images, with their labels."""
    report, numbers = texts.report, texts.numbers
    for setting in effective_settings(run.config):
        if isinstance(setting, Digit) and getattr(run.config, setting.name) is None:
            continue  # nothing was done to any digit
        yield setting.label(texts), setting_value(setting, run, texts)
    if run.history.rates:
        yield report.rates, rates_label(run.history, texts)
    if run.taught:
        yield report.taught, _taught_value(run.taught, texts)
    counts = (numbers.whole(run.dataset.n_train), numbers.whole(run.dataset.n_test))
    form = report.images_mnist if run.dataset.is_mnist else report.images_other
    yield report.images, form.format(train=counts[0], test=counts[1])


def _taught_value(taught: Taught, texts: Texts) -> str:
    """Say what was learned from a class, and what came of it, also where it got worse."""
    whole, on_class, on_test = texts.numbers.whole, taught.on_class, taught.on_test
    return texts.report.taught_value.format(
        drawings=whole(taught.drawings),
        people=whole(taught.people),
        held=whole(taught.held_people),
        of=whole(on_class.after.of),
        before=whole(on_class.before.right),
        after=whole(on_class.after.right),
        control=whole(on_class.control.right),
        test_of=whole(on_test.after.of),
        test_before=whole(on_test.before.right),
        test_after=whole(on_test.after.right),
        test_control=whole(on_test.control.right),
    )


def _epoch_cells(record: EpochRecord, config: RunConfig, texts: Texts) -> tuple[str, ...]:
    """Write the figures of an epoch; without hidden layers there are no neurons that could be dead."""
    numbers = texts.numbers
    dead = NO_NUMBER if record.dead is None else numbers.percent(record.dead)
    return (
        numbers.number(record.loss, 4),
        numbers.percent(record.accuracy, 2),
        numbers.number(record.val_loss, 4),
        numbers.percent(record.val_accuracy, 2),
        numbers.number(record.seconds, 1),
        *([dead] if config.hidden else []),
    )


def _weights(network: Network | None, texts: Texts) -> dict[str, str]:
    """Return the picture of the first layer, and what it shows; nothing where there is nothing to see."""
    if network is None or not np.isfinite(network.layers[0][0]).all():
        return {}
    weights = network.layers[0][0]
    if not network.hidden:
        return {"note": texts.report.outputs_note, "url": picture_url(first_layer_sheet(weights, sort=False))}
    neurons = network.hidden[0]
    note = texts.report.weights_note.format(shown=min(SHEET_NEURONS, neurons), neurons=neurons)
    return {"note": note, "url": picture_url(first_layer_sheet(weights))}


def _origin(run: Run, texts: Texts) -> str:
    date = datetime.fromisoformat(run.created).astimezone().strftime(texts.runs.date_format)
    form = texts.report.uploaded if run.uploaded else texts.report.trained
    return form.format(date=date, id=run.id, app=texts.app.title)
