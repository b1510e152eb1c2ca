"""Files that nobody vouches for: a run's zip archives and arrays, checked before memory is spent on them."""

from __future__ import annotations

import contextlib
import csv
import io
import math
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.errors import DamagedRun, UnknownRun

DIRECTORY_BYTES = 8192
"""A directory of this size names more files than any archive here."""
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The others may unpack more at once than they were asked for."""
ENCRYPTED = 1
ZIP64_LOCATOR_BYTES = 20
PARSE_ERRORS = (
    ArithmeticError,
    EOFError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    csv.Error,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What Python's readers, zipfile and NumPy raise when bytes have changed."""


class CrowdedArchive(zipfile.BadZipFile):
    """An archive of very many files, whose directory is not even read."""


@contextlib.contextmanager
def reading(path: Path, damage: str = "run_unreadable") -> Iterator[None]:
    """Distinguish a file that is damaged from a computer that cannot read it just now.

    Args:
        path: What is read inside the `with` block.
        damage: Code of the error for a damaged file.

    Raises:
        DamagedRun: The file holds something else than it should.
        UnknownRun: There is no such file, or it cannot be read now: no permission, too many open files, a
            virus scanner that holds it, too little memory. That says nothing of what the file holds.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise UnknownRun("run_unknown", name=path) from error
    except (OSError, MemoryError) as error:
        raise UnknownRun("run_not_readable", name=path, reason=error) from error
    except PARSE_ERRORS as error:
        raise DamagedRun(damage, file=path, reason=error) from error


def load_arrays(path: Path, contents: Sequence[Sequence[str]], max_bytes: int) -> dict[str, NDArray[Any]]:
    """Load the arrays of an npz; to be called inside `reading`.

    Names, sizes and shapes are checked before memory is taken for the arrays, and nothing is unpickled.

    Args:
        path: The file.
        contents: What it may hold: each entry names all the arrays of a file.
        max_bytes: How many bytes all arrays may have together.

    Returns:
        The arrays by their names, in the order of the entry.

    Raises:
        OSError, MemoryError: It cannot be read now.
        PARSE_ERRORS: It holds anything else.
    """
    if path.stat().st_size > 2 * max_bytes:
        raise ValueError(f"> {max_bytes} bytes")
    # Read at once: from here on, an error is the content's, never the disk's.
    with open_archive(io.BytesIO(path.read_bytes())) as archive:
        found = [info.filename.removesuffix(".npy") for info in archive.infolist()]
        names = next((names for names in contents if sorted(names) == sorted(found)), None)
        if names is None:
            raise ValueError(f"{', '.join(found)} ≠ {' | '.join(map(', '.join, contents))}")
        if sum(info.file_size for info in archive.infolist()) > max_bytes:
            raise ValueError(f"> {max_bytes} bytes")
        return {name: _read_array(archive, f"{name}.npy") for name in names}


def _read_array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(name) as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError(name)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        expected_bytes = file.tell() + dtype.itemsize * math.prod(shape)
        if dtype.hasobject or expected_bytes != archive.getinfo(name).file_size:
            raise ValueError(f"{name}: {dtype} {shape}")
    with archive.open(name) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """Open an archive of a few plain files, none of them packed in a way that unpacks without bounds.

    Args:
        file: The archive, seekable.

    Raises:
        CrowdedArchive: It holds very many files.
        PARSE_ERRORS: It is no such archive.
    """
    _check_directory(file)
    archive = zipfile.ZipFile(file)
    for info in archive.infolist():
        if info.compress_type not in METHODS or info.flag_bits & ENCRYPTED:
            raise zipfile.BadZipFile(info.filename)
    return archive


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Unpack one file, asking for no more than was announced: `read()` alone would unpack a bomb first."""
    with archive.open(info) as file:
        return file.read(info.file_size + 1)


def _check_directory(file: IO[bytes]) -> None:
    """Refuse a directory of thousands of files before zipfile reads it.

    Source: PKWARE's APPNOTE.TXT, 4.3.16: the record at the end of an archive, here without a comment.
    """
    record = struct.Struct("<4s4H2LH")
    end = file.seek(-record.size, io.SEEK_END)
    file.seek(max(0, end - ZIP64_LOCATOR_BYTES))
    if file.read(4) == b"PK\x06\x07" and end >= ZIP64_LOCATOR_BYTES:
        raise zipfile.BadZipFile("zip64")  # whose own directory zipfile would read; no run is so large
    file.seek(end)
    magic, *_, directory_bytes, _offset, comment_bytes = record.unpack(file.read())
    if magic != b"PK\x05\x06" or comment_bytes:
        raise zipfile.BadZipFile("end")
    if directory_bytes > DIRECTORY_BYTES:
        raise CrowdedArchive(f"{directory_bytes} bytes")
