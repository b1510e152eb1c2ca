"""What it costs a run to be watched, in a real Chromium: `python -m benchmarks.watching`.

Trains the notebook's configuration with other seeds, in turn with a page that shows the live charts and with
no page at all, in one server. Prints the median seconds of an epoch, either way, their ratio, and the seconds
from pressing Train until a watching page shows the test accuracy.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from mnist_demo.run_store import RunStore
from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.conftest import CHROMIUM_FLAGS, Server, run_server, wait_until_connected
from tests.browser.steps import PATIENCE, press, set_seed, status, wait_until_trainer_is_ready

POLL_SECONDS = 0.5
FIRST_SEED = 100


def train_watched(page: Page, server: Server, seed: int) -> float:
    """Train with the page open; returns the seconds from Train to the test accuracy."""
    page.goto(server.url)
    wait_until_connected(page)
    set_seed(page, seed)
    press(page, "Train")
    started = time.perf_counter()
    expect(status(page)).to_contain_text("test accuracy", timeout=PATIENCE)
    expect(status(page)).to_contain_text(f"seed {seed}", timeout=PATIENCE)
    return time.perf_counter() - started


def train_unwatched(page: Page, server: Server, seed: int) -> None:
    """Train with nobody looking."""
    page.goto(server.url)
    wait_until_connected(page)
    set_seed(page, seed)
    press(page, "Train")
    page.wait_for_function("document.querySelector('.live-detail').textContent.includes('/')")
    page.goto("about:blank")
    while seed not in {run.config.seed for run in RunStore(server.home).list()}:
        with urllib.request.urlopen(f"{server.url}/_stcore/health"):
            time.sleep(POLL_SECONDS)  # the store tells by its folder alone


def epoch_seconds(server: Server, seeds: list[int]) -> float:
    """Take the median over all epochs but each run's first two, while which the page may still be open."""
    runs = [run for run in RunStore(server.home).list() if run.config.seed in seeds]
    return statistics.median(record.seconds for run in runs for record in run.history.epochs[2:])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    executable = find_chromium()
    if not executable:
        raise SystemExit(explain_missing())
    watched = [FIRST_SEED + 2 * index for index in range(options.rounds)]
    unwatched = [seed + 1 for seed in watched]
    with (
        tempfile.TemporaryDirectory() as home,
        run_server(Path(home), {}) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
        page.goto(server.url)
        wait_until_trainer_is_ready(page)
        totals = []
        for with_page, without in zip(watched, unwatched, strict=True):
            totals.append(train_watched(page, server, with_page))
            train_unwatched(page, server, without)
        seen, unseen = epoch_seconds(server, watched), epoch_seconds(server, unwatched)
        browser.close()
    figures = {
        "watched_epoch_seconds": seen,
        "unwatched_epoch_seconds": unseen,
        "ratio": seen / unseen,
        "ten_epochs_watched_seconds": statistics.median(totals),
    }
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:28} {value:7.3f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
