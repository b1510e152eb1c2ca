import json
import re
import shutil
from pathlib import Path

import pytest

from mnist_demo.errors import DemoError
from mnist_demo.texts import loading
from mnist_demo.texts.catalogue import Texts, placeholders
from mnist_demo.texts.loading import LOCALES, CatalogueError, languages, load_texts, match_language
from tests.texts.source import raw_entries


def written_in(language: str) -> set[str]:
    """Every lesson and every entry of a language."""
    lessons = {path.read_text(encoding="utf-8") for path in (LOCALES / language).glob("*.md")}
    return lessons | set(raw_entries(language).values())


class TestCatalogues:
    def test_english_and_spanish_are_among_the_languages(self):
        """English first, because it is the default."""
        assert languages()[0] == "en"
        assert "es" in languages()

    @pytest.mark.parametrize("language", languages())
    def test_every_entry_arrives_in_its_place(self, language: str):
        """The loaded catalogue says what the file says, each entry under its name, and knows its own code."""
        texts = load_texts(language)
        for name, text in raw_entries(language).items():
            *section, entry = name.split(".", 1)
            assert getattr(getattr(texts, section[0]) if section else texts, entry) == text
        assert texts.code == language

    @pytest.mark.parametrize("language", languages())
    def test_no_entry_is_empty(self, language: str):
        """Every entry says something, without blanks at its ends."""
        for name, text in raw_entries(language).items():
            assert text.strip(" \n") == text, name
            assert text, name

    @pytest.mark.parametrize("language", languages())
    def test_problems_are_sentences(self, language: str):
        """Each says what is wrong and what to do, and ends."""
        for name, text in raw_entries(language).items():
            if name.startswith("problems."):
                assert text.endswith("."), name
                assert len(text.split()) > 5, name

    @pytest.mark.parametrize("language", languages())
    def test_ten_digits_have_their_names(self, language: str):
        """From 0 to 9, between bars."""
        names = load_texts(language).drawing.digit_names.split("|")
        assert [str(digit) in name for digit, name in enumerate(names)] == [True] * 10

    @pytest.mark.parametrize("language", languages())
    def test_numbers_have_the_marks_of_the_language(self, language: str):
        """In lessons and entries: 0.9 in English and 0,9 in Spanish; before three digits a mark may group.

        What another language has not translated yet is English, and so are its marks.
        """
        marks, english = load_texts(language).numbers, set() if language == "en" else written_in("en")
        for number, mark, digits in re.findall(
            r"(\d+([.,])(\d+))", "\n".join(written_in(language) - english)
        ):
            assert mark == marks.decimal or (mark, len(digits)) == (marks.thousands, 3), number

    def test_unknown_language_has_no_catalogue(self):
        """Callers choose from `languages` or by `match_language`."""
        with pytest.raises(FileNotFoundError):
            load_texts("xx")


class TestCheck:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A folder of catalogues with one that somebody is translating, `xx`."""
        folder = tmp_path / "locales"
        shutil.copytree(LOCALES, folder)
        shutil.copytree(LOCALES / "en", folder / "xx")
        shutil.copy(LOCALES / "en.toml", folder / "xx.toml")
        monkeypatch.setattr(loading, "LOCALES", folder)
        return folder

    def load(self) -> Texts:
        """Load the new language, as for the first time."""
        return load_texts.__wrapped__("xx")

    def test_new_language_needs_its_files_only(self, folder: Path):
        """A catalogue and a folder of lessons."""
        assert folder.is_dir()
        assert self.load().code == "xx"

    def test_mark_that_notepad_writes_is_no_fault(self, folder: Path):
        """A file saved on Windows begins with the mark of its encoding, and its lines end otherwise."""
        text = (folder / "xx.toml").read_text(encoding="utf-8")
        (folder / "xx.toml").write_text(text, encoding="utf-8-sig", newline="\r\n")
        assert self.load().language_name == "English"

    def test_fault_is_named_with_its_file_and_entry(self, folder: Path):
        """When the app starts, not when the page is opened."""
        text = (folder / "xx.toml").read_text(encoding="utf-8")
        (folder / "xx.toml").write_text(text.replace("\nunderstood = ", "\nunder_stood = "), encoding="utf-8")
        with pytest.raises(
            CatalogueError, match=r"xx\.toml: app\.understood is missing\. app\.under_stood is unknown\."
        ):
            self.load()

    def test_lessons_are_those_of_english(self, folder: Path):
        """A lesson that was forgotten is found before somebody opens it."""
        (folder / "xx" / "why.md").rename(folder / "xx" / "because.md")
        with pytest.raises(CatalogueError, match=r"xx/why\.md is missing\. xx/because\.md is unknown\."):
            self.load()

    @pytest.mark.parametrize("content", [b"title = unquoted", "name = 'Espa\u00f1ol'".encode("latin-1")])
    def test_file_that_cannot_be_read_is_named(self, folder: Path, content: bytes):
        """A quotation mark that was forgotten, or another encoding."""
        (folder / "xx.toml").write_bytes(content)
        with pytest.raises(CatalogueError, match=r"^xx\.toml: "):
            self.load()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("es_AR.UTF-8", "es"),
        ("ES-es", "es"),
        ("en-GB", "en"),
        ("zz-ZZ", "en"),
        ("est", "en"),
        ("e", "en"),
        ("", "en"),
        (None, "en"),
        ("../es", "en"),
        ("*", "en"),
        ("zz,es;q=0.9,en;q=0.8", "es"),
        ("zz, en;q=0.5, es;q=0.8", "es"),
        ("zz;q=0.5, es;q=0", "en"),
        ("es;q=much, en", "en"),
    ],
)
def test_browser_gets_the_first_of_its_languages(accepted: str | None, language: str):
    """The most wanted language that has a catalogue, whatever its country; English where none has."""
    assert match_language(accepted) == language


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ca", "es"),
        ("eu-ES,eu;q=0.9", "es"),
        ("gl-ES", "es"),
        ("ast", "es"),
        ("qu-PE", "es"),
        ("ca-ES,ca;q=0.9,es;q=0.8,en;q=0.7", "es"),
        ("ca,en;q=0.8", "en"),
    ],
)
def test_speakers_of_a_language_without_catalogue_get_their_second_one(accepted: str, language: str):
    """Catalan, Basque, Galician and their like: Spanish, unless the browser names another one."""
    if re.split("[-,]", accepted)[0] not in languages():  # nobody has translated the app yet
        assert match_language(accepted) == language


def test_details_survive_json():
    """An error crosses the pipe between two processes as JSON."""
    error = DemoError("config_range", name="epochs", value=31, low=1, high=30)
    assert DemoError(error.code, **json.loads(json.dumps(error.details))).details == error.details


def test_message_fills_in_the_details():
    """One sentence, in the language asked for."""
    error = DemoError("config_range", name="epochs", value=31, low=1, high=30)
    assert loading.message(error, "en") == "epochs is 31: choose a number from 1 to 30."
    assert placeholders(loading.message(error, "es")) == set()
