"""A class of phones over real HTTP: `python -m benchmarks.classroom`.

Each phone asks every second what the class is doing, and sends a drawing every six; in the end all send one
at once. How long that takes, and whether every drawing that was acknowledged is in the export once. `--kills
20` kills the server that often in the middle of a round instead, starts it again, and counts what is lost.
`--train` has 30 phones draw three rounds, and times the way from the teacher's command to the compared walls.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import csv
import io
import json
import random
import signal
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.classroom_phones import Connection, Phone, Tally
from benchmarks.load import processor_seconds
from benchmarks.responsiveness import memory_megabytes
from tests.browser.conftest import Server, run_server

POLL_EVERY_SECONDS, DRAW_EVERY_SECONDS = 1.0, 6.0
POLLS_P95, DRAWINGS_P95 = 0.050, 0.150
KILL_AFTER = (5, 80)
"""Between so many drawings that were acknowledged, in a round of its own."""
KILL_PHONES, KILL_DRAW_EVERY = 40, 1.0
TRAINING_PHONES, TRAINING_DIGITS = 30, (1, 4, 7)
ASK_EVERY_SECONDS = 0.1
HEAD = "| what | count | p50 ms | p95 ms | worst ms |\n|---|---|---|---|---|"


async def begin(server: Server, digit: int = 3) -> str:
    """Begin a class and open its first round; give the code."""
    teacher = Connection(server.url, 0)
    code = (await teacher.ask("", {}))[1]["code"]
    await command(server, code, "open", digit=digit)
    teacher.close()
    return code


async def command(server: Server, code: str, name: str, **needs: object) -> None:
    """Tell the class a command."""
    teacher = Connection(server.url, 0)
    status, told = await teacher.ask(f"/{code}/command", {"command": name, **needs})
    teacher.close()
    if status != 200:
        raise SystemExit(f"{name}: {status} {told}")


def kept_drawings(server: Server, code: str) -> Counter[tuple[int, int, int]]:
    """Count person, round and sequence of each drawing in the export."""
    with urllib.request.urlopen(f"{server.url}/mnist-demo/class/{code}/export.csv", timeout=60) as answer:
        rows = csv.DictReader(io.StringIO(answer.read().decode()))
        return Counter((int(row["person"]), int(row["round"]), int(row["sequence"])) for row in rows)


def judge(tally: Tally, kept: Counter[tuple[int, int, int]]) -> bool:
    """Print what was lost, what is there twice, and what was refused; tell whether it is nothing."""
    lost = set(tally.acknowledged) - kept.keys()
    twice = [drawing for drawing, count in kept.items() if count > 1]
    for refused, count in Counter(tally.refused).most_common(5):
        print(f"{count} times {refused}")
    print(
        f"acknowledged {len(tally.acknowledged)}, kept {kept.total()}, lost {len(lost)}, twice {len(twice)}"
    )
    return not lost and not twice and not tally.refused


def row(name: str, seconds: list[float]) -> str:
    """Write times as a row of a Markdown table."""
    times = sorted(1000 * second for second in seconds)
    p50, p95 = (times[int(share * (len(times) - 1))] for share in (0.5, 0.95))
    return f"| {name} | {len(times)} | {p50:.1f} | {p95:.1f} | {times[-1]:.1f} |"


async def measure(server: Server, count: int, seconds: float) -> bool:
    """Let so many phones poll and draw; tell whether all is as it should be."""
    code, tally = await begin(server), Tally()
    phones = [Phone(server.url, code, number, tally) for number in range(1, count + 1)]
    await asyncio.gather(*(phone.join() for phone in phones))
    await asyncio.gather(*(phone.poll() for phone in phones))
    tally.polls.clear()
    before, began = processor_seconds(server.process.pid), time.perf_counter()
    until = began + seconds
    await asyncio.gather(
        *(phone.keep_polling(POLL_EVERY_SECONDS, until) for phone in phones),
        *(phone.keep_drawing(DRAW_EVERY_SECONDS, until) for phone in phones),
    )
    used = (processor_seconds(server.process.pid) - before) / (time.perf_counter() - began)
    drawn = tally.drawings.copy()
    await asyncio.sleep(1)  # after which each may send two more
    await asyncio.gather(*(phone.draw() for phone in phones))
    for phone in phones:
        phone.close()
    at_once = tally.drawings[len(drawn) :]
    print(HEAD, row("polls", tally.polls), row("drawings", drawn), row("all at once", at_once), sep="\n")
    print(f"{count} phones, {used:.2f} cores, {memory_megabytes(server.process.pid):.0f} MB")
    polls, drawings = (sorted(times)[int(0.95 * (len(times) - 1))] for times in (tally.polls, drawn))
    is_whole = judge(tally, await asyncio.to_thread(kept_drawings, server, code))
    return is_whole and polls < POLLS_P95 and drawings < DRAWINGS_P95


async def train(server: Server) -> bool:
    """Train on a class once the trainer is ready; print how long that took and what came of it."""
    while (await asyncio.to_thread(_read_json, f"{server.url}/mnist-demo/live"))["worker"]:
        await asyncio.sleep(ASK_EVERY_SECONDS)
    code, tally = await begin(server, TRAINING_DIGITS[0]), Tally()
    phones = [Phone(server.url, code, number, tally) for number in range(1, TRAINING_PHONES + 1)]
    await asyncio.gather(*(phone.join() for phone in phones))
    for digit in TRAINING_DIGITS:
        if digit != TRAINING_DIGITS[0]:
            await asyncio.sleep(1)  # a phone may send two drawings a second
            await command(server, code, "next")
            await command(server, code, "open", digit=digit)
        await asyncio.gather(*(phone.poll() for phone in phones))
        await asyncio.gather(*(phone.draw() for phone in phones))
        await command(server, code, "close")
        await command(server, code, "reveal")
    began, wall_url = time.perf_counter(), f"{server.url}/mnist-demo/class/{code}/wall"
    await command(server, code, "train")
    while (wall := await asyncio.to_thread(_read_json, wall_url))["state"] == "training":
        await asyncio.sleep(ASK_EVERY_SECONDS)
    seconds = time.perf_counter() - began
    for phone in phones:
        phone.close()
    print(f"{len(tally.acknowledged)} drawings, {wall['state']} after {seconds:.1f} s: {wall['compared']}")
    return judge(tally, await asyncio.to_thread(kept_drawings, server, code))


def _read_json(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return dict(json.load(answer))


async def draw_until_killed(server: Server, phones: list[Phone], tally: Tally, drawings: int) -> None:
    """Let phones draw, and kill the server when so many drawings were acknowledged."""
    enough = len(tally.acknowledged) + drawings

    async def draw(phone: Phone) -> None:
        phone.move(server.url)
        with contextlib.suppress(OSError, EOFError):
            await phone.poll()
            await phone.keep_drawing(KILL_DRAW_EVERY, time.perf_counter() + 60)
        phone.close()

    async def kill() -> None:
        while len(tally.acknowledged) < enough:
            await asyncio.sleep(0)
        server.process.send_signal(signal.SIGKILL)

    await asyncio.gather(kill(), *map(draw, phones))


def kill_and_count(home: Path, kills: int) -> bool:
    """Kill the server in the middle of a round, again and again; tell whether nothing is lost."""
    random_, tally, code = random.Random(1), Tally(), ""
    phones: list[Phone] = []
    for kill in range(kills):
        with run_server(home) as server:
            if not phones:
                code = asyncio.run(begin(server))
                phones = [Phone(server.url, code, number, tally) for number in range(1, KILL_PHONES + 1)]
                asyncio.run(_join(phones))
            else:
                asyncio.run(command(server, code, "redo"))
            before = len(tally.acknowledged)
            asyncio.run(draw_until_killed(server, phones, tally, random_.randint(*KILL_AFTER)))
            print(f"kill {kill + 1}: {len(tally.acknowledged) - before} acknowledged before it", flush=True)
    with run_server(home) as server:
        return judge(tally, kept_drawings(server, code))


async def _join(phones: list[Phone]) -> None:
    await asyncio.gather(*(phone.join() for phone in phones))
    for phone in phones:
        phone.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--kills", type=int, default=0, help="kill the server that often instead")
    parser.add_argument("--train", action="store_true", help="train on a class instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        if options.kills:
            is_good = kill_and_count(Path(home), options.kills)
        else:
            with run_server(Path(home)) as server:
                is_good = asyncio.run(
                    train(server) if options.train else measure(server, options.phones, options.seconds)
                )
    if not is_good:
        raise SystemExit("Not as it should be.")


if __name__ == "__main__":
    main()
