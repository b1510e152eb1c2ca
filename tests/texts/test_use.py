import ast
from collections import defaultdict
from functools import cache

import pytest

from mnist_demo import errors
from mnist_demo.jobs.experiments import EXPERIMENTS
from mnist_demo.runs.config import SETTINGS
from mnist_demo.runs.hints import RULES
from mnist_demo.texts.catalogue import placeholders
from mnist_demo.texts.loading import LOCALES, languages
from mnist_demo.ui.common.lessons import SOURCES, STEP_SOURCES, TOPICS
from tests.texts.source import (
    Filling,
    entries_of,
    fillings,
    functions,
    literals,
    modules,
    page_names,
    raw_entries,
    scripted_fillings,
    step_names,
    uses,
)

PROBLEMS = entries_of("problems")
ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type)}

STEP_WORDS = ("title", "text", "question", "options", "why")
VERDICTS = ("right", "unsure", "wrong")
LOOKED_UP = {
    "class_phone": {f"verdict_{verdict}" for verdict in VERDICTS},
    "class_questions": {f"{experiment.name}{end}" for experiment in EXPERIMENTS for end in ("", "_choices")},
    "class_stage": {f"tile_{verdict}" for verdict in VERDICTS}
    | {f"step_{step}" for step in ("open", "close", "reveal", "next")},
    "experiments": {f"{experiment.name}{end}" for experiment in EXPERIMENTS for end in ("", "_seen")},
    "hints": set(RULES),
    "lesson_steps": {
        f"{step}_{kind}"
        for step in step_names()
        for kind in (("title", "text") if step == "checks" else STEP_WORDS)
    },
    "lessons": set(TOPICS),
    "pages": {f"{page}{end}" for page in page_names() for end in ("", "_title", "_purpose")},
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
        """One for each experiment, lesson, page, problem and setting."""
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

    @pytest.mark.parametrize(("where", "name", "given"), scripted_fillings())
    def test_placeholders_are_what_scripts_give(self, where: str, name: str, given: set[str]):
        """In the class's scripts, too."""
        assert placeholders(raw_entries("en")[name]) == given, where

    def test_every_problem_is_raised_somewhere(self):
        """A problem that no longer happens needs no sentence."""
        written = set().union(*map(literals, modules().values()))
        assert PROBLEMS - written == set()

    def test_every_lesson_is_shown(self):
        """All topics are below the curves; any other code that can be shown is that of a step."""
        steps = next(tree for path, tree in modules().items() if path.match("lesson/steps.py"))
        assert {*SOURCES, *STEP_SOURCES} - set(TOPICS) <= literals(steps)

    @pytest.mark.parametrize("language", languages())
    def test_every_lesson_is_written_in_every_language(self, language: str):
        """One Markdown file for each, and none left over."""
        files = {path.stem: path.read_text(encoding="utf-8") for path in (LOCALES / language).glob("*.md")}
        assert files.keys() == set(TOPICS)
        assert all(len(text.split()) > 40 for text in files.values())


@cache
def raised_problems() -> list[tuple[str, str, set[str]]]:
    """Every error that the source makes: where, which problem, and the details that it gives."""
    found = []
    for path, tree in modules().items():
        for function in functions(tree):
            texts_of, keys_of = assigned_values(function)
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and call.args and makes_error(call):
                    details = {key for keyword in call.keywords for key in detail_names(keyword, keys_of)}
                    for problem in sorted(constants(call.args[0], texts_of)):
                        found.append((f"{path.name}:{call.lineno}", problem, details))
    return found


def makes_error(call: ast.Call) -> bool:
    """Whether a call makes one of our errors, by its name or, in its own class, by `super().__init__`."""
    match call.func:
        case ast.Name(id=name):
            return name in ERRORS
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"):
            return isinstance(call.args[0], ast.Constant) and call.args[0].value in PROBLEMS
    return False


def assigned_values(function: ast.FunctionDef) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """What names may hold: texts, those that callers give included, and the keys of dictionaries."""
    texts_of = given_texts(function)
    keys_of: dict[str, set[str]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
            if isinstance(value, ast.Dict):
                keys_of[name] = literals(ast.Module([ast.Expr(key) for key in value.keys if key], []))
            else:
                texts_of[name] = texts_of.get(name, set()) | constants(value, {})
    return texts_of, keys_of


def given_texts(function: ast.FunctionDef) -> dict[str, set[str]]:
    """What the arguments of a function may be: their defaults, and texts that somebody gives by name."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    defaults = [*function.args.defaults, *(value for value in function.args.kw_defaults if value)]
    given = {
        argument.arg: texts_given_by_name()[function.name, argument.arg].copy() for argument in arguments
    }
    for argument, value in zip(reversed(arguments), reversed(defaults), strict=False):
        given[argument.arg] |= constants(value, {})
    return given


@cache
def texts_given_by_name() -> dict[tuple[str, str], set[str]]:
    """Every text that a call gives by name, by function and argument."""
    given: dict[tuple[str, str], set[str]] = defaultdict(set)
    for call in (node for tree in modules().values() for node in ast.walk(tree)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            for keyword in call.keywords:
                given[call.func.id, keyword.arg or ""] |= constants(keyword.value, {})
    return given


def constants(value: ast.expr, texts_of: dict[str, set[str]]) -> set[str]:
    """Texts that an expression may be; an attribute is an error that is made anew, seen elsewhere."""
    match value:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=first, orelse=second):
            return constants(first, texts_of) | constants(second, texts_of)
        case ast.Name(id=name):
            return texts_of.get(name, set())
    return set()


def detail_names(keyword: ast.keyword, keys_of: dict[str, set[str]]) -> set[str]:
    """Details that a keyword gives, `**details` included."""
    if keyword.arg:
        return {keyword.arg}
    return keys_of[keyword.value.id] if isinstance(keyword.value, ast.Name) else set()


class TestProblemsInCode:
    def test_every_problem_is_found_where_it_is_raised(self):
        """The test below looks at what is really raised."""
        assert {problem for _, problem, _ in raised_problems()} == PROBLEMS

    @pytest.mark.parametrize(("where", "problem", "details"), raised_problems())
    def test_raised_problem_has_its_sentence_and_all_details(
        self, where: str, problem: str, details: set[str]
    ):
        """No sentence is missing, and no placeholder in it stays unfilled."""
        assert problem in PROBLEMS, where
        assert placeholders(raw_entries("en")[f"problems.{problem}"]) == details, where
