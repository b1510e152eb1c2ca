"""Networks of other depths in a real browser: chosen, trained, drawn for, looked into."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.runs.run import RunConfig
from mnist_demo.runs.store import RunStore
from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import (
    answer,
    choose_depth,
    draw,
    open_settings,
    picker,
    press,
    script_run,
    set_epochs,
    settings,
    status,
    wait_for_end,
    wait_until_still,
    wait_until_trainer_is_ready,
)
from tests.factories import save_run

pytestmark = pytest.mark.browser

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LAYER = ".stage-layer"
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
BOXES = """() => [...document.querySelectorAll('.stage-layer')].map(box => {
  const { left, right, width, height } = box.getBoundingClientRect();
  return [left, right, width, height];
})"""


def look_at_layers(page: Page, count: int) -> None:
    """Expect so many layers beside each other in the picture, each large enough to be seen."""
    expect(page.locator(LAYER)).to_have_count(count)
    page.wait_for_function("document.querySelector('.stage-layer').getBoundingClientRect().width > 0")
    boxes = page.evaluate(BOXES)
    assert all(width > 8 and height > 40 for _, _, width, height in boxes), boxes
    assert all(right < left for (_, right, *_), (left, *_) in pairwise(boxes)), boxes
    assert page.evaluate(FITS)


def test_network_without_hidden_layers_is_trained_and_looked_into(server: Server, open_page: OpenPage):
    """784-10, one epoch: ten outputs between image and bars, and what each digit looks for."""
    page = open_page(server.url)
    page.set_viewport_size(DESKTOP)
    wait_until_trainer_is_ready(page)
    set_epochs(page, 1)
    open_settings(page)
    choose_depth(page, 0)
    for name in ("Activation function", "Dropout"):  # which say nothing of this network
        expect(settings(page).get_by_text(name, exact=True)).to_have_count(0)
    expect(settings(page).get_by_text("Weight penalty (L2)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("784\u201110", exact=True)).to_be_visible()
    press(page, "Train")
    expect(page.get_by_text("The newly trained network now reads the drawing.")).to_be_visible(
        timeout=120_000
    )
    wait_for_end(page)
    expect(status(page)).to_contain_text("no hidden layer")
    draw(page)
    expect(answer(page)).not_to_be_empty()
    look_at_layers(page, 1)
    page.locator(LAYER).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".close-up-title")).to_have_text("Output for the 0")
    expect(page.locator(".close-up-formula")).to_contain_text("Softmax compares all ten")
    page.get_by_role("link", name="Inside", exact=True).click()
    expect(page.get_by_role("heading", name="What each digit looks for")).to_be_visible()
    expect(page.locator(".gallery [role=radio]")).to_have_count(10)
    look_at_layers(page, 1)
    page.set_viewport_size(PHONE)
    wait_until_still(page)
    look_at_layers(page, 1)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_four_hidden_layers_stand_beside_each_other(server: Server, open_page: OpenPage, viewport: dict):
    """On the first page, where each neuron can be taken apart, and on the page Inside."""
    store = RunStore(server.home)
    dataset = next(run for run in store.list() if run.pretrained).dataset
    config = RunConfig(epochs=2, hidden=(1024, 128, 64, 32), activation="tanh")
    run = save_run(store, config=config, dataset=dataset, name=f"4 · {viewport['width']}")
    page = open_page(f"{server.url}/?run={run.id}")
    page.set_viewport_size(viewport)
    expect(picker(page)).to_have_value(f"90.0% · {run.name}")
    draw(page)
    look_at_layers(page, 4)
    page.locator(LAYER).last.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".close-up-title")).to_contain_text("of layer 4")
    expect(page.locator(".close-up-formula")).to_contain_text("tanh makes")
    page.goto(f"{server.url}/inside?run={run.id}")
    look_at_layers(page, 4)


def test_each_layer_has_its_width(server: Server, open_page: OpenPage):
    """As many sliders as there are layers; those that stay keep what they were set to."""
    page = open_page(server.url)
    open_settings(page)
    sliders = settings(page).get_by_role("slider", name="Hidden layer")
    expect(sliders).to_have_count(2)
    page.get_by_role("slider", name="Hidden layer 1").focus()
    with script_run(page):
        page.keyboard.press("End")
    choose_depth(page, 4)
    expect(sliders).to_have_count(4)
    choose_depth(page, 3)
    page.keyboard.press("Escape")
    expect(page.get_by_text("784\u20111024\u201164\u201164\u201110", exact=True)).to_be_visible()
