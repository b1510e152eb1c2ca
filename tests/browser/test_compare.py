"""Runs laid over each other, and an experiment from the click to what there is to see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.jobs.experiments import EXPERIMENTS
from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.store import RunStore
from tests.browser.conftest import OpenPage, Server, run_server, wait_until_connected
from tests.browser.layout import SCREENSHOTS, assert_fits, keep_picture
from tests.browser.steps import wait_until_trainer_is_ready
from tests.factories import DIGITS, make_history, save_run

pytestmark = pytest.mark.browser

FALLING = [1 / epoch for epoch in range(1, 21)]
RISING = [0.3, 0.2, *(0.3 for _ in range(18))]


@pytest.fixture
def store(server: Server) -> Iterator[RunStore]:
    """Put two runs into the server's store, one of them of other images; clear up at the end."""
    store = RunStore(server.home)
    before = {run.id for run in store.list()}
    pretrained = next(run for run in store.list() if run.pretrained)
    *_, whole = next(experiment for experiment in EXPERIMENTS if experiment.name == "train_images").configs
    save_run(store, name="Ana", config=whole, dataset=pretrained.dataset, history=make_history(RISING))
    save_run(store, name="Luis", config=whole, dataset=DIGITS, history=make_history(FALLING))
    yield store
    for run in store.list():
        if run.id not in before:
            store.delete(run.id, TEACHER)


def legend(page: Page) -> list[str]:
    """Read the names in the legend."""
    return page.locator("ul.legend li").all_inner_texts()


@pytest.mark.usefixtures("store")
def test_experiment_is_trained_followed_and_shown(server: Server, open_page: OpenPage):
    """One predicts first; what the store has is not trained again; in the end the curves show themselves."""
    page = open_page(f"{server.url}/compare")
    wait_until_trainer_is_ready(page)
    page.reload()  # else it may be drawn anew, now that the trainer is ready, while the button is pressed
    wait_until_connected(page)
    card = page.get_by_test_id("stColumn").filter(has_text="Overfitting: 100 training images")
    expect(card).to_contain_text("1 of 2 trained")
    card.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="The 100 well, new ones badly").click()
    expect(page.get_by_text("The network soon knows 100 images by heart")).to_be_visible()
    expect(page.get_by_text("You said “The 100 well, new ones badly”, and so it is.")).to_be_visible()
    expect(card.get_by_role("button", name="Show")).to_be_visible()
    assert legend(page) == ["Training images: 100", "Ana"]
    expect(page.get_by_text("They differ in Training images (100 / 48,000).")).to_be_visible()
    first, second = r"Training images: 100, epoch \d+, gap \d\.\d\d in the end", "Ana, epoch 2, gap"
    told = re.compile(rf"began at the ring \({first}; {second}")
    expect(page.get_by_text(told)).to_be_visible()
    page.get_by_role("radio", name="Accuracy", exact=True).click()
    expect(
        page.get_by_role("img", name="Accuracy (higher is better). Training images: 100: ")
    ).to_be_visible()


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_runs_of_another_test_stand_apart(server: Server, open_page: OpenPage, width: int, scheme: str):
    """Nobody takes an accuracy on other images for one of MNIST's test; and everything has its room."""
    look = {"locale": "es-ES", "width": width, "height": 4000, "color_scheme": scheme}
    page = open_page(f"{server.url}/compare", **look)  # high enough: scrolling would close an open list
    picker = page.get_by_role("combobox", name="Redes que quieres comparar")
    page.locator(".chart[data-drawn]").wait_for()
    picker.click()
    page.get_by_role("option", name="Luis").click()
    page.keyboard.press("Escape")  # an open list hides all else from whoever listens to the page
    expect(page.get_by_role("heading", name="La prueba de MNIST")).to_be_visible()
    expect(page.get_by_role("heading", name="Otra prueba: imágenes que no son las de MNIST")).to_be_visible()
    names = legend(page)  # between the two stand other runs of this server
    assert (names[0], names[-1]) == ("Ana", "Luis")
    page.wait_for_function("[...document.querySelectorAll('.chart')].every((chart) => chart.dataset.drawn)")
    keep_picture(page, SCREENSHOTS / f"compare-{width}-{scheme}.png")
    assert_fits(page)


def test_table_is_sorted_by_a_press_on_a_title(tmp_path: Path, open_page: OpenPage):
    """First upwards, then downwards; it is downloaded in the page's language."""
    with run_server(tmp_path) as server:  # the two networks of the app, and nobody else's
        page = open_page(f"{server.url}/compare?lang=es")
        table = page.get_by_role("region", name="Cifras de las redes comparadas")
        runs, title = (
            table.get_by_role("rowheader"),
            table.get_by_role("columnheader", name="Exactitud de prueba"),
        )
        for order, best_last in (("ascending", True), ("descending", False)):
            title.get_by_role("button").click()
            expect(title).to_have_attribute("aria-sort", order)
            names = runs.all_inner_texts()
            assert (names.index("La red robusta") > names.index("La red básica")) == best_last
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Tabla para hoja de cálculo").click()
        assert waiting.value.suggested_filename == "comparacion.csv"
        assert ";99,32%;" in Path(waiting.value.path()).read_text(encoding="utf-8-sig")
