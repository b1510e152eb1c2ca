"""What the web server and the trainer tell each other: one JSON object a line, each a frozen dataclass."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from mnist_demo.runs import DatasetInfo, EpochRecord, History, RunConfig, StepRecord


@dataclass(frozen=True)
class Train:
    """Server to trainer: train this configuration."""

    job: str
    config: dict[str, Any]

    def run_config(self) -> RunConfig:
        """Read the configuration."""
        return RunConfig.from_json(self.config)


@dataclass(frozen=True)
class Stop:
    """Server to trainer: end this job, keeping what was trained."""

    job: str


@dataclass(frozen=True)
class Downloading:
    """Trainer: so many bytes of MNIST have arrived."""

    done_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class DataReady:
    """Trainer: the images are loaded; `source` is a `data.Source`, `notes` are problems met on the way."""

    name: str
    fingerprint: str
    n_train: int
    n_test: int
    source: str
    path: str
    notes: tuple[dict[str, Any], ...] = ()

    def info(self) -> DatasetInfo:
        """Describe the images."""
        return DatasetInfo(self.name, self.fingerprint, self.n_train, self.n_test)


@dataclass(frozen=True)
class Problem:
    """Trainer: it cannot go on; an error of `errors` as plain values."""

    problem: str
    details: dict[str, str]


@dataclass(frozen=True)
class Ready:
    """Trainer: TensorFlow is loaded, the default network is compiled."""


@dataclass(frozen=True)
class Compiling:
    """Trainer: new shapes are being compiled."""

    job: str


@dataclass(frozen=True)
class Step:
    """Trainer: some batches further; `loss` and `accuracy` are means since the epoch began, as Keras prints.

    `segment_loss` and `segment_accuracy` are means since the last `Step`.
    """

    job: str
    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float
    segment_loss: float
    segment_accuracy: float
    images_per_second: float


@dataclass(frozen=True)
class Epoch:
    """Trainer: an epoch has ended; `weights` is a file with the network as it is now."""

    job: str
    record: dict[str, float]
    weights: str


@dataclass(frozen=True)
class Ended:
    """Trainer: the job has ended and lies in the store under `run`."""

    job: str
    run: str


Message = Train | Stop | Downloading | DataReady | Problem | Ready | Compiling | Step | Epoch | Ended
KINDS: dict[str, type[Message]] = {kind.__name__: kind for kind in Message.__args__}


def extend_history(history: History, message: Message) -> History:
    """Add what a message measured; most measure nothing."""
    if isinstance(message, Step):
        position = message.epoch - 1 + message.step / message.steps
        return history.with_step(StepRecord(position, message.segment_loss, message.segment_accuracy))
    if isinstance(message, Epoch):
        return history.with_epoch(EpochRecord(**message.record))  # type: ignore[arg-type]
    return history


def encode(message: Message) -> str:
    """Write a message as one line."""
    return json.dumps({"kind": type(message).__name__} | asdict(message)) + "\n"


def decode(line: str) -> Message:
    """Read a line that `encode` wrote.

    Raises:
        ValueError: It is no message; only a defect in this code can cause that.
    """
    values = json.loads(line)
    try:
        return KINDS[values.pop("kind")](**values)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"Not a message: {line!r}") from error
