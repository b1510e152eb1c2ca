"""The logic of the page, run by Streamlit's own test harness with the real store and trainer behind it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_demo.errors import NotAllowed
from mnist_demo.jobs.job import JobPhase
from mnist_demo.jobs.state import WorkerPhase
from mnist_demo.runs.config import SETTINGS, RunConfig
from mnist_demo.runs.kinds import Layers
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui import services
from mnist_demo.ui.common.problem import problem_markdown
from mnist_demo.ui.train.fields import NO_DIGIT
from tests.factories import save_run
from tests.trainer import wait_for

APP = Path(__file__).parents[2] / "streamlit_app.py"
START_SECONDS = 120
EN, ES = load_texts("en"), load_texts("es")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the app's services a home of their own, and take them down at the end."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MNIST_DEMO_HOME", str(folder))
        environment.delenv("MNIST_DEMO_DATA", raising=False)
        forget_services()
        yield folder
        services.trainer().close()
        forget_services()


def forget_services() -> None:
    """Let the next page start with services of its own."""
    kept = (services.settings, services.store, services.trainer, services.session_store, services.open_pages)
    for service in kept:
        service.cache_clear()
    st.cache_resource.clear()


@pytest.fixture
def app(home: Path) -> AppTest:
    """Open the page as a new visitor."""
    assert home
    return AppTest.from_file(str(APP), default_timeout=START_SECONDS).run()


def press(app: AppTest, label: str) -> None:
    """Press the first button of that name."""
    next(button for button in app.button if button.label == label).click().run()


def test_first_page_opens_without_reading_the_images(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Reading all images takes a moment, which is left to the pages that show some."""

    def read_images(_settings: object) -> None:
        raise AssertionError("the first page has read the images")

    assert home
    st.cache_resource.clear()
    monkeypatch.setattr(services, "load_mnist", read_images)
    app = AppTest.from_file(str(APP), default_timeout=START_SECONDS).run()
    assert not app.exception


def test_page_opens_with_the_notebooks_settings(app: AppTest):
    """The defaults are the notebook's, and nothing fails on the way."""
    assert not app.exception
    assert app.title[0].value == EN.app.title
    assert app.select_slider[0].value == 10
    assert app.select_slider[1].value == 32


def test_panel_offers_every_setting(app: AppTest):
    """Under its label; a layer has a label of its own."""
    kinds = ("select_slider", "selectbox", "number_input", "toggle")
    labels = {widget.label for kind in kinds for widget in app.get(kind)}
    for setting in SETTINGS:
        if isinstance(setting, Layers):
            assert {setting.layer_label(number, EN) for number in (1, 2)} <= labels
        elif setting.panel:
            assert setting.label(EN) in labels


def test_value_that_is_not_offered_is_kept(app: AppTest):
    """Of a run from elsewhere: 100 neurons and 90 epochs are no steps of a slider."""
    session = app.session_state["session"]
    session.show_config(RunConfig(epochs=90, learning_rate=0.002, hidden=(100, 64)))
    app.run()
    assert not app.exception
    sliders = {slider.label: slider.value for slider in app.select_slider}
    assert (sliders["Epochs"], sliders["Learning rate"], sliders["Hidden layer 1"]) == (90, 0.002, 100)
    assert session.latest_config == session.first_config


def test_address_chooses_the_language(home: Path):
    """A link with ?lang=es opens the page in Spanish, whatever the browser asks for."""
    assert home
    app = AppTest.from_file(str(APP), default_timeout=START_SECONDS)
    app.query_params["lang"] = "es"
    app.run()
    assert app.title[0].value == ES.app.title


def test_unknown_language_falls_back_to_english(home: Path):
    """An address cannot break the page."""
    assert home
    app = AppTest.from_file(str(APP), default_timeout=START_SECONDS)
    app.query_params["lang"] = "xx"
    app.query_params["run"] = "../../etc"
    app.query_params["job"] = "nobody's"
    app.run()
    assert not app.exception
    assert app.title[0].value == EN.app.title


def test_settings_return_to_the_notebooks(app: AppTest):
    """One button undoes every change."""
    app.select_slider[0].set_value(3).run()
    app.select_slider[1].set_value(1024).run()
    press(app, EN.settings.defaults)
    assert app.select_slider[0].value == 10
    assert app.select_slider[1].value == 32


