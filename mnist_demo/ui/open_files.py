"""How many files the server may open: each visitor takes some, and some systems begin with very few."""

from __future__ import annotations

import contextlib
import sys

from mnist_demo.errors import ServerLimited

if sys.platform != "win32":  # which knows no such limit
    import resource

WANTED_FILES = 10_240
"""For more visitors than one server can draw pages for; more than this, macOS may refuse."""
LOW_FILES = 1_024
FILES_PER_VISITOR = 4
OWN_FILES = 60
"""Of the server itself, its trainer's pipes among them."""


def raise_open_files() -> None:
    """Raise the soft limit of open files as far as it is wanted and the hard one allows.

    Raises:
        ServerLimited: Even then it is so low that a class could use it up.
    """
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        with contextlib.suppress(ValueError, OSError):  # forbidden after all: what there is, is told below
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < LOW_FILES:
        raise ServerLimited("few_open_files", limit=soft, visitors=(soft - OWN_FILES) // FILES_PER_VISITOR)
