"""Every word that the app shows, one TOML file a language.

A catalogue is loaded into frozen dataclasses, so that a missing or unknown entry fails when the app starts.
To add a language, copy a file of `locales/` and translate it: it appears in the language picker.
"""

from __future__ import annotations

import tomllib
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from mnist_demo.errors import DemoError
from mnist_demo.texts.catalogue import Texts

LOCALES = Path(__file__).parent / "locales"
DEFAULT_LANGUAGE = "en"


@cache
def languages() -> tuple[str, ...]:
    """List the codes of the languages that have a catalogue, the default first."""
    found = sorted(path.stem for path in LOCALES.glob("*.toml"))
    return tuple(sorted(found, key=lambda code: code != DEFAULT_LANGUAGE))


@cache
def load_texts(language: str) -> Texts:
    """Load the catalogue of a language, such as "en" or "es".

    Raises:
        ValueError: An entry is missing or unknown, or is not text; the message names it.
    """
    path = LOCALES / f"{language}.toml"
    with path.open("rb") as file:
        return build_catalogue(Texts, tomllib.load(file), path.name)


def build_catalogue(kind: type, entries: dict[str, Any], where: str) -> Any:  # noqa: ANN401 - the dataclass asked for
    """Build the dataclass `kind` from a TOML table, holding its entries against its fields.

    Raises:
        ValueError: An entry is missing or unknown, or is not text; the message names it.
    """
    if not isinstance(entries, dict):
        raise ValueError(f"{where} has to be a table, not {entries!r}.")
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    if names != entries.keys():
        missing, unknown = sorted(names - entries.keys()), sorted(entries.keys() - names)
        raise ValueError(f"{where}: missing entries {missing}, unknown entries {unknown}.")
    values = {}
    for name, value in entries.items():
        if is_dataclass(hints[name]):
            values[name] = build_catalogue(hints[name], value, f"{where}: {name}")
        elif isinstance(value, str):
            values[name] = value
        else:
            raise ValueError(f"{where}: {name} has to be text, not {value!r}.")
    return kind(**values)


def match_language(locale: str | None) -> str:
    """Choose the catalogue for a browser's locale, such as "es-MX"; English where there is none."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    return code if code in languages() else DEFAULT_LANGUAGE


def message(error: DemoError, language: str) -> str:
    """Return one sentence that says what was wrong and what to do, in a language such as "en"."""
    template: str = getattr(load_texts(language).problems, error.code)
    return template.format(**error.details)
