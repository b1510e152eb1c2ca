"""Drawing in a real browser: mouse, finger, keyboard."""

from __future__ import annotations

import re
from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.runs.labels import digit_name
from mnist_demo.texts.loading import load_texts
from tests.browser.conftest import SOCKETS, OpenPage, Server, wait_until_connected
from tests.browser.steps import (
    ONE,
    THREE,
    answer,
    canvas,
    choose_long_run,
    draw,
    ends_a_run,
    is_in_training,
    look_closer,
    on_screen,
    picker,
    press,
    put_sample,
    script_run,
    set_epochs,
    tool,
    wait_for_end,
    wait_until_still,
    wait_until_trainer_is_ready,
)

pytestmark = pytest.mark.browser


def test_first_visitor_can_draw_without_training(server: Server, open_page: OpenPage):
    """The run that ships with the app answers a drawing at once."""
    page = open_page(server.url)
    expect(page.get_by_text("Draw a digit from 0 to 9 in the black square.")).to_be_visible()
    draw(page, THREE)
    expect(answer(page)).to_contain_text("This is a 3.")
    expect(page.get_by_role("img", name="Probability of each digit: 0: ")).to_be_visible()
    expect(page.get_by_role("img", name="The network answers a 3")).to_be_visible()


def test_answer_moves_with_the_pen(server: Server, open_page: OpenPage):
    """While it is down, without a script run, in the same bars; when it is lifted the page says the same."""
    page = open_page(server.url)
    wait_until_still(page)
    bars = page.locator(".stage-bars")
    bars.locator("li").first.wait_for()  # they come with the script, which the browser fetches by itself
    bars.evaluate("node => { node.firstChild.seenBefore = true; }")
    canvas(page).hover()
    (x, y), *others = on_screen(page, THREE)
    page.mouse.move(x, y)
    frames: list[bool] = []
    SOCKETS[page].on("framereceived", lambda frame: frames.append(ends_a_run(frame)))
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=8)
    expect(answer(page)).to_contain_text("3")
    assert True not in frames
    under_the_pen = answer(page).inner_text(), bars.get_attribute("aria-label")
    with script_run(page):
        page.mouse.up()
    assert (answer(page).inner_text(), bars.get_attribute("aria-label")) == under_the_pen
    assert bars.evaluate("node => node.firstChild.seenBefore")


FLIP_LOWEST_BITS = """
  const read = CanvasRenderingContext2D.prototype.getImageData;
  const encode = HTMLCanvasElement.prototype.toDataURL;
  const flip = (pixels) => {
    for (let place = Math.floor(500 * Math.random()); place < pixels.data.length; place += 997)
      pixels.data[place] ^= place % 4 < 3;
    return pixels;
  };
  CanvasRenderingContext2D.prototype.getImageData = function (...area) {
    return flip(read.apply(this, area));
  };
  HTMLCanvasElement.prototype.toDataURL = function (...kind) {
    const copy = Object.assign(document.createElement("canvas"), { width: this.width, height: this.height });
    const paper = copy.getContext("2d");
    paper.drawImage(this, 0, 0);
    paper.putImageData(flip(read.call(paper, 0, 0, this.width, this.height)), 0, 0);
    return encode.apply(copy, kind);
  };
"""
HIDE_THE_CANVAS = """
  const encode = HTMLCanvasElement.prototype.toDataURL;
  HTMLCanvasElement.prototype.toDataURL = function (...kind) {
    return encode.apply(Object.assign(document.createElement("canvas"), { width: 280, height: 280 }), kind);
  };
"""
"""What browsers do to a page that reads a canvas, against fingerprints."""


def open_protected(page: Page, script: str) -> None:
    """Open the page anew in a browser that does this."""
    page.add_init_script(script)
    page.reload()
    wait_until_connected(page)
    wait_until_still(page)


def test_browser_that_flips_bits_against_fingerprints_changes_no_answer(server: Server, open_page: OpenPage):
    """The box of the ink is that of the ink, under the pen and after it."""
    page = open_page(server.url)
    open_protected(page, FLIP_LOWEST_BITS)
    draw(page, [(100 + x / 4, 100 + y / 4) for x, y in THREE])
    expect(answer(page)).to_contain_text("This is a 3.")
    with script_run(page):
        tool(page, "Undo").click()
    expect(page.get_by_text("Draw a digit from 0 to 9 in the black square.")).to_be_visible()


def test_browser_that_hides_the_canvas_is_told(server: Server, open_page: OpenPage):
    """In one sentence that says what to do."""
    page = open_page(server.url)
    open_protected(page, HIDE_THE_CANVAS)
    draw(page, THREE)
    expect(page.get_by_text("Your browser hides or scrambles what is on the canvas")).to_be_visible()


