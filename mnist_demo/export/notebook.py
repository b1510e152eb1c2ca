"""A run as a Jupyter notebook: the same network, trained again from the same start in plain Keras.

Its cells are in `notebook.jinja`: the same steps as `training.model` and `training.loop`, with Keras's own
`fit` in place of the app's faster loop. Network and augmentation are the app's own code, word for word.
`jit_compile` and the weights of 1 make Keras round as the app does: on one computer the default run comes out
the same to the last bit, and others do until a batch is not full. A test runs the cells and holds the figures
against a run of the app.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources

from mnist_demo.charts import render_template
from mnist_demo.export.source import running_source
from mnist_demo.runs import (
    SETTINGS,
    Run,
    RunConfig,
    RunStatus,
    effective_settings,
    has_effect,
    rate_pairs,
    steps_per_epoch,
)
from mnist_demo.texts import Texts

MODEL = "mnist_demo.training.model"
MODEL_STEPS = ("build_network", "draw_initial_weights", "compile_network")


@dataclass(frozen=True)
class Trained:
    """How far a run was trained: whole epochs, and batches of the epoch in which it was stopped.

    `keeps_best`: whether the best epoch's network was kept, rather than what training ended with.
    """

    epochs: int
    batches: int = 0
    keeps_best: bool = False


def trained_part(run: Run) -> Trained:
    """Say how far a run's network was trained.

    A run that failed has the network of its last whole epoch; one that failed before that has none, and is
    trained as it was meant to be.
    """
    epochs, keeps_best = run.history.reached_epoch, run.config.keep_best
    if run.status is RunStatus.FAILED:
        return Trained(epochs) if epochs else Trained(run.config.epochs, keeps_best=keeps_best)
    if run.status is RunStatus.FINISHED or not run.history.steps:
        return Trained(epochs, keeps_best=keeps_best)
    steps = steps_per_epoch(run.config, run.dataset.n_train)
    return Trained(*divmod(round(run.history.steps[-1].epochs * steps), steps), keeps_best)


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
    cells: list[dict[str, object]] = []

    def add_cell(kind: str, caller: Callable[[], str]) -> str:
        source = caller().strip().splitlines(keepends=True)
        cell = {"cell_type": kind, "id": f"cell-{len(cells) + 1}", "metadata": {}, "source": source}
        cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
        return ""

    part = trained_part(run)
    render_template(
        "export/notebook.jinja",
        cell=add_cell,
        py=_literal,
        run=run,
        part=part,
        name=name,
        outcome=outcome,
        texts=texts,
        constants=_constants(run.config, part),
        app_code=_app_code,
        rates=rate_pairs(run.history.rates),
        **{step: _model_step(step, run.config) for step in MODEL_STEPS},
    )
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _constants(config: RunConfig, part: Trained) -> dict[str, object]:
    """Return a constant for each setting that has a value, and is not the choice of other cells."""
    names = [setting.name for setting in effective_settings(config) if setting.is_notebook_constant]
    values = {name.upper(): getattr(config, name) for name in names} | {"EPOCHS": part.epochs}
    constants = {name: value for name, value in values.items() if value is not None}
    return constants | ({"PLANNED_EPOCHS": config.epochs} if config.schedule == "cosine" else {})


def _model_step(name: str, config: RunConfig) -> dict[str, str]:
    """Return the text of one of the app's own functions, and its call; settings are constants here.

    A setting without effect is none: there the function has its own default, and what follows is named.
    """
    source = running_source(MODEL, name)
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    effects = {setting.name: has_effect(setting, config) for setting in SETTINGS}
    given: list[str] = []
    is_named = False
    for argument in (argument.arg for argument in function.args.args):
        if not effects.get(argument, True):
            is_named = True
            continue
        value = argument.upper() if argument in effects else argument
        given.append(f"{argument}={value}" if is_named else value)
    return {"text": source, "call": f"{name}({', '.join(given)})"}


def _app_code(room: str, file: str) -> str:
    """Return the text of a file of the app, not imported: training needs TensorFlow."""
    text = resources.files(f"mnist_demo.{room}").joinpath(file).read_text(encoding="utf-8")
    # This import may stand only where a program begins, and nothing in the text needs it.
    return text.replace("from __future__ import annotations\n\n", "")


def _literal(value: object) -> str:
    """Write a value as Python does; infinity and what is no number have no literal of their own."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
