"""Reads the files in which MNIST is passed on: Keras's `mnist.npz`, or the four original IDX files."""

from __future__ import annotations

import gzip
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.shape import IMAGE_SIDE
from mnist_demo.errors import DatasetUnavailable

IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
IDX_MAGIC = {"x": 2051, "y": 2049}
GZIP_MAGIC = b"\x1f\x8b"


def read_arrays(path: Path) -> dict[str, NDArray[np.uint8]]:
    """Read and check the four arrays of MNIST.

    Args:
        path: An `mnist.npz`, or a folder with the four IDX files, plain or gzipped.

    Returns:
        `x_train` and `x_test` (n, 28, 28) uint8, `y_train` and `y_test` (n,) uint8 from 0 to 9.

    Raises:
        DatasetUnavailable: The message names the file and what is wrong with it.

    The training images must show at least two different digits, or there is nothing to tell apart. So there
    are at least two, one to learn from and one to hold back; that they fill a batch is not needed.
    """
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
    y_train = arrays["y_train"]
    if y_train.min() == y_train.max():
        raise DatasetUnavailable("dataset_one_digit", file=files["y_train"], images=len(y_train))
    return arrays


def _read_npz(path: Path) -> dict[str, NDArray[Any]]:
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


def _read_member(archive: np.lib.npyio.NpzFile, name: str, path: Path) -> NDArray[Any]:
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


def _check_images(name: str, images: NDArray[Any], path: Path) -> None:
    frame = (IMAGE_SIDE, IMAGE_SIDE)
    if images.dtype != np.uint8 or images.shape[1:] != frame or not len(images):
        raise _wrong_shape(name, images, path, "(n, 28, 28) uint8")


def _check_labels(name: str, labels: NDArray[Any], count: int, path: Path) -> None:
    if labels.dtype != np.uint8 or labels.shape != (count,):
        raise _wrong_shape(name, labels, path, f"({count},) uint8")
    if labels.max() > 9:
        raise DatasetUnavailable("dataset_wrong_labels", file=path)


def _wrong_shape(name: str, array: NDArray[Any], path: Path, expected: str) -> DatasetUnavailable:
    details = {"shape": array.shape, "dtype": array.dtype, "expected": expected}
    return DatasetUnavailable("dataset_wrong_shape", file=path, key=name, **details)
