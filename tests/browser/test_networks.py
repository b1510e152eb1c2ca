"""The network in use is the one that was chosen, whatever it is called, and whatever others do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.runs.names import clean_name
from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.run import Run
from mnist_demo.runs.store import RunStore
from tests.browser.conftest import OpenPage, Server, run_server
from tests.browser.steps import (
    answer,
    canvas,
    draw,
    go_to_runs,
    picker,
    script_run,
    tool,
    wait_until_still,
    wait_until_trainer_is_ready,
)
from tests.factories import save_run

pytestmark = pytest.mark.browser

LOST = "The network that you were using was deleted. Now in use: “The robust network”."
ODD = ":material/delete: :streamlit: a -> b www.other.example ana@other.example \u202eabc"


@pytest.fixture
def store(server: Server) -> Iterator[RunStore]:
    """Open the server's store; clear up what a test leaves there."""
    store = RunStore(server.home)
    before = {run.id for run in store.list()}
    yield store
    for run in store.list():
        if run.id not in before:
            store.delete(run.id, TEACHER)


def save(store: RunStore, name: str) -> Run:
    """Keep a run on MNIST."""
    dataset = next(run for run in store.list() if run.pretrained).dataset
    return save_run(store, name=name, dataset=dataset)


def choose(page: Page, label: str) -> None:
    """Choose a network in the picker."""
    picker(page).click()
    with script_run(page):
        page.get_by_role("option", name=label, exact=True).click()
    expect(picker(page)).to_have_value(label)


def in_use(page: Page) -> str:
    """Read from the address whose network is in use."""
    wait_until_still(page)
    return re.search(r"run=([\w-]+)", page.url)[1]


def move(page: Page, slider: str) -> None:
    """Move a slider by one step; that of the pen is behind a button."""
    thumb = page.get_by_role("slider", name=slider)
    if slider == "Pen width" and not thumb.is_visible():
        tool(page, "Pen").click()
    before = thumb.get_attribute("aria-valuetext")
    thumb.focus()
    with script_run(page):
        page.keyboard.press("ArrowRight")
    if slider == "Pen width":
        page.keyboard.press("Escape")
        expect(thumb).to_have_count(0)
    else:
        expect(thumb).not_to_have_attribute("aria-valuetext", before)


def test_runs_of_one_label_can_both_be_chosen(server: Server, open_page: OpenPage, store: RunStore):
    """By hand and by the list of runs; a slider changes nothing about it."""
    twins = {save(store, "Twin").id for _ in range(2)}
    page = open_page(server.url)
    picker(page).click()
    labels = page.get_by_role("option", name=re.compile("Twin")).all_inner_texts()
    assert len(set(labels)) == 2
    page.keyboard.press("Escape")
    chosen = []
    for label in labels:
        choose(page, label)
        chosen.append(in_use(page))
        move(page, "Epochs")
        move(page, "Pen width")
        expect(picker(page)).to_have_value(label)
        assert in_use(page) == chosen[-1]
    assert set(chosen) == twins
    for run_id in chosen:
        go_to_runs(page)
        page.locator(f".st-key-use_{run_id} button").click()
        expect(page.locator(f".st-key-use_{run_id} button")).to_be_disabled()
        page.get_by_role("link", name="Draw and train").click()
        move(page, "Epochs")
        assert in_use(page) == run_id


def test_renamed_run_stays_in_use_under_its_new_name(server: Server, open_page: OpenPage, store: RunStore):
    """Somebody renames it in another tab, and this one goes on with the same network."""
    run = save(store, "Before")
    page = open_page(f"{server.url}/?run={run.id}")
    expect(picker(page)).to_have_value(re.compile("Before"))
    wait_until_trainer_is_ready(page)  # when it is, every page runs again
    store.rename(run.id, "After", TEACHER)
    for slider in ("Pen width", "Epochs", "Epochs"):
        move(page, slider)
        assert in_use(page) == run.id
    expect(picker(page)).to_have_value(re.compile("After"))
    store.rename(run.id, "Once more", TEACHER)
    choose(page, "97.6% · The basic network")
    assert in_use(page) == "notebook"


