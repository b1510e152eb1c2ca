"""Runs as zips: one run, many in one file, and what these files are called."""

from __future__ import annotations

import contextlib
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import IO

from mnist_demo.network import OUTLIERS_FILE, WEIGHTS_FILE
from mnist_demo.runs.files import CONFIG_FILE, METRICS_FILE
from mnist_demo.runs.labels import run_name
from mnist_demo.runs.run import Run
from mnist_demo.texts import Texts

PACKED_FILES = (CONFIG_FILE, METRICS_FILE, "history.csv", "steps.csv", WEIGHTS_FILE, OUTLIERS_FILE)
PACKED_IF_THERE = frozenset({WEIGHTS_FILE, OUTLIERS_FILE})
"""A run that failed early has no weights, and an older one no detector."""
NOT_IN_FILE_NAMES = re.compile(r"[\s\\/:*?\"<>|.,;·%#\u2011]+")
MINUTE_LENGTH = len("20260102-0304")
MAX_STEM_BYTES = 180
"""A file system takes names of 255 bytes, and the end of the name is still to come."""


def file_stem(run: Run, texts: Texts) -> str:
    """Name a run's files by owner, name and the minute of its end: a teacher gets them from a whole class."""
    name = NOT_IN_FILE_NAMES.sub("-", run_name(run, texts)).strip("-").lower()
    name = name.encode()[:MAX_STEM_BYTES].decode(errors="ignore")
    parts = ["mnist", name, "" if run.pretrained else run.id[:MINUTE_LENGTH]]
    return "-".join(part for part in parts if part)


def packed_size(run: Run) -> int:
    """Return how many bytes a run's zip has at most, nearly: weights hardly compress; 0 of a deleted run."""
    with contextlib.suppress(FileNotFoundError), os.scandir(run.folder) as entries:
        return sum(entry.stat().st_size for entry in entries if entry.name in PACKED_FILES)
    return 0


def pack_run(folder: Path) -> bytes:
    """Pack what travels of a run's folder into a zip that `read_upload` takes, if the run has a network.

    Raises:
        OSError: The run was deleted meanwhile.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in PACKED_FILES:
            if name not in PACKED_IF_THERE or (folder / name).is_file():
                archive.writestr(name, (folder / name).read_bytes())
    return packed.getvalue()


def pack_runs(runs: Iterable[Run], texts: Texts, file: IO[bytes]) -> None:
    """Write one zip that holds the zip of each run, named after it.

    Raises:
        OSError: A run was deleted meanwhile, or the file cannot be written.
    """
    taken: set[str] = set()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # what it holds is compressed already
        for run in runs:
            name = next(name for name in _names(file_stem(run, texts)) if name not in taken)
            taken.add(name)
            archive.writestr(f"{name}.zip", pack_run(run.folder))


def _names(stem: str) -> Iterator[str]:
    return chain([stem], (f"{stem}-{number}" for number in count(2)))
