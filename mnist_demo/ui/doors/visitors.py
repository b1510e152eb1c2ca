"""Visitors: each browser has a random token, and may have a name."""

from __future__ import annotations

import os
import re
import secrets
from hashlib import sha256
from pathlib import Path

from mnist_demo.errors import NameNotKept
from mnist_demo.runs import clean_name

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
TOKEN_BYTES = 32
ID_LENGTH = 32
MAX_VISITOR_NAME_LENGTH = 24
MAX_NAMES = 2000


def new_token() -> str:
    """Make a token that nobody guesses."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def visitor_id(token: str) -> str:
    """Return who has a token, which nobody finds out from that; empty where it is no token of ours."""
    return sha256(f"mnist-demo visitor {token}".encode()).hexdigest()[:ID_LENGTH] if is_token(token) else ""


def is_token(text: str) -> bool:
    """Tell whether a text can be a token."""
    return TOKEN.fullmatch(text) is not None


class VisitorNames:
    """What visitors call themselves, a small file for each, so that servers and processes do not meet in one.

    Args:
        folder: Where the files are; made with the first of them.
        max_names: So many are kept; the oldest go first.
    """

    def __init__(self, folder: Path, max_names: int = MAX_NAMES) -> None:
        self._folder, self._max_names = folder, max_names

    def get(self, visitor: str) -> str:
        """Return a visitor's name, empty where they have said none."""
        try:
            text = (self._folder / visitor).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return clean_name(text, MAX_VISITOR_NAME_LENGTH)

    def keep(self, visitor: str, name: str) -> None:
        """Keep the name that a visitor has typed; an empty one is forgotten.

        Raises:
            NameNotKept: It cannot be written.
        """
        path, unfinished = self._folder / visitor, self._folder / f".{visitor}.{secrets.token_hex(4)}"
        try:
            if not (cleaned := clean_name(name, MAX_VISITOR_NAME_LENGTH)):
                path.unlink(missing_ok=True)
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(cleaned, encoding="utf-8")
            unfinished.replace(path)
            self._forget_oldest()
        except OSError as error:
            raise NameNotKept("name_not_kept", reason=error) from error

    def _forget_oldest(self) -> None:
        with os.scandir(self._folder) as entries:
            paths = [entry.path for entry in entries if not entry.name.startswith(".")]
        for path in sorted(paths, key=_changed)[: -self._max_names]:
            Path(path).unlink(missing_ok=True)


def _changed(path: str) -> int:
    """Tell when a file was changed last; one that another process has removed meanwhile counts as old."""
    try:
        return Path(path).stat().st_mtime_ns
    except FileNotFoundError:
        return 0
