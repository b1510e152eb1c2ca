"""Language, lessons, the list of runs, and the page without MNIST."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from mnist_demo.ui.lessons import running_source
from tests.browser.conftest import OpenPage, Server, run_server, wait_until_connected
from tests.browser.steps import (
    PATIENCE,
    answer,
    draw,
    press,
    set_epochs,
    set_seed,
    sidebar,
    status,
    wait_for_end,
)

pytestmark = pytest.mark.browser


def test_language_changes_on_the_page_and_stays(server: Server, open_page: OpenPage):
    """The browser asks for English, the visitor chooses Spanish, and a reload keeps it."""
    page = open_page(server.url)
    expect(page.get_by_role("heading", name="A network learns to read digits")).to_be_visible()
    page.get_by_role("radio", name="Español").click()
    expect(page.get_by_role("heading", name="Una red aprende a leer dígitos")).to_be_visible()
    page.reload()
    wait_until_connected(page)
    expect(page.get_by_role("heading", name="Una red aprende a leer dígitos")).to_be_visible()


def test_lesson_shows_the_running_source(server: Server, open_page: OpenPage):
    """A lesson is folded away and shows the code that runs."""
    page = open_page(server.url)
    source = running_source("mnist_demo.training.model", "build_network")
    expect(page.get_by_text(source.splitlines()[0])).to_have_count(0)
    page.get_by_text("The layers", exact=True).click()
    shown = page.get_by_test_id("stCode").filter(has_text="def build_network")
    expect(shown).to_be_visible()
    assert "".join(shown.locator("code").inner_text().split()) == "".join(source.split())


def test_one_button_returns_to_the_notebooks_settings(server: Server, open_page: OpenPage):
    """Whatever was moved, one press brings back 10 epochs, batch 32, seed 1."""
    page = open_page(server.url)
    set_epochs(page, 3)
    set_seed(page, 99)
    press(page, "Back to the notebook's settings")
    expect(sidebar(page).get_by_role("slider", name="Epochs")).to_have_attribute("aria-valuetext", "10")
    expect(sidebar(page).get_by_role("spinbutton", name="Random seed")).to_have_value("1")


def test_run_is_renamed_used_and_deleted(server: Server, open_page: OpenPage):
    """The list keeps order among one's runs."""
    page = open_page(server.url)
    set_epochs(page, 1)
    set_seed(page, 401)
    press(page, "Train")
    expect(status(page)).to_contain_text("seed 401 (finished)", timeout=PATIENCE)
    page.get_by_role("link", name="Trained runs").click()
    card = page.locator("[data-testid=stVerticalBlock]").filter(has_text="seed 401").last
    card.get_by_role("button", name="Rename").click()
    page.get_by_label("New name").fill("My *first* run")
    page.get_by_label("New name").press("Enter")
    expect(page.get_by_text("My *first* run", exact=True)).to_be_visible()
    card.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_text("My *first* run")).to_have_count(0)
    page.get_by_role("link", name="Draw and train").click()
    draw(page)
    expect(answer(page)).to_contain_text("3")


@pytest.fixture(scope="module")
def offline_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the app where there is no MNIST and the network refuses every connection."""
    home = tmp_path_factory.mktemp("offline")
    environment = {"MNIST_DEMO_DATA": "", "KERAS_HOME": str(home / "keras")}
    environment |= dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    with run_server(home, environment) as running:
        yield running


def test_without_mnist_the_page_says_so_and_everything_works(offline_server: Server, open_page: OpenPage):
    """The stand-in trains and draws, and is marked wherever it appears."""
    page = open_page(offline_server.url)
    expect(page.get_by_text("This is not MNIST.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("MNIST_DEMO_DATA", exact=False).first).to_be_visible()
    set_epochs(page, 20)
    press(page, "Train")
    expect(status(page)).to_contain_text("This is not MNIST's test.", timeout=PATIENCE)
    wait_for_end(page)
    expect(page.get_by_role("combobox").first).to_have_value(re.compile("8 × 8 digits, not MNIST"))
    draw(page)
    expect(answer(page)).to_be_visible()
    page.get_by_role("link", name="Trained runs").click()
    expect(page.get_by_role("heading", name="Trained on other images than MNIST")).to_be_visible()
