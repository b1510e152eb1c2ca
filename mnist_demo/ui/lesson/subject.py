"""What the lesson looks at: the visitor's drawing, or a sample digit until there is one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnist_demo.charts import grey
from mnist_demo.data import FramingSteps
from mnist_demo.network import Activations, Network
from mnist_demo.ui.draw.answers import frame_sample
from mnist_demo.ui.draw.canvas import Canvas

SAMPLE = "3"


@dataclass(frozen=True, eq=False)
class Subject:
    """An image that the lesson looks at.

    Attributes:
        steps: On its way to what the network reads.
        is_drawn: Whether the visitor has drawn it.
    """

    steps: FramingSteps
    is_drawn: bool

    @property
    def image(self) -> NDArray[np.uint8]:
        """(28, 28), 0 to 255."""
        return grey(self.steps.frame)

    @property
    def x(self) -> NDArray[np.float32]:
        """(1, 784), 0 to 1."""
        return self.steps.frame.reshape(1, -1)

    def answers(self, network: Network) -> Activations:
        """Let a network read it."""
        return network.activations(self.x)


def find_subject(canvas: Canvas) -> Subject:
    """Return what lies on the canvas, or a sample."""
    return Subject(canvas.steps or frame_sample(SAMPLE), canvas.steps is not None)