@pytest.mark.parametrize(
    ("path", "slider"), [("", "Pen width"), ("", "Epochs"), ("lab", "Turn (degrees)"), ("evaluation", "")]
)
def test_deleted_run_is_told(server: Server, open_page: OpenPage, store: RunStore, path: str, slider: str):
    """At the next change on the page, also in a part that runs alone; until it is read."""
    run = save(store, "Short-lived")
    page = open_page(f"{server.url}/{path}?run={run.id}")
    expect(picker(page)).to_have_value(re.compile("Short-lived"))
    wait_until_still(page)
    store.delete(run.id, TEACHER)
    if slider:
        move(page, slider)
    else:
        page.get_by_role("radio", name="% of the row").click()
    expect(page.get_by_text(LOST)).to_be_visible()
    expect(picker(page)).to_have_value(re.compile("The robust network"))
    page.get_by_role("button", name="OK", exact=True).click()
    expect(page.get_by_text(LOST)).to_have_count(0)
    page.get_by_role("link", name="Draw and train").click()
    draw(page)
    expect(answer(page)).to_contain_text("3")
    expect(page.get_by_text(LOST)).to_have_count(0)


def test_choice_in_another_tab_is_none_here(server: Server, open_page: OpenPage, store: RunStore):
    """Each visitor has a network of their own, though both opened one link."""
    run = save(store, "Shared")
    first, second = (open_page(f"{server.url}/?run={run.id}") for _ in range(2))
    choose(first, "97.6% · The basic network")
    move(second, "Epochs")
    expect(picker(second)).to_have_value(re.compile("Shared"))


def test_keyboard_stays_in_the_picker_after_a_choice(server: Server, open_page: OpenPage):
    """Who chooses with the keys goes on from there."""
    page = open_page(server.url)
    expect(picker(page)).to_have_value(re.compile("The robust network"))
    wait_until_still(page)
    picker(page).focus()
    page.keyboard.type(
        "basic network"
    )  # "basic" alone also finds "batch 32 · seed 3 · stopped ... completed"
    expect(page.locator("[role=option][data-key]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(picker(page)).to_have_value(re.compile("The basic network"))
    wait_until_still(page)
    expect(picker(page)).to_be_focused()


def test_deleted_run_is_missed_in_a_comparison(server: Server, open_page: OpenPage, store: RunStore):
    """It is said, and the others stay chosen."""
    kept, gone = save(store, "Kept"), save(store, "Gone")
    page = open_page(f"{server.url}/compare")
    names = page.locator("ul.legend li")
    expect(names.filter(has_text="Gone")).to_have_count(1)
    page.get_by_role("combobox", name="Runs to compare").click()
    page.get_by_role("option", name=re.compile("The robust network")).click()
    page.keyboard.press("Escape")
    expect(names.filter(has_text="The robust network")).to_have_count(1)
    store.delete(gone.id, TEACHER)
    page.get_by_role("radio", name="Accuracy", exact=True).click()
    expect(page.get_by_text("A run that you compared was deleted.")).to_be_visible()
    expect(names.filter(has_text="Gone")).to_have_count(0)
    expect(names.filter(has_text=kept.name)).to_have_count(1)
    expect(names.filter(has_text="The robust network")).to_have_count(1)


def test_odd_name_is_shown_letter_by_letter(server: Server, open_page: OpenPage, store: RunStore):
    """No icon, no picture, no arrow, no link to elsewhere, and no text that runs backwards."""
    run = save(store, ODD)
    page = open_page(f"{server.url}/runs?run={run.id}")
    name = page.get_by_text(clean_name(ODD), exact=True)
    expect(name).to_be_visible()
    assert "\u202e" not in name.inner_text()
    expect(page.locator("a[href*='other.example']")).to_have_count(0)
    expect(name.locator("xpath=..").locator("img, [data-testid=stIconMaterial]")).to_have_count(0)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server of its own: what it says of damaged runs stays on its pages."""
    with run_server(tmp_path) as running:
        yield running


def test_many_damaged_runs_are_one_line(own_server: Server, open_page: OpenPage):
    """The canvas stays where it was; the line opens and names each; no last row has to read it."""
    server = own_server
    (server.home / "runs").mkdir(exist_ok=True)
    folders = [server.home / "runs" / f"20260101-{number:06}-damaged" for number in range(60)]
    for folder in folders:
        folder.mkdir()
        (folder / "config.json").write_text("half of", encoding="utf-8")
    page = open_page(server.url)
    canvas(page).wait_for()
    page.get_by_text(re.compile(r"Runs that cannot be read: \d\d")).click()
    expect(page.locator(".st-key-damaged li").filter(has_text=folders[59].name)).to_be_visible()
    page.get_by_text(re.compile(r"Runs that cannot be read: \d\d")).click()
    expect(page.locator(".st-key-damaged li").first).to_be_hidden()
    assert canvas(page).bounding_box()["y"] < 350
    page.keyboard.press("p")
    expect(page.locator(".st-key-damaged")).to_be_hidden()
