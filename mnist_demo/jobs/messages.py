"""What the web server and the trainer tell each other: frozen dataclasses, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from mnist_demo.data import DatasetInfo
from mnist_demo.errors import DemoError
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone
from mnist_demo.jobs.teaching import Teaching
from mnist_demo.network import Calibration
from mnist_demo.runs import TEACHER, EpochRecord, Owner, RateChange, RunConfig


@dataclass(frozen=True)
class Train:
    """Server to trainer: train this configuration; the run is the owner's. `teaching`: on a class, too."""

    job: str
    config: RunConfig
    owner: Owner = TEACHER
    teaching: Teaching | None = None


@dataclass(frozen=True)
class HandOver:
    """Server to trainer: the run of this job is somebody else's now, as its first owner has left."""

    job: str
    owner: Owner


@dataclass(frozen=True)
class Stop:
    """Server to trainer: end this job, keeping what was trained."""

    job: str


@dataclass(frozen=True)
class Steer:
    """Server to trainer: from now on, this job is held so."""

    job: str
    controls: Controls


@dataclass(frozen=True)
class Problem:
    """Trainer: an error of `errors` as plain values."""

    problem: str
    details: dict[str, str]

    @classmethod
    def of(cls, error: DemoError) -> Problem:
        """Pack an error."""
        return cls(error.code, error.details)

    def error(self) -> DemoError:
        """Unpack it."""
        return DemoError(self.problem, **self.details)


@dataclass(frozen=True)
class DataReady:
    """Trainer: the images are loaded."""

    info: DatasetInfo


@dataclass(frozen=True)
class Ready:
    """Trainer: TensorFlow is loaded, the default network is compiled."""


@dataclass(frozen=True)
class Progress:
    """Trainer: an event of the training loop.

    `weights`: a file with the network as it is now; empty: there is none, and a former one is still there.
    `calibration`: after an epoch, how far the network can be trusted; None: it has overflowed. `is_still`:
    training stands still from here on, until more is pressed.
    """

    job: str
    event: Event
    weights: str
    calibration: Calibration | None = None
    is_still: bool = False


@dataclass(frozen=True)
class Ended:
    """Trainer: the job has ended and lies in the store under `run`; empty: nothing was learned, or kept.

    `recycles`: this process ends now, of its own accord, and takes no other job. `problem`: why nothing was
    kept of what was learned. `owner`: whose the run is as it lies there.
    """

    job: str
    run: str
    recycles: bool = False
    problem: Problem | None = None
    owner: Owner | None = None


@dataclass(frozen=True)
class Heartbeat:
    """Trainer: it lives; sent every second, whatever else it does."""


Message = Train | HandOver | Stop | Steer | Problem | DataReady | Ready | Progress | Ended | Heartbeat
_SETTINGS = (RunConfig, Owner, DatasetInfo, Controls, Teaching)
_MEASURED = (EpochRecord, RateChange, Calibration, Compiling, Started, StepDone, EpochDone)
_KINDS: dict[str, type] = {kind.__name__: kind for kind in (*Message.__args__, *_SETTINGS, *_MEASURED)}


def encode(message: Message) -> str:
    """Write a message as one line."""
    return json.dumps(_to_plain(message)) + "\n"


def decode(line: str) -> Message:
    """Read a line that `encode` wrote.

    Raises:
        ValueError: It is no message; only a defect in this code can cause that.
    """
    try:
        message = _from_plain(json.loads(line))
    except (KeyError, TypeError) as error:
        raise ValueError(f"Not a message: {line!r}") from error
    if not isinstance(message, Message):
        raise ValueError(f"Not a message: {line!r}")
    return message


def _to_plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if is_dataclass(value):
        parts = {field.name: _to_plain(getattr(value, field.name)) for field in fields(value)}
        return {"kind": type(value).__name__} | parts
    return [_to_plain(part) for part in value] if isinstance(value, tuple) else value


def _from_plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, list):
        return tuple(map(_from_plain, value))
    if isinstance(value, dict) and "kind" in value:
        parts = {name: _from_plain(part) for name, part in value.items() if name != "kind"}
        return _KINDS[value["kind"]](**parts)
    return value
