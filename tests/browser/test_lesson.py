"""The lesson, walked through in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect

from mnist_demo.runs.config import RunConfig
from mnist_demo.runs.labels import config_summary
from mnist_demo.texts.loading import load_texts
from tests.browser.conftest import OpenPage, Server, run_server, wait_until_connected
from tests.browser.layout import CUT_OFF, OVERLAPS, SMALL_TEXTS, assert_fits
from tests.browser.steps import (
    THREE,
    draw,
    is_in_training,
    script_run,
    status,
    wait_until_still,
    wait_until_trainer_is_ready,
)
from tests.browser.test_accessibility import lasting_violations
from tests.texts.source import step_names

pytestmark = pytest.mark.browser

STEPS = step_names()
RIGHT = {"image": 2, "label": 2, "neuron": 1, "layers": 2, "softmax": 0, "loss": 0, "learning": 2}
RIGHT |= {"epochs": 2, "overfitting": 1}


CANVAS_FITS = """() => {
  const host = document.querySelector('.st-key-canvas [data-testid=stBidiComponentIsolated]');
  const wanted = getComputedStyle(document.documentElement).getPropertyValue('--canvas');
  const drawn = host?.shadowRoot.querySelector('canvas.upper-canvas');
  return !host || (drawn && getComputedStyle(drawn).width === wanted && host.getAttribute('role') === 'img');
}"""
"""A canvas has the size that the page gives it, and its name, in each step that has one."""
ONE_EPOCH, TEN_EPOCHS = RunConfig(epochs=1), RunConfig(epochs=10)
FEW_IMAGES = RunConfig(epochs=60, train_images=100)
"""What the buttons of the steps train."""
PROJECTED = 1280
"""No projector is narrower."""


def number(written: str, language: str) -> float:
    """Read a number as a language writes it."""
    return float(written.replace(",", ".") if language == "es" else written)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: so many runs would turn the page of other tests' lists."""
    with run_server(tmp_path_factory.mktemp("lesson")) as running:
        yield running


def answer_question(page: Page, name: str, option: int) -> None:
    """Choose an option and commit to it."""
    with script_run(page):
        page.locator(f".st-key-question_{name} [data-testid=stRadio] label:has(input)").nth(option).click()
    with script_run(page):
        page.locator(f".st-key-commit_{name} button").click()


def expect_texts_to_be_large(page: Page) -> None:
    """Wait until nothing is smaller than what the last row can read; say what is."""
    try:
        page.wait_for_function(f"!({SMALL_TEXTS})().length")
    except PlaywrightError as error:
        raise AssertionError(page.evaluate(SMALL_TEXTS)) from error


def result(page: Page):
    """Find what there is to do and to see."""
    return page.locator(".st-key-lesson_result")


def press(button: Locator) -> None:
    """Press, and wait until the page has been drawn for it."""
    with script_run(button.page):
        button.click()


def turn(page: Page, button: str, heading: str) -> None:
    """Press Back or Next, and wait for the step."""
    press(page.locator(f".st-key-lesson_{button} button"))
    expect(page.get_by_role("heading", name=re.compile(rf"^{heading}"))).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
@pytest.mark.parametrize("language", ["en", "es"])
def test_whole_lesson(server: Server, open_page: OpenPage, language: str, width: int, height: int):
    """Each step asks before it shows, and its action does what it says."""
    words, steps = load_texts(language).lesson, load_texts(language).lesson_steps
    page = open_page(f"{server.url}/lesson", locale=language, width=width, height=height)
    wait_until_trainer_is_ready(page)
    for number, name in enumerate(STEPS, 1):
        title = getattr(steps, f"{name}_title")
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(page).to_have_url(re.compile(rf"[?&]step={number}(&|$)"))
        if name != "checks":
            expect(page.get_by_text(words.first_answer)).to_be_visible()
            options = getattr(steps, f"{name}_options").split("|")
            answer_question(page, name, RIGHT.get(name, 0))
            expect(page.get_by_text(getattr(steps, f"{name}_why"))).to_be_visible()
            said = page.locator(f".st-key-asked_{name}")
            expect(said).to_contain_text(options[RIGHT.get(name, 0)])
        page.wait_for_function(CANVAS_FITS)
        ACTIONS[name](page, language)
        assert not lasting_violations(page), name
        if width >= PROJECTED:
            page.keyboard.press("p")
            expect_texts_to_be_large(page)
            page.keyboard.press("p")
        if number < len(STEPS):
            turn(page, "next", words.step.format(step=number + 1, steps=len(STEPS)))
            expect(page.locator(".st-key-lesson_steps")).to_be_in_viewport()
    wait_until_still(page)  # a press while the page is drawn anew is one on a button that goes
    with page.expect_download() as sheet:
        page.get_by_role("button", name=words.download).click()
    assert sheet.value.suggested_filename == words.sheet_file


