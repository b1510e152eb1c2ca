"""A clean lesson packs the visitors' runs away, from the page and from the terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from zipfile import ZipFile

import pytest

from mnist_demo.data.mnist import MNIST
from mnist_demo.errors import NotAllowed
from mnist_demo.runs import lesson
from mnist_demo.runs.lesson import lesson_archives, start_clean_lesson
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.run import RunStatus
from mnist_demo.runs.store import RunStore
from mnist_demo.runs.upload import read_upload
from mnist_demo.texts import load_texts
from tests.factories import save_run
from tests.mnist import REPOSITORY

ANA = Owner("ana", "Ana")
EN = load_texts("en")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of which nothing ships."""
    return RunStore(tmp_path, pretrained=tmp_path / "none")


def test_every_run_in_the_archive_can_be_brought_back(store: RunStore):
    """Those of one name, and one that failed without a network, among them."""
    runs = [save_run(store, owner=ANA, dataset=MNIST, name="Twin") for _ in range(2)]
    save_run(store, owner=ANA, status=RunStatus.FAILED, has_weights=False, test_loss=None, test_accuracy=None)
    packed = start_clean_lesson(store, TEACHER, EN, nullcontext(0))
    assert packed.runs == 3
    assert lesson_archives(store) == [packed.archive]
    with ZipFile(packed.archive) as archive:
        twins = [name for name in archive.namelist() if "twin" in name]
        assert {read_upload(archive.read(name))[0].name for name in twins} == {runs[0].name}
        assert len(archive.namelist()) == 3
    assert store.list() == ()


def test_visitors_trainings_end_before_the_runs_are_packed(store: RunStore):
    """What ends then becomes a run, and goes with the others; what does not is counted."""
    left = []

    @contextmanager
    def closed() -> Iterator[int]:
        save_run(store, owner=ANA)
        yield 2
        left.extend(store.list())

    packed = start_clean_lesson(store, TEACHER, EN, closed())
    assert (packed.runs, packed.unended, left) == (1, 2, [])


def test_only_the_teacher_may(store: RunStore):
    """And the queue of others stays."""
    save_run(store, owner=ANA)
    ended = []

    @contextmanager
    def closed() -> Iterator[int]:
        ended.append(1)
        yield 0

    with pytest.raises(NotAllowed):
        start_clean_lesson(store, ANA, EN, closed())
    assert (len(store.list()), ended) == (1, [])


def test_run_that_cannot_be_packed_leaves_all_where_they_are(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
):
    """A full disk: no half archive, no run in the bin."""
    save_run(store, owner=ANA)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mnist_demo.runs.lesson.pack_runs", refuse)
    with pytest.raises(Exception, match="No space left"):
        start_clean_lesson(store, TEACHER, EN, nullcontext(0))
    assert len(store.list()) == 1
    assert lesson_archives(store) == []
    assert len(list(store.folder.iterdir())) == 1


def test_latest_archives_are_kept(store: RunStore, monkeypatch: pytest.MonkeyPatch):
    """So many, and so many bytes; the one that was just made stays, however large it is."""
    store.lessons.mkdir()
    old = [store.lessons / f"mnist-2020010{day}-080000.zip" for day in range(1, 5)]
    for archive in old:
        archive.write_bytes(bytes(1_000_000))
    monkeypatch.setattr("mnist_demo.runs.lesson.MAX_ARCHIVES", 4)
    save_run(store, owner=ANA)
    first = start_clean_lesson(store, TEACHER, EN, nullcontext(0)).archive
    assert lesson_archives(store) == [first, *old[:0:-1]]
    monkeypatch.setattr("mnist_demo.runs.lesson.MAX_ARCHIVE_MEGABYTES", 1.5)
    lesson._remove_old_archives(store)
    assert lesson_archives(store) == [first, old[3]]
    monkeypatch.setattr("mnist_demo.runs.lesson.MAX_ARCHIVE_MEGABYTES", 0)
    lesson._remove_old_archives(store)
    assert lesson_archives(store) == [first]


def test_terminal_does_the_same(store: RunStore, tmp_path: Path):
    """And says where the archive is; the second time that there is nothing to do."""
    save_run(store, owner=ANA)
    kept = save_run(store)
    command = [sys.executable, "-m", "mnist_demo.runs.reset"]
    environment = os.environ | {"MNIST_DEMO_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def reset() -> str:
        return subprocess.run(
            command, cwd=REPOSITORY, env=environment, check=True, capture_output=True, text=True
        ).stdout

    said = reset()
    assert store.list() == (kept,)
    (archive,) = lesson_archives(store)
    assert str(archive) in said
    with ZipFile(io.BytesIO(archive.read_bytes())) as packed:
        assert len(packed.namelist()) == 1
    assert reset().strip() == EN.runs.lesson_empty
