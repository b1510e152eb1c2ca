"""The notebook of a run is a valid one, and its code trains what the app trained."""

from __future__ import annotations

import inspect
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist_demo.export.notebook import Trained, build_notebook, trained_part
from mnist_demo.jobs.events import Event, StepDone
from mnist_demo.network.mlp import Network
from mnist_demo.runs.config import SETTINGS
from mnist_demo.runs.rates import RateChange
from mnist_demo.runs.run import History, Run, RunConfig, RunStatus, StepRecord
from mnist_demo.runs.setting import Setting
from mnist_demo.runs.store import RunStore
from mnist_demo.texts.loading import languages, load_texts
from mnist_demo.training import segments
from mnist_demo.training.augment import AUGMENTED_AT_ONCE
from mnist_demo.training.control import RunControl
from mnist_demo.training.epochs import scheduled_rate
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.making import train_run
from mnist_demo.training.model import build_network
from tests.factories import DIGITS, FIRST_EPOCH, make_run, some_values
from tests.mnist import arrays_of, part_of_mnist, write_images

EN = load_texts("en")
SMALL = RunConfig(epochs=2, batch_size=64, learning_rate=0.002, validation_split=0.3, hidden=(16, 8), seed=5)
FULL = RunConfig(
    *(7, 256, 0.003, 0.4, (9, 7, 5), "sgd", 6, True, True),
    train_images=40,
    schedule="cosine",
    activation="tanh",
    dropout=0.3,
    l2=0.001,
    keep_best=True,
    wrong_labels=0.3,
    missing_digit=7,
    rare_digit=4,
)
"""Differs from `SMALL` in every setting."""
TOLERANCE = 2e-4
"""Keras may add up in another order than the app's compiled loop, as in a last batch that is not full.
In some 50 steps figures come to differ by 1e-7 here, by 1e-6 without XLA; mistakes do far more than that."""

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
"""Of Keras, when it saves a model."""

TELL = """
import json
json.dump(
    [history, test_loss, test_accuracy, [array.tolist() for array in network.get_weights()]],
    open("told.json", "w"),
)
"""


def notebook_of(run: Run, language: str = "en") -> dict:
    return json.loads(build_notebook(run, "A run", "It ended.", load_texts(language)))


def code_of(notebook: dict) -> str:
    return "\n\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")


def told_by(run: Run, folder: Path, **environment: str) -> tuple[list[dict], float, float, list]:
    """Run the code cells in a Python of their own, and give what they found."""
    (folder / "cells.py").write_text(code_of(notebook_of(run)) + TELL, encoding="utf-8")
    variables = {**os.environ, **environment, "TF_CPP_MIN_LOG_LEVEL": "3"}
    ended = subprocess.run(
        [sys.executable, "cells.py"], cwd=folder, env=variables, check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert f"{EN.notebook.same_images} True" in ended.stdout
    assert (folder / f"mnist-{run.id}.keras").is_file()
    return json.loads((folder / "told.json").read_text(encoding="utf-8"))


def assert_same(run: Run, folder: Path, **environment: str) -> None:
    """Hold history, test and weights of the notebook against the run's."""
    history, test_loss, test_accuracy, weights = told_by(run, folder, **environment)
    assert len(history) == len(run.history.epochs)
    for here, there in zip(history, run.history.epochs, strict=True):
        for figure in ("loss", "accuracy", "val_loss", "val_accuracy"):
            assert here[figure] == pytest.approx(getattr(there, figure), abs=TOLERANCE), figure
    network = Network.load(run.folder / "weights.npz")
    penalty = run.config.l2 * sum(float(np.square(weights).sum()) for weights, _ in network.layers)
    expected = run.test_loss + penalty, run.test_accuracy  # to Keras, the penalty is part of any loss
    assert (test_loss, test_accuracy) == pytest.approx(expected, abs=TOLERANCE)
    for here, there in zip(weights, network.arrays, strict=True):
        np.testing.assert_allclose(np.array(here), there, atol=TOLERANCE)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "home", pretrained=tmp_path / "none")


