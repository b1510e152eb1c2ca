import re
from functools import cache
from pathlib import Path

import pytest
import streamlit
from streamlit.elements.exception import _GENERIC_UNCAUGHT_EXCEPTION_TEXT

from mnist_demo.texts import load_texts, section_entries

SEAMS = re.compile(r"\{\w+\}|[.:] |\d+|(?<=option)s? |(?<=^add) ")
"""Where the words that Streamlit shows may be put together from several."""


@cache
def source() -> str:
    """What Streamlit and plotly.js are made of."""
    scripts = Path(streamlit.__file__).parent.glob("static/static/js/*.js")  # one of them is plotly.js
    return _GENERIC_UNCAUGHT_EXCEPTION_TEXT + "".join(path.read_text(encoding="utf-8") for path in scripts)


@pytest.mark.parametrize("words", section_entries(load_texts("en").streamlit))
def test_streamlit_still_writes_the_words_that_are_translated(words: str):
    """After a newer Streamlit has come, this tells which entries have to be renamed or can go."""
    parts = [part for part in SEAMS.split(words) if part.strip(" .")]
    assert [part for part in parts if part not in source()] == []
