import pytest

from mnist_demo import errors
from mnist_demo.errors import (
    DamagedRun,
    DatasetUnavailable,
    DemoError,
    EmptyDrawing,
    InvalidConfig,
    TrainingFailed,
    UnknownRun,
    UploadRefused,
)
from mnist_demo.texts.loading import message


def test_error_names_its_code_and_its_values():
    """That is what a traceback or a log shows."""
    assert str(UnknownRun("run_unknown", name="abc")) == "run_unknown (name: abc)"
    assert str(TrainingFailed("trainer_died")) == "trainer_died"


def test_error_reads_in_spanish():
    """The page asks for the visitor's language."""
    error = InvalidConfig("config_range", name="epochs", value=31, low=1, high=30)
    assert message(error, "es") == "epochs vale 31: elige un número de 1 a 30."


def test_details_become_texts():
    """They cross the border between two processes as plain values, whatever they were."""
    error = DamagedRun("run_wrong_shape", file="w", found=(3, 2), expected=None)
    assert error.details == {"file": "w", "found": "(3, 2)", "expected": "None"}


def test_braces_in_details_are_left_alone():
    """A file may be called {file}; its name is not read as a placeholder."""
    error = DatasetUnavailable("dataset_damaged", file="{file} {0}")
    assert message(error, "en") == "{file} {0} is damaged or incomplete: copy it again."


def test_empty_drawing_needs_no_details():
    """There is only one way to be empty."""
    assert message(EmptyDrawing(), "en") == "The canvas is empty: draw a digit first."
    assert EmptyDrawing().details == {}


@pytest.mark.parametrize(
    "kind",
    [
        DatasetUnavailable,
        EmptyDrawing,
        InvalidConfig,
        DamagedRun,
        UnknownRun,
        UploadRefused,
        TrainingFailed,
    ],
)
def test_every_error_has_one_base(kind: type):
    """A page catches `DemoError` and has caught them all."""
    assert issubclass(kind, DemoError)
    assert kind.__name__ in errors.__doc__


def test_tree_in_the_module_names_every_error():
    """The tree at the top of the module is whole."""
    kinds = {name for name, value in vars(errors).items() if isinstance(value, type)}
    assert kinds == set(errors.__doc__.split()) & kinds


def test_error_made_from_its_parts_reads_the_same():
    """Problem and details are all there is to it."""
    error = UnknownRun("run_pretrained", name="notebook")
    assert str(DemoError(error.code, **error.details)) == str(error)
