"""How many mistakes the network in use makes in the test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mnist_demo.data import MNIST
from mnist_demo.jobs import TrainerState
from mnist_demo.runs import TEACHER, Run, RunStore
from mnist_demo.settings import Settings
from mnist_demo.texts import load_texts
from mnist_demo.ui import services
from mnist_demo.ui.session import Session
from mnist_demo.ui.view import View


def import_pages() -> None:
    """Import the pages, whose canvas registers itself with a server; runs as a script of its own."""
    import mnist_demo.ui.pages  # noqa: F401


@pytest.fixture(scope="module", autouse=True)
def pages() -> None:
    """Import the pages."""
    assert not AppTest.from_function(import_pages, default_timeout=60).run().exception


def option(run: Run | None) -> int | None:
    """Tell which option the lesson takes for right."""
    from mnist_demo.ui.lesson.training import mistakes_option

    return mistakes_option(view_of(run))


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """The runs that ship with the app."""
    store = RunStore(tmp_path)
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(services, "settings", lambda: Settings(home=tmp_path))
    return store.list()


def view_of(run: Run | None) -> View:
    """What a page shows of a run."""
    return View(Session(), TrainerState(), (), run, load_texts("en"), {}, TEACHER)


def test_what_a_run_says_of_itself_is_what_its_network_does(runs: list[Run]):
    """So nobody has to wait until it has answered all test images."""
    from mnist_demo.ui.lesson.training import BOUNDS

    assert len(runs) > 1
    for run in runs:
        mistakes = services.run_evaluation(run.id).mistakes
        assert option(run) == sum(mistakes >= bound for bound in BOUNDS)
        assert round((1 - (run.test_accuracy or 0)) * MNIST.n_test) == pytest.approx(mistakes, abs=1)


def test_questions_of_a_class_are_there_before_any_image_is_read(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
):
    """The page of the class opens at once."""
    from mnist_demo.ui.classroom.questions import class_questions

    services.run_evaluation.clear()
    read: list[str] = []
    monkeypatch.setattr(services, "_images", lambda: read.append("images"))
    found = {question.id: question.answer for question in class_questions(view_of(runs[0]))}
    assert found["lesson-evaluation"] == option(runs[0])
    assert not read


def test_run_that_does_not_say_is_evaluated(runs: list[Run]):
    """And one of other images, of which the test images here are not."""
    run = runs[0]
    silent = replace(run, test_accuracy=None, test_loss=None)
    foreign = replace(run, test_accuracy=0.1, dataset=replace(MNIST, name="other", fingerprint="0"))
    assert option(silent) == option(foreign) == option(run)
    assert option(None) is None