def test_code_trains_the_run_again(tmp_path: Path, store: RunStore):
    """Fresh Python, plain Keras, other images: the same figures, up to rounding."""
    dataset = part_of_mnist(1500, 1500)
    images = write_images(dataset, tmp_path / "some.npz")
    run = train_run(TrainingSession(*arrays_of(dataset).values()), SMALL, dataset.info, store)
    assert_same(run, tmp_path, MNIST_DEMO_DATA=str(images))


def test_code_trains_a_stopped_run_up_to_the_same_batch(
    tmp_path: Path, store: RunStore, monkeypatch: pytest.MonkeyPatch
):
    """And to the part of an epoch before Stop."""
    monkeypatch.setattr(segments, "SEGMENT_SECONDS", 1e-6)  # a report after every batch
    dataset = part_of_mnist(1415, 382)
    images = write_images(dataset, tmp_path / "some.npz")

    def stop_in_second_epoch(event: Event) -> bool:
        return not (isinstance(event, StepDone) and (event.epoch, event.step) == (2, 7))

    config = replace(SMALL, batch_size=32, optimizer="rmsprop")
    session = TrainingSession(*arrays_of(dataset).values())
    run = train_run(session, config, dataset.info, store, stop_in_second_epoch)
    assert run.status is RunStatus.STOPPED
    assert trained_part(run) == Trained(1, 7)
    assert_same(run, tmp_path, MNIST_DEMO_DATA=str(images))


def test_code_deforms_and_slows_down_as_the_run_did(
    tmp_path: Path, store: RunStore, monkeypatch: pytest.MonkeyPatch
):
    """Every setting at once: two whole epochs, and one that was stopped when its second part had begun.

    An epoch's images are deformed in parts, here two. Without all of the run's European forms, deformations,
    rates and choice of images the figures would differ far more than is tolerated.
    """
    monkeypatch.setattr(segments, "SEGMENT_SECONDS", 1e-6)
    dataset = part_of_mnist(7075, 382)
    images = write_images(dataset, tmp_path / "some.npz")
    config = replace(
        SMALL, epochs=4, batch_size=256, augment=True, european=True, train_images=4600, schedule="cosine"
    )

    def stop_in_third_epoch(event: Event) -> bool:
        return not (isinstance(event, StepDone) and (event.epoch, event.step) == (3, 17))

    session = TrainingSession(*arrays_of(dataset).values())
    run = train_run(session, config, dataset.info, store, stop_in_third_epoch)
    assert trained_part(run) == Trained(2, 17)
    assert AUGMENTED_AT_ONCE < 17 * config.batch_size < config.train_images
    assert_same(run, tmp_path, MNIST_DEMO_DATA=str(images))


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_code_changes_the_learning_rate_where_the_run_did(
    schedule: str, tmp_path: Path, store: RunStore, monkeypatch: pytest.MonkeyPatch
):
    """In mid epoch, and again in the one that was stopped; without it the figures differ."""
    monkeypatch.setattr(segments, "SEGMENT_SECONDS", 1e-6)
    dataset = part_of_mnist(1415, 382)
    images = write_images(dataset, tmp_path / "some.npz")
    config = replace(SMALL, epochs=3, batch_size=32, schedule=schedule)
    control = RunControl(config.learning_rate)

    def change_and_stop(event: Event) -> bool:
        place = (event.epoch, event.step) if isinstance(event, StepDone) else ()
        control.rate = {(1, 7): 0.02, (2, 3): 0.0005}.get(place, control.rate)
        return place != (2, 9)

    session = TrainingSession(*arrays_of(dataset).values())
    run = train_run(session, config, dataset.info, store, change_and_stop, control=control)
    assert run.history.rates == (RateChange(7, 0.02), RateChange(31 + 3, 0.0005))
    assert_same(run, tmp_path, MNIST_DEMO_DATA=str(images))
    (tmp_path / "other").mkdir()
    plain = replace(run, history=replace(run.history, rates=()))
    with pytest.raises(AssertionError):
        assert_same(plain, tmp_path / "other", MNIST_DEMO_DATA=str(images))


def test_code_writes_european_digits_without_augmentation(tmp_path: Path, store: RunStore):
    """The images as they are, some of them replaced by the same forms as in the run."""
    dataset = part_of_mnist(1500, 1500)
    images = write_images(dataset, tmp_path / "some.npz")
    config = replace(SMALL, european=True)
    run = train_run(TrainingSession(*arrays_of(dataset).values()), config, dataset.info, store)
    assert_same(run, tmp_path, MNIST_DEMO_DATA=str(images))


