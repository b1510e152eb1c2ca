"""Is there room for a run? Asked before it is trained: nobody should wait for what cannot be kept."""

from __future__ import annotations

import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

from mnist_demo.data import DIGITS, PIXELS
from mnist_demo.errors import TrainingFailed
from mnist_demo.network import checkpoint_epochs
from mnist_demo.runs.config import RunConfig
from mnist_demo.runs.store import RunStore
from mnist_demo.runs.usage import Usage

MEGABYTE = 2**20
OTHER_BYTES = 400_000
"""Settings, figures and curves, and the detector of what is no digit, of the longest run."""


def needed_bytes(config: RunConfig) -> int:
    """Estimate how many bytes a finished run takes, and hardly more.

    Weights of four bytes are kept twice, for this app and for Keras, and of two bytes in each checkpoint.
    """
    sizes = (PIXELS, *config.hidden, DIGITS)
    numbers = sum((before + 1) * after for before, after in pairwise(sizes))
    return numbers * (2 * 4 + 2 * len(checkpoint_epochs(config.epochs, numbers))) + OTHER_BYTES


def check_room(folder: Path, config: RunConfig) -> None:
    """Check that a run could be kept, as far as one can know before it is trained.

    Args:
        folder: That of the runs; made anew where somebody has deleted it.
        config: What is to be trained.

    Raises:
        TrainingFailed: The folder cannot be written, or its disk has too little room.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            disk = shutil.disk_usage(folder)
    except OSError as error:
        raise TrainingFailed("home_not_writable", path=folder, reason=error) from error
    # A disk of no size at all is one that does not tell.
    if disk.total and disk.free < (needed := needed_bytes(config)):
        free, wanted = f"{disk.free / MEGABYTE:.1f}", f"{needed / MEGABYTE:.1f}"
        raise TrainingFailed("no_room", path=folder, free=free, needed=wanted)


def make_room(store: RunStore, gigabytes: float) -> Usage:
    """Let the oldest deleted runs go until all that is kept takes less, if that helps.

    Args:
        store: Where it is kept.
        gigabytes: Of 1000^3 bytes, what may be kept.

    Returns:
        What is kept then.
    """
    usage = store.usage()
    left = gigabytes * 1000**3 - usage.bytes - usage.bytes_packed
    if left > 0 and usage.gigabytes >= gigabytes:
        store.empty_bin(left)
        usage = store.usage()
    return usage
