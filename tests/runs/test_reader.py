from pathlib import Path

import pytest

from mnist_demo.errors import UnknownRun
from mnist_demo.runs import reader
from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.reader import RunReader
from mnist_demo.runs.store import RunStore
from tests.factories import save_run


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of which nothing ships."""
    return RunStore(tmp_path, pretrained=tmp_path / "none")


@pytest.fixture
def other(store: RunStore) -> RunStore:
    """Another process' store of the same home."""
    return RunStore(store.folder.parent, pretrained=store.folder.parent / "none")


def test_what_another_process_does_is_seen_at_once(store: RunStore, other: RunStore):
    """A new run, a new name and a deletion, in the list and by the run's id, at each look."""
    assert store.list() == ()
    kept = save_run(other)
    assert store.list() == (kept,)
    assert store.get(kept.id) == kept
    for name in ("Ana", "Eva", "Ida"):  # of one length, and sooner than many a disk's clock moves
        other.rename(kept.id, name, TEACHER)
        assert store.get(kept.id).name == name
        other.rename(kept.id, name[::-1], TEACHER)
        assert [run.name for run in store.list()] == [name[::-1].strip()]
    other.delete(kept.id, TEACHER)
    with pytest.raises(UnknownRun):
        store.get(kept.id)
    assert store.list() == ()


def test_nothing_is_read_and_nobody_waits_where_nothing_has_changed(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
):
    """Eighty people who draw look at the list thirty times a second."""
    kept = save_run(store)
    assert store.list() == (kept,)
    monkeypatch.setattr(reader, "read_run", lambda *_, **__: pytest.fail("read again"))
    with store._reader._lock:  # a reader that waited for it would never return
        assert store.list() == (kept,)
        assert store.get(kept.id) is store.list()[0]


def test_lists_are_their_callers_own(store: RunStore):
    """Whoever sorts a list must not sort the next one's."""
    runs = RunReader(store.set_aside, store.folder.parent / "none")
    save_run(store)
    runs.read_all(store.folder).clear()
    runs.read_all(store.folder).clear()
    assert len(runs.read_all(store.folder)) == 1


@pytest.mark.parametrize("name", ["", ".", "..", "../runs", "/etc", "a\0b", "x" * 5000])
def test_only_names_of_runs_lead_to_one(store: RunStore, name: str):
    """An id may come from anybody's address."""
    kept = save_run(store)
    assert store.list() == (kept,)
    for asked in (name, f"{kept.id}/{name}", f"../runs/{kept.id}"):
        with pytest.raises(UnknownRun):
            store.get(asked)
