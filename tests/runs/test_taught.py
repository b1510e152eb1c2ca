"""What a run says that it learned from a class: it comes back from the disk, and nonsense is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mnist_demo.errors import DamagedRun
from mnist_demo.export import build_report
from mnist_demo.runs import Comparison, RunStore, Score, Taught, run_summary, run_title
from mnist_demo.runs.files import read_run
from mnist_demo.texts import load_texts
from tests.factories import make_run, save_run

ON_CLASS = Comparison(before=Score(14, 27), after=Score(21, 27), control=Score(13, 27))
ON_TEST = Comparison(before=Score(9932, 10_000), after=Score(9918, 10_000), control=Score(9921, 10_000))
TAUGHT = Taught("robust", 54, 18, 9, "0123456789abcdef", ON_CLASS, ON_TEST)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of which nothing ships."""
    return RunStore(tmp_path, pretrained=tmp_path / "none")


def test_it_comes_back_from_the_disk(store: RunStore):
    """With every figure, also under another name."""
    run = save_run(store, taught=TAUGHT)
    assert read_run(run.folder).taught == TAUGHT
    store.rename(run.id, "Clase 3B", run.owner)
    assert read_run(run.folder).taught == TAUGHT


def test_it_is_another_run_than_one_of_the_same_settings():
    """So that nobody takes one for the other; the same drawings and the same start are the same run."""
    identities = {
        make_run().identity,
        make_run(taught=TAUGHT).identity,
        make_run(taught=replace(TAUGHT, base="notebook")).identity,
        make_run(taught=replace(TAUGHT, digest="f" * 16)).identity,
    }
    assert len(identities) == 4
    assert make_run(taught=replace(TAUGHT, drawings=55)).identity == make_run(taught=TAUGHT).identity


def change(value: dict[str, Any], *path: str, to: object) -> dict[str, Any]:
    """Change one entry of nested ones."""
    first, *others = path
    return value | {first: change(value[first], *others, to=to) if others else to}


@pytest.mark.parametrize(
    "nonsense",
    [
        {"path": ("drawings",), "to": -1},
        {"path": ("drawings",), "to": 17},  # fewer than people
        {"path": ("drawings",), "to": 54.5},
        {"path": ("people",), "to": True},
        {"path": ("people",), "to": 10**9},
        {"path": ("held_people",), "to": 28},  # more than drawings
        {"path": ("digest",), "to": "<script>"},
        {"path": ("base",), "to": ""},
        {"path": ("base",), "to": "x" * 101},
        {"path": ("base",), "to": 7},
        {"path": ("on_class", "after", "right"), "to": 28},
        {"path": ("on_class", "control", "of"), "to": 26},
        {"path": ("on_test", "before", "right"), "to": "9"},
        {"path": ("on_test",), "to": []},
        {"path": ("on_class", "after"), "to": {}},
        {"path": ("more",), "to": 1},
    ],
    ids=str,
)
def test_nonsense_is_refused(store: RunStore, nonsense: dict[str, Any]):
    """Whatever a file claims: a run on the disk and an upload are read by the same checks."""
    run = save_run(store, taught=TAUGHT)
    path = run.folder / "config.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    description["taught"] = change(description["taught"], *nonsense["path"], to=nonsense["to"])
    path.write_text(json.dumps(description), encoding="utf-8")
    metrics = json.loads((run.folder / "metrics.json").read_text(encoding="utf-8"))
    del metrics["checksums"]
    (run.folder / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    with pytest.raises(DamagedRun):
        read_run(run.folder)


def test_tests_on_other_images_than_the_data_set_has_are_refused(store: RunStore):
    """A thousand of MNIST's ten thousand."""
    some = Comparison(*(Score(900, 1000),) * 3)
    run = save_run(store, taught=replace(TAUGHT, on_test=some))
    with pytest.raises(DamagedRun):
        read_run(run.folder)


@pytest.mark.parametrize("language", ["es", "en"])
def test_title_and_report_say_what_it_learned_from(language: str):
    """With the figures before, after and without the class, also where it got worse."""
    texts = load_texts(language)
    run = make_run(taught=TAUGHT)
    assert "54" in run_title(run, texts)
    assert "18" in run_title(run, texts)
    assert "54" in run_summary(replace(run, name="3B"), texts)
    report = build_report(run, None, "3B", "", texts)
    whole = texts.numbers.whole
    for figure in (54, 18, 27, 9, 14, 21, 13, 9932, 9918, 9921):
        assert whole(figure) in report
    assert texts.report.taught not in build_report(make_run(), None, "3B", "", texts)