def test_train_trains_what_was_trained_before_and_names_it(app: AppTest):
    """At once, in one quiet line, which leads to the earlier result; of those that ship nothing is said."""
    trainer, store = services.trainer(), services.store()
    wait_for(trainer, lambda state: state.worker is WorkerPhase.READY, START_SECONDS)
    before = save_run(store, config=RunConfig(epochs=2, batch_size=512), dataset=trainer.state.dataset)
    app.select_slider[0].set_value(2).run()
    app.select_slider[1].set_value(512).run()
    press(app, EN.settings.train)
    assert trainer.state.training
    same = EN.settings.same_settings.split("“")[0]
    (line,) = (button for button in app.button if button.label.startswith(same))
    line.click().run()
    assert app.session_state["session"].run_id == before.id
    assert not any(button.label.startswith(same) for button in app.button)
    wait_for(trainer, lambda state: not state.training, START_SECONDS)
    app.select_slider[1].set_value(32).run()
    app.select_slider[0].set_value(10).run()
    press(app, EN.settings.train)
    assert trainer.state.training
    assert not any(button.label.startswith(same) for button in app.button)
    trainer.stop(trainer.state.training[0].id)
    wait_for(trainer, lambda state: not state.training, START_SECONDS)


def test_train_pressed_twice_trains_once_and_the_result_is_used(app: AppTest):
    """The second press of an impatient visitor changes nothing; the run is in use when it has ended."""
    trainer = services.trainer()
    wait_for(trainer, lambda state: state.worker is WorkerPhase.READY, START_SECONDS)
    app.select_slider[0].set_value(20).run()  # one epoch may be over before the second press
    press(app, EN.settings.train)
    press(app, EN.settings.train)
    jobs = {job.id for job in trainer.state.pending}
    assert len(jobs) == 1
    state = wait_for(trainer, lambda s: not s.pending, START_SECONDS)
    app.run()
    assert app.selectbox[0].value == state.ended[-1].run
    assert services.store().get(state.ended[-1].run).config == RunConfig(epochs=20)


LONG = RunConfig(epochs=30, batch_size=8)
ANA, BEN = Owner("ana"), Owner("ben")


class Visitors:
    """Several people, each with a page; whoever is `now` looks at theirs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = TEACHER
        for module in ("app", "view"):
            monkeypatch.setattr(f"mnist_demo.ui.{module}.current_person", lambda: self.now)

    def press_train(self, app: AppTest, person: Owner, config: RunConfig) -> None:
        """Let somebody choose settings, and press Train."""
        self.now = person
        app.session_state["session"].show_config(config)
        app.run()
        press(app, EN.settings.train)

    def look(self, app: AppTest, person: Owner) -> set[str]:
        """Let somebody look at their page, and list its buttons."""
        self.now = person
        app.run()
        assert not app.exception
        return {button.label for button in app.button}


def test_visitors_share_a_queue_and_what_they_train(app: AppTest, monkeypatch: pytest.MonkeyPatch):
    """Equal settings are one job, changed ones take its place, and nobody can stop what is not theirs."""
    trainer, visitors, words = services.trainer(), Visitors(monkeypatch), EN.settings
    wait_for(trainer, lambda state: state.worker is WorkerPhase.READY and not state.pending, START_SECONDS)
    teachers = trainer.submit(replace(LONG, seed=70))
    anas, bens = app, AppTest.from_file(str(APP), default_timeout=START_SECONDS).run()
    visitors.press_train(anas, ANA, replace(LONG, seed=71))
    visitors.press_train(bens, BEN, replace(LONG, seed=71))
    assert [job.owners for job in trainer.state.queue] == [(ANA, BEN)]
    assert words.stop not in visitors.look(anas, ANA)
    press(anas, words.leave_queue)
    assert [job.owners for job in trainer.state.queue] == [(BEN,)]
    assert words.leave_queue not in visitors.look(anas, ANA)
    visitors.press_train(bens, BEN, LONG)
    assert [(job.owners, job.config) for job in trainer.state.queue] == [((BEN,), LONG)]
    trainer.stop(teachers.id)
    wait_for(trainer, lambda state: bool(state.training and state.training[0].config == LONG), START_SECONDS)
    visitors.press_train(anas, ANA, LONG)
    assert {words.leave_training} <= visitors.look(anas, ANA) - {words.stop, EN.controls.pause}
    assert any(EN.settings.shared_controls in caption.value for caption in anas.caption)
    visitors.press_train(anas, ANA, replace(LONG, seed=72))
    assert [warning.value for warning in anas.warning] == [problem_markdown(NotAllowed("one_training"), EN)]
    press(anas, words.leave_training)
    assert trainer.state.training[0].owners == (BEN,)
    assert not anas.warning
    assert {words.leave_training, words.stop, EN.controls.pause}.isdisjoint(visitors.look(anas, ANA))
    assert {words.stop, EN.controls.pause} <= visitors.look(bens, BEN)
    press(bens, EN.controls.pause)
    wait_for(trainer, lambda state: state.training[0].is_paused, START_SECONDS)
    assert {EN.controls.go_on, EN.controls.step, EN.controls.epoch} <= visitors.look(bens, BEN)
    press(bens, words.stop)
    wait_for(trainer, lambda state: not state.pending, START_SECONDS)


def says_new_network(app: AppTest) -> bool:
    """Whether the page says that the visitor's own network is in use now."""
    return any(EN.drawing.new_network in line.value for line in app.markdown)


