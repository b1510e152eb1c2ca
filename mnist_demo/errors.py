"""What can go wrong, as one tree that a page turns into words.

DemoError
├── DatasetUnavailable   the images that were asked for cannot be read
├── EmptyDrawing         there is no ink to recognise
├── UnreadableDrawing    what the browser sent of its canvas cannot be read, or not be kept
├── InvalidRequest       an address was asked for something that it does not answer
├── NotFound             a class has no such seat or tile, or there is no such class
├── NotNow               a class is doing something else just now
├── TooMuch              somebody sends more, or more often, than a class can take
├── ClassNotKept         the file of a class cannot be read or written
├── ClassElsewhere       another server has the class open
├── HomeUnusable         runs cannot be kept in the folder that is set for them
├── InvalidSetting       what the environment sets cannot be used
├── NameNotKept          a visitor's name cannot be written
├── ServerLimited        the system allows this server too little for a class
├── InvalidConfig        a training setting is outside its range
├── NoRoom               nothing more can be trained before something is finished or deleted
├── DamagedRun           a folder that should hold a trained run does not
├── UnknownRun           no run of that name, or none that can be read or changed now
├── NotAllowed           somebody may not change what is not theirs
├── UploadRefused        a file that somebody uploaded is not a whole and harmless run
└── TrainingFailed       the trainer gave up on a run

An error carries a code (an entry of the catalogues' `problems`) and the values that its sentence needs, so
that it crosses the border between two processes as plain values; `texts.message` turns it into the sentence.
"""

from __future__ import annotations

MAX_DETAIL_LENGTH = 300


class DemoError(Exception):
    """Base of every error that the app turns into one clear sentence.

    Args:
        code: Entry of the catalogues' `problems` that says what is wrong and what to do.
        details: Values for the placeholders of that sentence; an exception gives its reason.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = {name: _printable(value) for name, value in details.items()}

    def __str__(self) -> str:
        """Name code and values, for logs; people read `texts.message`."""
        values = ", ".join(f"{name}: {value}" for name, value in self.details.items())
        return f"{self.code} ({values})" if values else self.code


def _printable(value: object) -> str:
    """Return one line that any page can show: names of files may hold half characters, reasons thousands."""
    text = (isinstance(value, OSError) and value.strerror) or str(value)
    if isinstance(value, Exception):
        text = text or type(value).__name__
    signs = (sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text)
    shown = "".join(signs)
    return shown if len(shown) <= MAX_DETAIL_LENGTH else f"{shown[:MAX_DETAIL_LENGTH]}…"


class DatasetUnavailable(DemoError):
    """The images that were asked for cannot be read."""


class EmptyDrawing(DemoError):
    """There is no ink to recognise."""

    def __init__(self) -> None:
        super().__init__("empty_drawing")


class UnreadableDrawing(DemoError):
    """What the browser sent of its canvas cannot be read, or not be kept."""


class InvalidRequest(DemoError):
    """An address was asked for something that it does not answer."""


class NotFound(DemoError):
    """A class has no such seat or tile, or there is no such class."""


class NotNow(DemoError):
    """A class is doing something else just now."""


class TooMuch(DemoError):
    """Somebody sends more, or more often, than a class can take."""


class ClassNotKept(DemoError):
    """The file of a class cannot be read or written."""


class ClassElsewhere(DemoError):
    """Another server has the class open."""


class HomeUnusable(DemoError):
    """Runs cannot be kept in the folder that is set for them."""

    def __init__(self, path: object, reason: object) -> None:
        super().__init__("home_unusable", path=path, reason=reason)


class InvalidSetting(DemoError):
    """What the environment sets cannot be used."""


class NameNotKept(DemoError):
    """A visitor's name cannot be written."""


class ServerLimited(DemoError):
    """The system allows this server less than a class needs."""


class InvalidConfig(DemoError):
    """A training setting is outside its range."""


class NoRoom(DemoError):
    """Nothing more can be trained, or brought back, before something is finished or deleted."""


class DamagedRun(DemoError):
    """A folder that should hold a trained run does not."""


class UnknownRun(DemoError):
    """There is no run of that name, or none that can be read or changed now."""


class NotAllowed(DemoError):
    """Somebody may not change what is not theirs."""


class UploadRefused(DemoError):
    """A file that somebody uploaded is not a whole and harmless run."""


class TrainingFailed(DemoError):
    """The trainer gave up on a run."""
