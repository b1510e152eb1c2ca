"""The teacher's key: made once, kept for its owner alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from mnist_demo.errors import HomeUnusable
from mnist_demo.ui.doors.teacher_key import KEY_FILE, TeacherKey, open_key


def test_key_is_made_once(tmp_path: Path):
    """The link works after a restart, and another home has another one."""
    key = open_key(tmp_path / "home")
    assert len(key.key) >= 20
    assert open_key(tmp_path / "home").key == key.key
    assert open_key(tmp_path / "other").key != key.key


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_only_its_owner_reads_it(tmp_path: Path):
    """Whatever rights the file had before."""
    path = tmp_path / KEY_FILE
    path.write_text("written-by-hand\n")
    path.chmod(0o644)
    assert open_key(tmp_path).key == "written-by-hand"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_empty_file_gets_a_key(tmp_path: Path):
    """A disk that was full leaves one; nobody gets in with an empty key."""
    (tmp_path / KEY_FILE).write_text("")
    key = open_key(tmp_path)
    assert key.key
    assert not key.opens("")


def test_key_that_cannot_be_kept_is_told(tmp_path: Path):
    """With the file's name."""
    (tmp_path / KEY_FILE).mkdir()
    with pytest.raises(HomeUnusable, match=KEY_FILE):
        open_key(tmp_path)


@pytest.mark.parametrize("given", ["", "s", "secre", "secret ", "Secret", "sécret", "\ud800", 99 * "secret"])
def test_only_the_key_opens(given: str):
    """All of it, and nothing else, in whatever letters."""
    assert TeacherKey("secret").opens("secret")
    assert not TeacherKey("secret").opens(given)


def test_cookie_does_not_tell_the_key():
    """And is no key; another key has another cookie."""
    key = TeacherKey("secret")
    assert key.has_made(key.cookie)
    assert "secret" not in key.cookie
    assert not key.opens(key.cookie)
    assert not TeacherKey("other").has_made(key.cookie)
    assert not key.has_made("")
