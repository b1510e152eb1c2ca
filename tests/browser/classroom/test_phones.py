"""Phones in a class: they get lost and come back, and lose nothing."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.texts import load_texts
from tests.browser.classroom.classes import (
    Class,
    OpenPhone,
    draw_on_phone,
    expect_sent,
    send_from_phone,
    start_class,
    task,
)
from tests.browser.conftest import run_server
from tests.browser.steps import ONE, THREE

pytestmark = pytest.mark.browser

EN = load_texts("en")
TRIES_OFFLINE = 5
"""So often a phone without a connection asks in vain: for about ten seconds."""


def test_reload_in_the_middle_loses_nothing(class_: Class, open_phone: OpenPhone):
    """Neither the seat nor the drawing nor what was guessed; nor does another tab."""
    phone = open_phone(class_.phone_url)
    class_.tell("open", kind="digit", digit=3)
    draw_on_phone(phone)
    phone.locator("[data-guess=no]").tap()
    name = phone.locator("#name").inner_text()
    phone.reload()
    expect(phone.locator("#name")).to_have_text(name)
    expect(phone.locator("[data-guess=no]")).to_have_attribute("aria-pressed", "true")
    tab = phone.context.new_page()
    tab.goto(class_.phone_url)
    expect(tab.locator("#name")).to_have_text(name)
    phone.locator("#send").tap()
    expect_sent(phone)
    wall = class_.wall()
    assert (wall["joined"], wall["sent"]) == (1, 1)


def test_drawing_waits_on_a_phone_without_a_connection(class_: Class, open_phone: OpenPhone):
    """For ten seconds and a reload; then it goes by itself."""
    phone = open_phone(class_.phone_url)
    class_.tell("open", kind="digit", digit=3)
    draw_on_phone(phone)
    failed: list[str] = []
    phone.on("requestfailed", lambda request: failed.append(request.url))
    phone.context.set_offline(True)
    send_from_phone(phone)
    expect(phone.locator("#status")).to_have_text(EN.class_phone.waits)
    while sum(url.endswith("/drawings") for url in failed) < TRIES_OFFLINE:
        phone.wait_for_event("requestfailed")
    assert class_.wall()["sent"] == 0
    phone.context.set_offline(False)
    expect_sent(phone)
    assert class_.wall()["sent"] == 1


def test_drawing_that_came_too_slowly_goes_again(class_: Class, open_phone: OpenPhone):
    """Nobody has to draw it anew for the school's network."""
    phone = open_phone(class_.phone_url)
    class_.tell("open", kind="digit", digit=3)
    draw_on_phone(phone)
    phone.route("**/drawings", lambda route: route.fulfill(status=408, json={"error": "Too slow."}), times=1)
    send_from_phone(phone)
    expect_sent(phone)
    assert class_.wall()["sent"] == 1


def test_drawing_that_waits_outlives_a_reload(class_: Class, open_phone: OpenPhone):
    """The phone was locked, or its page thrown out, before it had a connection again."""
    phone = open_phone(class_.phone_url)
    class_.tell("open", kind="digit", digit=3)
    draw_on_phone(phone)
    phone.route("**/drawings", lambda route: route.abort())
    send_from_phone(phone)
    expect(phone.locator("#status")).to_have_text(EN.class_phone.waits)
    phone.unroute("**/drawings")
    phone.reload()
    expect_sent(phone)


def two_tabs(class_: Class, open_phone: OpenPhone) -> tuple[Page, Page]:
    """Open a round, and it on one phone twice."""
    phone = open_phone(class_.phone_url)
    class_.tell("open", kind="digit", digit=3)
    expect(phone.locator("#canvas")).to_be_visible()
    other = phone.context.new_page()
    other.goto(class_.phone_url)
    return phone, other


def test_tabs_of_one_phone_keep_what_each_has_drawn(class_: Class, open_phone: OpenPhone):
    """Sending in one leaves what the other has not sent, and a reload there brings it back."""
    phone, other = two_tabs(class_, open_phone)
    draw_on_phone(other, ONE)
    other.locator("[data-guess=no]").tap()
    phone.bring_to_front()
    draw_on_phone(phone)
    send_from_phone(phone)
    expect_sent(phone)
    other.bring_to_front()
    other.reload()
    expect(other.locator("[data-guess=no]")).to_have_attribute("aria-pressed", "true")
    other.locator("#send").tap()
    expect_sent(other)
    assert sent_points(class_) == [len(THREE), len(ONE)]
    expect(other.locator("#canvas")).to_be_visible()
    phone.bring_to_front()
    expect(phone.locator("#canvas")).to_be_hidden()  # it shows the drawing that does not count any more


