"""Whatever goes wrong is shown in one way, as text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.mnist import REPOSITORY

PAGES = REPOSITORY / "mnist_demo" / "ui"
NAME = "<b>:material/delete:</b> www.other.example"


def page(name: str, toast: bool) -> None:
    """Show an error; runs as a script of its own."""
    import streamlit as st

    from mnist_demo.errors import UnknownRun
    from mnist_demo.texts.loading import load_texts
    from mnist_demo.ui.common.problem import show_problem

    error = UnknownRun("run_unknown", name=name)
    if toast:
        show_problem(error, load_texts("en"), st.toast)
    else:
        show_problem(error, load_texts("en"))


@pytest.mark.parametrize("toast", [False, True])
def test_name_in_an_error_is_text(toast: bool):
    """No icon, no markup and no link is made of it, wherever it is shown."""
    app = AppTest.from_function(page, args=(NAME, toast), default_timeout=60).run()
    assert not app.exception
    (shown,) = app.toast if toast else app.error
    assert shown.value.startswith("There is no run called \\<b\\>\\:\u2060material")
    assert "www\u2060\\." in shown.value


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call in a module."""
    yield from (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))


def is_of_streamlit(call: ast.Call) -> bool:
    """Tell `st.error` and its like."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(owner, ast.Name) and owner.id == "st"


@pytest.mark.parametrize("path", sorted(PAGES.rglob("*.py")), ids=lambda path: path.stem)
def test_no_page_shows_an_error_in_a_way_of_its_own(path: Path):
    """The sentence of an error reaches Streamlit by `problem.py` alone."""
    for call in filter(is_of_streamlit, calls(path)):
        inner = (node for node in ast.walk(call) if isinstance(node, ast.Call))
        assert not [node for node in inner if isinstance(node.func, ast.Name) and node.func.id == "message"]
