import ast
import textwrap
from importlib.util import find_spec
from pathlib import Path

import pytest

from mnist_demo.texts.loading import languages, load_texts
from mnist_demo.ui.common.lesson_numbers import lesson_numbers
from mnist_demo.ui.common.lessons import KERAS, SOURCES, TOPICS, lesson_template, lesson_text, running_source

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
    @pytest.mark.parametrize("topic", TOPICS)
    def test_every_lesson_can_be_read(self, topic: str, language: str):
        """It begins with its text and has no placeholder left."""
        text = lesson_text(topic, language, lesson_numbers(60_000, 10_000, 0.2, load_texts(language).numbers))
        assert text[0].isalpha() or text[0] in "¿¡*"
        assert not {"{", "}"} & set(text)
        assert "TODO" not in text

    @pytest.mark.parametrize("topic", TOPICS)
    def test_no_lesson_is_left_in_english_in_spanish(self, topic: str):
        """Another language may still be on its way."""
        assert lesson_template(topic, "es") != lesson_template(topic, "en")

    @pytest.mark.parametrize("language", languages())
    def test_numbers_are_those_of_the_images_in_use(self, language: str):
        """No lesson tells a class with 1,437 images of its own that there are 48,000."""
        numbers = load_texts(language).numbers
        in_use = lesson_numbers(1437, 360, 0.25, numbers)
        told = " ".join(lesson_text(topic, language, in_use) for topic in TOPICS)
        for count in (48_000, 12_000, 60_000, 10_000, 1500, 375):
            assert numbers.whole(count) not in told
        batches = lesson_text("batch_size", language, in_use)
        assert numbers.whole(1077) in batches
        assert "34" in batches  # 1077 images in batches of 32
        assert "9" in batches  # and of 128

    def test_numbers_of_mnist_are_those_of_the_notebook(self):
        """What the texts said before they asked."""
        numbers = lesson_numbers(60_000, 10_000, 0.2, load_texts("en").numbers)
        assert numbers == {
            "test": "10,000",
            "learned": "48,000",
            "steps_32": "1,500",
            "steps_128": "375",
            "right": "9,760",
            "wrong": "240",
        }

    @pytest.mark.parametrize("topic", KERAS)
    def test_line_of_keras_is_short(self, topic: str):
        """A beginner reads it at a glance, and it fits a narrow column without being cut."""
        ast.parse(KERAS[topic])
        assert topic in SOURCES
        assert max(map(len, KERAS[topic].splitlines())) <= 72
