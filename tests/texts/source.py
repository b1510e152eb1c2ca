"""What the source of the app does with the catalogues, found in its syntax."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mnist_demo.texts.loading import LOCALES, load_texts
from tests.mnist import REPOSITORY

PACKAGE = REPOSITORY / "mnist_demo"


def raw_entries(language: str) -> dict[str, str]:
    """Every entry of a file under its full name, such as "app.title"."""
    tables = tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    flat = {name: value for name, value in tables.items() if isinstance(value, str)}
    for section, table in tables.items():
        if isinstance(table, dict):
            flat |= {f"{section}.{name}": value for name, value in table.items()}
    return flat


def entries_of(section: str) -> set[str]:
    """Names of the entries of a section."""
    return set(vars(getattr(load_texts("en"), section))) - {"_name"}


@cache
def modules() -> dict[Path, ast.Module]:
    """Every module of the app, parsed."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def page_names() -> list[str]:
    """Name the pages in their order."""
    return _declared("Page", PACKAGE / "ui" / "pages.py")


def step_names() -> list[str]:
    """Name the steps of the lesson in their order."""
    return _declared("Step", PACKAGE / "ui" / "lesson" / "steps.py")


def _declared(kind: str, path: Path) -> list[str]:
    """Read names from the source: Streamlit lets nobody import pages without a server."""
    calls = ast.walk(modules()[path])
    return [
        node.args[0].value
        for node in calls
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == kind
    ]


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Every function and method of a module."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def literals(tree: ast.AST) -> set[str]:
    """Every text that stands in the source."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@dataclass
class Scope:
    """A function, and what its names stand for.

    Attributes:
        path: Its file.
        function: Its syntax.
        sections: For a name the sections that it may be: `words = texts.runs`, or an argument.
        entries: For a name the entries that it may be: `template = words.same if same else words.flipped`.
    """

    path: Path
    function: ast.FunctionDef
    sections: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    entries: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def read_assignments(self) -> None:
        """Follow sections and entries into the names that they are given."""
        for node in ast.walk(self.function):
            if isinstance(node, ast.Assign):
                for target, value in _pairs(node.targets[0], node.value):
                    self.sections[target.id] |= self.find_sections(value)
                    self.entries[target.id] |= self.find_entries(value)

    def find_sections(self, value: ast.expr) -> set[str]:
        """Find the sections that an expression may be; `texts.runs` is one."""
        match value:
            case ast.Name(id=name):
                return self.sections.get(name, set())
            case ast.Attribute(value=ast.Name(id="texts"), attr=name) if not self.sections["texts"]:
                return {name}
            case ast.Attribute(value=ast.Call(func=ast.Name(id="load_texts")), attr=name):
                return {name}
            case ast.Attribute(value=ast.Attribute(attr="texts"), attr=name):
                return {name}
        return set()

    def find_entries(self, value: ast.expr) -> set[str]:
        """Find the entries that an expression may be, such as "runs.title" for `texts.runs.title`."""
        match value:
            case ast.Name(id=name):
                return self.entries.get(name, set())
            case ast.Attribute(value=owner, attr=name):
                return {f"{section}.{name}" for section in self.find_sections(owner)}
            case ast.IfExp(body=first, orelse=second):
                return self.find_entries(first) | self.find_entries(second)
            case ast.Subscript(value=ast.Dict(values=values)) | ast.Dict(values=values):
                return set().union(*map(self.find_entries, values))
        return set()


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.Name, ast.expr]]:
    """Pair each name of an assignment with what it is given."""
    both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
    for name, part in zip(target.elts, value.elts, strict=True) if both else [(target, value)]:
        if isinstance(name, ast.Name):
            yield name, part


@cache
def scopes() -> list[Scope]:
    """Every function; a parameter of type `Section` stands for what the callers give."""
    found = [Scope(path, function) for path, tree in modules().items() for function in functions(tree)]
    receivers = defaultdict(list)
    for scope in found:
        for place, argument in enumerate(scope.function.args.args):
            if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "Section":
                receivers[scope.function.name].append((scope, place, argument.arg))
    size = -1
    while size != (size := sum(len(names) for scope in found for names in scope.sections.values())):
        for scope in found:
            scope.read_assignments()
            for call in ast.walk(scope.function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    _pass_on(scope, call, receivers[call.func.id])
    return found


def _pass_on(scope: Scope, call: ast.Call, receivers: list[tuple[Scope, int, str]]) -> None:
    private = call.func.id.startswith("_")
    for receiver, place, name in receivers:
        if place < len(call.args) and (receiver.path == scope.path or not private):
            receiver.sections[name] |= scope.find_sections(call.args[place])


@dataclass(frozen=True)
class Use:
    """A place that reads an entry: where, and which entries it may be."""

    where: str
    names: frozenset[str]


@cache
def uses() -> list[Use]:
    """Every place that reads an entry by its name, the templates' included."""
    return [
        Use(f"{scope.path.name}:{node.lineno}", frozenset(names))
        for scope in scopes()
        for node in ast.walk(scope.function)
        if isinstance(node, ast.Attribute) and (names := scope.find_entries(node))
    ] + [
        *scripted_uses(),
        *(
            Use(path.name, frozenset([name]))
            for path in sorted([*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.jinja")])
            for name in re.findall(r"texts\.(\w+\.\w+)", path.read_text(encoding="utf-8"))
        ),
    ]


SCRIPTED = {
    name: PACKAGE / "ui" / "classroom" / name.removeprefix("class_")
    for name in ("class_phone", "class_stage")
}
"""Sections that scripts get as a whole and read as `words`, and the folders of these scripts."""


def scripted_uses() -> list[Use]:
    """Every place in a script that reads an entry."""
    return [
        Use(path.name, frozenset([f"{section}.{name}"]))
        for section, folder in SCRIPTED.items()
        for path in sorted(folder.glob("*.js"))
        for name in re.findall(r"\bwords\.(\w+)", path.read_text(encoding="utf-8"))
    ]


def scripted_fillings() -> list[tuple[str, str, set[str]]]:
    """Every `fill(words.entry, { name, other: value })` of these scripts: where, entry, and names."""
    return [
        (path.name, f"{section}.{name}", set(re.findall(r"(?:^|,)\s*(\w+)\s*(?=[:,]|$)", values)))
        for section, folder in SCRIPTED.items()
        for path in sorted(folder.glob("*.js"))
        for name, values in re.findall(r"fill\(words\.(\w+), \{([^}]*)\}", path.read_text(encoding="utf-8"))
    ]


@dataclass(frozen=True)
class Filling:
    """A call of `format`: where, which entries it may fill, and the values that it gives."""

    where: str
    names: frozenset[str]
    given: frozenset[str]


@cache
def fillings() -> list[Filling]:
    """Every call of `format` on an entry that gives its values by name."""
    return [
        Filling(f"{scope.path.name}:{call.lineno}", frozenset(names), frozenset(given))
        for scope in scopes()
        for call in ast.walk(scope.function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "format"
        if (names := scope.find_entries(call.func.value))
        and None not in (given := [keyword.arg for keyword in call.keywords])
    ]
