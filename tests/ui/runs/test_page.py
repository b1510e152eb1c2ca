"""The list of runs: what one may not press is not there, and is refused all the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_demo.data.mnist import MNIST
from mnist_demo.export import build_runs_spreadsheet
from mnist_demo.jobs import Trainer
from mnist_demo.runs import RunConfig
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.packing import pack_run
from mnist_demo.runs.store import RunStore
from mnist_demo.settings import Settings
from mnist_demo.texts import load_texts
from mnist_demo.texts.loading import message
from mnist_demo.ui import services, view
from mnist_demo.ui.runs import changes, chosen, listing, uploads
from mnist_demo.ui.runs.listing import RUNS_ON_A_PAGE, found_runs
from mnist_demo.ui.session import Session
from tests.factories import make_run, save_run

ANA, LUIS = Owner("ana", "Ana"), Owner("luis", "Luis")
EN, ES = load_texts("en"), load_texts("es")
Look = Callable[[Owner], AppTest]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    """Give the page a store of its own."""
    store = RunStore(tmp_path)
    trainer = Trainer(Settings(tmp_path), store)  # not started: whoever presses Train waits
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(services, "trainer", lambda: trainer)
    yield store
    st.cache_resource.clear()


@pytest.fixture
def look(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Let somebody look at the page."""
    assert store

    def be(person: Owner) -> AppTest:
        for place in (view, changes, uploads):
            monkeypatch.setattr(place, "current_person", lambda: person)
        app = AppTest.from_function(page, default_timeout=60).run()
        assert not app.exception
        return app

    return be


def page() -> None:
    """Draw the list. A script of its own."""
    import streamlit as st

    from mnist_demo.texts.loading import load_texts
    from mnist_demo.ui import services
    from mnist_demo.ui.runs.page import render_runs
    from mnist_demo.ui.session import Session
    from mnist_demo.ui.view import take_view

    session = st.session_state.setdefault("visitor", Session())
    render_runs(take_view(session, services.trainer().state, load_texts("en"), {}))


def keys(app: AppTest) -> set[str]:
    """Name the buttons on the page."""
    return {button.key for button in app.button if button.key}


def press(app: AppTest, key_or_label: str) -> None:
    """Press a button."""
    (button,) = (button for button in app.button if key_or_label in (button.key, button.label))
    button.click().run()
    assert not app.exception


class TestWhoMay:
    def test_visitor_is_offered_to_change_only_what_is_theirs(self, store: RunStore, look: Look):
        """Others' runs can be used and taken home."""
        hers, his, teachers = (save_run(store, owner=owner).id for owner in (ANA, LUIS, TEACHER))
        app = look(ANA)
        assert {f"use_{run}" for run in (hers, his, teachers)} <= keys(app)
        assert {f"take_{run}" for run in (hers, his, teachers)} <= keys(app)
        assert {key for key in keys(app) if key.startswith("delete_")} == {f"delete_{hers}"}
        assert {f"delete_{run}" for run in (hers, his, teachers)} <= keys(look(TEACHER))

    def test_press_of_somebody_else_is_refused_in_words(
        self, store: RunStore, look: Look, monkeypatch: pytest.MonkeyPatch
    ):
        """The page still shows the button of somebody who is no longer the one who looks."""
        run = save_run(store, owner=ANA)
        app = look(ANA)
        monkeypatch.setattr(changes, "current_person", lambda: LUIS)
        press(app, f"delete_{run.id}")
        assert store.list()[0] == run
        (said,) = app.toast
        assert "belongs to somebody else" in said.value

    @pytest.mark.parametrize("change", ["rename", "delete", "clean"])
    def test_call_of_somebody_else_changes_nothing(
        self, store: RunStore, look: Look, monkeypatch: pytest.MonkeyPatch, change: str
    ):
        """Whatever a browser makes of the page."""
        run, said = save_run(store, owner=ANA), []
        waiting = services.trainer().submit(RunConfig(epochs=3), ANA)
        look(LUIS)
        monkeypatch.setattr(
            changes, "show_problem", lambda error, texts, _: said.append(message(error, texts.code))
        )
        monkeypatch.setattr(st, "session_state", {"opener": True, "field": "Mine"})
        match change:
            case "rename":
                changes.rename(run.id, "opener", "field", EN)
            case "delete":
                changes.delete(Session(), (run.id,), EN)
            case "clean":
                changes.clean_lesson(Session(), EN)
        assert store.list()[0] == run
        assert len(said) == 1
        assert services.trainer().state.queue == (waiting,)


class TestBin:
    def test_deletion_is_undone(self, store: RunStore, look: Look):
        """At once, by one button; the run is as before."""
        run = save_run(store, owner=ANA, name="<b>Hers</b>")
        app = look(ANA)
        press(app, f"delete_{run.id}")
        assert run not in store.list()
        assert any("Deleted: Ana · " in line.value for line in app.markdown)
        press(app, EN.runs.undo)
        assert run in store.list()

    def test_others_do_not_see_what_was_deleted(self, store: RunStore, look: Look):
        """Only who did it, and the teacher."""
        store.delete(save_run(store, owner=ANA).id, ANA)
        title = EN.runs.bin.format(count=1)
        assert title in [part.label for part in look(ANA).expander]
        assert title not in [part.label for part in look(LUIS).expander]
        assert title in [part.label for part in look(TEACHER).expander]


