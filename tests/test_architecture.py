"""The rules of the design, checked in the import statements and in a fresh interpreter."""

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.mnist import REPOSITORY

PACKAGE = REPOSITORY / "mnist_demo"
TENSORFLOW = {"tensorflow", "keras"}
ROOMS = ("texts", "data", "network", "runs", "jobs", "charts", "export", "classroom", "ui")
"""A room imports only from rooms to its left; `training` may import texts to jobs, and no room imports it."""
GROUND = {"", "settings", "errors"}
"""What every room may import, and what imports nothing of ours."""


def name_of(path: Path) -> str:
    """Name the module of a file, such as "mnist_demo.runs.labels"."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the app, parsed."""
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}


def imports(tree: ast.AST) -> set[str]:
    """Every module that is imported, anywhere in the file; `from a import b` may mean the module a.b."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are written in full"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def top_imports(tree: ast.Module) -> set[str]:
    """Modules that are imported when the file is, so neither in functions nor for type checkers only."""
    statements = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return imports(ast.Module(statements, []))


def roots(names: set[str]) -> set[str]:
    """The packages that modules belong to."""
    return {name.split(".")[0] for name in names}


def room_of(module: str) -> str:
    """Name the room of a module of the app; its own name for one that stands in none."""
    return module.split(".")[1] if "." in module else ""


def allowed(room: str) -> set[str]:
    """List what a room may import from, itself included."""
    if room in GROUND:
        return {room, "errors"}
    left = ROOMS[: ROOMS.index("jobs") + 1] if room == "training" else ROOMS[: ROOMS.index(room)]
    return {*GROUND, *left, room}


@pytest.mark.parametrize("module", sorted(modules()))
def test_only_the_pages_import_streamlit(module: str):
    """Everything outside `ui` can be used and tested without a Streamlit runtime."""
    if not module.startswith("mnist_demo.ui"):
        assert not {"streamlit", "streamlit_drawable_canvas"} & roots(imports(modules()[module]))


@pytest.mark.parametrize("module", sorted(modules()))
def test_only_the_trainer_imports_tensorflow(module: str):
    """The web server never waits for TensorFlow, nor pays its memory."""
    if room_of(module) != "training":
        assert not TENSORFLOW & roots(imports(modules()[module]))


def test_trainer_imports_tensorflow_late():
    """It tells which images there are before it spends seconds on TensorFlow."""
    assert not TENSORFLOW & roots(top_imports(modules()["mnist_demo.training.worker"]))


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_room_imports_only_from_rooms_to_its_left(module: str):
    """The one rule of the floor plan."""
    imported = {room_of(name) for name in imports(modules()[module]) & modules().keys()}
    assert imported <= allowed(room_of(module))


def test_the_package_holds_only_its_rooms():
    """A newcomer sees thirteen entries at the most, two of them modules."""
    entries = {path.name for path in PACKAGE.iterdir() if not path.name.startswith("_")}
    assert entries == {*ROOMS, "training", "settings.py", "errors.py"}


@pytest.mark.parametrize("module", sorted(modules()))
def test_there_are_no_circles(module: str):
    """No module needs itself to be imported, by whatever way round."""
    seen, waiting = set(), [module]
    while waiting:
        for name in top_imports(modules()[waiting.pop()]) & modules().keys() - seen:
            assert name != module, f"{module} needs {sorted(seen)}"
            seen.add(name)
            waiting.append(name)


def test_pages_reach_the_trainer_only_by_its_client():
    """What the web server imports, directly or by others, is never one of TensorFlow's modules."""
    reached = {name for name in modules() if name.startswith("mnist_demo.ui")}
    waiting = list(reached)
    while waiting:
        new = top_imports(modules()[waiting.pop()]) & modules().keys() - reached
        reached |= new
        waiting += new
    assert "mnist_demo.jobs.client" in reached
    assert not [name for name in reached if room_of(name) == "training"]


def test_start_file_imports_only_streamlit_and_the_pages():
    """Language, navigation and everything else are the package's business."""
    tree = ast.parse((REPOSITORY / "streamlit_app.py").read_text(encoding="utf-8"))
    assert all(name.startswith(("streamlit", "mnist_demo.ui")) for name in imports(tree))


IMPORT_ALL_PAGES = """
import importlib, json, pkgutil, sys
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

# The canvas registers itself with a runtime when it is imported.
Runtime(RuntimeConfig("", MemoryMediaFileStorage("/media"), MemoryUploadedFileManager("/uploads")))
import mnist_demo.ui
pages = [module.name for module in pkgutil.walk_packages(mnist_demo.ui.__path__, "mnist_demo.ui.")]
for page in pages:
    importlib.import_module(page)
print(json.dumps([pages, sorted({name.split(".")[0] for name in sys.modules})]))
"""


def test_imported_pages_have_loaded_no_heavy_package():
    """In a fresh interpreter, every page is imported and TensorFlow and Keras are not."""
    told = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL_PAGES], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    pages, loaded = json.loads(told.stdout)
    assert {*pages, "mnist_demo.ui"} == {name for name in modules() if name.startswith("mnist_demo.ui")}
    assert "streamlit" in loaded
    assert not {
        "tensorflow",
        "keras",
    } & set(loaded)
