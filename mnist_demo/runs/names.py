"""What a run may be called: one rule for names typed on the page, uploaded, and found on the disk."""

from __future__ import annotations

import unicodedata

MAX_NAME_LENGTH = 60
SOFT_HYPHEN, ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER = "\u00ad", "\u200c", "\u200d"
JOINERS = ZERO_WIDTH_NON_JOINER + ZERO_WIDTH_JOINER
EMOJI_TAGS = {chr(code) for code in range(0xE0020, 0xE0080)}
VISIBLE_FORMATS = {SOFT_HYPHEN, *JOINERS, *EMOJI_TAGS}
"""Of the characters that only format text, those that words and emoji are written with: Persian and Hindi
join or part letters, emoji are made of several parts, flags end in tags."""


def clean_name(text: str, max_length: int = MAX_NAME_LENGTH) -> str:
    """Return a name without what would break or turn around the text beside it; empty where nothing is left.

    Letters and signs of all languages stay. Line ends and other blanks become single blanks; control and
    direction characters (Unicode's categories Cc, Cs and Cf) go; at most `max_length` characters are kept.
    """
    kept = "".join(sign for sign in " ".join(text.split()) if _is_allowed(sign))
    name = " ".join(kept.split())[:max_length].rstrip(" " + JOINERS)
    return name if set(name) - VISIBLE_FORMATS - {" "} else ""


def _is_allowed(sign: str) -> bool:
    return sign in VISIBLE_FORMATS or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}
