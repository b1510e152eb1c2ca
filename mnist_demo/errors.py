"""What can go wrong, as one tree that a page turns into words.

DemoError
├── DatasetUnavailable   the images that were asked for cannot be read
├── EmptyDrawing         there is no ink to recognise
├── UnreadableDrawing    what the browser sent of its canvas cannot be read, or not be kept
├── InvalidConfig        a training setting is outside its range
├── DamagedRun           a folder that should hold a trained run does not
├── UnknownRun           no run of that name
├── UploadRefused        a file that somebody uploaded is not a whole and harmless run
└── TrainingFailed       the trainer gave up on a run

An error carries a code (an entry of the catalogues' `problems`) and the values that its sentence needs, so
that it crosses the border between two processes as plain values; `texts.message` turns it into the sentence.
"""

from __future__ import annotations


class DemoError(Exception):
    """Base of every error that the app turns into one clear sentence.

    Args:
        code: Entry of the catalogues' `problems` that says what is wrong and what to do.
        details: Values for the placeholders of that sentence.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = {name: str(value) for name, value in details.items()}

    def __str__(self) -> str:
        """Name code and values, for logs; people read `texts.message`."""
        values = ", ".join(f"{name}: {value}" for name, value in self.details.items())
        return f"{self.code} ({values})" if values else self.code


class DatasetUnavailable(DemoError):
    """The images that were asked for cannot be read."""


class EmptyDrawing(DemoError):
    """There is no ink to recognise."""

    def __init__(self) -> None:
        super().__init__("empty_drawing")


class UnreadableDrawing(DemoError):
    """What the browser sent of its canvas cannot be read, or not be kept."""


class InvalidConfig(DemoError):
    """A training setting is outside its range."""


class DamagedRun(DemoError):
    """A folder that should hold a trained run does not."""


class UnknownRun(DemoError):
    """There is no run of that name."""


class UploadRefused(DemoError):
    """A file that somebody uploaded is not a whole and harmless run."""


class TrainingFailed(DemoError):
    """The trainer gave up on a run."""
