"""The network after its best epoch, for runs that keep that one rather than the last."""

from __future__ import annotations

import math

import keras
import numpy as np
from numpy.typing import NDArray


class BestEpoch:
    """Remembers a network after the epoch with the lowest validation loss, the first of equals.

    It is what Keras's callback `ModelCheckpoint` with `save_best_only` keeps, without a file.
    """

    def __init__(self) -> None:
        self._loss = math.inf
        self._weights: list[NDArray[np.float32]] | None = None

    def see(self, val_loss: float, network: keras.Sequential) -> None:
        """Look at a network after an epoch; a loss that is no number is never the best."""
        if val_loss < self._loss:
            self._loss, self._weights = val_loss, network.get_weights()

    def restore(self, network: keras.Sequential) -> None:
        """Give a network the best epoch's weights; it stays as it is where no epoch was seen."""
        if self._weights:
            network.set_weights(self._weights)