@pytest.mark.parametrize(
    "neighbour", [".st-key-tools button", ".stage-picture", "h1", ".st-key-train button"]
)
def test_stroke_ends_where_the_pen_is_lifted(server: Server, open_page: OpenPage, neighbour: str):
    """Over a disabled button too: moving the mouse back draws nothing, and the next stroke is added."""
    page = open_page(server.url)
    wait_until_still(page)
    canvas(page).hover()
    (x, y), *_ = on_screen(page, ONE)
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in on_screen(page, ONE[1:]):
        page.mouse.move(x, y, steps=4)
    box = page.locator(neighbour).first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)
    with script_run(page):
        page.mouse.up()
    expect(answer(page)).not_to_be_empty()
    before = ink(page)
    page.mouse.move(*on_screen(page, [(30, 30)])[0], steps=6)
    page.mouse.move(*on_screen(page, [(30, 250)])[0], steps=6)
    assert ink(page) == before
    draw(page, ((220, 60), (220, 220)))
    page.wait_for_function("(before) => (" + INK + ")() > before", arg=before)


INK = """() => {
  const host = document.querySelector('.st-key-canvas [data-testid=stBidiComponentIsolated]');
  const { width, height } = host.shadowRoot.querySelector('.lower-canvas');
  const paper = new OffscreenCanvas(width, height).getContext('2d');
  for (const layer of host.shadowRoot.querySelectorAll('.lower-canvas, .upper-canvas')) {
    paper.drawImage(layer, 0, 0);
  }
  const { data } = paper.getImageData(0, 0, width, height);
  return data.filter((value, at) => at % 4 === 0 && value > 100).length;
}"""


def ink(page: Page) -> int:
    """Count the pixels of the canvas that have ink."""
    return page.evaluate(INK)


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
    tool(page, "Pen").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="7", exact=True).focus()
    page.keyboard.press("Space")
    expect(answer(page)).to_contain_text("7")


def test_finger_draws_on_a_phone(server: Server, open_page: OpenPage):
    """Touch draws, and does not scroll the page away under the finger."""
    page = open_page(server.url, width=390, height=844, has_touch=True, is_mobile=True)
    canvas(page).scroll_into_view_if_needed()
    box = canvas(page).bounding_box()
    touch = page.context.new_cdp_session(page)
    points = [{"x": x, "y": y} for x, y in on_screen(page, THREE)]
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
    tool(page, "Pen").click()
    pen.focus()
    with script_run(page):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(pen).to_have_count(0)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    page.wait_for_url(re.compile("visit="))
    guest = open_page(page.url)
    expect(answer(guest)).to_contain_text("3")
    tool(guest, "Clear").click()
    expect(guest.locator(".invitation")).to_be_visible()
    page.reload()
    expect(answer(page)).to_contain_text("3")
    expect(page.get_by_role("slider", name="Epochs")).to_have_attribute("aria-valuetext", "3")
    tool(page, "Pen").click()
    expect(pen).to_have_attribute("aria-valuetext", "19")
    page.keyboard.press("Escape")
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
    put_sample(page, 7)
    why = look_closer(page, "Why this answer")
    expect(why.first).to_have_attribute("alt", "Blue speaks for a 7, orange against")
    put_sample(page, 4)
    expect(why.first).to_have_attribute("alt", "Blue speaks for a 4, orange against")
    tool(page, "Clear").click()
    expect(page.locator(".pictures")).to_have_count(0)


def test_network_in_training_reads_the_drawing_from_its_random_start_on(server: Server, open_page: OpenPage):
    """One sees it many times while it learns; the drawing is kept, and at its end the answer stays."""
    page = open_page(server.url)
    wait_until_trainer_is_ready(page)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    stage = page.locator(".stage")
    robust = stage.get_attribute("data-version")
    choose_long_run(page, 301)
    press(page, "Train")
    expect(page.locator(".stage-epoch")).to_contain_text("epoch")
    seen = int(stage.get_attribute("data-pictures"))
    page.wait_for_function(f"Number(document.querySelector('.stage').dataset.pictures) > {seen + 10}")
    assert stage.get_attribute("data-version") != robust
    expect(answer(page)).to_be_visible()
    press(page, "Stop")
    wait_for_end(page)
    expect(page.locator(".stage-epoch")).to_be_empty()
    expect(picker(page)).to_have_value(re.compile("seed 301"))


