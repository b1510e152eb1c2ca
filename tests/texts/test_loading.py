import ast
import dataclasses
import json
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from mnist_demo import errors
from mnist_demo.data.mnist import Source
from mnist_demo.errors import DemoError
from mnist_demo.jobs.experiments import EXPERIMENTS
from mnist_demo.runs.config import SETTINGS
from mnist_demo.texts.catalogue import ProblemTexts, Texts
from mnist_demo.texts.loading import LOCALES, build_catalogue, languages, load_texts, match_language, message
from mnist_demo.texts.numbers import NumberTexts
from mnist_demo.ui.common.lessons import SOURCES
from tests.mnist import REPOSITORY

PACKAGE = REPOSITORY / "mnist_demo"
NBSP = "\N{NO-BREAK SPACE}"
SECTIONS = {name: kind for name, kind in get_type_hints(Texts).items() if dataclasses.is_dataclass(kind)}
PROBLEMS = {field.name for field in dataclasses.fields(ProblemTexts)}
ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type)}


@dataclasses.dataclass(frozen=True)
class Inner:
    """A table of a made-up catalogue."""

    word: str
    other: str


@dataclasses.dataclass(frozen=True)
class Outer:
    """A made-up catalogue."""

    code: str
    inner: Inner


WHOLE = {"code": "xx", "inner": {"word": "a", "other": "b"}}


def raw_entries(language: str) -> dict[str, str]:
    """Every entry of a file under its full name, such as "app.title"."""
    tables = tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    flat = {name: value for name, value in tables.items() if isinstance(value, str)}
    for section, table in tables.items():
        if isinstance(table, dict):
            flat |= {f"{section}.{name}": value for name, value in table.items()}
    return flat


def placeholders(form: str) -> set[str]:
    """Names in braces; `format` has to be able to read the form."""
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


class TestCatalogues:
    def test_there_are_english_and_spanish(self):
        """English first, because it is the default."""
        assert languages() == ("en", "es")

    @pytest.mark.parametrize("language", languages())
    def test_every_entry_arrives_in_its_place(self, language: str):
        """The loaded catalogue says what the file says, each entry under its name, and knows its own code."""
        texts = load_texts(language)
        loaded = {
            name: getattr(texts, name)
            if "." not in name
            else getattr(getattr(texts, name.split(".")[0]), name.split(".")[1])
            for name in raw_entries(language)
        }
        assert loaded == raw_entries(language)
        assert texts.code == language

    @pytest.mark.parametrize("language", languages())
    def test_languages_have_the_same_entries(self, language: str):
        """Nothing is missing in one of them, and nothing is left over."""
        assert raw_entries(language).keys() == raw_entries("en").keys()

    @pytest.mark.parametrize("language", languages())
    @pytest.mark.parametrize("name", raw_entries("en"))
    def test_translation_has_the_same_placeholders(self, language: str, name: str):
        """A sentence loses no figure on its way into another language, and asks for no other."""
        assert placeholders(raw_entries(language)[name]) == placeholders(raw_entries("en")[name])

    @pytest.mark.parametrize("language", languages())
    def test_no_entry_is_empty(self, language: str):
        """Every entry says something, without blanks at its ends."""
        for name, text in raw_entries(language).items():
            assert text.strip(" \n") == text, name
            assert text, name

    @pytest.mark.parametrize("language", languages())
    def test_problems_are_sentences(self, language: str):
        """Each says what is wrong and what to do, and ends."""
        for name in PROBLEMS:
            message = getattr(load_texts(language).problems, name)
            assert message.endswith("."), name
            assert len(message.split()) > 5, name

    def test_unknown_language_has_no_catalogue(self):
        """Callers choose from `languages` or by `match_language`."""
        with pytest.raises(FileNotFoundError):
            load_texts("xx")


