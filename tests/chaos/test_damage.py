"""Bits flip, files are cut, strangers lie, runs pile up: what is whole stays, the rest is one sentence."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from random import Random

import pytest

from mnist_demo.errors import DemoError
from mnist_demo.network import PRETRAINED_RUNS
from mnist_demo.runs import RunStore, escape_markdown
from mnist_demo.texts import message
from tests.chaos.conftest import FULL, StartServer, Tell
from tests.chaos.hostile import flip_bit, hostile_zip
from tests.chaos.page import PAGE_NAMES, check_pages, visit
from tests.chaos.server import TRACEBACK, kept_runs, leftovers
from tests.factories import save_run

SEED = 16
ROUNDS = 100 if FULL else 2
UPLOADS = 1000 if FULL else 50
MANY_RUNS, DAMAGED_RUNS = 500, 60
MAX_NOTICE_LENGTH = 600
FILES = sorted(path.name for path in (PRETRAINED_RUNS / "notebook").iterdir())


@pytest.mark.parametrize("name", FILES)
def test_file_that_is_damaged(tmp_path: Path, tell: Tell, name: str):
    """A run is read whole, or set aside with one sentence; nothing else is raised; its neighbour stays."""
    random, noticed = Random(SEED), 0
    whole = (PRETRAINED_RUNS / "notebook" / name).read_bytes()
    damages = [flip_bit(whole, random) for _ in range(ROUNDS)]
    damages += [whole[: random.randrange(len(whole))] for _ in range(ROUNDS)]
    for number, damage in enumerate(damages):
        home = tmp_path / str(number)
        shutil.copytree(PRETRAINED_RUNS / "notebook", home / "runs" / "20260101-000000-aaaaaaaaaa")
        save_run(RunStore(home, home / "none"))
        (home / "runs" / "20260101-000000-aaaaaaaaaa" / name).write_bytes(damage)
        noticed += use_everything(RunStore(home, home / "none")) < 2
        shutil.rmtree(home)
    tell(f"damaged {name}", len(damages), f"{noticed} noticed, no other error, the run beside it whole")


def use_everything(store: RunStore) -> int:
    """Use all that the runs of a store have; give how many are whole. Only errors with a sentence come."""
    whole, told = 0, list[DemoError]()
    for run in store.list():
        try:
            network = store.load_network(run)
            detector, checkpoints = store.load_detector(run), store.load_checkpoints(run)
        except DemoError as error:
            told.append(error)
        else:
            assert network.hidden == run.config.hidden
            assert detector is None or detector
            assert checkpoints is None or checkpoints.epochs
            whole += 1
    for error in (*told, *store.damaged):
        assert "\n" not in message(error, "es")
        assert 0 < len(message(error, "es")) < MAX_NOTICE_LENGTH
    assert whole + len(store.damaged) >= 1
    assert any(run.config.hidden == (3, 2) for run in store.list())
    return whole


def test_hostile_uploads(start: StartServer, home: Path, tell: Tell):
    """Each is refused with one sentence, or is a whole run; the server goes on and nothing is left over."""
    server, random = start(), Random(SEED)
    server.wait_for(lambda _: True)
    refused = 0
    for number in range(UPLOADS):
        answer = server.ask("upload", hostile_zip(number, random))
        if "refused" in answer:
            refused += 1
            assert "\n" not in answer["refused"]
            assert len(answer["refused"]) < MAX_NOTICE_LENGTH
    assert len(kept_runs(home)) == UPLOADS - refused
    assert not leftovers(home)
    check_pages(server)
    assert TRACEBACK not in server.log()
    tell("hostile uploads", UPLOADS, f"{refused} refused, the rest are whole runs, no traceback")


@pytest.mark.full_chaos
def test_many_runs_and_damaged_ones(start: StartServer, home: Path, tell: Tell):
    """All pages open; damage is one notice, however much there is."""
    random, store = Random(SEED), RunStore(home, home / "none")
    for number in range(MANY_RUNS):
        save_run(store, name=f"run {number}")
    for number in range(DAMAGED_RUNS):
        folder = home / "runs" / f"20250101-000000-{number:010x}"
        shutil.copytree(PRETRAINED_RUNS / "notebook", folder)
        victim = folder / FILES[number % len(FILES)]
        victim.write_bytes(victim.read_bytes()[: random.randrange(victim.stat().st_size)])
    foreign = bytes(home / "runs" / "20250101-000000-ffffffffff") + b"\xff"
    Path(foreign.decode(errors="surrogateescape")).mkdir()
    config = home / "runs" / "20250101-000000-0000000000" / "steps.csv"
    config.write_text("epochs,loss,accuracy\nnan,nan,nan\n")
    server = start()
    server.wait_for(lambda _: True)
    seconds = []
    for page in PAGE_NAMES:
        opened = time.monotonic()
        seen = visit(server, page)
        seconds.append(time.monotonic() - opened)
        assert seen.exceptions == [], page
        notices = [text for text in seen.texts if escape_markdown("set-aside") in text or "set-aside" in text]
        assert len(notices) <= 1, page
    assert TRACEBACK not in server.log()
    assert len(kept_runs(home)) >= MANY_RUNS
    tell(
        f"{MANY_RUNS} runs and {DAMAGED_RUNS} damaged ones",
        len(PAGE_NAMES),
        f"all pages open, the slowest in {max(seconds):.1f} s, one notice",
    )
