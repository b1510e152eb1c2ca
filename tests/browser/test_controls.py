"""A run that one holds in the hand, in a real browser, by mouse and by keyboard alone."""

from __future__ import annotations

import csv
import json
import re

import pytest
from playwright.sync_api import Page, expect

from mnist_demo.runs.files import read_run
from tests.browser.conftest import OpenPage, Server
from tests.browser.steps import (
    choose_long_run,
    is_in_training,
    press,
    script_run,
    status,
    wait_for_end,
    wait_until_trainer_is_ready,
)

pytestmark = pytest.mark.browser

STEPS = 6000
"""Of an epoch with the smallest batches."""


def step(page: Page) -> int:
    """Read the step of the epoch at which training is."""
    words = page.locator(".live-detail").inner_text()
    return int(words.split("/")[0].split()[-1].replace(",", ""))


def goes_to(page: Page, step: int) -> None:
    """Wait until training stands at a step of an epoch; after the last one comes the next epoch's first."""
    expect(page.locator(".live-detail")).to_contain_text(f"step {in_epoch(step):,}/{STEPS:,} ")


def in_epoch(step: int) -> int:
    """Count a step from the start of its epoch, from 1."""
    return (step - 1) % STEPS + 1


def press_by_keyboard(page: Page, name: str) -> None:
    """Press a button with the space bar."""
    with script_run(page):
        page.locator(".st-key-hand").get_by_role("button", name=name, exact=True).press("Space")


def test_run_is_held_in_the_hand(server: Server, open_page: OpenPage):
    """Paused, stepped, with another rate, slow, an epoch further, stopped; its rate is kept, and named."""
    page = open_page(server.url)
    wait_until_trainer_is_ready(page)
    expect(page.locator(".st-key-hand")).to_have_count(0)
    choose_long_run(page, 411)
    press(page, "Train")
    is_in_training(page)
    press(page, "Pause")
    expect(status(page)).to_contain_text("Paused in epoch")
    go_on = page.locator(".st-key-hand").get_by_role("button", name="Go on", exact=True)
    expect(go_on).to_be_visible()
    first = step(page)
    for more in (1, 2):
        press_by_keyboard(page, "+1 step")
        goes_to(page, first + more)
        expect(go_on).to_be_visible()
    choose_rate(page, "rate 0.003")
    expect(page.locator(".live-detail")).to_contain_text("learning rate 0.003")
    assert step(page) == in_epoch(first + 2)
    slow = page.get_by_role("switch", name="Slow motion").or_(
        page.get_by_role("checkbox", name="Slow motion")
    )
    with script_run(page):
        slow.first.press("Space")
    expect(slow.first).to_be_checked()
    press_by_keyboard(page, "Go on")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(page.locator(".live-detail")).not_to_contain_text(f"step {in_epoch(first + 2):,}/")
    with script_run(page):
        slow.first.press("Space")
    press_by_keyboard(page, "+1 epoch")
    expect(status(page)).to_contain_text("Paused in epoch")
    goes_to(page, STEPS)
    press(page, "Stop")
    wait_for_end(page)
    expect(page.locator(".st-key-hand")).to_have_count(0)
    rate_is_kept(server, page, first + 2)


def choose_rate(page: Page, rate: str) -> None:
    """Choose a learning rate from the bar."""
    page.locator(".st-key-hand").get_by_role("combobox").click()
    page.get_by_role("option", name=rate, exact=True).click()


def rate_is_kept(server: Server, page: Page, after: int) -> None:
    """Look for the rate in the run's folder, with its points, and in the sentence that names the run."""
    (folder,) = [
        path.parent
        for path in (server.home / "runs").glob("*/config.json")
        if json.loads(path.read_text(encoding="utf-8"))["config"]["seed"] == 411
    ]
    run = read_run(folder)
    (change,) = run.history.rates
    assert (change.step % STEPS, change.rate) == (after % STEPS, 0.003)
    with (folder / "steps.csv").open(encoding="utf-8") as file:
        places = [round(float(row["epochs"]) * STEPS) for row in csv.DictReader(file)]
    assert {change.step - 1, change.step, change.step + 1} <= set(places)
    expect(status(page)).to_contain_text(
        re.compile(rf"learning rate then 0\.003 from step {change.step + 1:,}")
    )
