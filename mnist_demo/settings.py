"""What the environment decides: read once, then frozen."""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from mnist_demo.errors import InvalidSetting

APP_NAME = "mnist-demo"
MAX_TRAINERS = 64
CORES_PER_TRAINER = 4
"""A network this small does not train faster on more."""
TRAINER_GIGABYTES = 1.2
"""What a trainer takes, TensorFlow and all images included."""


@dataclass(frozen=True)
class Settings:
    """Where runs are kept, which images are used, who may come in, and how much a class may have.

    Attributes:
        home: Folder for the runs that are trained here (`MNIST_DEMO_HOME`; default the user's data folder).
        data: An `mnist.npz` or a folder of IDX files (`MNIST_DEMO_DATA`); None: the MNIST inside.
        trainers: Networks that are trained at the same time (`MNIST_DEMO_TRAINERS`; default one for four
            cores, as far as there is memory).
        max_waiting: Trainings that may wait (`MNIST_DEMO_MAX_WAITING`).
        max_runs: Runs that may be kept before more are trained (`MNIST_DEMO_MAX_RUNS`).
        max_runs_gigabytes: Of 1000^3 bytes, what they may take (`MNIST_DEMO_MAX_RUNS_GB`).
        hosts: Names of the server beside the computer's own (`MNIST_DEMO_HOSTS`, with commas).
        embed: Sites that may show the pages in a frame (`MNIST_DEMO_EMBED`, with commas).
        teacher_key: Makes a teacher of whoever has it (`MNIST_DEMO_TEACHER_KEY`); empty: one kept in `home`.
    """

    home: Path
    data: Path | None = None
    trainers: int = 1
    max_waiting: int = 100
    max_runs: int = 500
    max_runs_gigabytes: int = 2
    hosts: tuple[str, ...] = ()
    embed: tuple[str, ...] = ()
    teacher_key: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; an empty variable counts as unset.

        Raises:
            InvalidSetting: A variable is no number, or one that makes no sense.
        """
        home = environment.get("MNIST_DEMO_HOME")
        data = environment.get("MNIST_DEMO_DATA")
        default_trainers = count_trainers(os.cpu_count() or 1, total_memory())
        return cls(
            home=Path(home or platformdirs.user_data_dir(APP_NAME, appauthor=False)).expanduser().absolute(),
            data=Path(data).expanduser().absolute() if data else None,
            trainers=_read_number(environment, "MNIST_DEMO_TRAINERS", default_trainers, MAX_TRAINERS),
            max_waiting=_read_number(environment, "MNIST_DEMO_MAX_WAITING", cls.max_waiting, 10_000),
            max_runs=_read_number(environment, "MNIST_DEMO_MAX_RUNS", cls.max_runs, 100_000),
            max_runs_gigabytes=_read_number(
                environment, "MNIST_DEMO_MAX_RUNS_GB", cls.max_runs_gigabytes, 10_000
            ),
            hosts=_list(environment.get("MNIST_DEMO_HOSTS")),
            embed=_list(environment.get("MNIST_DEMO_EMBED")),
            teacher_key=(environment.get("MNIST_DEMO_TEACHER_KEY") or "").strip(),
        )


def _read_number(environment: Mapping[str, str], name: str, default: int, high: int) -> int:
    """Read a whole number from 1 on."""
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= high:
        raise InvalidSetting("environment_number", name=name, value=text, low=1, high=high)
    return int(text)


def count_trainers(cores: int, memory: float) -> int:
    """Choose how many trainers a computer can have.

    Args:
        cores: Of its processors.
        memory: In bytes; 0: unknown.

    Returns:
        One for four cores, as far as there is memory, and at least one.
    """
    return max(1, min(cores // CORES_PER_TRAINER, int(memory / (TRAINER_GIGABYTES * 1000**3)), MAX_TRAINERS))


def total_memory() -> int:
    """Return the bytes of this computer's memory, 0 where the system does not tell."""
    if sys.platform == "win32":
        kilobytes = ctypes.c_ulonglong()
        told = ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
        return kilobytes.value * 1024 if told else 0
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):  # a system that has no such figure: one trainer is what fits everywhere
        return 0


def _list(text: str | None) -> tuple[str, ...]:
    """Read names with commas or blanks between them."""
    return tuple((text or "").replace(",", " ").split())
