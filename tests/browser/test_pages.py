"""Language, titles, lessons, the list of runs, and the page with other images than MNIST."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.store import RunStore
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.common.lessons import running_source
from tests.browser.conftest import OpenPage, Server, run_server, wait_until_connected
from tests.browser.steps import (
    answer,
    as_markdown_shows,
    draw,
    go_to_runs,
    open_settings,
    picker,
    press,
    rename_run,
    set_epochs,
    set_seed,
    status,
    wait_for_end,
)
from tests.factories import save_run
from tests.mnist import part_of_mnist, write_images

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


@pytest.mark.parametrize("accepted", ["zz,es,en", "ca,es", "eu"])
def test_browsers_whole_list_of_languages_is_asked(server: Server, open_page: OpenPage, accepted: str):
    """Who has Spanish second, or grew up with Basque, gets Spanish."""
    page = open_page(server.url)
    agent = {"userAgent": page.evaluate("navigator.userAgent"), "acceptLanguage": accepted}
    page.context.new_cdp_session(page).send("Emulation.setUserAgentOverride", agent)
    page.goto(server.url)
    wait_until_connected(page)
    expect(page.get_by_role("heading", name="Una red aprende a leer dígitos")).to_be_visible()


def test_language_stays_on_the_list_of_runs(server: Server, open_page: OpenPage):
    """Going to another page clears the address, and a reload there keeps Spanish all the same."""
    page = open_page(server.url)
    page.get_by_role("radio", name="Español").click()
    expect(page.get_by_role("heading", name="Una red aprende a leer dígitos")).to_be_visible()
    go_to_runs(page, "Redes entrenadas", "Redes entrenadas")
    page.wait_for_url(re.compile("lang=es"))
    page.reload()
    wait_until_connected(page)
    expect(page.get_by_role("heading", name="Redes entrenadas")).to_be_visible()


def test_every_page_has_a_title_of_its_own(server: Server, open_page: OpenPage):
    """In the page, once, and on the browser's tab; the app's name above it leads home."""
    page, texts = open_page(server.url), load_texts("en")
    expect(page).to_have_title(texts.app.title)
    for name in ("lab", "compare", "runs", "data"):
        title = getattr(texts.pages, f"{name}_title")
        page.get_by_role("link", name=getattr(texts.pages, name), exact=True).click()
        expect(page).to_have_title(f"{title} · {texts.app.title}")
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.locator(".st-key-tagline")).to_have_text(getattr(texts.pages, f"{name}_purpose"))
    page.get_by_role("link", name=texts.app.title).click()
    expect(page).to_have_title(texts.app.title)


def test_curves_lead_to_the_steps_that_explain_them(server: Server, open_page: OpenPage):
    """The loss and overfitting first; whoever comes back finds the page as it was."""
    page = open_page(server.url)
    for link, title in (
        ("Loss: What an answer costs", "6 of 12: What an answer costs"),
        ("Validation and overfitting", "9 of 12: Validation and overfitting"),
        ("Epochs", "8 of 12: Epochs"),
    ):
        page.get_by_test_id("stMain").get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        page.get_by_role("link", name="Draw and train").click()


def test_lesson_shows_the_running_source(server: Server, open_page: OpenPage):
    """A lesson is folded away; it shows the line of Keras, and on request the code that runs, unwrapped."""
    page = open_page(server.url)
    source = running_source("mnist_demo.training.model", "compile_network")
    expect(page.get_by_text(source.splitlines()[0])).to_have_count(0)
    page.get_by_text("Compile", exact=True).click()
    expect(page.get_by_test_id("stCode").filter(has_text="model.compile")).to_be_visible()
    page.get_by_text("Show the code that runs here").click()
    shown = page.get_by_test_id("stCode").filter(has_text="def compile_network")
    expect(shown.locator("pre")).to_have_css("white-space", "pre")
    expect(shown).to_be_visible()
    assert "".join(shown.locator("code").inner_text().split()) == "".join(source.split())


def test_one_button_returns_to_the_notebooks_settings(server: Server, open_page: OpenPage):
    """Whatever was moved, one press brings back 10 epochs, batch 32, seed 1."""
    page = open_page(server.url)
    set_epochs(page, 3)
    set_seed(page, 99)
    open_settings(page).get_by_role("button", name="Back to the default settings").click()
    expect(page.get_by_role("slider", name="Epochs")).to_have_attribute("aria-valuetext", "10")
    expect(open_settings(page).get_by_role("spinbutton", name="Random seed")).to_have_value("1")


def test_settings_survive_a_visit_to_the_list_of_runs(server: Server, open_page: OpenPage):
    """Who looks at the runs in between trains what was chosen before."""
    page = open_page(server.url)
    set_epochs(page, 3)
    set_seed(page, 99)
    go_to_runs(page)
    page.get_by_role("link", name="Draw and train").click()
    expect(page.get_by_role("slider", name="Epochs")).to_have_attribute("aria-valuetext", "3")
    set_epochs(page, 4)
    expect(open_settings(page).get_by_role("spinbutton", name="Random seed")).to_have_value("99")


def test_run_is_renamed_used_and_deleted(server: Server, open_page: OpenPage):
    """The list keeps order among one's runs."""
    page = open_page(server.url)
    set_epochs(page, 1)
    set_seed(page, 401)
    press(page, "Train")
    expect(status(page)).to_contain_text(re.compile(r"seed 401 .*\(finished\)"))
    go_to_runs(page)
    rename_run(page, "seed 401", "My *first* run")
    expect(page.get_by_text("My *first* run", exact=True)).to_be_visible()
    card = page.locator("[data-testid=stVerticalBlock]").filter(has_text="seed 401").last
    card.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(page.get_by_text("seed 401")).to_have_count(0)
    page.get_by_role("link", name="Draw and train").click()
    draw(page)
    expect(answer(page)).to_contain_text("3")


