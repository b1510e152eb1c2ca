"""How many people can draw at once, over real websockets: `python -m benchmarks.load`.

Records in Chromium what a browser sends, and replays it for many sessions in one server, each of which draws
a stroke every three seconds: how long until the script run that answers it has ended, how long a newcomer
waits for the page meanwhile, and what that costs the server. `--pens` moves pens instead, whose pages ask for
answers without a script run; `--training` trains a network meanwhile; `--soak MINUTES` lets sessions come and
go, and fails where the server's memory grows.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.load_frames import Recording, record, train
from benchmarks.load_visitors import OPEN_AT_ONCE, Tally, Visitor, ask_under_pen, stay
from benchmarks.responsiveness import memory_megabytes
from mnist_demo.data import CANVAS_PIXELS, PEN_PIXELS
from mnist_demo.ui.draw.sample_digits import render_sample
from tests.browser.chromium import explain_missing, find_chromium
from tests.browser.conftest import CHROMIUM_FLAGS, Server, run_server

NEWCOMER_EVERY_SECONDS = 2
SECONDS_PER_SESSION_TO_OPEN = 0.08
SETTLING_SECONDS = 3.0
SOAK_STAY_SECONDS = (20.0, 60.0)
SOAK_SAMPLE_SECONDS = 10
SOAK_REFERENCE_SECONDS = 120
SOAK_MOST_GROWTH = 1.1
FIRST_SEED = 500


@dataclass(frozen=True)
class Row:
    """One line of the table; times in milliseconds, of the processor's too."""

    users: int
    tally: Tally
    processor_ms: float
    megabytes: float

    def __str__(self) -> str:
        """Write it as a row of a Markdown table."""
        times = sorted(1000 * second for second in self.tally.seconds)
        if not times:
            return f"| {self.users} " + "| - " * 3 + f"| 0 | {len(self.tally.errors)} " + "| - " * 4 + "|"
        p95, opening = times[int(0.95 * (len(times) - 1))], self.tally.opening
        newcomer = f"{1000 * statistics.median(opening):.0f}" if opening else "-"
        cells = [str(self.users), f"{statistics.median(times):.0f}", f"{p95:.0f}", f"{times[-1]:.0f}"]
        cells += [str(len(times)), str(len(self.tally.errors)), f"{self.processor_ms:.1f}"]
        cells += [f"{self.tally.bytes / 1000 / len(times):.0f}", newcomer, f"{self.megabytes:.0f}"]
        return "| " + " | ".join(cells) + " |"


HEAD = (
    "| users | p50 ms | p95 ms | worst ms | answers | errors | processor ms an answer | kB an answer "
    "| a newcomer waits ms | MB |\n" + "|---" * 10 + "|"
)


def processor_seconds(process_id: int) -> float:
    """Read the processor time that a process has taken, from /proc."""
    after_name = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


async def measure(server: Server, recording: Recording, users: int, seconds: float) -> Row:
    """Let so many sessions draw, while newcomers open the page one after the other."""
    tally, newcomers, gate = Tally(), Tally(), asyncio.Semaphore(OPEN_AT_ONCE)
    after = time.perf_counter() + users * SECONDS_PER_SESSION_TO_OPEN + SETTLING_SECONDS
    visitors = (Visitor(server.url, recording, tally) for _ in range(users))
    work = [stay(visitor, gate, after + seconds, after, tally) for visitor in visitors]
    process = server.process.pid

    async def watch() -> tuple[float, float]:
        await asyncio.sleep(after - time.perf_counter())
        before = processor_seconds(process)
        while time.perf_counter() < after + seconds - NEWCOMER_EVERY_SECONDS:
            await stay(Visitor(server.url, recording, newcomers), gate, 0, 0, newcomers)
            await asyncio.sleep(NEWCOMER_EVERY_SECONDS)
        return processor_seconds(process) - before, memory_megabytes(process)

    (used, megabytes), *_ = await asyncio.gather(watch(), *work)
    tally.errors += newcomers.errors
    tally.opening = newcomers.opening
    return _row(users, tally, used, megabytes)


