"""Real servers whose home is deleted in the middle of a class, or is another server's, too."""

from __future__ import annotations

import csv
import io
import shutil
import signal
import sys
import threading
from pathlib import Path

import pytest

from mnist_demo.texts import load_texts
from tests.browser.conftest import run_server
from tests.ui.classroom.phones import Caller, Phone, Teacher, joined

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9, and files deleted while open")
PATIENCE = 300
"""Tenths of a second."""


def wait_for_wall(teacher: Teacher) -> None:
    """Ask for the wall until the server has one."""
    for _ in range(PATIENCE):
        if teacher.ask(f"/{teacher.code}/wall")[0] == 200:
            return
        threading.Event().wait(0.1)
    pytest.fail(str(teacher.ask(f"/{teacher.code}/wall")))


def drawn(phone: Phone, sequence: int) -> int:
    """Send a drawing, again where it came too soon after the last one, and give the status."""
    while (status := phone.draw(sequence=sequence)[0]) == 429:
        threading.Event().wait(0.1)
    return status


def exported(teacher: Teacher) -> list[tuple[str, str]]:
    """Person and sequence of each drawing."""
    status, _, text = teacher.send(f"/mnist-demo/class/{teacher.code}/export.csv")
    assert status == 200
    return [(row["person"], row["sequence"]) for row in csv.DictReader(io.StringIO(text.decode()))]


def refused(caller: Caller, path: str, value: object = None) -> tuple[int, str]:
    """Ask in vain; give the status and the sentence."""
    status, told = caller.ask(path, value)
    assert list(told) == ["error"]
    return status, told["error"]


def begin_round(url: str) -> tuple[Teacher, Phone]:
    """Begin a class with a phone that has drawn in its first round."""
    teacher = Teacher(url)
    code = teacher.begin()
    teacher.tell("open", digit=1)
    phone = joined(url, code)
    assert phone.draw()[0] == 201
    return teacher, phone


def test_class_is_open_in_one_server_and_goes_on_in_the_other(tmp_path: Path):
    """When the first was killed; until then the second says where it is, and phones do not forget it."""
    with run_server(tmp_path) as first:
        teacher, phone = begin_round(first.url)
        code = teacher.code
        with run_server(tmp_path) as second:
            other = Teacher(second.url)
            moved, other.code = Phone(second.url, code), code
            moved.token = phone.token
            for path, value in (("", {}), (f"/{code}/wall", None), (f"/{code}/command", {"command": "end"})):
                assert refused(other, path, value) == (503, refused(other, "", {})[1])
            assert {moved.join()[0], moved.draw()[0], moved.own()[0]} == {503}
            assert teacher.wall()["sent"] == 1
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            wait_for_wall(other)
            assert moved.join()[1]["seat"] == phone.seat
            assert moved.draw() == (200, {"new": False})
            assert moved.draw(sequence=2)[0] == 201
            assert exported(other) == [("1", "1"), ("1", "2")]


def test_deleted_home_acknowledges_nothing_and_the_class_goes_on_when_it_is_back(tmp_path: Path):
    """The stage says what is wrong as long as it is; what was there before is there again, too."""
    home = tmp_path / "home"
    home.mkdir()
    with run_server(home) as server:
        teacher, phone = begin_round(server.url)
        code = teacher.code
        shutil.rmtree(home)
        assert drawn(phone, 2) == 507
        for _ in range(2):
            status, sentence = refused(teacher, f"/{code}/wall")
            assert (status, sentence) == (507, load_texts("en").problems.class_home_gone)
        assert refused(teacher, f"/{code}/command", {"command": "close"}) == (507, sentence)
        assert not home.exists()
        home.mkdir()
        wait_for_wall(teacher)
        assert teacher.wall()["sent"] == 1
        assert drawn(phone, 2) == 201
        assert exported(teacher) == [("1", "1"), ("1", "2")]
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
    with run_server(home) as again:
        later = Teacher(again.url)
        later.code = code
        wait_for_wall(later)
        assert exported(later) == [("1", "1"), ("1", "2")]