def sent_points(class_: Class) -> list[int]:
    """Count the corners of each drawing that has arrived; a finger moves in four steps between two."""
    with urllib.request.urlopen(f"{class_.url}/mnist-demo/class/{class_.code}/export.zip") as answer:
        archive = zipfile.ZipFile(io.BytesIO(answer.read()))
    drawings = json.loads(archive.read("drawings.json"))
    return [(sum(map(len, drawing["strokes"])) - 1) // 4 + 1 for drawing in drawings]


def test_drawing_that_waits_goes_from_another_tab(class_: Class, open_phone: OpenPhone):
    """The one that it waits in is closed before it had a connection; the other one sends its own, too."""
    phone, other = two_tabs(class_, open_phone)
    for tab in (phone, other):
        tab.route("**/drawings", lambda route: route.abort())
    phone.bring_to_front()
    draw_on_phone(phone)
    other.bring_to_front()
    draw_on_phone(other, ONE)
    send_from_phone(other)
    expect(other.locator("#status")).to_have_text(EN.class_phone.waits)
    phone.bring_to_front()
    send_from_phone(phone)
    other.close()
    phone.unroute("**/drawings")
    expect_sent(phone)
    assert sent_points(class_) == [len(ONE), len(THREE)]


def test_who_comes_late_joins_in(class_: Class, open_phone: OpenPhone):
    """By the code, in whatever letters, while a round is open; or after it, to wait for the next."""
    class_.tell("open", kind="any")
    phone = open_phone(f"{class_.url}/c")
    phone.locator("#typed").fill(class_.code.lower())
    phone.get_by_role("button", name=EN.class_phone.join).tap()
    draw_on_phone(phone)
    phone.locator("[data-digit='3']").tap()
    send_from_phone(phone)
    expect_sent(phone)
    class_.tell("close")
    late = open_phone(class_.phone_url)
    expect(late.locator("#status")).to_have_text(EN.class_phone.closed_unsent)
    class_.tell("reveal")
    expect(open_phone(class_.phone_url).locator("#status")).to_have_text(EN.class_phone.closed_unsent)


def test_wrong_code_is_told(class_: Class, open_phone: OpenPhone):
    """In the server's sentence, and the field is there to try again."""
    phone = open_phone(f"{class_.url}/c/QQQQ")
    expect(phone.locator("#problem")).to_have_text(EN.problems.class_unknown)
    phone.locator("#typed").fill(class_.code)
    phone.get_by_role("button", name=EN.class_phone.join).tap()
    task(phone).to_have_text(EN.class_phone.lobby)


def test_removed_phone_may_join_again_and_a_blocked_one_may_not(class_: Class, open_phone: OpenPhone):
    """Both are told in one sentence."""
    phone = open_phone(class_.phone_url)
    task(phone).to_have_text(EN.class_phone.lobby)
    class_.tell("remove", seat=1)
    expect(phone.locator("#problem")).to_have_text(EN.problems.class_seat_unknown)
    phone.get_by_role("button", name=EN.class_phone.join).tap()
    task(phone).to_have_text(EN.class_phone.lobby)
    class_.tell("block", seat=2)
    expect(phone.locator("#problem")).to_have_text(EN.problems.class_blocked)
    phone.get_by_role("button", name=EN.class_phone.join).tap()
    expect(phone.locator("#problem")).to_have_text(EN.problems.class_blocked)
    task(phone).to_have_text(EN.class_phone.out)
    assert class_.wall()["joined"] == 0


def test_drawing_is_made_again(class_: Class, open_phone: OpenPhone):
    """While the round is open, a later drawing takes the place of the earlier one; undo takes a stroke."""
    phone = open_phone(class_.phone_url)
    class_.tell("open", kind="digit", digit=1)
    draw_on_phone(phone)
    send_from_phone(phone)
    expect_sent(phone)
    phone.get_by_role("button", name=EN.class_phone.change).tap()
    draw_on_phone(phone, ONE)
    phone.get_by_role("button", name=EN.class_phone.undo).tap()
    phone.get_by_role("button", name=EN.class_phone.clear).tap()
    expect(phone.locator("#send")).to_be_disabled()
    draw_on_phone(phone, ONE)
    phone.locator("#send").tap()
    expect_sent(phone)
    class_.tell("close")
    class_.tell("reveal")
    expect(phone.locator("#verdict")).to_have_text(EN.class_phone.verdict_right)


def test_one_device_goes_round(class_: Class, open_phone: OpenPhone):
    """Where no phones are allowed: each person has a seat of their own."""
    class_.tell("open", kind="digit", digit=3)
    tablet = open_phone(f"{class_.phone_url}#pass")
    names = []
    for sent in (1, 2):
        draw_on_phone(tablet)
        send_from_phone(tablet)
        names.append(tablet.locator("#name").inner_text())
        tablet.get_by_role("button", name=EN.class_phone.next_person).tap()
        expect(tablet.locator("#name")).not_to_have_text(names[-1])
        assert class_.wall()["sent"] == sent
    assert len(set(names)) == 2


def test_phones_are_told_that_the_class_has_ended(class_: Class, open_phone: OpenPhone):
    """And keep nothing of it."""
    phone = open_phone(class_.phone_url)
    task(phone).to_have_text(EN.class_phone.lobby)
    expect(phone.locator("footer")).to_have_text(EN.class_phone.when_it_learns)
    class_.tell("end")
    task(phone).to_have_text(EN.class_phone.ended)
    said = phone.evaluate("document.body.innerText.trim().split(/\\s*\\n\\s*/)")
    assert said == [EN.class_phone.ended, EN.class_phone.ended_why]
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0
    assert phone.context.cookies() == []


def test_phones_come_back_when_the_server_does(open_phone: OpenPhone, tmp_path: Path):
    """It was killed in the middle of a round: nobody has to do anything, and the drawing goes."""
    home = tmp_path / "home"
    home.mkdir()
    with run_server(home) as first:
        begun = start_class(first.url)
        phone = open_phone(begun.phone_url)
        begun.tell("open", kind="digit", digit=3)
        draw_on_phone(phone)
        name = phone.locator("#name").inner_text()
        first.process.kill()
        first.process.wait()
        send_from_phone(phone)
        expect(phone.locator("#status")).to_have_text(EN.class_phone.waits)
        with run_server(home, port=urlparse(first.url).port):
            expect_sent(phone)
            expect(phone.locator("#name")).to_have_text(name)
            assert begun.wall()["joined"] == 1


def test_late_phone_is_told_that_the_class_has_ended(class_: Class, open_phone: OpenPhone):
    """And keeps nothing of it; a reload says the same."""
    class_.tell("end")
    phone = open_phone(class_.phone_url)
    for _ in range(2):
        expect(phone.locator("#task")).to_have_text(EN.class_phone.ended)
        expect(phone.locator("#status")).to_contain_text("This class has ended")
        assert phone.evaluate("localStorage.length") == 0
        phone.reload()


def test_code_is_read_without_what_no_code_has(class_: Class, open_phone: OpenPhone):
    """Whatever else a thumb has typed; what cannot be a code is asked for again."""
    phone = open_phone(class_.phone_url.replace(class_.code, "ZZZZ"))
    typed = phone.locator("#typed")
    typed.fill("Ñ9/")
    typed.press("Enter")
    expect(phone.locator("#code")).to_have_text("9")
    expect(phone.locator("#task")).to_have_text(EN.class_phone.enter_code)
    typed.fill(f" {class_.code[:2].lower()}-{class_.code[2:]}/")
    typed.press("Enter")
    expect(phone.locator("#task")).to_have_text(EN.class_phone.lobby)
    assert phone.evaluate("Object.keys(localStorage).join()") == f"mnist-demo-class-{class_.code}"


def test_refusal_goes_when_the_teacher_takes_back_its_reason(class_: Class, open_phone: OpenPhone):
    """A vote that came too late can be sent after all."""
    phone = open_phone(class_.phone_url)
    question = {"id": "q", "text": "Why?", "choices": ["a", "b"]}
    class_.tell("open", kind="question", question=question)
    phone.locator("[data-choice='0']").tap()
    phone.route("**/state*", lambda route: route.abort())
    class_.tell("close")
    phone.locator("#send").tap()
    expect(phone.locator("#problem")).not_to_have_text("")
    phone.unroute("**/state*")
    expect(phone.locator("#status")).to_have_text(EN.class_phone.closed_unsent)
    class_.tell("undo")
    expect(phone.locator("#send")).to_be_visible()
    expect(phone.locator("#problem")).to_have_text("")
    phone.locator("#send").tap()
    expect_sent(phone)
