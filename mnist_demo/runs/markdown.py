"""Text that somebody typed, or a path, as Markdown that shows it letter by letter."""

from __future__ import annotations

import re

JOINER = "\u2060"
"""Word joiner: it is not seen, and no line breaks at it."""
MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^&])")
MADE_OF_PLAIN_TEXT = re.compile(r":(?=[\w/+-])|www(?=\.)|@(?=[\w-])|[<>~-](?=[>=-])", re.IGNORECASE)
"""Where icons (`:material/delete:`), emojis, arrows (`->`), dashes and links to `https://` or `www.` begin.

Streamlit and its Markdown library look for these in the text that is left once escapes are resolved, so that
a backslash does not keep them off.
"""
LINE_BREAKS = re.compile("[\t-\r\x85\u2028\u2029]")
UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, those that turn the direction of writing, and halves of characters as in file names."""
REPLACEMENT = "\ufffd"


def escape_markdown(text: object) -> str:
    """Return text as Markdown that shows it as it is, on one line; what cannot be shown becomes a mark."""
    shown = UNSHOWABLE.sub(REPLACEMENT, LINE_BREAKS.sub(" ", str(text)))
    broken_up = MADE_OF_PLAIN_TEXT.sub(lambda found: found[0] + JOINER, shown)
    return MARKDOWN_SIGNS.sub(r"\\\1", broken_up)
