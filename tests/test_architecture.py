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
TENSORFLOW_MODULES = {
    f"mnist_demo.training.{name}"
    for name in ("model", "loop", "compiled", "pools", "deform", "worker", "download", "ship")
}

LAYERS = [
    {"settings", "catalogue", ""},
    {"texts"},
    {"errors"},
    {"preprocessing", "network", "runs"},
    {"mnist_files", "run_files", "charts", "evaluation", "explanation", "damage", "network_damage"},
    {"evaluation_charts", "damage_charts", "calibration", "inside", "snapshots", "comparison"},
    {"archives", "weight_pictures", "comparison_charts", "setting_words"},
    {"data"},
    {"data_summary"},
    {"run_store", "run_upload", "notebook_code", "svg_charts"},
    {"notebook", "report"},
    {"training"},
    {"experiments"},
    {"ui"},
]
"""From the ground up: a module imports from below, and within its own layer only inside one package."""


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


def layer_of(module: str) -> int:
    """Find the layer of a module of the app."""
    room = module.split(".")[1] if "." in module else ""
    return next(number for number, layer in enumerate(LAYERS) if room in layer)


def test_every_module_has_a_layer():
    """A new module is given its place here."""
    rooms = {name.split(".")[1] for name in modules() if "." in name}
    assert rooms <= set().union(*LAYERS)


@pytest.mark.parametrize("module", sorted(modules()))
def test_only_the_pages_import_streamlit(module: str):
    """Everything outside `ui` can be used and tested without a Streamlit runtime."""
    if not module.startswith("mnist_demo.ui"):
        assert not {"streamlit", "streamlit_drawable_canvas"} & roots(imports(modules()[module]))


@pytest.mark.parametrize("module", sorted(modules()))
def test_only_the_trainer_imports_tensorflow(module: str):
    """The web server never waits for TensorFlow, nor pays its memory."""
    if module not in TENSORFLOW_MODULES:
        assert not TENSORFLOW & roots(imports(modules()[module]))


@pytest.mark.parametrize("module", ["worker", "download"])
def test_trainer_imports_tensorflow_late(module: str):
    """It tells which images there are before it spends seconds on TensorFlow."""
    assert not TENSORFLOW & roots(top_imports(modules()[f"mnist_demo.training.{module}"]))


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_run_one_way(module: str):
    """A module imports from lower layers, and from its own only within one package."""
    for imported in imports(modules()[module]) & modules().keys():
        below = layer_of(imported) < layer_of(module)
        same_package = "." in module and imported.split(".")[:2] == module.split(".")[:2]
        assert below or same_package, f"{module} imports {imported}"


@pytest.mark.parametrize("module", sorted(modules()))
def test_nothing_imports_the_pages(module: str):
    """`ui` stands on everything, and nothing stands on it."""
    if not module.startswith("mnist_demo.ui"):
        assert not [name for name in imports(modules()[module]) if name.startswith("mnist_demo.ui")]


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
    assert not TENSORFLOW_MODULES & reached


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
    """In a fresh interpreter, every page is imported and TensorFlow, Keras and scikit-learn are not."""
    told = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL_PAGES], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    pages, loaded = json.loads(told.stdout)
    assert {*pages, "mnist_demo.ui"} == {name for name in modules() if name.startswith("mnist_demo.ui")}
    assert "streamlit" in loaded
    assert not {"tensorflow", "keras", "sklearn"} & set(loaded)
