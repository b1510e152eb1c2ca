"""Where the class is on this server, as links on its page."""

from __future__ import annotations

from urllib.parse import urlencode

from mnist_demo.ui import services
from mnist_demo.ui.routes import PREFIX, home_path, teacher_path


def class_url() -> str:
    """Return the address below which classes are."""
    return f"{home_path()}{PREFIX}/class"


def phone_path() -> str:
    """Return the path of the page for phones, which asks for a code; with a code behind it, it does not."""
    return f"{home_path()}c"


def paper_url(paper: str, language: str) -> str:
    """Return the address of one of `papers.PAPERS` in a language."""
    return f"{home_path()}{PREFIX}/papers/{paper}?{urlencode({'language': language})}"


def remote_path() -> str:
    """Return the path that makes a teacher of whoever opens it, and leads to the class: a secret."""
    return f"{teacher_path(services.teacher_key().key)}&page=class"
