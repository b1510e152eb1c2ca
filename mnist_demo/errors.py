"""What can go wrong, as one tree that a page turns into words.

DemoError
├── DatasetUnavailable   the images that were asked for cannot be read
├── DownloadFailed       MNIST could not be fetched from the internet
├── EmptyDrawing         there is no ink to recognise
├── InvalidConfig        a training setting is outside its range
├── DamagedRun           a folder that should hold a trained run does not
├── UnknownRun           no run of that name
├── UploadRefused        a file that somebody uploaded is not a whole and harmless run
└── TrainingFailed       the trainer gave up on a run

An error names its problem (an entry of the catalogue's `problems`) and carries the details that the sentence
needs, so that it crosses the border between two processes as plain values and reads well in every language.
"""

from __future__ import annotations

from mnist_demo.texts.loading import DEFAULT_LANGUAGE, load_texts


class DemoError(Exception):
    """Base of every error that the app turns into one clear sentence.

    Args:
        problem: Field of `texts.ProblemTexts` that says what is wrong and what to do.
        details: Values for the placeholders of that sentence.
    """

    def __init__(self, problem: str, **details: object) -> None:
        super().__init__(problem)
        self.problem = problem
        self.details = {name: str(value) for name, value in details.items()}

    def sentence(self, language: str) -> str:
        """Say in one sentence what was wrong and what to do, in `language` ("en", "es")."""
        template: str = getattr(load_texts(language).problems, self.problem)
        return template.format(**self.details)

    def __str__(self) -> str:
        return self.sentence(DEFAULT_LANGUAGE)


class DatasetUnavailable(DemoError):
    """The images that were asked for cannot be read."""


class DownloadFailed(DemoError):
    """MNIST could not be fetched from the internet."""


class EmptyDrawing(DemoError):
    """There is no ink to recognise."""

    def __init__(self) -> None:
        super().__init__("empty_drawing")


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
