from pathlib import Path

import pytest

from mnist_demo.runs.markdown import JOINER, REPLACEMENT, escape_markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("Ana", "Ana"),
        ("año 1, «bien»: 97,8\u00a0%", "año 1, «bien»\\: 97,8\u00a0%"),
        ("a_b*c", r"a\_b\*c"),
        ("$x$ `y` <b>", r"\$x\$ \`y\` \<b\>"),
        ("![x](y)", r"\!\[x\]\(y\)"),
        ("C:\\home", r"C\:\\home"),
        (Path("my-runs"), r"my\-runs"),
    ],
)
def test_signs_of_markdown_are_escaped(text: object, markdown: str):
    """What somebody typed, or a path, shows as it is: no picture, no colour, no formula."""
    assert escape_markdown(text) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        (":material/delete:", r"\:|material/delete\:"),
        (":streamlit: :+1:", r"\:|streamlit\: \:|\+1\:"),
        (":red[x]", r"\:|red\[x\]"),
        ("a -> b", r"a \-|\> b"),
        ("a <-> b", r"a \<|\-|\> b"),
        ("a -- b", r"a \-|\- b"),
        ("a <= b >= c ~= d", r"a \<|= b \>|= c \~|= d"),
        ("https://other.example", r"https\:|//other\.example"),
        ("WWW.other.example", r"WWW|\.other\.example"),
        ("ana@other.example", r"ana@|other\.example"),
    ],
)
def test_what_plain_text_would_become_is_broken_up(text: str, markdown: str):
    """Icons, emojis, arrows and links are found once escapes are resolved; `|` stands for the joiner."""
    assert escape_markdown(text).replace(JOINER, "|") == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("one\ntwo\r\n\tthree", "one two   three"),
        ("one\u2028two", "one two"),
        ("abc\u202egpj", f"abc{REPLACEMENT}gpj"),
        ("\u2066abc\u2069", f"{REPLACEMENT}abc{REPLACEMENT}"),
        ("nul\x00 bell\x07", f"nul{REPLACEMENT} bell{REPLACEMENT}"),
        ("run-\udcff", f"run\\-{REPLACEMENT}"),
    ],
)
def test_what_cannot_be_shown_becomes_a_mark(text: str, markdown: str):
    """Nothing turns the direction of what follows, and nothing keeps the page from being sent."""
    assert escape_markdown(text) == markdown
    assert escape_markdown(text).encode()


@pytest.mark.parametrize("text", ["नमस्ते", "می‌خواهم", "👩‍👩‍👧", "so\u00adft", "e\u0301"])
def test_letters_of_all_languages_stay(text: str):
    """Joiners are part of Hindi, Persian and of emojis."""
    assert escape_markdown(text) == text