class TestBuildCatalogue:
    def test_whole_catalogue_is_built(self):
        """Tables become dataclasses."""
        assert build_catalogue(Outer, WHOLE, "xx.toml") == Outer("xx", Inner("a", "b"))

    @pytest.mark.parametrize(
        ("entries", "named"),
        [
            ({"code": "xx"}, r"xx\.toml: missing entries \['inner'\]"),
            ({"code": "xx", "inner": {"word": "a"}}, r"xx\.toml: inner: missing entries \['other'\]"),
            ({**WHOLE, "colour": "red"}, r"xx\.toml: .*unknown entries \['colour'\]"),
            ({"code": "xx", "inner": {"word": "a", "others": "b"}}, r"unknown entries \['others'\]"),
            ({"code": 5, "inner": WHOLE["inner"]}, r"xx\.toml: code has to be text, not 5"),
            ({"code": "xx", "inner": {"word": "a", "other": ["b"]}}, r"inner: other has to be text"),
            ({"code": {"word": "a"}, "inner": WHOLE["inner"]}, r"xx\.toml: code has to be text"),
            ({"code": "xx", "inner": "word"}, r"xx\.toml: inner has to be a table, not 'word'"),
        ],
    )  # fmt: skip
    def test_wrong_entry_is_named(self, entries: dict[str, Any], named: str):
        """A mistake in a translation is found when the app starts, by file and name."""
        with pytest.raises(ValueError, match=named):
            build_catalogue(Outer, entries, "xx.toml")


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("es_AR.UTF-8", "es"),
        ("ES-es", "es"),
        ("en-GB", "en"),
        ("fr-FR", "en"),
        ("est", "en"),
        ("e", "en"),
        ("", "en"),
        (None, "en"),
        ("../es", "en"),
    ],
)
def test_browser_gets_its_language(locale: str | None, language: str):
    """The language of a locale counts, not its country; what there is no catalogue for gets English."""
    assert match_language(locale) == language


class TestNumbers:
    @pytest.fixture
    def english(self) -> NumberTexts:
        """How English writes numbers."""
        return load_texts("en").numbers

    @pytest.fixture
    def spanish(self) -> NumberTexts:
        """How Spanish writes numbers."""
        return load_texts("es").numbers

    @pytest.mark.parametrize(
        ("value", "digits", "en", "es"),
        [
            (1234567.891, 2, "1,234,567.89", "1\u00a0234\u00a0567,89"),
            (0.08644, 4, "0.0864", "0,0864"),
            (-0.5, 1, "-0.5", "-0,5"),
            (10000, 0, "10,000", "10\u00a0000"),
            (999.96, 1, "1,000.0", "1000,0"),
        ],
    )
    def test_marks_are_the_languages(
        self, english: NumberTexts, spanish: NumberTexts, value: float, digits: int, en: str, es: str
    ):
        """Point and comma change places in Spanish."""
        assert english.number(value, digits) == en
        assert spanish.number(value, digits) == es

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
    def test_overflowed_number_is_a_dash(self, english: NumberTexts, value: float):
        """Nobody reads "nan" on a projector."""
        assert english.number(value, 4) == "–"

    def test_whole_number_has_no_fraction(self, english: NumberTexts):
        """It is rounded to the nearest."""
        assert english.whole(59999.6) == "60,000"

    @pytest.mark.parametrize(
        ("value", "en", "es"),
        [
            (0.00001, "0.00001", "0,00001"),
            (0.001, "0.001", "0,001"),
            (0.3, "0.3", "0,3"),
            (1.0, "1", "1"),
            (100, "100", "100"),
            (0, "0", "0"),
        ],
    )
    def test_shortest_form_has_no_idle_zeros(
        self, english: NumberTexts, spanish: NumberTexts, value: float, en: str, es: str
    ):
        """A learning rate is written with the digits that it has, never as 1e-05."""
        assert english.shortest(value) == en
        assert spanish.shortest(value) == es

    @pytest.mark.parametrize(
        ("share", "digits", "en"),
        [
            (0.9783, 1, "97.8%"),
            (0.5, 1, "50.0%"),
            (0.29, 0, "29%"),
            (0.2, 0, "20%"),
            (0, 1, "0.0%"),
            (1, 1, "100.0%"),
            (1, 0, "100%"),
            (0.9994, 1, "99.9%"),
            (0.99999, 1, "99.9%"),
            (0.99999, 2, "99.99%"),
            (0.99999, 0, "99%"),
            (0.995, 0, "99%"),
            (0.0123, 1, "1.2%"),
        ],
    )
    def test_share_is_written_as_per_cent(self, english: NumberTexts, share: float, digits: int, en: str):
        """9,999 of 10,000 is not all of them, so it is not rounded to 100."""
        assert english.percent(share, digits) == en

    def test_spanish_per_cent_stands_apart_and_is_not_torn(self, spanish: NumberTexts):
        """A blank before the sign, at which no line breaks."""
        assert spanish.percent(0.9783) == f"97,8{NBSP}%"
        assert spanish.percent(1, 0) == f"100{NBSP}%"

    @pytest.mark.parametrize(
        ("probability", "digits", "en"),
        [(1.0, 1, "99.9%"), (1.0, 0, "99%"), (0.99999, 1, "99.9%"), (0.5, 1, "50.0%"), (0.0, 1, "0.0%")],
    )
    def test_network_is_never_certain(self, english: NumberTexts, probability: float, digits: int, en: str):
        """Softmax reaches 1 only because float32 rounds."""
        assert english.chance(probability, digits) == en


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the app, parsed."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Every function and method of a module."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def section_of(value: ast.expr) -> str | None:
    """Name the section of `texts.section`."""
    if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id == "texts":
        return value.attr
    return None


