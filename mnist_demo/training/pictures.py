"""Pictures of a network as it learns, for whoever watches: about ten a second, each a file of its weights."""

from __future__ import annotations

import logging
import time

import numpy as np
from numpy.typing import NDArray

from mnist_demo.jobs.messages import Shown
from mnist_demo.network import Calibration, Network, fit_calibration
from mnist_demo.runs import RunConfig, RunStore
from mnist_demo.training.channel import Channel
from mnist_demo.training.loop import TrainingSession

LOG = logging.getLogger(__name__)
APART_SECONDS = 0.08
CALIBRATION_IMAGES = 1000
"""Enough while it learns; calibrating a finished run takes more."""


class Pictures:
    """Leaves pictures of the job in training, and tells the server of each."""

    def __init__(
        self, job: str, config: RunConfig, session: TrainingSession, store: RunStore, channel: Channel
    ) -> None:
        self._job, self._config, self._session = job, config, session
        self._store, self._channel = store, channel
        self._number = 0
        self._next = 0.0
        self._examples: tuple[NDArray[np.float32], NDArray[np.uint8]] | None = None

    def show(self) -> None:
        """Show the network as it is now, unless it was shown a moment ago; a full disk ends the pictures."""
        if time.monotonic() < self._next:
            return
        try:
            path = self._store.live.save_shown(
                self._job, self._number, Network(tuple(self._session.weights()))
            )
        except OSError as error:
            LOG.warning("The network in training cannot be shown any more: %s", error)
            self._next = float("inf")
            return
        self._channel.send(Shown(self._job, str(path)))
        self._number += 1
        self._next = time.monotonic() + APART_SECONDS

    def calibrate(self) -> Calibration | None:
        """Say how far the network can be trusted by now: its answers shall not jump when the run ends."""
        if self._examples is None:
            x, labels = self._session.calibration_data(self._config)[0]
            self._examples = x[-CALIBRATION_IMAGES:], labels[-CALIBRATION_IMAGES:]
        return fit_calibration(Network(tuple(self._session.weights())), *self._examples)
