import ast
import textwrap
from importlib.util import find_spec
from pathlib import Path

import pytest

from mnist_demo.texts.loading import languages
from mnist_demo.ui.common.lessons import SOURCES, lesson_text, running_source

CODE = '''"""A module that is read, not imported."""

def first(numbers: list[int]) -> int:
    """Take the first.

    Returns:
        A number.
    """
    if numbers:
        return numbers[0]  # ¡el primero!

    return 0


def second(
    numbers: list[int],
) -> int:
    return numbers[1]


class Box:
    def open(self) -> str:
        if self:
            return "open"
        return "closed"


raise RuntimeError("imported")
'''

FIRST = '''def first(numbers: list[int]) -> int:
    """Take the first.

    Returns:
        A number.
    """
    if numbers:
        return numbers[0]  # ¡el primero!

    return 0'''

SECOND = """def second(
    numbers: list[int],
) -> int:
    return numbers[1]"""

SHOWN = sorted({source for sources in SOURCES.values() for source in sources})


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that can be found and must not be imported."""
    name = f"lesson_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return name


class TestRunningSource:
    def test_function_is_shown_to_the_letter(self, module: str):
        """Indentation, blank lines and comments are as they run."""
        assert running_source(module, "first") == FIRST

    def test_signature_over_several_lines_is_shown_whole(self, module: str):
        """From `def` to the last line of the body."""
        assert running_source(module, "second") == SECOND

    def test_module_is_not_imported(self, module: str):
        """Its import would fail, as one that needs TensorFlow would take seconds."""
        assert running_source(module, "first").startswith("def first(")

    @pytest.mark.parametrize("name", ["third", "open", "RuntimeError", ""])
    def test_unknown_function_is_refused(self, module: str, name: str):
        """A lesson whose function has been renamed fails, and says which; a method is no function."""
        with pytest.raises(LookupError, match=f"{module} has no function {name}"):
            running_source(module, name)


class TestLessons:
    @pytest.mark.parametrize(("module", "function"), SHOWN)
    def test_source_of_every_lesson_is_found(self, module: str, function: str):
        """Each function that a lesson shows is there under its name."""
        assert running_source(module, function).startswith(f"def {function.rsplit('.', 1)[-1]}(")

    def test_source_of_every_lesson_can_be_run(self):
        """What the class reads is Python, and stands in the file as it is shown."""
        for module, function in SHOWN:
            shown = running_source(module, function)
            (definition,) = ast.parse(shown).body
            assert definition.name == function.split(".")[-1]
            margin = "    " * function.count(".")
            stands = textwrap.indent(shown, margin)
            assert f"\n{stands}\n" in Path(find_spec(module).origin).read_text(encoding="utf-8")

    @pytest.mark.parametrize("language", languages())
    @pytest.mark.parametrize("topic", SOURCES)
    def test_every_lesson_can_be_read(self, topic: str, language: str):
        """It begins with its text and has no placeholder left."""
        text = lesson_text(topic, language)
        assert text[0].isalpha() or text[0] in "¿¡*"
        assert "TODO" not in text

    @pytest.mark.parametrize("topic", SOURCES)
    def test_no_lesson_is_left_in_english_in_spanish(self, topic: str):
        """Another language may still be on its way."""
        assert lesson_text(topic, "es") != lesson_text(topic, "en")
