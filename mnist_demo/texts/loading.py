"""Which languages there are, and their catalogues: one TOML file and a folder of lessons each.

`en.toml` says which entries a catalogue has; the others translate it. To add a language, copy `en.toml` and
the folder `en`, name them by the language's code, and translate: it appears in the language picker.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from mnist_demo.errors import DemoError
from mnist_demo.texts.catalogue import Catalogue, Texts, find_faults

LOCALES = Path(__file__).parent / "locales"
DEFAULT_LANGUAGE = "en"
SECOND_LANGUAGES = dict.fromkeys(("ca", "eu", "gl", "ast", "an", "gn", "qu", "ay"), "es")
"""For languages without a catalogue, the one in which their speakers went to school."""
ACCEPTED = re.compile(r"\s*([a-z]{2,3})(?:[-_.][\w.-]*)?\s*(?:;\s*q=(\d(?:\.\d*)?)\s*)?", re.IGNORECASE)


class CatalogueError(ValueError):
    """A catalogue cannot be used; the message names the file, and every entry that is wrong."""


@cache
def languages() -> tuple[str, ...]:
    """List the codes of the languages that have a catalogue, the default first."""
    found = sorted(path.stem for path in LOCALES.glob("*.toml"))
    return tuple(sorted(found, key=lambda code: code != DEFAULT_LANGUAGE))


@cache
def load_texts(language: str) -> Texts:
    """Load the words of a language, such as "en" or "es".

    Raises:
        CatalogueError: The file is not TOML, or its entries and lessons are not those of English.
        FileNotFoundError: There is no such language.
    """
    catalogue = _read_catalogue(language)
    faults = find_faults(catalogue, _read_catalogue(DEFAULT_LANGUAGE))
    lessons, expected = _lesson_names(language), _lesson_names(DEFAULT_LANGUAGE)
    faults += [f"{language}/{name} is missing." for name in sorted(expected - lessons)]
    faults += [f"{language}/{name} is unknown." for name in sorted(lessons - expected)]
    if faults:
        raise CatalogueError(f"{language}.toml: {' '.join(faults)}")
    return Texts(language, catalogue)


def _read_catalogue(language: str) -> Catalogue:
    path = LOCALES / f"{language}.toml"
    try:
        return tomllib.loads(
            path.read_text(encoding="utf-8-sig")
        )  # Windows' editor begins a file with a mark
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error


def _lesson_names(language: str) -> set[str]:
    return {path.name for path in (LOCALES / language).glob("*.md")}


def match_language(accepted: str | None) -> str:
    """Choose the language for a browser.

    The first of its languages that has a catalogue is chosen; then the second language of those who grew up
    with one that has none; English where there is neither.

    Args:
        accepted: The browser's languages as in the header Accept-Language, such as "ca,es;q=0.9,en;q=0.8"; a
            locale such as "es-MX" is a list of one.
    """
    asked = _accepted_languages(accepted or "")
    asked += [SECOND_LANGUAGES[code] for code in asked if code in SECOND_LANGUAGES]
    return next((code for code in asked if code in languages()), DEFAULT_LANGUAGE)


def _accepted_languages(accepted: str) -> list[str]:
    """Return the codes of the languages, without countries, the most wanted first."""
    found = [match for part in accepted.split(",") if (match := ACCEPTED.fullmatch(part))]
    weights = [(match[1].lower(), float(match[2] or 1)) for match in found]
    wanted = sorted((entry for entry in weights if entry[1] > 0), key=lambda entry: -entry[1])
    return [code for code, _ in wanted]


def message(error: DemoError, language: str) -> str:
    """Return one sentence that says what was wrong and what to do, in a language such as "en"."""
    template: str = getattr(load_texts(language).problems, error.code)
    return template.format(**error.details)
