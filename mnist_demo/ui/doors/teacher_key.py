"""The key that makes a teacher of whoever has it, from whatever computer."""

from __future__ import annotations

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path

from mnist_demo.errors import HomeUnusable

KEY_FILE = "teacher-key"
KEY_BYTES = 18
MAX_KEY_LENGTH = 200
OWNER_ONLY = 0o600


class TeacherKey:
    """A key, what a browser keeps in its place, and whether something is one or the other.

    Attributes:
        key: The key itself, a secret.
        cookie: What a browser keeps: it proves that the key was known, and does not tell it.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.cookie = hmac.new(key.encode(), b"mnist-demo teacher", sha256).hexdigest()

    def opens(self, given: str) -> bool:
        """Tell whether this is the key, in a time that tells nothing of how much of it is right."""
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.key.encode())

    def has_made(self, cookie: str) -> bool:
        """Tell whether this is the cookie, in such a time too."""
        return hmac.compare_digest(cookie.encode("utf-8", "replace"), self.cookie.encode())


def open_key(home: Path) -> TeacherKey:
    """Return the key that is kept in a home, readable for its owner alone; the first time it is made.

    Raises:
        HomeUnusable: It can neither be read nor be kept there.
    """
    path = home / KEY_FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY)
        with os.fdopen(handle, "r+", encoding="utf-8") as file:
            path.chmod(OWNER_ONLY)
            key = file.read(MAX_KEY_LENGTH).strip()
            if not key:
                key = secrets.token_urlsafe(KEY_BYTES)
                file.seek(0)
                file.write(f"{key}\n")
                file.flush()
                os.fsync(file.fileno())
    except (OSError, UnicodeDecodeError) as error:
        raise HomeUnusable(path, error) from error
    return TeacherKey(key)
