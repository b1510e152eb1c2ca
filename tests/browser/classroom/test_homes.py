"""What teacher and phones see of a home that is another server's, too, or is deleted during a class."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from mnist_demo.texts import load_texts
from tests.browser.classroom.classes import (
    OpenPhone,
    draw_on_phone,
    expect_sent,
    send_from_phone,
    start_class,
    task,
)
from tests.browser.conftest import OpenPage, run_server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform == "win32", reason="there, no file is deleted that is open"),
]
EN = load_texts("en")


def test_class_that_another_server_has_open_comes_when_that_one_has_ended(
    open_page: OpenPage, open_phone: OpenPhone, tmp_path: Path
):
    """The page says where it is meanwhile, and nothing else can be done there."""
    with run_server(tmp_path) as first:
        phone = open_phone(start_class(first.url).phone_url)
        task(phone).to_have_text(EN.class_phone.lobby)
        with run_server(tmp_path) as second:
            teacher = open_page(f"{second.url}/class")
            expect(teacher.get_by_text(EN.problems.class_elsewhere)).to_be_visible()
            expect(teacher.get_by_role("button", name=EN.class_stage.start)).to_have_count(0)
            first.process.kill()
            first.process.wait()
            expect(teacher.locator(".class-count")).to_have_text(EN.class_stage.joined.format(joined=1))
            expect(teacher.get_by_text(EN.problems.class_elsewhere)).to_have_count(0)


def test_deleted_home_is_told_and_the_drawing_waits_on_the_phone(
    open_page: OpenPage, open_phone: OpenPhone, tmp_path: Path
):
    """Until the folder is there again: then it goes by itself, and the sentence on the stage, too."""
    home = tmp_path / "home"
    home.mkdir()
    with run_server(home) as server:
        begun = start_class(server.url)
        phone = open_phone(begun.phone_url)
        begun.tell("open", kind="digit", digit=3)
        teacher = open_page(f"{server.url}/class")
        task(phone).to_have_text(EN.class_phone.draw_digit.format(digit=3))
        draw_on_phone(phone)
        shutil.rmtree(home)
        send_from_phone(phone)
        expect(phone.locator("#status")).to_have_text(EN.class_phone.waits)
        expect(teacher.locator(".class-problem")).to_have_text(EN.problems.class_home_gone)
        expect(teacher.locator(".class-count")).to_have_text("0 of 1 have sent")
        home.mkdir()
        expect_sent(phone)
        expect(teacher.locator(".class-problem")).to_have_text("")
        expect(teacher.locator(".class-count")).to_have_text("1 of 1 have sent")


@pytest.mark.parametrize("locale", ["en-US", "es-ES"])
def test_stage_says_in_its_language_that_the_server_is_gone_until_it_is_back(
    open_page: OpenPage, tmp_path: Path, locale: str
):
    """What was pressed meanwhile was not done; the class is there as it was."""
    words = load_texts(locale[:2]).class_stage
    with run_server(tmp_path) as first:
        start_class(first.url)
        teacher = open_page(f"{first.url}/class", locale=locale)
        room, problem = teacher.locator(".class-room"), teacher.locator(".class-problem")
        expect(room).to_have_attribute("data-state", "lobby")
        first.process.kill()
        first.process.wait()
        teacher.keyboard.press("n")
        expect(problem).to_have_text(words.no_answer)
        with run_server(tmp_path, port=urlparse(first.url).port):
            expect(problem).to_have_text("")
            teacher.keyboard.press("n")
            expect(room).to_have_attribute("data-state", "open")
