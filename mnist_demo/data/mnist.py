"""Where the images come from: MNIST if any copy of it can be had, else digits that need no internet."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.files import IDX_NAMES, read_arrays
from mnist_demo.data.preprocessing import centre_by_mass, crop_to_ink, scale_into_box
from mnist_demo.errors import DatasetUnavailable, DemoError, DownloadFailed
from mnist_demo.settings import Settings

KERAS_FALLBACK = Path("/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()) / ".keras"
"""Where Keras keeps its files if its own folder cannot be written."""

MNIST_FINGERPRINT = "25c98f992c005963b7428e1f38418b233c9b286cc403519287eb8063f0bcfe07"
"""Of the 70,000 images in their original order, however they came: `Dataset.info` computes it."""

OFFLINE_TRAIN_IMAGES = 1415


class Source(StrEnum):
    """Which of the sources served, in the order in which they are tried."""

    MNIST_DEMO_DATA = "mnist_demo_data"
    KERAS_CACHE = "keras_cache"
    DOWNLOAD = "download"
    OFFLINE_DIGITS = "offline_digits"


@dataclass(frozen=True)
class Origin:
    """Where a data set came from.

    Attributes:
        source: The source that served.
        path: The file or folder that was read; None for the digits that come with scikit-learn.
        notes: Why sources before it did not serve, as errors that can say so in every language.
    """

    source: Source
    path: Path | None = None
    notes: tuple[DemoError, ...] = ()

    def __str__(self) -> str:
        served = {
            Source.MNIST_DEMO_DATA: f"MNIST from {self.path} (MNIST_DEMO_DATA).",
            Source.KERAS_CACHE: f"MNIST from {self.path} (downloaded earlier by Keras).",
            Source.DOWNLOAD: f"MNIST, downloaded to {self.path}.",
            Source.OFFLINE_DIGITS: "1,797 digits of 8 by 8 pixels from scikit-learn, in place of MNIST.",
        }
        return " ".join([served[self.source], *map(str, self.notes)])


@dataclass(frozen=True)
class DatasetInfo:
    """Which images a run was trained on.

    Attributes:
        name: "mnist"; "digits8x8" for the offline stand-in; "other" for whatever else somebody provides.
        fingerprint: SHA-256 of the images and labels, hexadecimal.
        n_train: Number of training images, validation included.
        n_test: Number of test images.
    """

    name: str
    fingerprint: str
    n_train: int
    n_test: int

    @property
    def is_mnist(self) -> bool:
        """Whether these are MNIST's images, so that figures may be compared."""
        return self.name == "mnist"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels, for training and for the test.

    Attributes:
        x_train: (n, 28, 28) uint8, 0 to 255, white on black.
        y_train: (n,) uint8, 0 to 9.
        x_test: (m, 28, 28) uint8, as `x_train`.
        y_test: (m,) uint8, as `y_train`.
        origin: Where they came from.
    """

    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.uint8]
    origin: Origin

    @cached_property
    def info(self) -> DatasetInfo:
        """Say which images these are; the fingerprint depends on the arrays alone, not on their file."""
        digest = hashlib.sha256()
        for name in IDX_NAMES:
            array = np.ascontiguousarray(getattr(self, name))
            digest.update(repr(array.shape).encode())
            digest.update(array.data)
        fingerprint = digest.hexdigest()
        name = "mnist" if fingerprint == MNIST_FINGERPRINT else "other"
        if self.origin.source is Source.OFFLINE_DIGITS:
            name = "digits8x8"
        return DatasetInfo(name, fingerprint, len(self.y_train), len(self.y_test))


def load_mnist(settings: Settings | None = None, download: Callable[[], Path] | None = None) -> Dataset:
    """Load MNIST from the first source that has it.

    These are tried in turn: the file or folder of `MNIST_DEMO_DATA`, which has to serve if it is set; what
    Keras downloaded earlier; `download`; at last the digits of scikit-learn, so that a lesson without
    internet can start. The arrays are read-only, because everybody shares them.

    Args:
        settings: Where to look; None reads the environment.
        download: Fetches an `mnist.npz` and returns its path, or raises `DownloadFailed`; None: no download.

    Returns:
        The images; `origin` tells the source, and in its notes why an earlier one did not serve.

    Raises:
        DatasetUnavailable: `MNIST_DEMO_DATA` is set to what cannot be read; the message names the file.
    """
    settings = settings or Settings.from_environment()
    if settings.data is not None:
        return _read_dataset(settings.data, Source.MNIST_DEMO_DATA)
    notes: list[DemoError] = []
    for path in keras_files(settings):
        try:
            return _read_dataset(path, Source.KERAS_CACHE, notes)
        except DatasetUnavailable as error:
            if error.code != "dataset_missing":
                notes.append(_note(error))
    if download is not None:
        try:
            return _read_dataset(download(), Source.DOWNLOAD, notes)
        except (DownloadFailed, DatasetUnavailable) as error:
            notes.append(_note(error))
    return load_offline_digits(notes)


def keras_files(settings: Settings) -> tuple[Path, ...]:
    """List where Keras may have put `mnist.npz`: its own folder, its fallback if that cannot be written."""
    homes = [settings.keras_home]
    if not os.access(settings.keras_home, os.W_OK):
        homes.append(KERAS_FALLBACK)
    return tuple(home / "datasets" / "mnist.npz" for home in homes)


def load_offline_digits(notes: Sequence[DemoError] = ()) -> Dataset:
    """Make a small stand-in for MNIST out of the 1,797 digits that come with scikit-learn.

    Each is enlarged from 8 by 8 pixels and framed as MNIST's images are. The first 1,415 train, the last 382
    test (79 and 21 per cent), unshuffled, because the digits lie writer by writer: so the test is on other
    people's writing.

    Args:
        notes: Why MNIST itself is not to be had.

    Returns:
        (1415, 28, 28) and (382, 28, 28) uint8 with their labels.

    Source: Alpaydin, Kaynak, "Optical Recognition of Handwritten Digits" (UCI, 1998), its test part.
    """
    from sklearn.datasets import load_digits  # noqa: PLC0415 - takes a second that only this source has to pay

    digits = load_digits()
    small = np.rint(digits.images * (255 / 16)).astype(np.uint8)  # (1797, 8, 8), 0 to 16 -> 0 to 255
    images = np.stack([centre_by_mass(scale_into_box(crop_to_ink(image))) for image in small])
    labels = digits.target.astype(np.uint8)
    arrays = (images[:OFFLINE_TRAIN_IMAGES], labels[:OFFLINE_TRAIN_IMAGES])
    arrays += (images[OFFLINE_TRAIN_IMAGES:], labels[OFFLINE_TRAIN_IMAGES:])
    return Dataset(*map(_freeze, arrays), Origin(Source.OFFLINE_DIGITS, notes=tuple(notes)))


def _read_dataset(path: Path, source: Source, notes: Sequence[DemoError] = ()) -> Dataset:
    arrays = {name: _freeze(array) for name, array in read_arrays(path).items()}
    return Dataset(**arrays, origin=Origin(source, path, tuple(notes)))


def _freeze(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    array.flags.writeable = False
    return array


def _note(error: DemoError) -> DemoError:
    """Copy an error without its traceback, whose frames would keep half-read arrays alive."""
    return type(error)(error.code, **error.details)