def aliases(function: ast.FunctionDef) -> dict[str, str]:
    """Find the names that stand for a section: `words = texts.runs`, or an argument of that type."""
    kinds = {kind.__name__: section for section, kind in SECTIONS.items()}
    found = {}
    for argument in function.args.args:
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id in kinds:
            found[argument.arg] = kinds[argument.annotation.id]
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            for name, part in zip(target.elts, value.elts, strict=True) if both else [(target, value)]:
                if isinstance(name, ast.Name) and section_of(part):
                    found[name.id] = section_of(part)
    return found


@cache
def used_entries() -> set[str]:
    """Every entry that the source reads by name, such as "app.title"."""
    used = set()
    for path, tree in sources():
        for function in functions(tree):
            known = aliases(function) | ({"self": "numbers"} if path.name == "numbers.py" else {})
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute):
                    owner = node.value
                    section = known.get(owner.id) if isinstance(owner, ast.Name) else section_of(owner)
                    used.add(f"{section}.{node.attr}" if section else node.attr)
    return used


def literals(tree: ast.AST) -> set[str]:
    """Every text that stands in the source."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


class TestUse:
    @pytest.mark.parametrize(
        "section", sorted(SECTIONS.keys() - {"problems", "data", "lessons", "app", "experiments", "settings"})
    )
    def test_every_entry_is_shown_somewhere(self, section: str):
        """What nobody reads need not be translated."""
        entries = {f"{section}.{field.name}" for field in dataclasses.fields(SECTIONS[section])}
        assert entries - used_entries() == set()

    def test_every_entry_of_the_frame_is_shown_somewhere(self):
        """The same for the frame of all pages."""
        entries = {f"app.{field.name}" for field in dataclasses.fields(SECTIONS["app"])}
        assert entries - used_entries() == set()

    def test_every_setting_has_its_words_and_leaves_none_over(self):
        """The panel asks for the entries that begin with the setting's name; the others are read by name."""
        entries = {f"settings.{field.name}" for field in dataclasses.fields(SECTIONS["settings"])}
        by_setting = {f"settings.{entry}" for setting in SETTINGS for entry in setting.entries()}
        assert by_setting <= entries
        assert entries - by_setting - used_entries() == set()

    def test_every_source_of_images_has_its_words(self):
        """The page asks for the entry with the name of the source; the other entries are read by name."""
        entries = {f"data.{field.name}" for field in dataclasses.fields(SECTIONS["data"])}
        by_source = {f"data.{source}" for source in Source}
        assert by_source <= entries
        assert entries - by_source - used_entries() == set()

    def test_every_problem_is_raised_somewhere(self):
        """A problem that no longer happens needs no sentence."""
        written = set().union(*(literals(tree) for path, tree in sources() if path.name != "catalogue.py"))
        assert PROBLEMS - written == set()

    def test_every_experiment_has_its_title_and_what_to_see(self):
        """Two entries each, and none left over."""
        entries = {field.name for field in dataclasses.fields(SECTIONS["experiments"])}
        names = [experiment.name for experiment in EXPERIMENTS]
        assert entries == {*names, *(f"{name}_seen" for name in names)}

    def test_every_lesson_has_a_title_and_is_shown(self):
        """Lessons, titles and the places that show them are the same twelve."""
        assert SOURCES.keys() == {field.name for field in dataclasses.fields(SECTIONS["lessons"])}
        shown = set()
        for path, tree in sources():
            if "ui" in path.parts and path.name != "lessons.py":
                shown |= literals(tree)
        assert SOURCES.keys() <= shown

    @pytest.mark.parametrize("language", languages())
    def test_every_lesson_is_written_in_every_language(self, language: str):
        """One Markdown file for each, and none left over."""
        files = {path.stem: path.read_text(encoding="utf-8") for path in (LOCALES / language).glob("*.md")}
        assert files.keys() == SOURCES.keys()
        assert all(len(text.split()) > 40 for text in files.values())


