"""What a run may be called."""

from __future__ import annotations

import pytest

from mnist_demo.runs.names import MAX_NAME_LENGTH, clean_name


@pytest.mark.parametrize(
    "name",
    [
        "Clase 3.º B",
        "👩‍🔬 first try",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿 and 🇲🇽 and ☀️",
        "co\u00adop",
        "می‌خواهم",
        "क्‍ष",
        "数字の認識",
        "שלום",
        "a -> b, <b>&amp;</b> $x$",
        "\U000103a0 \U0001fae8",
    ],
)
def test_names_in_any_language_stay_as_they_are(name: str):
    """Letters, emoji of several parts, soft hyphens, the joiners of Persian and Hindi, signs of code."""
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  my \n\t first   run ", "my first run"),
        ("one\u2028two\u2029three\u00a0four", "one two three four"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2066a\u2069 \u200eb\u200f\u061c", "a b"),
        ("a\x00b\x1b[31m\x7f\x85c", "ab[31m c"),
        ("half \ud800", "half"),
        ("\ufeffa\u2060b\ufff9", "ab"),
    ],
)
def test_what_would_break_the_page_around_it_goes(typed: str, kept: str):
    """Line ends become blanks; directions, controls, half characters and invisible marks are left out."""
    assert clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "\n", "\u202e", "\u200d\u00ad \u200c"])
def test_name_of_which_nothing_can_be_seen_is_none(typed: str):
    """The automatic name is shown instead."""
    assert clean_name(typed) == ""


def test_long_name_is_cut():
    """At 60 characters, and no blank or joiner is left at its end."""
    assert clean_name("x" * 61) == "x" * MAX_NAME_LENGTH
    assert clean_name("x" * 59 + " y") == "x" * 59
    assert clean_name("x" * 58 + "👩‍🔬") == "x" * 58 + "👩"


@pytest.mark.parametrize("name", ["a\u202eb", "  a\n" + "b" * 100, "👩‍🔬", "\u200d"])
def test_clean_name_stays_clean(name: str):
    """A run that is sent from computer to computer keeps its name."""
    assert clean_name(clean_name(name)) == clean_name(name)
