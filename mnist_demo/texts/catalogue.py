"""The words of one language, and the check that holds every catalogue against the English one."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter
from typing import Any

from mnist_demo.texts.numbers import NumberTexts

Catalogue = dict[str, Any]
"""A TOML file as it was read: `language_name`, and sections of entries, all of them text."""


class Section:
    """One section of a catalogue; each entry is an attribute: `texts.lab.map_kept`."""

    _name = ""

    def __init__(self, name: str, entries: dict[str, str]) -> None:
        vars(self).update(entries, _name=name)

    def __getattr__(self, entry: str) -> str:
        """Refuse an entry that the catalogues do not have; Python asks here for nothing else."""
        raise AttributeError(f"The section [{self._name}] of the catalogues has no entry {entry!r}.")


def section_entries(section: Section) -> dict[str, str]:
    """Return all entries of a section, by their names."""
    return {name: entry for name, entry in vars(section).items() if name != "_name"}


class Texts:
    """The words of one language; each section is an attribute.

    Attributes:
        code: The language's code, such as "en".
        language_name: What the language calls itself.
        numbers: How it writes numbers.
    """

    def __init__(self, code: str, catalogue: Catalogue) -> None:
        self.code = code
        self.language_name: str = catalogue["language_name"]
        self.numbers = NumberTexts(**catalogue["numbers"])
        sections = {name: entries for name, entries in catalogue.items() if isinstance(entries, dict)}
        vars(self).update({name: Section(name, sections[name]) for name in sections.keys() - {"numbers"}})

    def __getattr__(self, section: str) -> Section:
        """Refuse a section that the catalogues do not have; Python asks here for nothing else."""
        raise AttributeError(f"The catalogues have no section [{section}].")


def find_faults(catalogue: Catalogue, model: Catalogue) -> list[str]:
    """List what is wrong with a catalogue, one sentence for each entry.

    Args:
        catalogue: The catalogue to check.
        model: The catalogue that says which entries there are, and which placeholders each has.
    """
    entries, expected = _flatten(catalogue), _flatten(model)
    faults = [f"{name} is missing." for name in sorted(expected.keys() - entries.keys())]
    faults += [f"{name} is unknown." for name in sorted(entries.keys() - expected.keys())]
    for name in sorted(expected.keys() & entries.keys()):
        faults += _entry_faults(name, entries[name], expected[name])
    return faults


def _flatten(catalogue: Catalogue) -> dict[str, Any]:
    """Return every entry under its full name, such as "lab.map_kept"."""
    flat: dict[str, Any] = {}
    for name, value in catalogue.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{entry}": text for entry, text in value.items()}
        else:
            flat[name] = value
    return flat


def _entry_faults(name: str, text: object, model: str) -> Iterator[str]:
    if not isinstance(text, str):
        yield f"{name} has to be text, not {text!r}."
        return
    try:
        found = placeholders(text)
    except ValueError as error:
        yield f"{name} has a brace too many or too few ({error})."
        return
    if found != placeholders(model):
        wanted = ", ".join(f"{{{place}}}" for place in sorted(placeholders(model))) or "none"
        yield f"{name} has other placeholders than {wanted}."


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a text.

    Raises:
        ValueError: A brace is not closed, or not opened.
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
