"""What a training session reports while it trains; plain values, without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass

from mnist_demo.runs import EpochRecord, History, RateChange, StepRecord


@dataclass(frozen=True)
class Compiling:
    """These sizes are new: a second or two go by before the first step."""


@dataclass(frozen=True)
class Started:
    """Training begins: the network has the weights that it was drawn with, and nothing is learned yet."""


@dataclass(frozen=True)
class StepDone:
    """A segment of an epoch's steps is done.

    Attributes:
        epoch: Epoch, from 1.
        step: Steps done in this epoch.
        steps: Steps of a whole epoch.
        loss: Mean over the epoch so far, as Keras prints it.
        accuracy: Likewise.
        segment_loss: Mean over the steps since the last point of the history.
        segment_accuracy: Likewise.
        images_per_second: Training speed of this segment.
        is_point: Whether the history gets a point here: a long run reports more often than anybody sees in
            its curves.
        rate_change: The learning rate with which this segment was trained, where it is another one than
            before.
    """

    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float
    segment_loss: float
    segment_accuracy: float
    images_per_second: float
    is_point: bool = True
    rate_change: RateChange | None = None


@dataclass(frozen=True)
class EpochDone:
    """An epoch is done and validated."""

    record: EpochRecord


Event = Compiling | Started | StepDone | EpochDone


def extend_history(history: History, event: Event) -> History:
    """Add what an event measured; compiling and starting measure nothing."""
    if isinstance(event, StepDone) and event.rate_change:
        history = history.with_rate(event.rate_change)
    match event:
        case StepDone(is_point=False):
            return history
        case StepDone():
            position = event.epoch - 1 + event.step / event.steps
            return history.with_step(StepRecord(position, event.segment_loss, event.segment_accuracy))
        case EpochDone(record):
            return history.with_epoch(record)
        case Compiling() | Started():
            return history
