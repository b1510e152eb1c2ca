"""A full class on a real server: 200 phones that draw, what the teacher takes away, and the end."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mnist_demo.classroom.files import read_rows
from mnist_demo.classroom.transitions import MAX_PHONES
from tests.browser.conftest import Server, run_server
from tests.classroom.classes import STROKES
from tests.ui.classroom.phones import Phone, Teacher, joined

SCRIBBLE = [[[20 + 67 * place % 230, 20 + 113 * place % 230, place] for place in range(60)]]
AT_ONCE = 20
EVERY = 10
"""Each of so many phones scribbles, so that the teacher has to look at it."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for these tests."""
    with run_server(tmp_path_factory.mktemp("home")) as running:
        yield running


def draw_in_turn(phone: Phone) -> int:
    """Send a one, or a scribble, and give the status."""
    return phone.draw(strokes=STROKES if phone.seat % EVERY else SCRIBBLE)[0]


@pytest.fixture
def teacher(server: Server) -> Teacher:
    """Somebody whose class is full, and has drawn."""
    found = Teacher(server.url)
    found.begin()
    found.tell("open", digit=1)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        phones = list(threads.map(lambda _: joined(server.url, found.code), range(MAX_PHONES)))
        assert set(threads.map(draw_in_turn, phones)) == {201}
    return found


def exported(teacher: Teacher, kind: str) -> bytes:
    """Take the class away."""
    status, _, packed = teacher.send(f"/mnist-demo/class/{teacher.code}/export.{kind}")
    assert status == 200
    return packed


def test_full_class_can_be_taken_away_and_ended(teacher: Teacher, server: Server):
    """All of it is in the table and in the zip, and what counts there is what the stage counts."""
    teacher.tell("close")
    assert teacher.tell("reveal")[0] == 200
    wall = teacher.wall()
    scribbled = MAX_PHONES // EVERY
    assert (wall["sent"], wall["held"], len(wall["tiles"])) == (MAX_PHONES, scribbled, MAX_PHONES)
    rows = list(csv.DictReader(io.StringIO(exported(teacher, "csv").decode())))
    assert sorted(int(row["person"]) for row in rows) == list(range(1, MAX_PHONES + 1))
    assert sum(int(row["counts"]) for row in rows) == wall["tallies"]["of"] == MAX_PHONES - scribbled
    with zipfile.ZipFile(io.BytesIO(exported(teacher, "zip"))) as archive:
        drawings = json.loads(archive.read("drawings.json"))
    sent = {drawing["person"]: drawing["strokes"] for drawing in drawings}
    assert sent == {seat: STROKES if seat % EVERY else SCRIBBLE for seat in range(1, MAX_PHONES + 1)}
    assert {len(drawing["image"]) for drawing in drawings} == {784}
    assert teacher.tell("end") == (200, teacher.ask(f"/{teacher.code}/state")[1])
    assert not list((server.home / "classroom").iterdir())


def test_full_class_is_kept_where_the_teacher_says_so(teacher: Teacher, server: Server):
    """In one file, in which nobody can be known again."""
    assert teacher.tell("end", keep=True)[0] == 200
    (kept,) = (server.home / "classroom").iterdir()
    kept.rename(kept.with_name("class.sqlite3"))
    query = "SELECT count(*), count(DISTINCT drawings.seat), max(length(digest)) FROM drawings, seats"
    assert read_rows(kept.parent, query) == [(MAX_PHONES**2, MAX_PHONES, 0)]
