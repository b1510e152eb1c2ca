"""What is brought back obeys the limits of what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnist_demo.errors import NoRoom, UnknownRun
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.restoring import restore_runs
from mnist_demo.runs.store import RunStore
from tests.factories import save_run

ANA, LUIS = Owner("ana", "Ana"), Owner("luis", "Luis")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of which nothing ships."""
    return RunStore(tmp_path, pretrained=tmp_path / "none")


def listed(store: RunStore) -> list[str]:
    """Give the ids of what is listed, oldest first."""
    return [run.id for run in reversed(store.list())]


def test_so_many_runs_come_back_as_may_be_kept(store: RunStore):
    """The others stay in the bin; where it was full a deletion can be undone."""
    runs = [save_run(store).id for _ in range(3)]
    store.delete_all(runs[1:], TEACHER)
    with pytest.raises(NoRoom, match="restore_no_room"):
        restore_runs(store, runs[1:], TEACHER, max_runs=2, max_gigabytes=1)
    assert listed(store) == runs[:2]
    assert [entry.run.id for entry in store.deleted(TEACHER)] == runs[2:]


def test_so_many_bytes_come_back_as_may_be_kept(store: RunStore):
    """Deleted runs, which count where somebody trains, do not here."""
    runs = [save_run(store).id for _ in range(3)]
    limit = 2.5 / 3 * store.usage().gigabytes
    store.delete_all(runs[1:], TEACHER)
    with pytest.raises(NoRoom):
        restore_runs(store, runs[1:], TEACHER, max_runs=9, max_gigabytes=limit)
    assert listed(store) == runs[:2]


def test_uploads_have_their_own_limit(store: RunStore, monkeypatch: pytest.MonkeyPatch):
    """That of who uploaded, whoever brings them back; runs that were trained here know none."""
    monkeypatch.setattr("mnist_demo.runs.upload.MAX_UPLOADS_OF_A_VISITOR", 2)
    uploads = [save_run(store, owner=ANA, uploaded=True).id for _ in range(3)]
    others = [save_run(store, owner=ANA).id, save_run(store, owner=LUIS, uploaded=True).id]
    store.delete_all([*uploads, *others], TEACHER)
    with pytest.raises(NoRoom):
        restore_runs(store, [*others, *uploads], TEACHER, max_runs=9, max_gigabytes=1)
    assert listed(store) == [*uploads[:2], *others]


def test_what_is_not_there_is_told(store: RunStore):
    """As the store does."""
    with pytest.raises(UnknownRun):
        restore_runs(store, ["nobody"], TEACHER, max_runs=9, max_gigabytes=1)
