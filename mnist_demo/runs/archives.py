"""Zip archives that nobody vouches for: opened only if they hold exactly the files that were expected."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping
from typing import IO

from mnist_demo.errors import UploadRefused

DIRECTORY_BYTES = 4096
"""A directory of this size names more files than any archive here."""
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""The others may unpack more at once than they were asked for."""
ENCRYPTED = 1
ZIP64_LOCATOR_BYTES = 20


def open_archive(file: IO[bytes], limits: Mapping[str, int]) -> zipfile.ZipFile:
    """Open an archive that holds exactly the files of `limits`.

    Args:
        file: The archive, seekable.
        limits: For each file the bytes that it may announce to have when it is unpacked.

    Raises:
        UploadRefused: It holds others, one of them twice, or a larger one.
        zipfile.BadZipFile: It is no archive, or none that the app would write; nearly any other error may
            come as well.
    """
    _check_directory(file, limits)
    archive = zipfile.ZipFile(file)
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if sorted(names) != sorted(limits):
        raise UploadRefused("upload_members", found=_some(names), expected=", ".join(limits))
    for info in infos:
        if info.file_size > limits[info.filename]:
            raise UploadRefused("upload_member_too_large", file=info.filename)
        if info.compress_type not in METHODS or info.flag_bits & ENCRYPTED:
            raise zipfile.BadZipFile(info.filename)
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one file, asking for no more than was announced: `read()` alone would unpack a bomb first."""
    with archive.open(name) as file:
        return file.read(archive.getinfo(name).file_size + 1)


def _check_directory(file: IO[bytes], limits: Mapping[str, int]) -> None:
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
        raise UploadRefused("upload_members", found="…", expected=", ".join(limits))


def _some(names: Iterable[str]) -> str:
    """List some names for a sentence, the long ones cut."""
    shown = ["".join(sign if sign.isprintable() else "?" for sign in name[:30]) or "?" for name in names]
    return ", ".join(shown[:6] + ["…"] * (len(shown) > 6)) or "0"
