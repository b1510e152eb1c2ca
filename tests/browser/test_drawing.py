"""Drawing in a real browser: mouse, finger, keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mnist_demo.runs.labels import digit_name
from mnist_demo.texts.loading import load_texts
from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import (
    ONE,
    THREE,
    answer,
    canvas,
    choose_long_run,
    draw,
    look_closer,
    press,
    set_epochs,
    sidebar,
    tool,
    wait_for_end,
)

pytestmark = pytest.mark.browser


def test_first_visitor_can_draw_without_training(server: Server, open_page: OpenPage):
    """The run that ships with the app answers a drawing at once."""
    page = open_page(server.url)
    expect(page.get_by_text("Draw a digit from 0 to 9 in the black square.")).to_be_visible()
    draw(page, THREE)
    expect(answer(page)).to_contain_text("This is a 3.")
    expect(page.get_by_role("img", name="Probability of each digit: 0: ")).to_be_visible()
    expect(page.get_by_alt_text("What the network sees: 28 × 28 pixels")).to_be_visible()


def test_second_stroke_changes_bars_in_the_same_node(server: Server, open_page: OpenPage):
    """The bars are redrawn, not rebuilt."""
    page = open_page(server.url)
    draw(page, ONE)
    expect(answer(page)).to_contain_text("1")
    page.locator(".chart").evaluate("node => { node.seenBefore = true; }")
    before = page.locator(".chart").get_attribute("aria-label")
    draw(page, ((60, 30), (60, 140), (150, 140)))
    expect(page.locator(".chart")).not_to_have_attribute("aria-label", before)
    assert page.locator(".chart").evaluate("node => node.seenBefore")


def test_undo_and_clear_lead_back_to_the_invitation(server: Server, open_page: OpenPage):
    """An empty canvas shows an invitation, never a prediction."""
    page = open_page(server.url)
    draw(page, ONE)
    expect(answer(page)).to_be_visible()
    tool(page, "Undo").click()
    expect(page.locator(".invitation")).to_be_visible()
    expect(answer(page)).to_be_hidden()
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    tool(page, "Clear").click()
    tool(page, "Clear").click()
    expect(page.locator(".invitation")).to_be_visible()
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")


def test_canvas_has_no_buttons_but_ours(server: Server, open_page: OpenPage):
    """Its own are English and stand in the way; a visit to another page does not bring them back."""
    page = open_page(server.url, locale="es-ES")
    words = load_texts("es")
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    own = page.locator(".dc-toolbar button")
    expect(own.first).to_be_attached()
    expect(own.filter(visible=True)).to_have_count(0)
    page.get_by_role("link", name=words.pages.lab, exact=True).click()
    expect(page.get_by_role("heading", name=words.pages.lab_title)).to_be_visible()
    page.get_by_role("link", name=words.pages.draw, exact=True).click()
    canvas(page).hover()
    expect(own.first).to_be_attached()
    expect(own.filter(visible=True)).to_have_count(0)
    tool(page, words.drawing.undo).click()
    expect(page.locator(".invitation")).to_be_visible()


def test_keyboard_puts_a_digit_on_the_canvas(server: Server, open_page: OpenPage):
    """Who cannot draw chooses a digit with the keyboard."""
    page = open_page(server.url)
    canvas(page).wait_for()
    page.get_by_role("radio", name="7", exact=True).focus()
    page.keyboard.press("Space")
    expect(answer(page)).to_contain_text("7")


def test_finger_draws_on_a_phone(server: Server, open_page: OpenPage):
    """Touch draws, and does not scroll the page away under the finger."""
    page = open_page(server.url, width=390, height=844, has_touch=True, is_mobile=True)
    canvas(page).scroll_into_view_if_needed()
    box = canvas(page).bounding_box()
    touch = page.context.new_cdp_session(page)
    points = [{"x": box["x"] + x, "y": box["y"] + y} for x, y in THREE]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
    for point in points[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(answer(page)).to_contain_text("3")
    assert canvas(page).bounding_box() == box


def test_drawing_survives_a_visit_to_another_page(server: Server, open_page: OpenPage):
    """Coming back from the list of runs, the drawing is still there."""
    page = open_page(server.url)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    page.get_by_role("link", name="Trained runs").click()
    expect(page.get_by_role("heading", name="Trained runs")).to_be_visible()
    page.get_by_role("link", name="Draw and train").click()
    expect(answer(page)).to_contain_text("3")


def test_drawing_and_settings_survive_a_reload(server: Server, open_page: OpenPage):
    """A reload shows what was there; a link shows it too, and two people do not draw into each other's."""
    page = open_page(server.url)
    set_epochs(page, 3)
    pen = page.get_by_role("slider", name="Pen width")
    pen.focus()
    page.keyboard.press("ArrowRight")
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    page.wait_for_url(re.compile("visit="))
    guest = open_page(page.url)
    expect(answer(guest)).to_contain_text("3")
    tool(guest, "Clear").click()
    expect(guest.locator(".invitation")).to_be_visible()
    page.reload()
    expect(answer(page)).to_contain_text("3")
    expect(sidebar(page).get_by_role("slider", name="Epochs")).to_have_attribute("aria-valuetext", "3")
    expect(pen).to_have_attribute("aria-valuetext", "19")
    tool(page, "Undo").click()
    expect(page.locator(".invitation")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_drawing_is_looked_at_closer(server: Server, open_page: OpenPage, language: str):
    """How it reaches the network, what speaks for the answer, similar images: each picture has its words."""
    page = open_page(server.url, locale=language)
    words, shares = load_texts(language).explanations, load_texts(language).numbers
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    expect(page.locator(".pictures")).to_have_count(0)

    steps = look_closer(page, words.preprocessing)
    captions = [words.canvas, words.cropped, words.scaled, words.centered]
    for picture, caption in zip(range(4), captions, strict=True):
        expect(steps.nth(picture)).to_have_attribute("alt", caption)
    without = re.escape(words.without_preprocessing)
    without = without.replace(r"\{digit\}", "[0-9]").replace(r"\{share\}", ".*%")
    expect(steps.nth(4)).to_have_attribute("alt", re.compile(without))
    expect(steps).to_have_count(5)
    widths = steps.evaluate_all("pictures => pictures.map((picture) => picture.naturalWidth)")
    assert widths[0] == 280
    assert widths[3:] == [28, 28]

    why = look_closer(page, words.why)
    three = digit_name(3, load_texts(language))
    expect(why.first).to_have_attribute("alt", words.heat_map.format(digit=three))
    expect(why).to_have_count(3)
    for number, neurons in ((1, 128), (2, 64)):
        caption = words.active_neurons.format(number=number, active="ACTIVE", neurons=neurons)
        pattern = re.escape(caption).replace("ACTIVE", "[1-9][0-9]*")
        expect(why.nth(number)).to_have_attribute("alt", re.compile(pattern))

    similar = look_closer(page, words.similar_images)
    expect(similar.first).to_have_attribute("alt", three)
    expect(similar).to_have_count(6)
    expect(page.get_by_text(words.similar_images_note.format(images=shares.whole(10_000)))).to_be_visible()


def test_closer_look_follows_the_drawing(server: Server, open_page: OpenPage):
    """It stays open, and speaks of what is drawn now; without a drawing there is nothing to look at."""
    page = open_page(server.url)
    canvas(page).wait_for()
    page.get_by_role("radio", name="7", exact=True).click()
    why = look_closer(page, "Why this answer")
    expect(why.first).to_have_attribute("alt", "Blue speaks for a 7, orange against")
    page.get_by_role("radio", name="4", exact=True).click()
    expect(why.first).to_have_attribute("alt", "Blue speaks for a 4, orange against")
    tool(page, "Clear").click()
    expect(page.locator(".pictures")).to_have_count(0)


def test_drawing_follows_the_network_as_it_learns(server: Server, open_page: OpenPage):
    """With the switch on, the answer is that of the network in training, epoch by epoch."""
    page = open_page(server.url)
    choose_long_run(page, 301)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    press(page, "Train")
    page.get_by_text("Follow the network as it learns").click()
    expect(page.get_by_text("The network in training, after epoch")).to_be_visible()
    expect(answer(page)).to_be_visible()
    press(page, "Stop")
    wait_for_end(page)
    expect(page.get_by_role("switch", name="Follow the network as it learns")).to_be_disabled()
