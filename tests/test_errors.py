import pytest

from mnist_demo import errors
from mnist_demo.errors import (
    DamagedRun,
    DatasetUnavailable,
    DemoError,
    DownloadFailed,
    EmptyDrawing,
    InvalidConfig,
    TrainingFailed,
    UnknownRun,
    UploadRefused,
)


def test_error_reads_as_its_english_sentence():
    """What a traceback or a log shows is a whole sentence with its details."""
    error = UnknownRun("run_unknown", name="abc")
    assert str(error) == "There is no run called abc: choose one from the list."


def test_error_reads_in_spanish():
    """The page asks for the visitor's language."""
    error = InvalidConfig("config_range", name="epochs", value=31, low=1, high=30)
    assert error.sentence("es") == "epochs vale 31: elige un número de 1 a 30."


def test_english_sentence_can_be_asked_for():
    """Asking for the default language gives what the error reads as."""
    error = TrainingFailed("trainer_broken", code=3)
    assert error.sentence("en") == str(error)


def test_details_become_texts():
    """They cross the border between two processes as plain values, whatever they were."""
    error = DamagedRun("run_wrong_shape", file="w", found=(3, 2), expected=None)
    assert error.details == {"file": "w", "found": "(3, 2)", "expected": "None"}


def test_braces_in_details_are_left_alone():
    """A file may be called {file}; its name is not read as a placeholder."""
    error = DatasetUnavailable("dataset_damaged", file="{file} {0}")
    assert str(error) == "{file} {0} is damaged or cut short: copy it again."


def test_empty_drawing_needs_no_details():
    """There is only one way to be empty."""
    assert str(EmptyDrawing()) == "The canvas is empty: draw a digit first."
    assert EmptyDrawing().details == {}


@pytest.mark.parametrize(
    "kind",
    [
        DatasetUnavailable,
        DownloadFailed,
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
    error = UnknownRun("run_shipped", name="notebook")
    assert str(DemoError(error.problem, **error.details)) == str(error)
