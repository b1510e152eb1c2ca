"""Whether a run could be kept is known before it is trained."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from mnist_demo.errors import TrainingFailed
from mnist_demo.network import PRETRAINED_RUNS
from mnist_demo.runs.config import RunConfig
from mnist_demo.runs.files import read_run
from mnist_demo.runs.room import check_room, needed_bytes
from mnist_demo.texts.loading import languages, message


class Disk(NamedTuple):
    """What `shutil.disk_usage` tells."""

    total: int
    used: int
    free: int


@pytest.fixture
def leave(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    """Say how large the disk is, and how much of it is free."""
    return lambda total, free: monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(total, 0, free))


@pytest.mark.parametrize("name", ["notebook", "robust"])
def test_runs_that_were_trained_take_what_is_asked_for(name: str):
    """Not more, and not much less, or runs would be refused for which there is room."""
    folder = PRETRAINED_RUNS / name
    taken = sum(path.stat().st_size for path in folder.iterdir())
    assert taken <= needed_bytes(read_run(folder).config) <= 1.3 * taken


def test_one_byte_too_few_is_told_in_every_language(tmp_path: Path, leave: Callable[[int, int], None]):
    """With the folder, so that one knows where to make room; one byte more is enough."""
    config = RunConfig()
    leave(2**30, needed_bytes(config))
    check_room(tmp_path, config)
    leave(2**30, needed_bytes(config) - 1)
    with pytest.raises(TrainingFailed) as refused:
        check_room(tmp_path, config)
    assert refused.value.code == "no_room"
    assert all(str(tmp_path) in message(refused.value, language) for language in languages())


def test_disk_that_tells_no_size_is_trusted(tmp_path: Path, leave: Callable[[int, int], None]):
    """As some network drives do."""
    leave(0, 0)
    check_room(tmp_path, RunConfig())


def test_folder_that_was_deleted_is_made_again(tmp_path: Path):
    """And nothing is left in it."""
    check_room(tmp_path / "home" / "runs", RunConfig())
    assert list((tmp_path / "home" / "runs").iterdir()) == []


def test_folder_that_cannot_be_written_is_told_with_its_reason(tmp_path: Path):
    """A file lies in its place."""
    (tmp_path / "runs").write_text("")
    with pytest.raises(TrainingFailed) as refused:
        check_room(tmp_path / "runs", RunConfig())
    assert refused.value.code == "home_not_writable"
    assert "File exists" in message(refused.value, "en")
