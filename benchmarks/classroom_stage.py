"""From Send on a phone to the tile on the teacher's stage: `python -m benchmarks.classroom_stage`.

A teacher's page and real phone pages in Chromium on the same cores, beside phones that only speak HTTP: each
of those polls every second and draws every six, and real phones join one after the other, draw and send.
`--phones 0` leaves the others out.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.classroom import (
    DRAW_EVERY_SECONDS,
    HEAD,
    POLL_EVERY_SECONDS,
    begin,
    row,
)
from benchmarks.classroom_phones import Phone, Tally
from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.classroom.classes import draw_on_phone, open_phone_page
from tests.browser.conftest import CHROMIUM_FLAGS, Server, run_server

LONGEST_SECONDS = 600


def send_from_phones(server: Server, code: str, sends: int) -> list[float]:
    """Open the teacher's page; let real phones send in turn, and time each until its tile is there."""
    executable = find_chromium()
    if not executable:
        raise SystemExit(explain_missing())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        teacher = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-US")
        teacher.goto(f"{server.url}/class")
        expect(teacher.locator(".class-task")).to_have_text("Draw a 3", timeout=60_000)
        times = [_send_one(browser, teacher, f"{server.url}/c/{code}") for _ in range(sends)]
        browser.close()
    return times


def _send_one(browser: Browser, teacher: Page, url: str) -> float:
    phone = open_phone_page(browser, url)
    draw_on_phone(phone)
    name = phone.locator("#name").inner_text()
    phone.locator("[data-guess=yes]").tap()
    began = time.perf_counter()
    phone.locator("#send").tap()
    teacher.locator(f'.class-tile[aria-label^="{name}"]').wait_for()
    seconds = time.perf_counter() - began
    phone.context.close()
    return seconds


async def measure(server: Server, count: int, sends: int) -> None:
    """Print how long real phones waited while the others polled and drew."""
    code, tally = await begin(server), Tally()
    phones = [Phone(server.url, code, number, tally) for number in range(1, count + 1)]
    await asyncio.gather(*(phone.join() for phone in phones))
    await asyncio.gather(*(phone.poll() for phone in phones))
    tally.polls.clear()
    until = time.perf_counter() + LONGEST_SECONDS
    others = [
        asyncio.ensure_future(keeping)
        for phone in phones
        for keeping in (
            phone.keep_polling(POLL_EVERY_SECONDS, until),
            phone.keep_drawing(DRAW_EVERY_SECONDS, until),
        )
    ]
    times = await asyncio.to_thread(send_from_phones, server, code, sends)
    for other in others:
        other.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    print(HEAD, row("Send to tile", times), sep="\n")
    if count:
        print(row("others' polls", tally.polls), row("others' drawings", tally.drawings), sep="\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=180, help="with those that send at most 200")
    parser.add_argument("--sends", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, run_server(Path(home)) as server:
        asyncio.run(measure(server, options.phones, options.sends))


if __name__ == "__main__":
    main()