@pytest.mark.parametrize("augment", [False, True])
def test_code_spoils_the_data_as_the_run_did(tmp_path: Path, store: RunStore, augment: bool):
    """The same wrong labels, and the same images in place of those that are left out."""
    dataset = part_of_mnist(1500, 1500)
    images = write_images(dataset, tmp_path / "some.npz")
    config = replace(SMALL, wrong_labels=0.3, missing_digit=7, rare_digit=4, augment=augment)
    run = train_run(TrainingSession(*arrays_of(dataset).values()), config, dataset.info, store)
    assert_same(run, tmp_path, MNIST_DEMO_DATA=str(images))


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": ()},
        {"hidden": (12,), "activation": "tanh", "l2": 0.01},
        {"hidden": (16, 12, 8, 8), "activation": "sigmoid", "learning_rate": 0.02},
        {"hidden": (32, 16), "dropout": 0.4, "l2": 0.001},
        {"hidden": (16,), "epochs": 6, "learning_rate": 0.3, "keep_best": True},
    ],
    ids="-".join,
)
def test_code_trains_any_network(tmp_path: Path, store: RunStore, changes: dict[str, Any]):
    """Of every depth and kind; batches are full, so that dropout leaves out the same neurons."""
    dataset = part_of_mnist(2000, 300)
    images = write_images(dataset, tmp_path / "some.npz")
    config = replace(SMALL, validation_split=0.36, **changes)
    run = train_run(TrainingSession(*arrays_of(dataset).values()), config, dataset.info, store)
    if config.keep_best:
        assert run.kept_epoch < config.epochs  # else there is nothing to go back to
    assert_same(run, tmp_path, MNIST_DEMO_DATA=str(images))


@pytest.mark.parametrize(
    "config", [SMALL, FULL, replace(SMALL, european=True)], ids=["plain", "full", "european"]
)
@pytest.mark.parametrize("language", languages())
def test_notebook_is_valid(language: str, config: RunConfig):
    """Format 4.5: these keys and no others, each cell with an id of its own."""
    notebook = notebook_of(make_run(config=config), language)
    assert notebook.keys() == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    common = {"cell_type", "id", "metadata", "source"}
    for cell in notebook["cells"]:
        keys = {"markdown": common, "code": common | {"execution_count", "outputs"}}
        assert cell.keys() == keys[cell["cell_type"]]
        assert all(line.endswith("\n") for line in cell["source"][:-1])
    compile(code_of(notebook), "cells", "exec")
    assert not re.search(r"\{\{|\{%|%\}", code_of(notebook))
    assert "mnist_demo" not in code_of(notebook)


def test_mnist_comes_from_keras_or_a_file():
    """Where MNIST_DEMO_DATA names no file, Keras fetches it."""
    code = code_of(notebook_of(make_run()))
    assert "keras.datasets.mnist.load_data()" in code
    assert 'os.environ.get("MNIST_DEMO_DATA")' in code


@pytest.mark.parametrize("language", languages())
def test_notebook_speaks_the_language_of_the_page(language: str):
    """What it says and what it prints."""
    told = json.dumps(notebook_of(make_run(), language), ensure_ascii=False)
    assert load_texts(language).notebook.network_note in told
    assert load_texts(language).notebook.same_images in told


def test_figures_that_overflowed_are_still_python():
    """Python has no word for infinity that stands alone."""
    history = History((replace(FIRST_EPOCH, loss=float("inf"), val_loss=float("nan")),))
    run = make_run(config=RunConfig(epochs=1), history=history, test_loss=float("nan"))
    code = code_of(notebook_of(run))
    assert 'float("inf")' in code
    compile(code, "cells", "exec")


