"""The source that is running, for lessons to show and for notebooks to run."""

from __future__ import annotations

import importlib.util
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType


@cache
def running_source(module: str, function: str) -> str:
    """Read the source of a function without importing its module, which may need TensorFlow.

    The module is compiled as Python compiles it, and `inspect.getsource` reads from the code object where the
    function stands, so what is shown is what runs.

    Raises:
        LookupError: The module has no such function.
    """
    spec = importlib.util.find_spec(module)
    assert spec
    assert spec.origin
    code = compile(Path(spec.origin).read_text(encoding="utf-8"), spec.origin, "exec")
    for found in _code_objects(code):
        if found.co_qualname == function:
            return textwrap.dedent(inspect.getsource(found)).rstrip()
    raise LookupError(f"{module} has no function {function}.")


def _code_objects(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _code_objects(constant)
