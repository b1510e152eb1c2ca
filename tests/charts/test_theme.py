"""The colours of all charts and pictures, held against what is behind them or upon them."""

from __future__ import annotations

import re
import tomllib
from itertools import product

import pytest

from mnist_demo.charts.pictures import grey
from mnist_demo.charts.theme import (
    DARK,
    DARK_TEXT_FROM,
    DIGIT_FILLS,
    DIGIT_INK,
    LIGHT,
    RUN_COLOURS,
    Colour,
    Fill,
    OnBlack,
    Page,
    Stage,
    css_variables,
    layout,
    legend_on_top,
    literal,
    percent_axis,
    percent_hover,
    rgb,
    tint,
)
from mnist_demo.texts import languages, load_texts
from tests.mnist import REPOSITORY

GRAPHICS, TEXT = 3, 4.5
"""What WCAG 2.2 asks of lines, marks and large text (1.4.11, 1.4.3), and of text."""
PAGES = {"light": LIGHT, "dark": DARK}
NBSP = "\N{NO-BREAK SPACE}"


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    shares = [channel / 255 for channel in rgb(colour).tolist()]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def through(colour: str, background: str) -> str:
    """What one sees of a colour such as "rgba(1, 2, 3, 0.4)" on a background."""
    *channels, opacity = map(float, re.findall(r"[\d.]+", colour))
    mixed = opacity * rgb("#" + "".join(f"{int(c):02x}" for c in channels)) + (1 - opacity) * rgb(background)
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed.tolist())


def test_contrast_is_computed_as_wcag_does():
    """Black on white has 21 to 1, and the examples of the standard's understanding document hold."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("colour", "page"), list(product([*Colour, *Fill, *RUN_COLOURS], PAGES.values())))
def test_lines_marks_and_areas_are_seen_on_both_pages(colour: str, page: Page):
    """Wherever the page is shown, and whatever they stand for."""
    assert contrast(colour, page.background) >= GRAPHICS


@pytest.mark.parametrize("page", list(PAGES.values()))
def test_text_can_be_read_on_both_pages(page: Page):
    """The report has no other colours for it."""
    assert contrast(page.text, page.background) >= TEXT


@pytest.mark.parametrize("fill", list(Fill))
def test_white_text_can_be_read_on_an_area(fill: str):
    """Such as the names of the three parts of the data."""
    assert contrast("#ffffff", fill) >= TEXT


@pytest.mark.parametrize("fill", DIGIT_FILLS)
def test_digit_can_be_read_on_its_colour(fill: str):
    """Paler cells of the map have more contrast."""
    assert contrast(DIGIT_INK, fill) >= TEXT


@pytest.mark.parametrize(("colour", "black"), list(product(OnBlack, ["#000000", DARK.background])))
def test_signs_are_seen_in_pictures_on_black(colour: str, black: str):
    """In the tiles of the weights, and in the picture of the network at work."""
    assert contrast(colour, black) >= TEXT


@pytest.mark.parametrize(
    ("colour", "opacity", "page"),
    list(product([Colour.RIGHT, Colour.WRONG], [0.18, 0.4, 0.72], PAGES.values())),
)
def test_text_can_be_read_through_a_tint(colour: str, opacity: float, page: Page):
    """The confusion matrix has its numbers in the text's colour, whatever the page."""
    assert contrast(page.text, through(tint(colour, opacity), page.background)) >= TEXT


@pytest.mark.parametrize("level", range(256))
def test_text_can_be_read_on_every_grey(level: int):
    """Black from a certain grey on, white below."""
    shade = "#" + 3 * f"{level:02x}"
    assert contrast("#000000" if level >= DARK_TEXT_FROM else "#ffffff", shade) >= TEXT


def test_greys_run_from_black_to_white():
    """A share of 1 is white."""
    assert grey(rgb("#00ff00") / 255).tolist() == [0, 255, 0]


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_those_of_the_apps_theme(name: str):
    """Streamlit reads them from its own file."""
    config = tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][name]
    assert (theme["backgroundColor"], theme["textColor"]) == PAGES[name]
    assert config["theme"]["light"]["primaryColor"] == Fill.CHOSEN


