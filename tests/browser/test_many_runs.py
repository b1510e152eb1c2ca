"""Many runs of a whole class: a page at a time, searched, chosen, packed away and brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.data.mnist import MNIST
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.run import Run
from mnist_demo.runs.store import RunStore
from mnist_demo.runs.upload import read_upload
from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import go_to_runs, picker, wait_until_still
from tests.factories import save_run

pytestmark = pytest.mark.browser

RUNS = 60
MAX_NODES = 3_000
MARKUP = "<b>Group</b> 3"


@pytest.fixture
def runs(server: Server) -> Iterator[list[Run]]:
    """Keep what a class has trained, and clear up."""
    store = RunStore(server.home)
    owner = Owner("a-visitor", MARKUP)
    made = [save_run(store, name=f"Try x{number:02}", owner=owner, dataset=MNIST) for number in range(RUNS)]
    yield made
    store.delete_all({run.id for run in store.list()} & {run.id for run in made}, TEACHER)


def search(page: Page, words: str) -> None:
    """Search the list of runs."""
    page.get_by_label("Search runs").fill(words)
    page.get_by_label("Search runs").press("Enter")


def test_runs_of_a_class_are_looked_through_and_packed_away(
    server: Server, open_page: OpenPage, runs: list[Run]
):
    """Neither the page nor a field grows with them, and the archive holds all."""
    page = open_page(f"{server.url}/runs")
    cards = page.locator("[class*=st-key-use_]")
    expect(page.get_by_text(f"{MARKUP} · Try x59", exact=True)).to_be_visible()  # as text, not bold
    expect(cards).to_have_count(20)
    assert page.evaluate("document.querySelectorAll('*').length") < MAX_NODES

    search(page, "group x07")
    expect(cards).to_have_count(1)
    page.get_by_text("Choose", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download them in one zip").click()
    with ZipFile(Path(waiting.value.path())) as together:
        (name,) = together.namelist()
        assert read_upload(together.read(name))[0].name == "Try x07"
    page.get_by_role("button", name="Delete them").click()
    page.get_by_role("button", name="Yes, delete them").click()
    expect(page.get_by_text("No run has all of these words")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(1)

    page.get_by_role("link", name="Draw and train").click()
    wait_until_still(page)
    expect(picker(page)).to_have_value("99.2% · The robust network")
    go_to_runs(page)
    page.get_by_text("Start a clean lesson").click()
    page.get_by_role("button", name="Pack them away", exact=True).click()
    page.get_by_role("button", name="Yes, pack them away").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download mnist-").first.click()
    with ZipFile(Path(waiting.value.path())) as archive:
        assert len(archive.namelist()) == RUNS
    assert not {run.id for run in runs} & {run.id for run in RunStore(server.home).list()}