def test_empty_canvas_shows_samples_while_a_network_learns(server: Server, open_page: OpenPage):
    """Whoever watches sees it read a digit; the switch leaves the drawing to the chosen network."""
    page = open_page(server.url)
    wait_until_trainer_is_ready(page)
    choose_long_run(page, 311)
    press(page, "Train")
    expect(answer(page)).to_be_visible()
    page.get_by_text("Show the network as it learns").click()
    expect(page.locator(".stage-epoch")).to_be_empty()
    expect(page.locator(".invitation")).to_be_visible()
    is_in_training(page)
    press(page, "Stop")
    wait_for_end(page)


def test_neuron_is_taken_apart(server: Server, open_page: OpenPage):
    """By a click or by the keyboard: input, weights, their product, and what ReLU makes of the sum."""
    page = open_page(server.url)
    draw(page, THREE)
    expect(answer(page)).to_contain_text("3")
    close_up = page.get_by_role("dialog", name=re.compile("Neuron .* of layer 1"))
    layer = page.get_by_role("listbox", name="128 neurons")
    box = layer.bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + 5)
    expect(close_up).to_contain_text("Sum")
    expect(close_up.locator("canvas")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(close_up).to_be_hidden()
    layer.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Neuron 2 of layer 1")).to_contain_text("Sum")
    page.get_by_role("button", name="Close").click()
    expect(layer).to_be_focused()


IS_INKED = """([x, y]) => {
  const host = document.querySelector('.st-key-canvas [data-testid=stBidiComponentIsolated]');
  return [...host.shadowRoot.querySelectorAll('canvas.lower-canvas, canvas.upper-canvas')].some((layer) =>
    layer.getContext('2d').getImageData(x * layer.width / 280, y * layer.height / 280, 1, 1).data[0] > 100);
}"""


@pytest.mark.parametrize("lifts_first", ["finger", "palm"])
def test_palm_rests_while_a_finger_draws(server: Server, open_page: OpenPage, lifts_first: str):
    """It lies there before the finger comes, trembles a little, and leaves nothing; a tap leaves a dot."""
    page = open_page(server.url, width=390, height=844, has_touch=True, is_mobile=True)
    canvas(page).hover()
    ((x, y),) = on_screen(page, [(250, 265)])
    touches = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[int, float, float]) -> None:
        points = [{"id": number, "x": left, "y": top} for number, left, top in places]
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    finger = [(1, *place) for place in on_screen(page, THREE)]
    touch("touchStart", (0, x, y))
    touch("touchStart", (0, x, y), finger[0])
    for number, place in enumerate(finger):
        touch("touchMove", (0, x + number % 2, y), place)
    with script_run(page):
        touch("touchEnd", *([(0, x, y)] if lifts_first == "finger" else finger[-1:]))
        touch("touchEnd")
    expect(answer(page)).to_contain_text("a 3")
    assert not page.evaluate(IS_INKED, [250, 265])
    touch("touchStart", (0, x, y))
    touch("touchEnd")
    page.wait_for_function(IS_INKED, arg=[250, 265])


@pytest.mark.parametrize("leaves", ["page", "reload", "tab"])
def test_stroke_just_before_one_leaves_is_kept(server: Server, open_page: OpenPage, leaves: str):
    """For another page, by reload, or by closing the tab and opening its address again."""
    page = open_page(server.url)
    wait_until_still(page)
    expect(page.locator(".stage")).to_have_attribute("data-version", re.compile("."))
    canvas(page).hover()
    (x, y), *others = on_screen(page, THREE)
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=4)
    # Streamlit stops the script of a page that is gone: what was sent is taken in milliseconds later, and
    # nobody reloads or closes a tab as soon after the pen is lifted as this test would.
    told = nullcontext() if leaves == "page" else script_run(page)
    with told:
        page.mouse.up()
    if leaves == "page":
        page.get_by_role("link", name="Data", exact=True).click()
        expect(page.locator(".gallery")).to_be_visible()
        page.get_by_role("link", name="Draw and train", exact=True).click()
    elif leaves == "reload":
        page.reload()
    else:
        page.close()
        page = open_page(page.url)
    expect(answer(page)).to_contain_text("a 3")


def test_closer_looks_are_hidden_with_the_answer(server: Server, open_page: OpenPage) -> None:
    """Nothing of them is left in sight, and they are there again when the answer is shown."""
    page = open_page(server.url)
    put_sample(page, 3)
    page.keyboard.press("Escape")
    look_closer(page, "Why this answer").first.wait_for()
    page.locator(".veil-switch").click()
    parts = page.locator(".st-key-closer *")
    expect(parts.filter(visible=True)).to_have_count(0)
    page.locator(".veil-reveal").click()
    expect(page.locator(".pictures img").first).to_be_visible()