def raised_problems() -> list[tuple[str, str, set[str]]]:
    """Every error that the source makes: where, which problem, and the details that it gives."""
    found = []
    for path, tree in sources():
        for function in functions(tree):
            texts_of, keys_of = assigned_values(function)
            for call in ast.walk(function):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id in ERRORS
                    and call.args
                ):
                    details = {key for keyword in call.keywords for key in detail_names(keyword, keys_of)}
                    for problem in problem_names(call.args[0], texts_of):
                        found.append((f"{path.name}:{call.lineno}", problem, details))
    return found


def assigned_values(function: ast.FunctionDef) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What names may hold: texts, and the keys of dictionaries that are written out."""
    texts_of: dict[str, set[str]] = {}
    keys_of: dict[str, set[str]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
            if isinstance(value, ast.Dict):
                keys_of[name] = literals(ast.Module([ast.Expr(key) for key in value.keys if key], []))
            elif isinstance(value, ast.IfExp | ast.Constant):
                choices = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                texts_of.setdefault(name, set()).update(
                    choice.value for choice in choices if isinstance(choice, ast.Constant)
                )
    return texts_of, keys_of


def problem_names(argument: ast.expr, texts_of: dict[str, set[str]]) -> set[str]:
    """Problems that an argument may be; an attribute is an error that is made anew, seen elsewhere."""
    if isinstance(argument, ast.Constant):
        return {argument.value}
    return texts_of.get(argument.id, set()) if isinstance(argument, ast.Name) else set()


def detail_names(keyword: ast.keyword, keys_of: dict[str, set[str]]) -> set[str]:
    """Details that a keyword gives, `**details` included."""
    if keyword.arg:
        return {keyword.arg}
    return keys_of[keyword.value.id] if isinstance(keyword.value, ast.Name) else set()


class TestProblemsInCode:
    def test_most_errors_are_found_in_the_source(self):
        """The tests below look at what is really raised."""
        assert {problem for _, problem, _ in raised_problems()} >= PROBLEMS - {"empty_drawing"}

    @pytest.mark.parametrize(("where", "problem", "details"), raised_problems())
    def test_raised_problem_has_its_sentence_and_all_details(
        self, where: str, problem: str, details: set[str]
    ):
        """No sentence is missing, and no placeholder in it stays unfilled."""
        assert problem in PROBLEMS, where
        error = DemoError(problem, **dict.fromkeys(details, "x"))
        for language in languages():
            said = message(error, language)
            assert "{" not in said, where
        assert placeholders(getattr(load_texts("en").problems, problem)) == details, where

    def test_details_survive_json(self):
        """An error crosses the pipe between two processes as JSON."""
        error = DemoError("config_range", name="epochs", value=31, low=1, high=30)
        assert DemoError(error.code, **json.loads(json.dumps(error.details))).details == error.details
