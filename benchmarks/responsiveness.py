"""How fast the page answers, in a real Chromium: `python -m benchmarks.responsiveness`.

Prints one table: seconds from the first request to a started server until the page is usable and the memory
of the web process then; for strokes on the canvas, without and with a run in training, the milliseconds that
the server takes (from the websocket frame that carries the drawing to the last one of the answer) and those
from the pen's lifting to the new bars (of which the canvas waits 200 by itself), and the same with each
closer look open; seconds from Train to the first point on the chart, and from Stop to the end of the run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from mnist_demo.texts.loading import load_texts
from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.conftest import CHROMIUM_FLAGS, Server, run_server
from tests.browser.steps import (
    canvas,
    choose_long_run,
    draw,
    look_closer,
    loss_plot,
    press,
    set_epochs,
    wait_until_trainer_is_ready,
)

WATCH_BARS = """() => {
  window.liftedAt = null; window.answers = [];
  document.addEventListener('pointerup', () => { window.liftedAt = performance.now(); }, true);
  document.addEventListener('mouseup', () => { window.liftedAt = performance.now(); }, true);
  new MutationObserver((changes) => {
    const drawn = changes.some((c) => c.attributeName === 'data-drawn' && c.target.matches('.chart'));
    if (drawn && window.liftedAt) {
      const lifted = window.liftedAt; window.liftedAt = null;
      requestAnimationFrame(() => window.answers.push(performance.now() - lifted));
    }
  }).observe(document.body, { attributes: true, subtree: true, attributeFilter: ['data-drawn'] });
}"""
MARK = 6
"""Pixels of a small stroke; every one changes the answer a little."""
QUIET_SECONDS = 0.3
MOST_STROKES_TRAINING = 10
"""Before even a long run ends."""


class Frames:
    """Times of the websocket's frames as Chromium's network layer stamps them, in seconds."""

    def __init__(self, session: CDPSession) -> None:
        self.sent: list[tuple[float, int]] = []
        self.received: list[float] = []
        session.send("Network.enable")
        session.on("Network.webSocketFrameSent", self._note_sent)
        session.on("Network.webSocketFrameReceived", lambda event: self.received.append(event["timestamp"]))

    def _note_sent(self, event: dict[str, Any]) -> None:
        self.sent.append((event["timestamp"], len(event["response"]["payloadData"])))

    def server_milliseconds(self) -> float:
        """From the largest frame sent, the drawing, to the last one received; forgets them all."""
        sent = max(self.sent, key=lambda frame: frame[1])[0]
        answer = max(self.received) - sent
        self.sent.clear()
        self.received.clear()
        return 1000 * answer


def memory_megabytes(process_id: int) -> float:
    """Read the resident memory of a process from /proc."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError("VmRSS")


def measure_opening(page: Page, server: Server) -> dict[str, float]:
    """Open the page for the first time."""
    started = time.perf_counter()
    page.goto(server.url)
    canvas(page).wait_for()
    page.get_by_role("combobox").first.wait_for()
    opened = time.perf_counter() - started
    warm = page.evaluate("fetch('/mnist-demo/live').then((r) => r.json()).then((s) => s.worker)") == ""
    return {
        "open_seconds": opened,
        "tensorflow_was_loaded": float(warm),
        "web_megabytes": memory_megabytes(server.process.pid),
    }


def measure_strokes(page: Page, frames: Frames, strokes: int) -> dict[str, float]:
    """Draw small strokes, each after the answer to the one before."""
    page.get_by_test_id("stButton").get_by_role("button", name="Clear", exact=True).click()
    draw(page)
    expect(page.locator(".answer-words")).to_be_visible()
    page.evaluate("window.answers.length = 0")
    server_times: list[float] = []
    for index in range(strokes):
        page.wait_for_timeout(1000 * QUIET_SECONDS)
        frames.sent.clear()
        frames.received.clear()
        x, y = 60 + 20 * (index % 8), 200 + 8 * (index // 8)
        draw(page, ((x, y), (x + MARK, y + MARK)))
        page.wait_for_function(f"window.answers.length > {index}")
        page.wait_for_timeout(1000 * QUIET_SECONDS)
        server_times.append(frames.server_milliseconds())
    answers = page.evaluate("window.answers")[:strokes]
    return {
        "server_ms": statistics.median(server_times),
        "server_worst_ms": max(server_times),
        "pen_to_bars_ms": statistics.median(answers),
        "pen_to_bars_worst_ms": max(answers),
    }


def measure_looks(page: Page, frames: Frames, strokes: int) -> dict[str, float]:
    """Draw with "Why" and then with "What looks like it" open, and close them again."""
    words, figures = load_texts("en").closer, {}
    for name, look in (("why", words.why), ("alike", words.alike)):
        look_closer(page, look).first.wait_for()
        open_look = measure_strokes(page, frames, strokes)
        figures |= {f"{name}_{figure}": open_look[figure] for figure in ("server_ms", "pen_to_bars_ms")}
    page.get_by_role("radio", name=words.alike, exact=True).click()
    page.locator(".pictures").wait_for(state="detached")
    return figures


def measure_training(page: Page, frames: Frames, strokes: int) -> dict[str, float]:
    """Train for long, draw meanwhile, and stop."""
    wait_until_trainer_is_ready(page)
    set_epochs(page, 29)
    points = "document.querySelector('.live-loss').data[0].x.length"
    loss_plot(page).scroll_into_view_if_needed()  # out of sight, it would not be drawn
    press(page, "Train")
    started = time.perf_counter()
    page.wait_for_function(f"{points} > 0 && document.querySelector('.live-detail').textContent")
    first_point = time.perf_counter() - started
    press(page, "Stop")
    page.wait_for_function("document.querySelector('.live-status').textContent.includes('stopped')")
    choose_long_run(page, 7)
    press(page, "Train")
    page.wait_for_function("document.querySelector('.live-detail').textContent.includes('/')")
    busy = measure_strokes(page, frames, min(strokes, MOST_STROKES_TRAINING))
    press(page, "Stop")
    started = time.perf_counter()
    page.wait_for_function("document.querySelector('.live-status').textContent.includes('stopped')")
    stop = time.perf_counter() - started
    extra = {"first_point_seconds": first_point, "stop_seconds": stop}
    return {f"training_{name}": value for name, value in busy.items()} | extra


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--strokes", type=int, default=20)
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
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-US")
        frames = Frames(page.context.new_cdp_session(page))
        figures = measure_opening(page, server)
        page.evaluate(WATCH_BARS)
        wait_until_trainer_is_ready(page)
        figures |= measure_strokes(page, frames, options.strokes)
        figures |= measure_looks(page, frames, options.strokes)
        figures |= measure_training(page, frames, options.strokes)
        browser.close()
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:36} {value:8.2f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
