"""A teacher leads a class on one screen, phones draw, and a projector shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

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
from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import ONE
from tests.browser.test_accessibility import lasting_violations, serious_violations

pytestmark = pytest.mark.browser

EN = load_texts("en")
SCRIBBLE = tuple((20 + 240 * (i % 2), 10 + 6 * i) for i in range(44))
FORWARDED = {"X-Forwarded-For": "203.0.113.3"}
SMALL_WORDS = """() => [...document.querySelectorAll('[data-testid=stMain] *')].filter((part) =>
  part.checkVisibility() && part.getBoundingClientRect().width > 0
  && [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
  && parseFloat(getComputedStyle(part).fontSize) < 24).map((part) => part.textContent)"""
QUESTION = {"id": "q", "text": {"en": "Will it?", "es": "¿Lo hará?"}, "choices": ["Red", "Blue"], "answer": 1}


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("es", "dark")])
def test_class_draws_and_sees_what_was_read(
    server: Server, class_: Class, open_page: OpenPage, open_phone: OpenPhone, language: str, scheme: str
):
    """One round from its opening to the reveal, led by buttons; before the reveal nobody is told anything."""
    texts = load_texts(language)
    stage, phone_words = texts.class_stage, texts.class_phone
    teacher = open_page(f"{server.url}/class", locale=language, color_scheme=scheme)
    phones = [open_phone(class_.phone_url, locale=language, color_scheme=scheme) for _ in range(2)]
    for phone in phones:
        task(phone).to_have_text(phone_words.lobby)
    expect(teacher.locator(".class-count")).to_have_text(stage.joined.format(joined=2))
    teacher.locator(".class-digits button", has_text="3").click()
    teacher.get_by_role("button", name=stage.step_open).click()
    expect(teacher.locator(".class-task")).to_have_text(stage.draw_digit.format(digit=3))
    for phone, points in zip(phones, (ONE, None), strict=True):
        task(phone).to_have_text(phone_words.draw_digit.format(digit=3))
        draw_on_phone(phone, *([points] if points else []))
        send_from_phone(phone)
        expect_sent(phone, language)
    expect(teacher.locator(".class-count")).to_have_text(stage.sent.format(sent=2, joined=2))
    expect(teacher.locator(".class-tile.counted")).to_have_count(2)
    assert class_.wall()["tallies"] is None
    assert not serious_violations(phones[0])
    teacher.get_by_role("button", name=stage.step_close).click()
    teacher.get_by_role("button", name=stage.step_reveal).click()
    expect(teacher.locator("button.class-tile.right")).to_have_count(1)
    expect(teacher.locator("button.class-tile.wrong")).to_have_count(1)
    expect(teacher.locator(".class-confusions li")).to_have_text(stage.confusion_once.format(asked=3, read=1))
    expect(teacher.locator(".class-predicted")).to_have_text(stage.predicted.format(right=1, of=2))
    expect(phones[0].locator("#verdict")).to_have_text(phone_words.verdict_wrong)
    expect(phones[1].locator("#guessed")).to_have_text(phone_words.guess_right)
    assert not serious_violations(phones[1])
    assert not lasting_violations(teacher)


@pytest.mark.usefixtures("class_")
def test_round_is_led_by_keys(server: Server, open_page: OpenPage):
    """A digit chooses, N goes on, B blanks, Z pauses, U undoes."""
    teacher = open_page(f"{server.url}/class")
    room = teacher.locator(".class-room")
    expect(room).to_have_attribute("data-state", "lobby")
    teacher.keyboard.press("7")
    teacher.keyboard.press("n")
    expect(teacher.locator(".class-task")).to_have_text("Draw a 7")
    teacher.keyboard.press("b")
    expect(teacher.locator(".class-cover")).to_be_visible()
    teacher.keyboard.press("u")
    expect(teacher.locator(".class-cover")).to_be_hidden()
    teacher.keyboard.press("z")
    expect(teacher.locator(".class-task")).to_have_text(EN.class_stage.paused)
    teacher.keyboard.press("z")
    for state in ("closed", "revealed", "lobby"):
        teacher.keyboard.press("n")
        expect(room).to_have_attribute("data-state", state)


@pytest.mark.usefixtures("class_")
def test_what_is_pressed_twice_is_one_command(server: Server, open_page: OpenPage):
    """A nervous hand neither skips a step nor brings a complaint before the whole class."""
    teacher = open_page(f"{server.url}/class")
    room = teacher.locator(".class-room")
    expect(room).to_have_attribute("data-state", "lobby")
    posted: list[str] = []
    teacher.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    press = "() => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'n' }))"
    teacher.evaluate(f"() => {{ for (const press of [{press}, {press}]) press(); }}")
    expect(room).to_have_attribute("data-state", "open")
    teacher.keyboard.press("n")
    expect(room).to_have_attribute("data-state", "closed")
    assert sum(url.endswith("/command") for url in posted) == 2
    expect(teacher.locator(".class-problem")).to_have_text("")


def test_class_that_is_ended_from_elsewhere_leaves_the_stage(server: Server, open_page: OpenPage):
    """With the remote control, perhaps: the projector offers the next class."""
    begun = start_class(server.url)
    teacher = open_page(f"{server.url}/class")
    expect(teacher.locator(".class-room")).to_have_attribute("data-state", "lobby")
    begun.tell("end")
    teacher.get_by_role("button", name=EN.class_stage.start).click()
    expect(teacher.locator(".class-room")).to_have_attribute("data-state", "lobby")
    expect(teacher.locator(".class-where-code")).not_to_have_text(begun.code)
    teacher.get_by_role("button", name=EN.class_stage.end, exact=True).click()
    teacher.get_by_role("button", name=EN.class_stage.end_delete).click()
    expect(teacher.get_by_role("button", name=EN.class_stage.start)).to_be_visible()


def test_teacher_starts_and_ends_a_class(server: Server, open_page: OpenPage):
    """From the page alone; this server hears only itself, and the page says so instead of a QR code."""
    teacher = open_page(f"{server.url}/class")
    teacher.get_by_role("button", name=EN.class_stage.start).click()
    expect(teacher.locator(".class-unreachable")).to_have_text(EN.class_stage.only_here)
    expect(teacher.locator(".class-qr")).to_be_hidden()
    teacher.locator("summary").filter(has_text=EN.class_page.remote).click()
    expect(teacher.get_by_text(EN.class_page.remote_unreachable)).to_be_visible()
    teacher.get_by_role("button", name=EN.class_stage.end, exact=True).click()
    teacher.get_by_role("button", name=EN.class_stage.end_delete).click()
    expect(teacher.get_by_role("button", name=EN.class_stage.start)).to_be_visible()


def test_votes_are_shown_when_they_are_revealed(
    server: Server, class_: Class, open_page: OpenPage, open_phone: OpenPhone
):
    """Each phone sees the question in its own language."""
    teacher = open_page(f"{server.url}/class")
    options = teacher.locator(".class-ask option")
    expect(options.filter(has_text=EN.class_questions.learning_rate)).to_have_count(1)
    expect(options.filter(has_text=EN.lesson_steps.layers_question)).to_have_count(1)
    class_.tell("open", kind="question", question=QUESTION)
    phone = open_phone(class_.phone_url, locale="es")
    task(phone).to_have_text("¿Lo hará?")
    phone.get_by_role("button", name="Blue").tap()
    phone.locator("#send").tap()
    expect_sent(phone, "es")
    expect(teacher.locator(".class-count")).to_have_text("1 of 1 have sent")
    expect(teacher.locator(".class-choices li")).to_have_text(QUESTION["choices"])
    expect(teacher.locator(".class-bar")).to_have_count(0)
    class_.tell("close")
    class_.tell("reveal")
    expect(teacher.locator(".class-bar b")).to_have_text(["0", "1"])
    expect(phone.locator("#read")).to_contain_text("Blue")


def test_experiment_runs_while_the_class_votes_and_is_seen_at_the_reveal(
    server: Server, class_: Class, open_page: OpenPage
):
    """It is the one of the page that compares; its curves give nothing away before."""
    teacher = open_page(f"{server.url}/class")
    question = {"id": "experiment-rare_digit", "text": "How?", "choices": ["Well", "Badly"], "answer": 1}
    class_.tell("open", kind="question", question=question)
    experiment = teacher.locator(".st-key-class_experiment")
    experiment.get_by_role("button", name=EN.compare.start).click()
    expect(experiment).to_contain_text("epoch")
    expect(experiment.locator(".chart")).to_have_count(0)
    class_.tell("close")
    class_.tell("reveal")
    expect(experiment.locator(".chart[data-drawn]")).to_be_visible()
    expect(experiment.get_by_text(EN.experiments.rare_digit_seen)).to_be_visible()
    class_.tell("next")
    expect(experiment).to_have_count(0)


def test_what_is_held_back_only_the_teacher_sees(
    server: Server, class_: Class, open_page: OpenPage, open_phone: OpenPhone
):
    """Not in projector view; shown to all, it stands on the wall and counts, and its phone knows."""
    class_.tell("open", kind="digit", digit=3)
    phone = open_phone(class_.phone_url)
    draw_on_phone(phone, SCRIBBLE)
    send_from_phone(phone)
    expect_sent(phone)
    teacher = open_page(f"{server.url}/class")
    expect(teacher.locator(".class-count")).to_have_text("1 of 1 have sent · 1 to check")
    expect(teacher.locator(".class-wall .class-tile")).to_have_count(0)
    held = teacher.locator(".class-held .class-tile")
    teacher.keyboard.press("p")
    expect(held).to_be_hidden()
    teacher.keyboard.press("p")
    class_.tell("close")
    class_.tell("reveal")
    expect(phone.locator("#counted")).to_have_text(EN.class_phone.not_counted)
    expect(teacher.locator(".class-figures")).to_have_text(EN.class_stage.nothing_drawn)
    expect(teacher.locator(".class-held h3")).to_have_text("To check: 1")
    held.click()
    teacher.get_by_role("button", name=EN.class_stage.show_tile).click()
    expect(teacher.locator(".class-wall .class-tile")).to_have_count(1)
    expect(held).to_have_count(0)
    expect(teacher.locator(".class-count")).to_have_text("1 of 1 have sent")
    expect(phone.locator("#counted")).to_have_text("")


def test_tile_is_looked_at_and_put_on_the_canvas(
    server: Server, class_: Class, open_page: OpenPage, open_phone: OpenPhone
):
    """Large, with its ten probabilities and why; hidden, it leaves the wall."""
    class_.tell("open", kind="digit", digit=3)
    phone = open_phone(class_.phone_url)
    draw_on_phone(phone)
    send_from_phone(phone)
    expect_sent(phone)
    class_.tell("close")
    class_.tell("reveal")
    teacher = open_page(f"{server.url}/class")
    tile = teacher.locator(".class-wall .class-tile")
    tile.click()
    expect(teacher.locator(".class-large-bars li")).to_have_count(10)
    teacher.wait_for_function("document.querySelector('.class-large img').naturalWidth === 28")
    assert not lasting_violations(teacher)
    teacher.get_by_role("button", name=EN.class_stage.hide_tile).click()
    expect(tile).to_have_count(0)
    class_.tell("undo")
    tile.click()
    teacher.get_by_role("button", name=EN.class_stage.put_on_canvas).click()
    expect(teacher.locator(".answer-words")).to_contain_text("3")


@pytest.mark.parametrize("language", ["en", "es"])
def test_projector_shows_nothing_small(
    server: Server, class_: Class, open_page: OpenPage, open_phone: OpenPhone, language: str
):
    """No word under 24 pixels, and all of it in one sight, in each state."""
    teacher = open_page(f"{server.url}/class", locale=language, height=720)
    phone = open_phone(class_.phone_url)
    expect(teacher.locator(".class-count")).to_contain_text("1")
    teacher.keyboard.press("p")
    class_.tell("open", kind="digit", digit=3)
    draw_on_phone(phone)
    send_from_phone(phone)
    expect_sent(phone)
    for command, state in (("close", "closed"), ("reveal", "revealed"), ("next", "lobby")):
        class_.tell(command)
        expect(teacher.locator(".class-room")).to_have_attribute("data-state", state)
        assert teacher.evaluate(SMALL_WORDS) == []
        height = teacher.evaluate("document.querySelector('.class-room').getBoundingClientRect().bottom")
        assert height <= 720


def test_only_the_teacher_has_the_page(server: Server, open_page: OpenPage):
    """A visitor finds it neither in the navigation nor by its address."""
    visitor = open_page(server.url, extra_http_headers=FORWARDED)
    expect(visitor.get_by_role("link", name=EN.pages.lab, exact=True)).to_be_visible()
    expect(visitor.get_by_role("link", name=getattr(EN.pages, "class"), exact=True)).to_have_count(0)


@pytest.mark.parametrize("paper", ["network", "privacy"])
def test_papers_keep_nobody_out(server: Server, open_phone: OpenPhone, paper: str):
    """On a phone, too."""
    page = open_phone(f"{server.url}/mnist-demo/papers/{paper}", locale="es")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "es"
    assert not serious_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
