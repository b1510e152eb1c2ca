"""A class teaches a network, and its teacher's page shows what came of it, before and after."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from mnist_demo.texts import load_texts
from tests.browser.classroom.classes import Class
from tests.browser.conftest import OpenPage, Server
from tests.browser.test_accessibility import lasting_violations
from tests.ui.classroom.phones import joined

pytestmark = pytest.mark.browser

MILLISECONDS = 300_000
"""For a trainer that starts, and trains twice, on a computer that does much else."""


COMPARED_AT_ONE_SIZE = """() => {
  const bars = [...document.querySelectorAll('[data-score]')];
  const sides = [...document.querySelectorAll('.class-wall .class-tile')].map((tile) => tile.offsetWidth);
  return bars.length === 6 && new Set(sides).size === 1;
}"""


def test_class_trains_and_sees_before_and_after(server: Server, class_: Class, open_page: OpenPage):
    """Both walls, three bars for the people held out and three for MNIST, and the run in the list."""
    words = load_texts("es").class_stage
    phones = [joined(server.url, class_.code) for _ in range(9)]
    class_.tell("open", digit=7)
    for phone in phones:
        assert phone.draw()[0] == 201
    class_.tell("close")
    teacher = open_page(f"{server.url}/class", locale="es")
    expect(teacher.locator(".class-train")).to_be_disabled()
    class_.tell("reveal")
    teacher.get_by_role("button", name=words.train).click()
    room = teacher.locator(".class-room")
    expect(room).to_have_attribute("data-state", "compared", timeout=MILLISECONDS)
    expect(teacher.locator(".class-task")).to_have_text(words.compared)
    expect(teacher.locator(".class-wall > h3")).to_have_text([words.before, words.after])
    for wall in (".class-wall > .class-tiles:not(.class-after)", ".class-after"):
        expect(teacher.locator(f"{wall} > .class-tile")).to_have_count(9)
    scores = teacher.locator("[data-score] > span")
    expect(scores).to_have_text([words.before, words.after, words.control] * 2)
    expect(teacher.locator(".class-figures h3").first).to_have_text(words.on_class.format(of=3, people=3))
    flips = [tile["flip"] for tile in class_.wall()["tiles"]]
    told = words.flips.format(won=flips.count("won"), lost=flips.count("lost"))
    expect(teacher.locator(".class-predicted")).to_have_text(told)
    expect(teacher.locator(".class-after > .class-tile.won")).to_have_count(flips.count("won"))
    assert not lasting_violations(teacher)
    teacher.set_viewport_size({"width": 1280, "height": 800})
    teacher.locator("body").press("p")
    expect(teacher.locator("html.projector-view")).to_be_attached()
    teacher.wait_for_function(COMPARED_AT_ONE_SIZE)
