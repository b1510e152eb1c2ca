"""Which of the servers that share a home has the class, told by a lock that ends with its process."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from pathlib import Path
from typing import IO

from mnist_demo.errors import ClassElsewhere
from mnist_demo.runs.claims import lock_file

LOG = logging.getLogger(__name__)
LOCK = "class.lock"
HELD_ERRORS = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}
"""What the systems say of a lock that somebody else holds."""


class ClassLock:
    """The right to write to the class of a folder, until it is released or the process ends, however.

    Args:
        folder: Where the file of the class is.

    Raises:
        ClassElsewhere: Another server has it.
        OSError: No file can be written there.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._file = self._take()
        while not self.is_there:  # whoever had it has deleted it when it was open here already
            self._file.close()
            self._file = self._take()

    def _take(self) -> IO[bytes]:
        file = self._path.open("ab")
        try:
            lock_file(file, wait=False)
        except OSError as error:
            if error.errno in HELD_ERRORS:
                file.close()
                raise ClassElsewhere("class_elsewhere") from error
            LOG.warning("%s cannot be locked (%s): see that one server alone uses it", self._path, error)
        return file

    @property
    def is_there(self) -> bool:
        """Whether the file that is locked is still the one that others would lock."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self._path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Let another server have the class."""
        if not self._file.closed and self.is_there:
            with contextlib.suppress(OSError):  # Windows deletes no file that is open: an empty one stays
                self._path.unlink()
        self._file.close()
