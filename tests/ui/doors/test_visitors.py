"""Visitors: their tokens, and what they call themselves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mnist_demo.errors import NameNotKept
from mnist_demo.ui.doors.visitors import MAX_VISITOR_NAME_LENGTH, VisitorNames, new_token, visitor_id


def test_token_makes_one_visitor():
    """Who does not have the token cannot find it in the id."""
    token = new_token()
    assert visitor_id(token) == visitor_id(token) != visitor_id(new_token())
    assert token not in visitor_id(token)


@pytest.mark.parametrize("token", ["", "teacher", "../../etc", "x" * 42, "x" * 44, "ñ" * 43])
def test_what_is_no_token_makes_nobody(token: str):
    """Two who write the same nonsense into their cookies are not one person."""
    assert visitor_id(token) == ""


def test_name_outlives_the_server(tmp_path: Path):
    """And is one visitor's alone."""
    ana, ben = visitor_id(new_token()), visitor_id(new_token())
    VisitorNames(tmp_path / "visitors").keep(ana, "Group 3")
    names = VisitorNames(tmp_path / "visitors")
    assert (names.get(ana), names.get(ben)) == ("Group 3", "")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Grupo\n 3 ", "Grupo 3"),
        ("a\u202eb", "ab"),
        ("x" * 100, "x" * MAX_VISITOR_NAME_LENGTH),
        ("\u200d\u200b", ""),
        ("<b>", "<b>"),
    ],
)
def test_name_is_cleaned(tmp_path: Path, typed: str, kept: str):
    """By the rule for all names, and short."""
    names = VisitorNames(tmp_path)
    names.keep("a1", typed)
    assert names.get("a1") == kept


def test_name_that_is_taken_back_is_forgotten(tmp_path: Path):
    """Nothing of it stays."""
    names = VisitorNames(tmp_path)
    names.keep("a1", "Group 3")
    names.keep("a1", " ")
    assert names.get("a1") == ""
    assert list(tmp_path.iterdir()) == []


def test_oldest_names_go_first(tmp_path: Path):
    """Whoever comes back all the time under new names does not fill the disk."""
    names = VisitorNames(tmp_path, max_names=2)
    for age, visitor in enumerate(("a1", "b2", "c3")):
        names.keep(visitor, visitor)
        os.utime(tmp_path / visitor, (age, age))
    names.keep("d4", "d4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c3", "d4"]


def test_name_that_cannot_be_written_is_told(tmp_path: Path):
    """A file lies where the folder belongs."""
    (tmp_path / "visitors").write_text("")
    with pytest.raises(NameNotKept):
        VisitorNames(tmp_path / "visitors").keep("a1", "Group 3")
