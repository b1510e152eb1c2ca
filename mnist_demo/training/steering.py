"""Obeys what is pressed while a run trains, always between two of its events."""

from __future__ import annotations

import time

from mnist_demo.jobs import Controls, EpochDone, Event, Goal, Started, StepDone
from mnist_demo.runs import RunConfig
from mnist_demo.training.channel import Channel
from mnist_demo.training.control import RunControl

SLOW_STEP_SECONDS = 0.1
"""Slow motion: ten batches a second."""


class Steering:
    """How one run is held: the loop reads `control`, the worker asks after each event if it stands still.

    Args:
        job: Id of the job.
        config: Its settings.
        channel: Hears what is pressed, and Stop.

    Attributes:
        control: For the loop.
    """

    def __init__(self, job: str, config: RunConfig, channel: Channel) -> None:
        self.control = RunControl(config.learning_rate)
        self._job, self._epochs, self._channel = job, config.epochs, channel
        self._controls = Controls()
        self._goal: Goal = "run"
        self._steps_left = 0
        self._last_step = -SLOW_STEP_SECONDS

    def stands_after(self, event: Event) -> bool:
        """Hear what was pressed until now, and return whether training stands still after an event."""
        self._count(event)
        while self._take(seconds=0):
            pass
        return self._stands(event)

    def wait(self, event: Event) -> None:
        """Wait after an event until training goes on, or is stopped, without any work meanwhile."""
        while self._stands(event) and not self._channel.is_stopped(self._job):
            self._take(seconds=None)
        if self._controls.slow and isinstance(event, StepDone):
            self._take(seconds=max(0, self._last_step + SLOW_STEP_SECONDS - time.monotonic()))
        self._last_step = time.monotonic()
        self.control.by_step = self._controls.slow or self._goal == "step"

    def _count(self, event: Event) -> None:
        """Count an event as what was asked for, if it was."""
        match event:
            case StepDone() if self._goal == "step":
                self._steps_left -= 1
            case EpochDone() if self._goal == "epoch":
                self._goal = "pause"

    def _stands(self, event: Event) -> bool:
        """Whether nothing is left to do; nobody stands between an epoch's last step and its validation."""
        match event:
            case Started():
                may_stand = True
            case StepDone():
                may_stand = event.step < event.steps
            case EpochDone():
                may_stand = event.record.epoch < self._epochs
            case _:
                may_stand = False
        return may_stand and (self._goal == "pause" or (self._goal == "step" and self._steps_left <= 0))

    def _take(self, seconds: float | None) -> bool:
        """Take the next thing that was pressed; without any, return False after so many seconds."""
        news = self._channel.next_steer(seconds)
        if news and news.job == self._job:
            self._obey(news.controls)
        return news is not None

    def _obey(self, controls: Controls) -> None:
        if controls.presses != self._controls.presses:
            steps_left = self._steps_left if self._goal == "step" else 0
            self._steps_left = steps_left + 1 if controls.goal == "step" else 0
            self._goal = controls.goal
        if controls.rate:
            self.control.rate = controls.rate
        self._controls = controls
