"""What the trainer leaves beside the runs for the pages: networks in training, and some changed images.

They are for looking at: whoever cannot write or read one does without it.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data import DatasetInfo
from mnist_demo.network import Network
from mnist_demo.runs.config import TRAINING_VERSION
from mnist_demo.runs.unfinished import SAMPLES_PREFIX


class LiveFiles:
    """The live files of one process, in a folder of its own, and the samples that all share.

    Args:
        folder: `live` in the home.
        own: The folder in it that is this process's own.
    """

    def __init__(self, folder: Path, own: Path) -> None:
        self._folder, self._own = folder, own

    def save_weights(self, job: str, number: int, network: Network) -> Path:
        """Write the network of a job in training as it is now, into a file of that number.

        Raises:
            OSError: It cannot be written; nothing of it is left.
        """
        self._own.mkdir(parents=True, exist_ok=True)
        path = self._own / f"{job}-{number}.npz"
        network.save(path, compress=False)
        return path

    def delete_weights(self, job: str, keep: Collection[Path] = ()) -> None:
        """Delete the networks of a job but some; a file that is being read may stay until the next time."""
        for path in self._own.glob(f"{job}-*.npz"):
            if path not in keep:
                with contextlib.suppress(OSError):
                    path.unlink()

    def save_samples(self, dataset: DatasetInfo, images: NDArray[np.uint8]) -> None:
        """Leave some images, (2, 2, n, 28, 28), for the pages to show: [european][augment] of the settings.

        Raises:
            OSError: They cannot be written.
        """
        self._own.mkdir(parents=True, exist_ok=True)
        unfinished = self._own / f"{secrets.token_hex(4)}.npy"
        try:
            np.save(unfinished, images, allow_pickle=False)
            unfinished.replace(self._samples(dataset))
        finally:
            unfinished.unlink(missing_ok=True)

    def load_samples(self, dataset: DatasetInfo) -> NDArray[np.uint8] | None:
        """Load the images that the trainer has left, (2, 2, n, 28, 28); None before it has."""
        try:
            samples: NDArray[np.uint8] = np.load(self._samples(dataset), allow_pickle=False)
            return samples
        except (OSError, ValueError, EOFError, MemoryError):  # not there, or damaged: it is written anew
            return None

    def _samples(self, dataset: DatasetInfo) -> Path:
        return self._folder / f"{SAMPLES_PREFIX}{TRAINING_VERSION}-{dataset.fingerprint[:16]}.npy"
