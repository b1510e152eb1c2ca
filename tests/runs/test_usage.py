"""How much is kept."""

from __future__ import annotations

from pathlib import Path

from mnist_demo.runs.bin import NOTE
from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.store import RunStore
from mnist_demo.runs.usage import Usage
from tests.factories import save_run


def test_usage_is_what_lies_on_the_disk(tmp_path: Path):
    """All files of whole runs; of what is being written or deleted, nothing."""
    store = RunStore(tmp_path, tmp_path / "none")
    assert store.usage() == Usage()
    runs = [save_run(store) for _ in range(2)]
    (store.folder / ".unfinished-a-b").mkdir()
    (store.folder / ".unfinished-a-b" / "weights.npz").write_bytes(bytes(1000))
    (store.folder / "note.txt").write_text("mine")
    files = [file for run in runs for file in run.folder.iterdir()]
    assert store.usage() == Usage(2, sum(file.stat().st_size for file in files))


def test_deleted_runs_and_packed_lessons_take_room_too(tmp_path: Path):
    """Whoever deletes and trains on must not fill the disk."""
    store = RunStore(tmp_path, tmp_path / "none")
    run, deleted = save_run(store), save_run(store)
    before = store.usage()
    store.delete(deleted.id, TEACHER)
    store.lessons.mkdir()
    (store.lessons / "mnist-1.zip").write_bytes(bytes(10_000))
    after = store.usage()
    note = (tmp_path / "bin" / deleted.id / NOTE).stat().st_size
    assert (after.runs, after.bytes) == (1, sum(file.stat().st_size for file in run.folder.iterdir()))
    assert after.gigabytes == (before.bytes + note + 10_000) / 1000**3


def test_gigabytes_are_the_disks():
    """Of 1000 megabytes."""
    assert Usage(1, 2_500_000_000).gigabytes == 2.5