class TestCleanLesson:
    def test_visitors_runs_are_packed_away_and_the_queue_is_empty(self, store: RunStore, look: Look):
        """The teacher's stay; each run in the archive can be brought back."""
        kept, hers, too = (save_run(store, owner=owner, dataset=MNIST) for owner in (TEACHER, ANA, ANA))
        services.trainer().submit(RunConfig(epochs=3), ANA)
        app = look(TEACHER)
        press(app, EN.runs.lesson_yes)
        assert [run for run in store.list() if not run.pretrained] == [kept]
        assert services.trainer().state.queue == ()
        (archive,) = store.lessons.iterdir()
        with ZipFile(archive) as packed:
            names = packed.namelist()
            assert len(set(names)) == 2
            assert all(name.startswith("mnist-ana-") for name in names)
        assert {entry.run.id for entry in store.deleted(TEACHER)} == {hers.id, too.id}

    def test_nothing_of_it_is_seen_at_home(self, store: RunStore, look: Look):
        """Nor by a visitor, ever."""
        save_run(store)
        assert EN.runs.lesson not in [part.label for part in look(TEACHER).expander]
        save_run(store, owner=ANA)
        assert EN.runs.lesson not in [part.label for part in look(ANA).expander]


class TestSeveral:
    def test_chosen_runs_are_deleted_together(self, store: RunStore, look: Look):
        """And brought back together."""
        first, second, other = (save_run(store, owner=ANA) for _ in range(3))
        app = look(ANA)
        for run in (first, second):
            next(box for box in app.checkbox if box.key.endswith(run.id)).check().run()
        press(app, EN.runs.delete_chosen_yes)
        assert [run for run in store.list() if not run.pretrained] == [other]
        assert not any(box.value for box in app.checkbox)
        press(app, EN.runs.undo)
        assert len([run for run in store.list() if not run.pretrained]) == 3

    def test_others_among_them_can_only_be_taken_home(self, store: RunStore, look: Look):
        """The button that deletes is not there."""
        run = save_run(store, owner=LUIS)
        app = look(ANA)
        next(box for box in app.checkbox if box.key.endswith(run.id)).check().run()
        assert EN.runs.delete_chosen_yes not in [button.label for button in app.button]
        assert any(EN.runs.chosen.format(count=1) == line.value for line in app.markdown)

    def test_one_zip_holds_the_zips(self, store: RunStore):
        """Runs of one name and one minute do not overwrite each other."""
        runs = [save_run(store, owner=ANA, name="../x") for _ in range(2)]
        with ZipFile(io.BytesIO(chosen._packed(runs, EN))) as archive:
            assert [archive.read(name) for name in archive.namelist()] == [
                pack_run(run.folder) for run in runs
            ]
            assert all("/" not in name and name.startswith("mnist-ana-x-") for name in archive.namelist())

    def test_good_file_beside_a_bad_one_is_kept(
        self, store: RunStore, look: Look, monkeypatch: pytest.MonkeyPatch
    ):
        """Each has a sentence of its own, and each is taken once."""
        look(ANA)
        good = pack_run(save_run(store, dataset=MNIST).folder)
        files = [
            SimpleNamespace(file_id=str(number), getvalue=lambda data=data: data)
            for number, data in enumerate((b"no zip", good))
        ]
        monkeypatch.setattr(st, "session_state", {uploads.UPLOAD_KEY: files})
        session = Session()
        uploads._take_uploads(session)
        uploads._take_uploads(session)
        assert session.uploads["0"].code == "upload_no_zip"
        (kept,) = (run for run in store.list() if run.uploaded)
        assert (session.uploads["1"], kept.owner) == (kept.id, ANA)
        assert kept.is_measured_here


class TestManyRuns:
    def test_page_shows_a_part_of_them(self, store: RunStore, look: Look):
        """Forwards, backwards, and to what is searched for."""
        runs = [save_run(store, name=f"Run {number:02}") for number in range(RUNS_ON_A_PAGE + 1)]
        app = look(TEACHER)
        assert len([key for key in keys(app) if key.startswith("use_")]) == RUNS_ON_A_PAGE
        press(app, "next_above")
        assert f"use_{runs[0].id}" in keys(app)
        press(app, "previous_below")
        assert f"use_{runs[0].id}" not in keys(app)
        app.text_input(listing.SEARCH_KEY).set_value("run 00").run()
        assert {key for key in keys(app) if key.startswith("use_")} == {f"use_{runs[0].id}"}

    @pytest.mark.parametrize("typed", ["ana", "ÁNA lote", "grupo", "2026-nothing"])
    def test_search_finds_all_words(self, typed: str):
        """Whatever their accents and capitals; owner, settings and name among them."""
        hers, other = make_run(owner=Owner("a", "Aña"), name="Grupo 3"), make_run()
        expected = [] if typed == "2026-nothing" else [hers]
        assert found_runs([hers, other], typed, ES) == expected

    def test_empty_search_finds_all(self):
        """In their order."""
        runs = [make_run(), make_run(name="b")]
        assert found_runs(runs, "  ", EN) == runs


class TestTable:
    def test_spanish_table_opens_in_a_spanish_spreadsheet(self):
        """Semicolons and decimal commas; no name is run as a formula."""
        run = make_run(owner=ANA, name="=1+1", test_accuracy=0.9768)
        titles, row = csv.reader(
            io.StringIO(build_runs_spreadsheet([run], ES).decode("utf-8-sig")), delimiter=";"
        )
        found = dict(zip(titles, row, strict=True))
        assert (found[ES.runs.table_name], found[ES.runs.table_owner]) == ("'=1+1", "Ana")
        assert found[ES.report.test_accuracy] == "0,9768"
        assert found[ES.runs.table_id] == run.id