async def measure_pens(server: Server, users: int, seconds: float) -> Row:
    """Move so many pens, each for one second of three."""
    ink = np.ascontiguousarray(render_sample(3, CANVAS_PIXELS, PEN_PIXELS)).tobytes()
    tally, after = Tally(), time.perf_counter() + SETTLING_SECONDS
    work: list[Coroutine[Any, Any, None]] = [
        ask_under_pen(server.url, ink, after + seconds, after, tally) for _ in range(users)
    ]
    before = processor_seconds(server.process.pid)
    await asyncio.gather(*work)
    used = processor_seconds(server.process.pid) - before
    return _row(users, tally, used, memory_megabytes(server.process.pid))


def _row(users: int, tally: Tally, used: float, megabytes: float) -> Row:
    for error in sorted(set(tally.errors)):
        print(f"{tally.errors.count(error)} times {error}", file=sys.stderr)
    return Row(users, tally, 1000 * used / max(len(tally.seconds), 1), megabytes)


async def soak(server: Server, recording: Recording, users: int, minutes: float) -> bool:
    """Let sessions come, draw and go; tell whether memory stays within a tenth of after the second minute."""
    tally, gate, started = Tally(), asyncio.Semaphore(OPEN_AT_ONCE), time.perf_counter()
    end = started + 60 * minutes

    async def come_and_go() -> None:
        while time.perf_counter() < end:
            until = time.perf_counter() + random.uniform(*SOAK_STAY_SECONDS)
            await stay(Visitor(server.url, recording, tally), gate, min(until, end), 0, tally)

    async def watch() -> list[tuple[float, float]]:
        samples = []
        while (now := time.perf_counter()) < end:
            samples.append((now - started, memory_megabytes(server.process.pid)))
            print(
                f"{samples[-1][0]:5.0f} s {samples[-1][1]:6.0f} MB {len(tally.opening):4} opened",
                flush=True,
            )
            await asyncio.sleep(SOAK_SAMPLE_SECONDS)
        return samples

    samples, *_ = await asyncio.gather(watch(), *(come_and_go() for _ in range(users)))
    print(HEAD, _row(users, tally, processor_seconds(server.process.pid), samples[-1][1]), sep="\n")
    later = [megabytes for second, megabytes in samples if second >= SOAK_REFERENCE_SECONDS]
    return not tally.errors and bool(later) and max(later) <= SOAK_MOST_GROWTH * later[0]


@contextlib.contextmanager
def prepared_server(seed: int | None) -> Iterator[tuple[Server, Recording]]:
    """Start a server and record in it; with a seed, a network is in training from then on."""
    executable = find_chromium()
    if not executable:
        raise SystemExit(explain_missing())
    with tempfile.TemporaryDirectory() as home, run_server(Path(home)) as server:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-US", bypass_csp=True)
            recording = record(page, server.url)
            if seed is not None:
                train(page, server.url, seed)
            browser.close()
        yield server, recording


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, nargs="+", default=[10, 40, 80, 200])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--training", action="store_true", help="train a network meanwhile")
    parser.add_argument("--pens", action="store_true", help="move pens instead of drawing strokes")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="sessions come and go")
    options = parser.parse_args()
    if options.soak:
        with prepared_server(None) as (server, recording):
            if not asyncio.run(soak(server, recording, options.users[0], options.soak)):
                raise SystemExit("Memory has grown, or there were errors.")
        return
    print(HEAD)
    for number, users in enumerate(options.users):
        # Each in a server of its own, so that no row pays for the sessions of the one before.
        with prepared_server(FIRST_SEED + number if options.training else None) as (server, recording):
            if options.pens:
                row = asyncio.run(measure_pens(server, users, options.seconds))
            else:
                row = asyncio.run(measure(server, recording, users, options.seconds))
        print(row, flush=True)


if __name__ == "__main__":
    main()
