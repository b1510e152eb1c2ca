"""A run as a Jupyter notebook: the same network, trained again from the same start in plain Keras."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass

from mnist_demo.export.notebook_code import (
    AUGMENTING,
    COSINE,
    EVALUATION,
    FEWER,
    IMPORTS,
    KERAS_DATA,
    OWN_DATA,
    PREPARATION,
    REST,
    SAVING,
    TRAINING,
    augmenter_code,
    fingerprint_code,
    network_code,
)
from mnist_demo.runs import SETTINGS, Run, RunConfig, RunStatus, steps_per_epoch
from mnist_demo.texts import Texts


@dataclass(frozen=True)
class Trained:
    """How far a run was trained: whole epochs, and batches of the epoch in which it was stopped."""

    epochs: int
    batches: int = 0


def trained_part(run: Run) -> Trained:
    """Say how far a run's network was trained.

    A run that failed has the network of its last whole epoch; one that failed before that has none, and is
    trained as it was meant to be.
    """
    if run.status is RunStatus.FAILED:
        return Trained(run.history.reached_epoch or run.config.epochs)
    if run.status is RunStatus.FINISHED or not run.history.steps:
        return Trained(run.history.reached_epoch)
    steps = steps_per_epoch(run.config, run.dataset.n_train)
    return Trained(*divmod(round(run.history.steps[-1].epochs * steps), steps))


def build_notebook(run: Run, name: str, outcome: str, texts: Texts) -> str:
    """Write the notebook of a run.

    Args:
        run: The run.
        name: What it is called on the page, escaped for Markdown.
        outcome: What came of it in one sentence, likewise.
        texts: The language of its text and of what it prints.

    Returns:
        JSON of notebook format 4.5. Its code needs Keras with TensorFlow, and MNIST: the `mnist.npz` that
        MNIST_DEMO_DATA names, else what Keras downloads. It prints the run's own figures beside the new ones.

    Source: https://nbformat.readthedocs.io/en/latest/format_description.html.
    """
    cells: list[dict[str, object]] = [
        {
            "cell_type": kind,
            "id": f"cell-{number}",
            "metadata": {},
            "source": text.strip().splitlines(keepends=True),
        }
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for number, (kind, text) in enumerate(_cells(run, name, outcome, texts), 1)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _cells(run: Run, name: str, outcome: str, texts: Texts) -> Iterable[tuple[str, str]]:
    words, part = texts.notebook, trained_part(run)
    yield "markdown", f"# {name}\n\n{outcome}\n\n{words.intro}"
    yield "markdown", f"## {words.settings}"
    yield "code", _settings_code(run.config, part)
    note, code = (words.data_mnist, KERAS_DATA) if run.dataset.is_mnist else (words.data_other, OWN_DATA)
    yield "markdown", f"## {words.data}\n\n{note}"
    yield "code", code + fingerprint_code(run.dataset.fingerprint, words.same_images)
    yield "markdown", words.preparation
    yield "code", PREPARATION
    if run.config.train_images is not None:
        yield "markdown", words.fewer
        yield "code", FEWER
    yield "markdown", f"## {words.network}\n\n{words.network_note}"
    yield "code", network_code()
    yield from _training_cells(run.config, part, texts)
    yield "markdown", f"## {words.comparison}\n\n{words.comparison_note}"
    yield "code", _evaluation_code(run, texts)
    yield "markdown", words.saving
    yield "code", _filled(SAVING, file=f"mnist-{run.id}.keras")


def _training_cells(config: RunConfig, part: Trained, texts: Texts) -> Iterable[tuple[str, str]]:
    words = texts.notebook
    if config.augment:
        yield "markdown", f"## {words.augmentation}\n\n{words.augmentation_note}"
        yield "code", augmenter_code()
        yield "markdown", words.augmentation_seed
        yield "code", AUGMENTING
    yield "markdown", f"## {words.training}\n\n{words.training_note}"
    if config.schedule == "cosine":
        yield "markdown", words.cosine
        yield "code", COSINE
    yield "code", _filled(_epoch_code(TRAINING, "epoch", config), epoch_word=words.epoch)
    if part.batches:
        yield "markdown", words.stopped.format(epoch=part.epochs + 1, batches=part.batches)
        yield "code", _filled(_epoch_code(REST, "EPOCHS + 1", config), batches=part.batches)


def _epoch_code(code: str, epoch: str, config: RunConfig) -> str:
    """Put in what the epoch of this number learns from, and where its rate is its own, which one."""
    examples = f"augment(order, {epoch})" if config.augment else "images[order]"
    rate = f"network.optimizer.learning_rate = rate_in({epoch})" if config.schedule == "cosine" else ""
    lines = code.replace("«examples»", examples).replace("«rate»", rate).splitlines(keepends=True)
    return "".join(line for line in lines if line.strip())


def _settings_code(config: RunConfig, part: Trained) -> str:
    """Write a constant for each setting that has a value, and is not the choice of other cells."""
    values = config.to_json() | {"epochs": part.epochs}
    names = [setting.name for setting in SETTINGS if setting.is_notebook_constant]
    lines = [f"{name.upper()} = {_literal(values[name])}\n" for name in names if values[name] is not None]
    if config.schedule == "cosine":
        lines.append(f"PLANNED_EPOCHS = {config.epochs}\n")
    return IMPORTS + "".join(lines)


def _evaluation_code(run: Run, texts: Texts) -> str:
    words = texts.notebook
    figures = ("loss", "accuracy", "val_loss", "val_accuracy")
    history = [tuple(getattr(record, figure) for figure in figures) for record in run.history.epochs]
    rows = "".join(f"    ({', '.join(map(_literal, row))}),\n" for row in history)
    return _filled(
        EVALUATION,
        rows=_Verbatim(f"[\n{rows}]"),
        test_loss=run.test_loss,
        test_accuracy=run.test_accuracy,
        here=f"{words.here}:",
        there=f"{words.there}:",
        heading=f"{words.epoch}  val_accuracy: {words.here} | {words.there}",
        test=words.test_accuracy,
    )


class _Verbatim(str):
    """Text that goes into the code as it is."""

    __slots__ = ()


def _filled(code: str, **values: object) -> str:
    """Put values into code as Python literals, where it says «name»."""
    for name, value in values.items():
        code = code.replace(f"«{name}»", value if isinstance(value, _Verbatim) else _literal(value))
    return code


def _literal(value: object) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
