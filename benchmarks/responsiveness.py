"""How fast the page answers, in a real Chromium: `python -m benchmarks.responsiveness`.

Prints one table. Opening: seconds from the first request until the canvas takes the pen and the network is
in sight, beside those of a bare Streamlit page with the same canvas, in pairs, and the ratio of the medians;
the web process in megabytes. Drawing, without and with a run in training: milliseconds from a movement of the
pen to the bars that show it, answers a second while the pen moves on and on, and milliseconds that the server
takes for the closer looks once it is lifted. Training: seconds from Train to the first point on the chart,
pictures of the network a second, and seconds from Stop to the end of the run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

from mnist_demo.texts.loading import load_texts
from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.conftest import (
    CHROMIUM_FLAGS,
    Server,
    free_port,
    note_socket,
    run_server,
    wait_until_it_answers,
)
from tests.browser.steps import (
    canvas,
    choose_long_run,
    draw,
    look_closer,
    press,
    script_run,
    set_epochs,
    wait_for_end,
    wait_until_trainer_is_ready,
)

BARE_PAGE = """
import streamlit as st
from streamlit_drawable_canvas import st_canvas

st_canvas(stroke_width=18, background_color="#000000", height=280, width=280, key="canvas")
"""
WATCH_BARS = """() => {
  const root = document.querySelector('[data-answers]');
  window.waits = []; window.movedAt = null;
  document.addEventListener('pointermove', () => { window.movedAt ??= performance.now(); }, true);
  new MutationObserver(() => requestAnimationFrame(() => {
    if (window.movedAt) window.waits.push(performance.now() - window.movedAt);
    window.movedAt = null;
  })).observe(root, { attributes: true, attributeFilter: ['data-answers'] });
}"""
COUNT = "(name) => Number(document.querySelector('[data-answers]').dataset[name] ?? 0)"
PAIRS = 5
MARK = 6
"""Pixels of a small stroke; every one changes the answer a little."""
VIEWPORT = ViewportSize(width=1280, height=800)
STROKE_STEPS = 150
QUIET_SECONDS = 0.3
PICTURES_SECONDS = 3


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


def measure_opening(browser: Browser, server: Server, bare_url: str) -> dict[str, float]:
    """Open the page and the bare one in turn, each time as a new visitor whose browser has nothing yet."""
    ours, bare = [], []
    for _ in range(PAIRS):
        bare.append(_open(browser, bare_url, []))
        ours.append(_open(browser, server.url, ["[data-version]", "[role=combobox]"]))
    return {
        "open_seconds": statistics.median(ours),
        "open_bare_seconds": statistics.median(bare),
        "open_ratio": statistics.median(ours) / statistics.median(bare),
        "web_megabytes": memory_megabytes(server.process.pid),
    }


def _open(browser: Browser, url: str, parts: list[str]) -> float:
    context = browser.new_context(viewport=VIEWPORT, locale="en-US", bypass_csp=True)
    page = context.new_page()
    started = time.perf_counter()
    page.goto(url, wait_until="commit")
    canvas(page).wait_for()
    for part in parts:
        page.locator(part).first.wait_for(state="attached")
    seconds = time.perf_counter() - started
    context.close()
    return seconds


def measure_pen(page: Page, moves: int) -> dict[str, float]:
    """Move the pen by single steps, each after the answer to the one before, and then on and on."""
    with script_run(page):  # which makes the canvas anew
        page.get_by_role("button", name="Clear", exact=True).click()
    box = canvas(page).bounding_box()
    assert box
    page.evaluate(WATCH_BARS)
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for index in range(moves):
        page.evaluate("window.movedAt = null")
        page.mouse.move(box["x"] + 60 + 7 * (index % 20), box["y"] + 70 + 12 * (index // 20))
        page.wait_for_function(f"window.waits.length > {index}")
        page.wait_for_timeout(100)  # the next request may not go sooner
    waits = page.evaluate("window.waits")[:moves]
    answers, started = page.evaluate(COUNT, "answers"), time.perf_counter()
    for step in range(STROKE_STEPS):
        page.mouse.move(box["x"] + 60 + step, box["y"] + 150 + 40 * (step % 3))
        page.wait_for_timeout(12)  # about as often as a hand moves a mouse
    seconds = time.perf_counter() - started
    answered = page.evaluate(COUNT, "answers") - answers
    page.mouse.up()
    page.wait_for_timeout(1000 * QUIET_SECONDS)
    return {
        "pen_to_bars_ms": statistics.median(waits),
        "pen_to_bars_worst_ms": max(waits),
        "answers_per_second": answered / seconds,
    }


def measure_looks(page: Page, frames: Frames, strokes: int) -> dict[str, float]:
    """Draw with each closer look open, and with none."""
    words, figures = load_texts("en").explanations, {}
    looks = {"no_look": "", "why": words.why, "alike": words.similar_images}
    for name, look in looks.items():
        if look:
            look_closer(page, look).first.wait_for()
        times = []
        for index in range(strokes):
            page.wait_for_timeout(1000 * QUIET_SECONDS)
            frames.sent.clear()
            frames.received.clear()
            x, y = 60 + 20 * (index % 8), 200 + 8 * (index // 8)
            draw(page, ((x, y), (x + MARK, y + MARK)))
            page.wait_for_timeout(3000 * QUIET_SECONDS)
            times.append(frames.server_milliseconds())
        figures[f"{name}_server_ms"] = statistics.median(times)
    page.get_by_role("radio", name=words.similar_images, exact=True).click()
    return figures


def measure_training(page: Page, moves: int) -> dict[str, float]:
    """Train for long, draw meanwhile, and stop."""
    wait_until_trainer_is_ready(page)
    set_epochs(page, 29)
    points = "document.querySelector('.live-loss').data[0].x.length"
    press(page, "Train")
    started = time.perf_counter()
    page.wait_for_function(f"{points} > 0 && document.querySelector('.live-detail').textContent")
    first_point = time.perf_counter() - started
    press(page, "Stop")
    wait_for_end(page)
    choose_long_run(page, 7)
    press(page, "Train")
    page.wait_for_function("document.querySelector('.live-detail').textContent.includes('/')")
    page.locator(".stage").scroll_into_view_if_needed()  # out of sight it rests
    pictures, started = page.evaluate(COUNT, "pictures"), time.perf_counter()
    page.wait_for_timeout(1000 * PICTURES_SECONDS)
    rate = (page.evaluate(COUNT, "pictures") - pictures) / (time.perf_counter() - started)
    busy = measure_pen(page, moves)
    press(page, "Stop")
    started = time.perf_counter()
    page.wait_for_function("document.querySelector('.live-status').textContent.includes('stopped')")
    stop = time.perf_counter() - started
    extra = {"first_point_seconds": first_point, "stop_seconds": stop, "pictures_per_second": rate}
    return {f"training_{name}": value for name, value in busy.items()} | extra


@contextlib.contextmanager
def run_bare_page() -> Iterator[str]:
    """Serve a page with nothing but the canvas; its address."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text(BARE_PAGE, encoding="utf-8")
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
        command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
        try:
            server = Server(f"http://127.0.0.1:{port}", Path(folder), process)
            wait_until_it_answers(server)
            yield server.url
        finally:
            process.terminate()
            process.wait()


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
        run_bare_page() as bare_url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport=VIEWPORT, locale="en-US", bypass_csp=True)
        frames = Frames(page.context.new_cdp_session(page))
        note_socket(page)
        page.goto(server.url)
        wait_until_trainer_is_ready(page)
        figures = measure_opening(browser, server, bare_url)
        figures |= measure_pen(page, options.strokes)
        figures |= measure_looks(page, frames, options.strokes // 2)
        figures |= measure_training(page, options.strokes)
        browser.close()
    if options.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name:36} {value:8.2f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
