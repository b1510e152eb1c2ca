"""Where the images come from: MNIST if any copy of it can be had, else digits that need no internet."""

from __future__ import annotations

import gzip
import hashlib
import math
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from mnist_demo.errors import DatasetUnavailable, DemoError, DownloadFailed
from mnist_demo.preprocessing import FRAME_PIXELS, centre_by_mass, crop_to_ink, scale_into_box
from mnist_demo.runs import DatasetInfo
from mnist_demo.settings import Settings

IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
IDX_MAGIC = {"x": 2051, "y": 2049}
GZIP_MAGIC = b"\x1f\x8b"

KERAS_FALLBACK = Path("/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()) / ".keras"
"""Where Keras keeps its files if its own folder cannot be written."""

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
        name = "digits8x8" if self.origin.source is Source.OFFLINE_DIGITS else "mnist"
        return DatasetInfo(name, digest.hexdigest(), len(self.y_train), len(self.y_test))


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
            if error.problem != "dataset_missing":
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
    with _reading(path):
        is_folder = path.is_dir()
    if is_folder:
        files = {name: _find_idx(path, stem) for name, stem in IDX_NAMES.items()}
        arrays = {name: _read_idx(file, IDX_MAGIC[name[0]]) for name, file in files.items()}
    else:
        files = dict.fromkeys(IDX_NAMES, path)
        arrays = _read_npz(path)
    for images, labels in (("x_train", "y_train"), ("x_test", "y_test")):
        _check_images(images, arrays[images], files[images])
        _check_labels(labels, arrays[labels], len(arrays[images]), files[labels])
    return Dataset(
        **{name: _freeze(array) for name, array in arrays.items()}, origin=Origin(source, path, tuple(notes))
    )


def _read_npz(path: Path) -> dict[str, NDArray]:
    # Opened here, because np.load leaves its own file open when an archive is damaged.
    with _reading(path), path.open("rb") as file, _open_npz(file, path) as archive:
        return {name: _read_member(archive, name, path) for name in IDX_NAMES}


def _open_npz(file: BinaryIO, path: Path) -> np.lib.npyio.NpzFile:
    try:
        archive = np.load(file, allow_pickle=False)
    except (zipfile.BadZipFile, EOFError, ValueError) as error:  # no zip, an empty file, a pickle
        raise DatasetUnavailable("dataset_not_npz", file=path) from error
    if not isinstance(archive, np.lib.npyio.NpzFile):
        raise DatasetUnavailable("dataset_not_npz", file=path)
    return archive


def _read_member(archive: np.lib.npyio.NpzFile, name: str, path: Path) -> NDArray:
    if name not in archive:
        raise DatasetUnavailable("dataset_missing_key", file=path, key=name)
    try:
        array = archive[name]
    except ValueError as error:  # pickled objects, or a header that describes no array
        raise DatasetUnavailable("dataset_not_array", file=path, key=name) from error
    if not isinstance(array, np.ndarray):
        raise DatasetUnavailable("dataset_not_array", file=path, key=name)
    return array


def _find_idx(folder: Path, stem: str) -> Path:
    names = (stem, stem.replace("-idx", ".idx"))
    for file in (folder / f"{name}{ending}" for name in names for ending in ("", ".gz")):
        with _reading(file):
            if file.is_file():
                return file
    raise DatasetUnavailable("dataset_missing", file=folder / stem)


def _read_idx(path: Path, magic: int) -> NDArray[np.uint8]:
    """Read an IDX file: magic number (its last byte counts the axes), lengths of the axes, a byte a value."""
    with _reading(path):
        content = path.read_bytes()
        # By content, because browsers unpack a .gz and keep its name.
        content = gzip.decompress(content) if content.startswith(GZIP_MAGIC) else content
    header = struct.Struct(f">{1 + magic % 256}I")
    if len(content) < header.size:
        raise DatasetUnavailable("dataset_truncated", file=path, size=len(content), expected=header.size)
    found, *shape = header.unpack_from(content)
    if found != magic:
        raise DatasetUnavailable("dataset_wrong_magic", file=path, magic=found, expected=magic)
    expected = header.size + math.prod(shape)
    if len(content) != expected:
        problem = "dataset_truncated" if len(content) < expected else "dataset_too_long"
        raise DatasetUnavailable(problem, file=path, size=len(content), expected=expected)
    return np.frombuffer(content, np.uint8, offset=header.size).reshape(shape)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn what reading a file may raise into the sentence for it."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DatasetUnavailable("dataset_missing", file=path) from error
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        # RuntimeError: zipfile takes flipped bits for encryption or an unknown compression.
        raise DatasetUnavailable("dataset_damaged", file=path) from error
    except (OSError, MemoryError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DatasetUnavailable("dataset_unreadable", file=path, reason=reason) from error


def _check_images(name: str, images: NDArray, path: Path) -> None:
    frame = (FRAME_PIXELS, FRAME_PIXELS)
    if images.dtype != np.uint8 or images.shape[1:] != frame or not len(images):
        raise _wrong_shape(name, images, path, "(n, 28, 28) uint8")


def _check_labels(name: str, labels: NDArray, count: int, path: Path) -> None:
    if labels.dtype != np.uint8 or labels.shape != (count,):
        raise _wrong_shape(name, labels, path, f"({count},) uint8")
    if labels.max() > 9:
        raise DatasetUnavailable("dataset_wrong_labels", file=path)


def _wrong_shape(name: str, array: NDArray, path: Path, expected: str) -> DatasetUnavailable:
    details = {"shape": array.shape, "dtype": array.dtype, "expected": expected}
    return DatasetUnavailable("dataset_wrong_shape", file=path, key=name, **details)


def _freeze(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    array.flags.writeable = False
    return array


def _note(error: DemoError) -> DemoError:
    """Copy an error without its traceback, whose frames would keep half-read arrays alive."""
    return type(error)(error.problem, **error.details)