@pytest.mark.parametrize(
    ("status", "history", "part"),
    [
        (RunStatus.FINISHED, History((FIRST_EPOCH,)), Trained(1)),
        (RunStatus.STOPPED, History((), (StepRecord(0.5, 1, 0),)), Trained(0, 750)),
        (RunStatus.STOPPED, History((FIRST_EPOCH,), (StepRecord(1.0, 1, 0),)), Trained(1)),
        (RunStatus.STOPPED, History((FIRST_EPOCH,), (StepRecord(1 + 7 / 1500, 1, 0),)), Trained(1, 7)),
        (RunStatus.FAILED, History((FIRST_EPOCH,), (StepRecord(1.5, 1, 0),)), Trained(1)),
        (RunStatus.FAILED, History(), Trained(2)),
    ],
)
def test_notebook_trains_as_far_as_the_run(status: RunStatus, history: History, part: Trained):
    """Stopped: up to the batch; failed: the network is that of the last whole epoch."""
    assert trained_part(make_run(status=status, history=history)) == part


@pytest.mark.parametrize("setting", SETTINGS, ids=attrgetter("name"))
def test_every_setting_changes_the_code(setting: Setting):
    """No two values give the same notebook."""
    configs = [RunConfig(**{setting.name: value}) for value in some_values(setting)]
    runs = [make_run(config=config, status=RunStatus.FAILED, history=History()) for config in configs]
    assert len({code_of(notebook_of(run)) for run in runs}) == len(runs)


@pytest.mark.parametrize("config", [RunConfig(), FULL])
def test_every_constant_is_used(config: RunConfig):
    """A student who changes one changes the training."""
    code = code_of(notebook_of(make_run(config=config)))
    names = re.findall(r"(?m)^([A-Z_]+) = ", code)
    assert {"EPOCHS", "LEARNING_RATE", "HIDDEN", "SEED"} <= set(names)
    assert [name for name in names if len(re.findall(rf"\b{name}\b", code)) < 2] == []


def test_network_without_hidden_layers_has_no_constants_of_theirs():
    """Nothing that a student could change in vain; what follows them is still given."""
    code = code_of(notebook_of(make_run(config=replace(FULL, hidden=(), l2=0.01))))
    assert re.findall(r"(?m)^(ACTIVATION|DROPOUT|L2) = ", code) == ["L2"]
    assert "network = build_network(HIDDEN, l2=L2)" in code


def test_network_is_made_by_the_code_that_the_app_runs():
    """Word for word, called with the run's settings."""
    code = code_of(notebook_of(make_run()))
    assert inspect.getsource(build_network) in code
    for call in (
        "network = build_network(HIDDEN",
        "draw_initial_weights(network, SEED",
        "compile_network(network, ",
    ):
        assert call in code


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_rates_are_those_of_the_run(schedule: str):
    """In every epoch, to the last; a constant one is set once."""
    config = replace(SMALL, epochs=90, schedule=schedule)
    there = [scheduled_rate(config, epoch, config.learning_rate) for epoch in range(1, config.epochs + 1)]
    cells = ["".join(cell["source"]) for cell in notebook_of(make_run(config=config))["cells"]]
    if defining := [cell for cell in cells if "def rate_in" in cell]:
        names: dict[str, Any] = {"PLANNED_EPOCHS": config.epochs, "LEARNING_RATE": config.learning_rate}
        exec(defining[0], names)
        assert [names["rate_in"](epoch) for epoch in range(1, config.epochs + 1)] == pytest.approx(there)
    else:
        assert set(there) == {config.learning_rate}


@pytest.mark.parametrize(
    "name", ["{{ 7 * 7 }}", "a\n%% code\nimport os", "{% call cell('code') %}x{% endcall %}", '<&>"']
)
def test_name_is_text_of_the_first_cell(name: str):
    """Whatever somebody called the run, no code comes of it."""
    notebook = json.loads(build_notebook(make_run(), name, "It ended.", EN))
    assert "".join(notebook["cells"][0]["source"]).startswith(f"# {name}\n\nIt ended.")
    assert [cell | {"source": []} for cell in notebook["cells"]] == [
        cell | {"source": []} for cell in notebook_of(make_run())["cells"]
    ]


def test_plain_run_has_a_short_notebook():
    """What is there for other runs stays out."""
    code = code_of(notebook_of(make_run()))
    assert not [
        word for word in ("Augmenter", "rate_in", "TRAIN_IMAGES", "choose_rows", "tensorflow") if word in code
    ]


def test_run_on_unknown_images_asks_for_their_file():
    """Keras's MNIST would be other images; so it is for the small digits on which old runs were trained."""
    run = make_run(dataset=DIGITS)
    assert "load_data" not in code_of(notebook_of(run))
