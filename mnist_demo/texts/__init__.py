"""Every word and number format the app shows, one catalogue a language."""

from mnist_demo.texts.catalogue import Section, Texts, section_entries
from mnist_demo.texts.loading import LOCALES, languages, load_texts, match_language, message
from mnist_demo.texts.numbers import NO_BREAK_SPACE, NO_NUMBER, NumberTexts

__all__ = [
    "LOCALES",
    "NO_BREAK_SPACE",
    "NO_NUMBER",
    "NumberTexts",
    "Section",
    "Texts",
    "languages",
    "load_texts",
    "match_language",
    "message",
    "section_entries",
]
