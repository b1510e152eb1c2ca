"""What visitors do, for the browser tests: sentences made of clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext

from playwright.sync_api import Locator, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from mnist_demo.data import CANVAS_PIXELS
from mnist_demo.runs.markdown import escape_markdown
from tests.browser.conftest import SOCKETS

THREE = ((80, 60), (120, 40), (170, 50), (185, 85), (160, 120), (120, 130))
THREE += ((165, 140), (195, 175), (180, 220), (130, 240), (85, 220))
ONE = ((150, 60), (145, 140), (140, 250))


def canvas(page: Page) -> Locator:
    """Find the canvas that takes the pen."""
    return page.locator("canvas.upper-canvas")


def draw(page: Page, points: Sequence[tuple[float, float]] = THREE) -> None:
    """Draw a stroke with the mouse, in the canvas' 280 pixels, and wait until the page has heard of it.

    The answer comes sooner, while the pen moves.
    """
    canvas(page).hover()  # waits until the canvas stands still
    (x, y), *others = on_screen(page, points)
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=4)
    with script_run(page) if page in SOCKETS else nullcontext():
        page.mouse.up()


def on_screen(page: Page, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Place points of the canvas' 280 pixels on the screen."""
    box = canvas(page).bounding_box()
    assert box
    scale = box["width"] / CANVAS_PIXELS
    return [(box["x"] + scale * x, box["y"] + scale * y) for x, y in points]


def put_sample(page: Page, digit: int, tools: str = "Pen") -> None:
    """Put a sample digit on the canvas; it is behind the button of the pen."""
    sample = page.get_by_test_id("stPopoverBody").get_by_role("radio", name=str(digit), exact=True)
    if not sample.is_visible():
        tool(page, tools).click()
    sample.click()


def tool(page: Page, name: str) -> Locator:
    """Find one of the buttons under the canvas."""
    return page.get_by_role("button", name=name, exact=True)


def answer(page: Page) -> Locator:
    """Find the words in which the network answers."""
    return page.locator(".answer-words")


def picker(page: Page) -> Locator:
    """Find the field that shows which network is in use."""
    return page.get_by_test_id("stMainBlockContainer").get_by_role("combobox").first


def look_closer(page: Page, look: str) -> Locator:
    """Choose one of the closer looks at the drawing, and find its pictures."""
    page.get_by_role("radio", name=look, exact=True).click()
    return page.locator(".pictures img")


def go_to_runs(page: Page, link: str = "Trained runs", title: str = "Trained runs") -> None:
    """Go to the list of runs by the navigation, and wait until it is there."""
    page.get_by_role("link", name=link, exact=True).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def rename_run(page: Page, which: str, name: str) -> None:
    """On the list of runs, give another name to the run whose card has a certain text."""
    card = page.locator("[data-testid=stVerticalBlock]").filter(has_text=which).last
    card.get_by_role("button", name="Rename").click()
    page.get_by_label("New name").fill(name)
    page.get_by_label("New name").press("Enter")


def as_markdown_shows(name: str) -> str:
    """Write a name as it stands on a page: with joiners where it would become a link, an icon or an arrow."""
    return re.sub(r"\\(.)", r"\1", escape_markdown(name))


def settings(page: Page) -> Locator:
    """Find the settings behind their button, which are in the page while they are open."""
    return page.get_by_test_id("stPopoverBody")


def open_settings(page: Page) -> Locator:
    """Open the settings, those too that are folded twice, unless they are, and find them."""
    if not settings(page).is_visible():
        page.locator(".st-key-folded_settings button").click()
    advanced = settings(page).locator("details")
    advanced.wait_for()
    if advanced.get_attribute("open") is None:
        advanced.locator("summary").click()
    settings(page).get_by_role("spinbutton").wait_for()
    return settings(page)


def choose_depth(page: Page, layers: int) -> None:
    """Choose how many hidden layers there are; the settings are open."""
    count = settings(page).get_by_role("radiogroup", name="Hidden layers")
    with script_run(page):
        count.get_by_role("radio", name=str(layers), exact=True).click()


def set_epochs(page: Page, epochs: int, label: str = "Epochs") -> None:
    """Move the slider with the keyboard, from the left end."""
    thumb = page.get_by_role("slider", name=label)
    thumb.focus()
    page.keyboard.press("Home")
    for _ in range(epochs - 1):
        page.keyboard.press("ArrowRight")
    expect(thumb).to_have_attribute("aria-valuetext", str(epochs))


def set_seed(page: Page, seed: int) -> None:
    """Choose a seed, so that the run is none that the store has."""
    field = open_settings(page).get_by_role("spinbutton", name="Random seed")
    with script_run(page):
        field.fill(str(seed))
        field.press("Enter")
    page.keyboard.press("Escape")
    expect(settings(page)).to_have_count(0)


@contextmanager
def script_run(page: Page) -> Iterator[None]:
    """Change something, and wait until the script has run for it.

    A button that is drawn anew between press and release hears no click, and nothing on a page tells that it
    is about to be drawn anew.
    """
    wait_until_still(page)
    with SOCKETS[page].expect_event("framereceived", ends_a_run):
        yield
    wait_until_still(page)


def ends_a_run(frame: bytes | str) -> bool:
    """Whether Streamlit says with this message that a script has run to its end."""
    message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
    status = message.script_finished if message.HasField("script_finished") else None
    return status in {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


def wait_until_still(page: Page) -> None:
    """Wait until no script runs."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def choose_long_run(page: Page, seed: int) -> None:
    """Choose a run of about a minute, which no test waits for to end."""
    for label, key in (("Epochs", "End"), ("Batch size", "Home")):
        page.get_by_role("slider", name=label).focus()
        page.keyboard.press(key)
    expect(page.get_by_role("slider", name="Epochs")).to_have_attribute("aria-valuetext", "30")
    set_seed(page, seed)


def press(page: Page, name: str) -> None:
    """Press a button beside the settings, once the page is not about to be drawn anew."""
    wait_until_still(page)
    page.locator(".st-key-controls").get_by_role("button", name=name, exact=True).click()


def status(page: Page) -> Locator:
    """Find the sentence that says how training is."""
    return page.locator(".live-status")


def loss_plot(page: Page) -> Locator:
    """Find the plot of the loss."""
    return page.locator(".live-loss")


def wait_for_end(page: Page) -> None:
    """Wait until the test evaluation is shown."""
    expect(page.locator(".live-progress")).to_be_hidden()
    expect(status(page)).to_contain_text("%")


def is_in_training(page: Page) -> None:
    """Wait until the charts have begun to move."""
    expect(page.locator(".live-detail")).to_contain_text("/")


def takes_its_turn(page: Page) -> None:
    """Wait until a page that queued, and showed somebody else's run meanwhile, shows its own in training."""
    expect(page.get_by_text("in the queue")).to_have_count(0)
    wait_until_still(page)
    is_in_training(page)


def wait_until_trainer_is_ready(page: Page) -> None:
    """Wait until TensorFlow is loaded."""
    page.wait_for_function("fetch('/mnist-demo/live').then(r => r.json()).then(s => s.worker === '')")