def test_css_has_every_colour():
    """Under the name that it has in Python, aliases included."""
    rule = css_variables()
    for variable, colour in {
        "--right": Colour.RIGHT,
        "--training": Colour.TRAINING,
        "--border": Colour.BORDER,
        "--fill-chosen": Fill.CHOSEN,
        "--fill-test": Fill.TEST,
        "--on-black-negative": OnBlack.NEGATIVE,
    }.items():
        assert f"{variable}: {colour};" in rule
    assert rule.count("#") == sum(len(kind.__members__) for kind in (Colour, Fill, OnBlack, Stage))


def test_styles_use_no_variable_that_the_theme_lacks():
    """A misspelt one would be transparent, and nobody would be told."""
    defined = set(re.findall(r"(--[\w-]+):", css_variables()))
    own = {"--tile", "--border"}  # of gallery and report
    own |= {"--seat", "--paper", "--ink", "--focus"}  # of phones in a class
    own |= {
        "--canvas",
        "--stage-height",
        "--chart-height",
        "--side",
        "--answer-width",
        "--picture-height",
    }  # of layouts
    for path in (REPOSITORY / "mnist_demo").rglob("*.*"):
        if path.suffix in {".py", ".css", ".html"}:
            used = set(re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8")))
            assert {name for name in used if not name.startswith("--st-")} <= defined | own, path


def test_colour_is_written_once():
    """Only the theme knows which blue it is."""
    written = {str(colour) for kind in (Colour, Fill, OnBlack, Stage) for colour in kind}
    for path in (REPOSITORY / "mnist_demo").rglob("*.*"):
        if path.suffix in {".py", ".css", ".js", ".html", ".svg"} and path.name not in {
            "theme.py",
            "favicon.svg",
        }:
            assert not written & set(re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8"))), path


@pytest.mark.parametrize("paper", [Stage.PAPER, Stage.CARD])
def test_stage_is_readable(paper: str):
    """Text on it, and what shows where the keyboard is, in both themes."""
    assert min(contrast(text, paper) for text in (Stage.INK, Stage.QUIET, Stage.FOCUS)) >= TEXT
    assert min(contrast(sign, paper) for sign in (OnBlack.POSITIVE, OnBlack.NEGATIVE)) >= GRAPHICS


@pytest.mark.parametrize("language", languages())
def test_every_figure_has_the_languages_marks_and_whole_names(language: str):
    """A part of its own is added, and wins."""
    numbers = load_texts(language).numbers
    shared = layout(numbers, 300, "run7", legend=legend_on_top(), hovermode="closest")
    assert shared["separators"] == numbers.decimal + numbers.thousands
    assert (shared["height"], shared["uirevision"], shared["hovermode"]) == (300, "run7", "closest")
    assert shared["hoverlabel"]["namelength"] == -1
    assert layout(numbers, 300, font={"size": 9})["font"] == {"size": 9}


def test_per_cent_is_written_as_the_language_does():
    """In Spanish with a space at which no line breaks, on the axis and when somebody points at the line."""
    english, spanish = load_texts("en").numbers, load_texts("es").numbers
    assert percent_axis(english) == {"tickprefix": "", "ticksuffix": "%"}
    assert percent_axis(spanish) == {"tickprefix": "", "ticksuffix": f"{NBSP}%"}
    assert percent_hover(spanish, "%{y:.2f}") == f"%{{y:.2f}}{NBSP}%"


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("Ana · 97.5 %", "Ana · 97.5 %"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("&lt;", "&amp;lt;"),
        ("", ""),
    ],
)
def test_typed_text_has_no_markup(typed: str, escaped: str):
    """What plotly.js would take for a tag or an entity is written out; nothing else is touched."""
    assert literal(typed) == escaped
    assert type(literal(typed)) is str
