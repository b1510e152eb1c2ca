"""The one way in which the pages show that something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from mnist_demo.errors import DemoError
from mnist_demo.runs import escape_markdown
from mnist_demo.texts import Texts, message


def problem_markdown(error: DemoError, texts: Texts) -> str:
    """Return an error's sentence as Markdown; names and paths in it are shown letter by letter."""
    return escape_markdown(message(error, texts.code))


def show_problem(error: DemoError, texts: Texts, show: Callable[..., Any] = st.error) -> None:
    """Show an error's sentence.

    Args:
        error: What is wrong.
        texts: The words.
        show: The element that it is shown in; from a callback, before the page is drawn, `st.toast`.
    """
    show(problem_markdown(error, texts), icon=":material/error:")