def test_name_of_a_run_is_text_wherever_it_is_shown(server: Server, open_page: OpenPage):
    """A name that would be a picture in Markdown asks no other host: listed, in use, or beside Train."""
    page = open_page(server.url)
    name = "x ![](http://evil.example/a.png)"
    set_epochs(page, 1)
    set_seed(page, 402)
    press(page, "Train")
    expect(status(page)).to_contain_text(re.compile(r"seed 402 .*\(finished\)"))
    go_to_runs(page)
    rename_run(page, "seed 402", name)
    expect(page.get_by_text(name, exact=True)).to_be_visible()
    page.get_by_role("link", name="Draw and train").click()
    expect(picker(page)).to_have_value(re.compile(re.escape(name)))
    expect(status(page)).to_contain_text(name)
    press(page, "Train")
    same = page.get_by_role("button", name=re.compile("Same settings as"))
    expect(same).to_contain_text(as_markdown_shows(name))
    expect(page.locator("img[src*=evil]")).to_have_count(0)
    store = RunStore(server.home)
    (named,) = (run for run in store.list() if run.name == name)
    store.delete(named.id, TEACHER)  # other tests look for words on the list of runs


@pytest.fixture(scope="module")
def server_of_other_images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the app with images that somebody has brought."""
    home = tmp_path_factory.mktemp("brought")
    images = write_images(part_of_mnist(1415, 382), home / "brought.npz")
    with run_server(home, {"MNIST_DEMO_DATA": str(images)}) as running:
        yield running


def test_other_images_are_trained_on_and_marked(server_of_other_images: Server, open_page: OpenPage):
    """Wherever their runs appear; and nobody has to read where on the server they lie."""
    page = open_page(server_of_other_images.url)
    expect(page.get_by_text("This is not MNIST.")).to_be_visible()
    expect(page.get_by_text("brought.npz")).to_have_count(0)
    set_epochs(page, 20)
    press(page, "Train")
    expect(status(page)).to_contain_text("This is not MNIST's test.")
    wait_for_end(page)
    expect(page.get_by_role("combobox").first).to_have_value(re.compile("other images, not MNIST"))
    draw(page)
    expect(answer(page)).to_be_visible()
    page.get_by_role("link", name="Trained runs").click()
    expect(page.get_by_role("heading", name="Trained on other images than MNIST")).to_be_visible()


def test_field_for_a_new_name_goes_when_the_name_is_kept(server: Server, open_page: OpenPage):
    """Nothing is written over what is typed; the name is there next time."""
    store = RunStore(server.home)
    run = save_run(store, name="Grupo 1")
    page = open_page(f"{server.url}/runs")
    rename, field = page.get_by_role("button", name="Rename").first, page.get_by_label("New name")
    rename.click()
    field.fill("Grupo 2, el de las siete y media")
    expect(page.get_by_test_id("InputInstructions")).to_be_hidden()
    field.press("Enter")
    expect(field).to_have_count(0)
    expect(page.get_by_text("Grupo 2, el de las siete y media", exact=True)).to_be_visible()
    rename.click()
    expect(field).to_have_value("Grupo 2, el de las siete y media")
    store.delete(run.id, TEACHER)
