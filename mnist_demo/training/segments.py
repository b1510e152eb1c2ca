"""An epoch is cut into segments of about a tenth of a second, and a report follows each."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import numpy as np

from mnist_demo.jobs import StepDone
from mnist_demo.runs import EpochRecord
from mnist_demo.training.control import RunControl

SEGMENT_SECONDS = 0.1
"""Ten reports a second: the pages show as many pictures of the network as it learns."""
SEGMENT_GROWTH = 8
MAX_POINTS = 4000
"""How many points the history of a run may have, besides those at the ends of its epochs: curves show no
more, and a run of hours stays small enough to be taken home and uploaded."""
MAX_SINGLE_POINTS = 1000
"""So many single steps become points besides these: whoever makes them wants to see each."""


class Pace:
    """How many steps a segment takes: as many as the segments before it lead one to expect.

    Args:
        epochs: Of the whole run.
        control: Tells when a segment is a single step.

    Attributes:
        control: As it was given.
        steps: Of the next segment. A run's first is a single step, so that its report comes at once.
    """

    def __init__(self, epochs: int, control: RunControl) -> None:
        self.control = control
        self.steps, self._single_points = 1, 0
        self._epochs_a_point, self._last_point = epochs / MAX_POINTS, -math.inf

    def next_report(self, step: int, steps: int) -> int:
        """Return the step after which the next segment ends, without a crumb at the end of an epoch."""
        if self.control.by_step:
            return step + 1
        due = step + self.steps
        return steps if steps - due < self.steps / 2 else due

    def adapt(self, steps: int, seconds: float) -> None:
        """Choose the steps of the next segment; growth is bounded, since a tiny segment is timed badly.

        After single steps it stays as it was before them.
        """
        if self.control.by_step:
            return
        wanted = round(steps * SEGMENT_SECONDS / seconds)
        self.steps = max(1, min(wanted, steps * SEGMENT_GROWTH))

    def take_point(self, epochs: float) -> bool:
        """Decide whether a report becomes a point of the history.

        Args:
            epochs: Where it stands, 1.5 in mid second epoch. An epoch always ends with a point: the sums of
                the next one begin at nothing.
        """
        is_due = epochs.is_integer() or epochs - self._last_point >= self._epochs_a_point
        if self.control.by_step and not is_due:
            self._single_points += 1
            is_due = self._single_points <= MAX_SINGLE_POINTS
        if is_due:
            self._last_point = epochs
        return is_due


class EpochMeter:
    """Counts the steps of an epoch, adds up its figures and says when to report them.

    Args:
        epoch: Number of the epoch, from 1.
        steps: Steps of the whole epoch.
        pace: Of the run.

    Attributes:
        epoch: As it was given.
        pace: Likewise.
        rate: The learning rate that was set last in this epoch; None before.
        totals: Sums over the epoch, and over what came after the last point of the history, see
            `CompiledNetwork.train`.
    """

    def __init__(self, epoch: int, steps: int, pace: Pace) -> None:
        self.totals = np.zeros((2, 3), np.float32)
        self.epoch, self._steps, self.pace = epoch, steps, pace
        self.rate: float | None = None
        self._step, self._seconds = 0, 0.0
        self._at_point = True
        self.start_segment()

    def start_segment(self) -> None:
        """Start the clock, which stood still while somebody read a report."""
        if self._at_point:
            self.totals[1] = 0
        self._images = float(self.totals[0, 2])
        self._reported, self._due = self._step, self.pace.next_report(self._step, self._steps)
        self._started = time.perf_counter()

    def cut(self, batches: int) -> Iterator[tuple[int, int]]:
        """Cut a source's batches where reports are due.

        Yields:
            Number of the first batch of a piece, from 0, and of the first one after it.
        """
        first = 0
        while first < batches:
            last = min(batches, first + self._due - self._step)
            self._step += last - first
            yield first, last
            first = last

    @property
    def report_is_due(self) -> bool:
        """Whether the piece that `cut` yielded last completes a segment."""
        return self._step == self._due

    def report(self) -> StepDone:
        """Return what was measured, and stop the clock until `start_segment`."""
        seconds = time.perf_counter() - self._started
        self._seconds += seconds
        self.pace.adapt(self._step - self._reported, seconds)
        (loss, accuracy), (segment_loss, segment_accuracy) = (
            self.totals[:, :2] / self.totals[:, 2:]
        ).tolist()
        self._at_point = self.pace.take_point(self.epoch - 1 + self._step / self._steps)
        return StepDone(
            self.epoch,
            self._step,
            self._steps,
            loss,
            accuracy,
            segment_loss,
            segment_accuracy,
            images_per_second=(float(self.totals[0, 2]) - self._images) / seconds,
            is_point=self._at_point,
            rate_change=self.pace.control.take_rate_change((self.epoch - 1) * self._steps + self._reported),
        )

    def record(self, val_loss: float, val_accuracy: float, dead: float) -> EpochRecord:
        """Return the figures of the whole epoch; its seconds count training and validation."""
        seconds = self._seconds + time.perf_counter() - self._started
        loss, accuracy = (self.totals[0, :2] / self.totals[0, 2]).tolist()
        return EpochRecord(self.epoch, loss, accuracy, val_loss, val_accuracy, seconds, dead)
