"""What it costs a run to be watched, in a real Chromium: `python -m benchmarks.watching`.

Trains the notebook's configuration on MNIST with other seeds, in turn with a page that shows both live charts
and with no page at all, in one server. Prints the median seconds of an epoch, either way, their ratio, the
seconds from pressing Train until a watching page shows the test accuracy, and how often the charts moved.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from mnist_demo.runs.store import RunStore
from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.conftest import CHROMIUM_FLAGS, Server, note_socket, run_server, wait_until_connected
from tests.browser.steps import (
    is_in_training,
    loss_plot,
    press,
    set_seed,
    status,
    wait_until_trainer_is_ready,
)

POLL_SECONDS = 0.5
FIRST_SEED = 100
EPOCHS_BEFORE_IT_COUNTS = 2
"""Epochs while which the page may still be arriving or leaving."""


@dataclass
class Watched:
    """What the watching page saw of each run.

    Attributes:
        seconds: From Train to the test accuracy.
        updates: Redraws of a chart a second.
    """

    seconds: list[float] = field(default_factory=list)
    updates: list[float] = field(default_factory=list)


def start_training(page: Page, server: Server, seed: int) -> float:
    """Open the page, train once it is there, and wait until charts move; returns when Train was pressed."""
    page.goto(server.url)
    wait_until_connected(page)
    set_seed(page, seed)
    loss_plot(page).scroll_into_view_if_needed()
    page.wait_for_function("Number(document.querySelector('.live-loss').dataset.drawn) > 0")
    press(page, "Train")
    started = time.perf_counter()
    is_in_training(page)
    return started


def train_watched(page: Page, server: Server, seed: int, watched: Watched) -> None:
    """Train with the page open."""
    started = start_training(page, server, seed)
    draws, since = _draws(page), time.perf_counter()
    expect(status(page)).to_contain_text("test accuracy")
    watched.updates.append((_draws(page) - draws) / (time.perf_counter() - since))
    expect(status(page)).to_contain_text(f"seed {seed}")
    watched.seconds.append(time.perf_counter() - started)


def train_unwatched(page: Page, server: Server, seed: int) -> None:
    """Train with nobody looking."""
    start_training(page, server, seed)
    page.goto("about:blank")
    while seed not in {run.config.seed for run in RunStore(server.home).list()}:
        time.sleep(POLL_SECONDS)  # nothing else than the store's folder tells, without asking the server


def _draws(page: Page) -> int:
    return int(loss_plot(page).get_attribute("data-drawn") or 0)


def epoch_seconds(server: Server, seeds: list[int]) -> float:
    """Take the median over all epochs that count."""
    runs = [run for run in RunStore(server.home).list() if run.config.seed in seeds]
    epochs = [record.seconds for run in runs for record in run.history.epochs[EPOCHS_BEFORE_IT_COUNTS:]]
    return statistics.median(epochs)


def measure(server: Server, page: Page, rounds: int) -> dict[str, float]:
    """Train `rounds` runs of either kind, in turn."""
    watched_seeds = [FIRST_SEED + 2 * index for index in range(rounds)]
    unwatched_seeds = [seed + 1 for seed in watched_seeds]
    page.goto(server.url)
    wait_until_trainer_is_ready(page)
    watched = Watched()
    for with_page, without in zip(watched_seeds, unwatched_seeds, strict=True):
        train_watched(page, server, with_page, watched)
        train_unwatched(page, server, without)
    seen, unseen = epoch_seconds(server, watched_seeds), epoch_seconds(server, unwatched_seeds)
    return {
        "watched_epoch_seconds": seen,
        "unwatched_epoch_seconds": unseen,
        "ratio": seen / unseen,
        "ten_epochs_watched_seconds": statistics.median(watched.seconds),
        "chart_updates_per_second": statistics.median(watched.updates),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    executable = find_chromium()
    if not executable:
        raise SystemExit(explain_missing())
    with (
        tempfile.TemporaryDirectory() as home,
        run_server(Path(home)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US", bypass_csp=True)
        note_socket(page)
        figures = measure(server, page, options.rounds)
        browser.close()
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:28} {value:7.3f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
