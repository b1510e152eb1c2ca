import ast

import pytest

from mnist_demo import errors
from mnist_demo.jobs.experiments import EXPERIMENTS
from mnist_demo.runs.config import SETTINGS
from mnist_demo.texts.catalogue import placeholders
from mnist_demo.texts.loading import LOCALES, languages
from mnist_demo.ui.common.lessons import SOURCES
from tests.texts.source import Filling, entries_of, fillings, functions, literals, modules, raw_entries, uses

PROBLEMS = entries_of("problems")
ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type)}
LOOKED_UP = {
    "experiments": {f"{experiment.name}{end}" for experiment in EXPERIMENTS for end in ("", "_seen")},
    "lessons": set(SOURCES),
    "pages": entries_of("pages"),
    "problems": PROBLEMS,
    "settings": {entry for setting in SETTINGS for entry in setting.entries()},
}
"""Entries whose names the source puts together, by section."""
NUMBER_METHODS = {"number", "whole", "shortest", "shortest_percent", "percent", "chance"}


def used_entries() -> set[str]:
    """Every entry that the source reads by its name, such as "app.title"."""
    return set().union(*(use.names for use in uses()))


class TestUse:
    @pytest.mark.parametrize("section", sorted({name.split(".")[0] for name in raw_entries("en")}))
    def test_every_entry_is_shown_somewhere(self, section: str):
        """What nobody reads need not be translated."""
        if section in ("numbers", "language_name", "streamlit"):
            return  # read as a whole
        entries = {f"{section}.{entry}" for entry in entries_of(section) - LOOKED_UP.get(section, set())}
        assert entries - used_entries() == set()

    def test_every_entry_that_is_read_exists(self):
        """A page that asks for a word that nobody wrote would fail for whoever opens it."""
        known = raw_entries("en").keys() | {f"numbers.{method}" for method in NUMBER_METHODS}
        assert [use for use in uses() if not use.names & known] == []

    def test_every_entry_whose_name_is_put_together_exists(self):
        """One for each experiment, lesson and problem."""
        for section, entries in LOOKED_UP.items():
            assert entries - entries_of(section) == set()

    def test_most_sentences_are_seen_being_filled_in(self):
        """The test below looks at what really happens."""
        filled = set().union(*(filling.names for filling in fillings()))
        assert len(filled) > 50

    @pytest.mark.parametrize("filling", fillings(), ids=lambda filling: filling.where)
    def test_placeholders_are_what_the_source_gives(self, filling: Filling):
        """No placeholder stays unfilled, and no value is given in vain."""
        entries = raw_entries("en")
        needed = [placeholders(entries[name]) for name in filling.names]
        assert all(names <= filling.given for names in needed), filling
        assert set().union(*needed) == filling.given, filling

    def test_every_problem_is_raised_somewhere(self):
        """A problem that no longer happens needs no sentence."""
        written = set().union(*map(literals, modules().values()))
        assert PROBLEMS - written == set()

    def test_every_lesson_is_shown(self):
        """Behind a button, or folded away."""
        pages = {path: tree for path, tree in modules().items() if "ui" in path.parts}
        assert set(SOURCES) <= set().union(
            *(literals(tree) for path, tree in pages.items() if path.name != "lessons.py")
        )

    @pytest.mark.parametrize("language", languages())
    def test_every_lesson_is_written_in_every_language(self, language: str):
        """One Markdown file for each, and none left over."""
        files = {path.stem: path.read_text(encoding="utf-8") for path in (LOCALES / language).glob("*.md")}
        assert files.keys() == SOURCES.keys()
        assert all(len(text.split()) > 40 for text in files.values())


def raised_problems() -> list[tuple[str, str, set[str]]]:
    """Every error that the source makes: where, which problem, and the details that it gives."""
    found = []
    for path, tree in modules().items():
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
                    for problem in sorted(problem_names(call.args[0], texts_of)):
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
        """The test below looks at what is really raised."""
        assert {problem for _, problem, _ in raised_problems()} >= PROBLEMS - {"empty_drawing"}

    @pytest.mark.parametrize(("where", "problem", "details"), raised_problems())
    def test_raised_problem_has_its_sentence_and_all_details(
        self, where: str, problem: str, details: set[str]
    ):
        """No sentence is missing, and no placeholder in it stays unfilled."""
        assert problem in PROBLEMS, where
        assert placeholders(raw_entries("en")[f"problems.{problem}"]) == details, where