def do_image(page: Page, language: str) -> None:
    """Draw, and see the numbers of one's own drawing."""
    before = result(page).inner_text()
    draw(page, THREE)
    expect(result(page)).not_to_have_text(before)
    press(result(page).get_by_role("radio", name=load_texts(language).data_page.scaled))
    expect(result(page).locator("td").filter(has_text=re.compile("^0[.,]")).first).to_be_visible()


def do_label(page: Page, _language: str) -> None:
    """Choose another digit."""
    press(result(page).get_by_role("radio", name="8", exact=True))
    expect(result(page).locator(".hot span")).to_have_text("8")


def do_neuron(page: Page, _language: str) -> None:
    """Look at another neuron."""
    before = result(page).locator(".calculation").inner_text()
    thumb = result(page).get_by_role("slider")
    thumb.focus()
    page.keyboard.press("Home")
    expect(thumb).to_have_attribute("aria-valuetext", "1")
    expect(result(page).locator(".calculation")).not_to_have_text(before)


def do_layers(page: Page, _language: str) -> None:
    """Change a layer: count and code follow."""
    expect(result(page)).to_contain_text(re.compile("109.386"))
    result(page).get_by_role("slider").first.focus()
    page.keyboard.press("Home")
    expect(result(page)).to_contain_text("Dense(1, ")


def do_softmax(page: Page, _language: str) -> None:
    """A temperature of 8: the likeliest digit stays, with less."""
    marked = "i:not(.other)"
    before = result(page).locator(marked).evaluate("bar => parseFloat(bar.style.width)")
    result(page).get_by_role("slider").focus()
    page.keyboard.press("End")
    expect(result(page).locator(marked)).not_to_have_attribute("style", f"width:{before:.2f}%")
    after = result(page).locator(marked).evaluate("bar => parseFloat(bar.style.width)")
    assert after < before
    expect(result(page).locator(f"b:has(+ span + {marked})")).to_have_text("3")


def do_loss(page: Page, language: str) -> None:
    """Somebody meant another digit: the answer costs more."""
    cost = result(page).locator("p").filter(has_text="−ln").locator("strong")
    before = number(cost.inner_text(), language)
    press(result(page).get_by_role("radio", name="8", exact=True))
    expect(cost).not_to_have_text(f"{before}")
    assert number(cost.inner_text(), language) > before


def do_learning(page: Page, _language: str) -> None:
    """A wrong label is learned in a hundred steps, and taken back; the network in use stays what it is."""
    in_use = result(page).locator("code").first
    before = in_use.inner_text()
    press(result(page).get_by_role("radio", name="7", exact=True))
    press(page.locator(".st-key-learn_100 button"))
    expect(result(page).locator("i:not(.other)")).to_have_attribute("style", re.compile(r"width:(9\d|100)\."))
    expect(result(page).locator("code").nth(1)).not_to_have_text(before)
    expect(in_use).to_have_text(before)
    press(page.locator(".st-key-unlearn button"))
    expect(result(page).locator("code").nth(1)).to_have_text(before)


def do_training(page: Page, language: str) -> None:
    """Press each button that trains, and watch until the run has ended."""
    texts = load_texts(language)
    buttons = page.locator("[class*=st-key-lesson_train_] button").all()
    for button, config in zip(
        buttons, [ONE_EPOCH, TEN_EPOCHS] if len(buttons) > 1 else [FEW_IMAGES], strict=True
    ):
        press(button)
        trained = f"{config_summary(config, texts)} ({texts.runs.finished})"
        expect(page.locator(".live-status")).to_contain_text(trained)
        expect(page.locator(".st-key-stop")).to_have_count(0)


