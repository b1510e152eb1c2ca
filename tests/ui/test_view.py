"""One view for a run of the page, and a fresh one for each part that runs again alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.store import RunStore
from mnist_demo.ui import services
from tests.factories import save_run


class RestlessTrainer:
    """Counts the looks at it."""

    def __init__(self) -> None:
        self.looks = count()

    @property
    def state(self) -> int:
        """Return how often it was looked at before."""
        return next(self.looks)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    """Give the pages a store of their own, and a trainer whose state is another at each look."""
    store, trainer = RunStore(tmp_path), RestlessTrainer()
    monkeypatch.setattr(services, "store", lambda: store)
    monkeypatch.setattr(services, "trainer", lambda: trainer)
    yield store
    st.cache_resource.clear()


def page() -> None:
    """Draw a page of two parts; the first one runs again, as after a click in it. A script of its own."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from mnist_demo.texts.loading import load_texts
    from mnist_demo.ui import services
    from mnist_demo.ui.session import Session
    from mnist_demo.ui.view import View, fragment, take_view

    seen = st.session_state.setdefault("seen", [])

    @fragment
    def first(view: View, word: str) -> None:
        seen.append((word, view.state, view.run.name if view.run else None, len(view.runs)))

    @fragment
    def second(view: View) -> None:
        seen.append(("second", view.state, view.run.name if view.run else None, len(view.runs)))

    session = st.session_state.setdefault("visitor", Session(run_id=st.session_state["run_id"]))
    view = take_view(session, services.trainer().state, load_texts("en"), {})
    first(view, "first")
    second(view)
    if change := st.session_state.pop("change", None):
        change()
        storage = get_script_run_ctx().fragment_storage
        for part in list(storage._fragments.values())[:1]:
            part()
            part()


def run(store: RunStore, run_id: str, change: object) -> list[tuple]:
    """Draw the page, change the world, and let the first part run again, twice."""
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["run_id"], app.session_state["change"] = run_id, change
    app.run()
    assert not app.exception
    assert store.list()
    return app.session_state["seen"]


def test_parts_of_a_page_see_the_same_and_later_what_is_then(store: RunStore):
    """Nothing is fetched twice in one run of the page; a part that runs again sees what is then."""
    mine = save_run(store, name="Ana")
    runs = len(store.list())

    def change() -> None:
        store.rename(mine.id, "Luis", TEACHER)
        save_run(store)

    assert run(store, mine.id, change) == [
        ("first", 0, "Ana", runs),
        ("second", 0, "Ana", runs),
        ("first", 1, "Luis", runs + 1),
        ("first", 2, "Luis", runs + 1),
    ]


def test_whole_page_runs_again_once_the_run_in_use_is_gone(store: RunStore):
    """No part of it goes on with another network by itself; the page says what happened."""
    mine = save_run(store, name="Ana")
    runs = len(store.list())
    seen = run(store, mine.id, lambda: store.delete(mine.id, TEACHER))
    assert seen[:2] == [("first", 0, "Ana", runs), ("second", 0, "Ana", runs)]
    assert seen[2:] == [("first", 2, "", runs - 1), ("second", 2, "", runs - 1)]
