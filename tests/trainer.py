"""What tests need to know of a trainer and of processes, and what the app itself never asks."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from mnist_demo.jobs.client import Trainer
from mnist_demo.jobs.state import TrainerState

LOOK_SECONDS = 0.01


def wait_until(condition: Callable[[], object], seconds: float, told: Callable[[], object] = str) -> None:
    """Wait until something has become true; `told` says in the error what is there instead."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited in vain: {told()}")
        time.sleep(LOOK_SECONDS)


def wait_for(trainer: Trainer, condition: Callable[[TrainerState], bool], seconds: float) -> TrainerState:
    """Wait until the trainer's state fulfils a condition, and give that state."""
    fulfilled: list[TrainerState] = []

    def look() -> bool:
        state = trainer.state
        if condition(state):
            fulfilled.append(state)
        return bool(fulfilled)

    wait_until(look, seconds, lambda: trainer.state)
    return fulfilled[-1]


def worker_processes(parent: int) -> list[int]:
    """List the trainers among the children of a process."""
    command = ["ps", "-o", "pid=,args=", "--ppid", str(parent)]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    return [int(line.split()[0]) for line in lines if "mnist_demo.training.worker" in line]


def is_running(process: int) -> bool:
    """Whether a process is there and has not ended; one that nobody has asked for its exit code has."""
    return process_status(process) not in {"", "Z", "X"}


def process_status(process: int) -> str:
    """Give the letter that Linux has for what a process does, T when it is halted; empty: there is none."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return status.rsplit(")", 1)[1].split()[0]