def test_new_network_is_announced_to_whoever_trained_it_until_they_choose(app: AppTest):
    """Somebody who comes later, or comes back, finds the network that they had."""
    trainer = services.trainer()
    wait_for(trainer, lambda state: state.worker is WorkerPhase.READY, START_SECONDS)
    app.select_slider[0].set_value(1).run()
    app.select_slider[1].set_value(1024).run()
    assert not says_new_network(app)
    press(app, EN.settings.train)
    (job,) = (job for job in trainer.state.pending if job.config.epochs == 1)
    wait_for(trainer, lambda state: state.find(job.id).phase is JobPhase.ENDED, START_SECONDS)
    app.run()
    assert says_new_network(app)
    later = AppTest.from_file(str(APP), default_timeout=START_SECONDS)
    later.query_params["run"] = app.query_params["run"]
    later.run()
    assert later.selectbox[0].value == app.selectbox[0].value
    assert not says_new_network(later)
    next(
        button for button in app.button if EN.drawing.switch_network.split("{")[0] in button.label
    ).click().run()
    assert not says_new_network(app)
    app.selectbox[0].set_value(later.selectbox[0].value).run()
    assert app.selectbox[0].value == later.selectbox[0].value
    assert not says_new_network(app)


def test_damaged_runs_break_no_page(app: AppTest):
    """A file name that is no text, a place that is no number, half a character in a name: all on one disk."""
    store = services.store()
    strange, without_number, half = (save_run(store) for _ in range(3))
    (strange.folder / os.fsdecode(b"bad\xff.txt")).write_text("")
    steps = without_number.folder / "steps.csv"
    steps.write_text(steps.read_text().replace("\n0.5,", "\nnan,"))
    description = half.folder / "config.json"
    description.write_text(json.dumps(json.loads(description.read_text()) | {"name": "half \ud800"}))
    app.run()
    assert not app.exception
    told = [line.value for line in app.markdown]
    assert any("bad" in text for text in told)
    assert any("steps" in text for text in told)
    assert store.get(half.id).name == "half"
    store.delete(half.id, TEACHER)


class Turns(threading.Semaphore):
    """Tells when somebody asks for a turn, and what was given back."""

    def __init__(self) -> None:
        super().__init__(0)
        self.asked, self.given_back = threading.Event(), threading.Event()

    def __enter__(self) -> bool:
        self.asked.set()
        return super().__enter__()

    def __exit__(self, *args: object) -> None:
        self.given_back.set()
        super().__exit__(*args)


def test_drawing_waits_for_its_turn_and_gives_it_back(app: AppTest, monkeypatch: pytest.MonkeyPatch):
    """Where two strokes are being answered, a third one waits, and no longer."""
    turns = Turns()
    monkeypatch.setattr("mnist_demo.ui.draw.panel.DRAWN_AT_ONCE", turns)
    thread = threading.Thread(target=app.run)
    thread.start()
    assert turns.asked.wait(START_SECONDS)
    assert not turns.given_back.is_set()
    assert thread.is_alive()
    turns.release()
    thread.join(START_SECONDS)
    assert not app.exception
    assert turns.acquire(blocking=False)


def test_digit_is_left_out_and_comes_back(app: AppTest):
    """What stands for none is no digit."""
    for choice, is_told in ((7, True), (NO_DIGIT, False)):
        field = next(box for box in app.selectbox if box.label == EN.settings.missing_digit)
        field.set_value(choice).run()
        captions = [caption.value for caption in app.caption]
        assert any("without the 7" in caption for caption in captions) == is_told