def do_evaluation(page: Page, _language: str) -> None:
    """The mistakes are counted and shown."""
    expect(result(page).locator("strong").first).to_have_text(re.compile(r"^\d[\d,\s]*$"))
    expect(result(page).locator(".picture img")).to_have_count(12)


def do_hand(page: Page, _language: str) -> None:
    """Draw small and in a corner: shrunk only, it is another image than framed."""
    press(page.locator(".st-key-tools button").nth(1))
    draw(page, [(20 + x / 6, 20 + y / 6) for x, y in THREE])
    expect(page.locator(".st-key-lesson_result .picture img")).to_have_count(2)
    one, other = result(page).locator(".picture img").all()
    assert one.get_attribute("src") != other.get_attribute("src")


def do_checks(page: Page, language: str) -> None:
    """None of the six statements is true."""
    words = load_texts(language).lesson_checks
    for number in range(1, 7):
        answer_question(page, f"check_{number}", number % 2)
    expect(page.get_by_text(words.internet_shown)).to_be_visible()
    expect(page.locator("[class*=st-key-question_check]")).to_have_count(0)


ACTIONS = {
    "image": do_image,
    "label": do_label,
    "neuron": do_neuron,
    "layers": do_layers,
    "softmax": do_softmax,
    "loss": do_loss,
    "learning": do_learning,
    "epochs": do_training,
    "overfitting": do_training,
    "evaluation": do_evaluation,
    "hand": do_hand,
    "checks": do_checks,
}


def test_reload_keeps_answers_and_a_link_hides_them(server: Server, open_page: OpenPage):
    """A teacher's link opens a step whose result is still hidden, whatever they have answered themselves."""
    words = load_texts("en").lesson
    page = open_page(f"{server.url}/lesson?step=6")
    expect(page.get_by_role("heading", name="6 of 12: What an answer costs")).to_be_visible()
    answer_question(page, "loss", 1)
    expect(page.get_by_text(words.first_answer)).to_have_count(0)
    page.reload()
    wait_until_connected(page)
    expect(page.locator(".st-key-asked_loss")).to_contain_text("The one that was 40 % sure")
    other = open_page(f"{server.url}/lesson?step=6")
    expect(other.get_by_text(words.first_answer)).to_be_visible()


def test_back_of_the_browser_turns_the_step(server: Server, open_page: OpenPage):
    """Each step has an address of its own."""
    page = open_page(f"{server.url}/lesson?step=1")
    turn(page, "next", "2 of 12")
    turn(page, "next", "3 of 12")
    page.go_back()
    expect(page.get_by_role("heading", name="2 of 12: A label is ten numbers")).to_be_visible()
    turn(page, "back", "1 of 12")


@pytest.mark.parametrize(("language", "width", "height"), [("en", 1280, 800), ("es", 390, 844)])
def test_run_of_the_lesson_is_held_in_the_hand(
    server: Server, open_page: OpenPage, language: str, width: int, height: int
):
    """Ten epochs that one looks at step by step have the same bar as on the first page."""
    texts = load_texts(language)
    page = open_page(f"{server.url}/lesson?step=8", locale=language, width=width, height=height)
    wait_until_trainer_is_ready(page)
    answer_question(page, "epochs", RIGHT["epochs"])
    hand = page.locator(".st-key-hand")
    expect(hand).to_have_count(0)
    press(page.locator(".st-key-lesson_train_1 button"))
    is_in_training(page)
    press(hand.get_by_role("button", name=texts.controls.pause, exact=True))
    expect(status(page)).to_contain_text(texts.controls.paused.split("{")[0])
    before = page.locator(".live-detail").inner_text()
    press(hand.get_by_role("button", name=texts.controls.step, exact=True))
    expect(page.locator(".live-detail")).not_to_have_text(before)
    expect(hand.get_by_role("combobox")).to_be_visible()
    assert_fits(page, CUT_OFF, OVERLAPS)
    press(page.locator(".st-key-stop button"))
    expect(hand).to_have_count(0)
