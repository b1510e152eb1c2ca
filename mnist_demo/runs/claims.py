"""Whose an unfinished file is: told by a lock that ends with its process, however that ends.

Several processes share one home. Each names what it has not finished after its claim, a short random word,
and holds a lock on a file of that name. The system lets go of the lock when the process ends, even by
kill -9: what bears the name of a claim that nobody holds was left behind, however young it is.
"""

from __future__ import annotations

import contextlib
import secrets
import sys
import weakref
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_SUFFIX = ".lock"


class Claim:
    """The claim of a store of runs; it ends with the store or with the process.

    Args:
        folder: Where all processes that share a home keep their locks; it exists.

    Attributes:
        name: Eight hexadecimal digits.

    Raises:
        OSError: No file can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self.name = secrets.token_hex(4)
        path = folder / f"{self.name}{LOCK_SUFFIX}"
        file = _open_locked(path)
        while not path.exists():  # another process has taken it for a leftover before it was locked
            file.close()
            file = _open_locked(path)
        weakref.finalize(self, _release, file, path)


def living_claims(folder: Path) -> set[str]:
    """Return the names of the claims that are held, and remove the locks of the others."""
    living = set()
    for path in folder.glob(f"*{LOCK_SUFFIX}"):
        if _is_held(path):
            living.add(path.stem)
        else:
            with contextlib.suppress(OSError):
                path.unlink()
    return living


def _open_locked(path: Path) -> IO[bytes]:
    file = path.open("wb")
    with contextlib.suppress(OSError):  # a file system without locks, where all claims count as held
        lock_file(file, wait=True)
    return file


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb+") as file:
            lock_file(file, wait=False)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def lock_file(file: IO[bytes], *, wait: bool) -> None:
    """Lock a file for as long as it is open; raises OSError if another has it and one is not to wait."""
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def _release(file: IO[bytes], path: Path) -> None:
    file.close()
    with contextlib.suppress(OSError):
        path.unlink()
