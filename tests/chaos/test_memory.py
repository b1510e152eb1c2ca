"""Many runs in one trainer: its memory does not grow with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.conftest import StartServer, Tell

RUNS, FIRST_RUNS = 30, 3
MAX_GROWTH = 0.05


def memory_megabytes(process: int) -> float:
    """Give how much memory a process has in use (RSS)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


@pytest.mark.full_chaos
def test_memory_of_the_trainer_stays(start: StartServer, tell: Tell):
    """After the third run it has what it needs; after the thirtieth hardly more."""
    server = start()
    server.wait_until_ready()
    (trainer,) = server.trainers()
    used = []
    for seed in range(1, RUNS + 1):
        told = server.wait_until_over(server.train(epochs=2, seed=seed))
        assert told["phase"] == "ended"
        used.append(memory_megabytes(trainer))
    assert server.trainers() == [trainer]
    first, last = used[FIRST_RUNS - 1], used[-1]
    tell(
        "memory of the trainer",
        RUNS,
        f"{first:.0f} MB after run {FIRST_RUNS}, {last:.0f} MB after run {RUNS}",
    )
    assert last < (1 + MAX_GROWTH) * first
