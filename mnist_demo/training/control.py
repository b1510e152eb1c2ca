"""What can be changed of a run while it trains."""

from __future__ import annotations

from mnist_demo.runs import RateChange


class RunControl:
    """Read by the loop before each segment; whoever reads its events may write it between two of them.

    Args:
        rate: The learning rate of the settings.

    Attributes:
        rate: The learning rate from the next segment on.
        by_step: Whether a segment is a single step. What is computed stays the same.
    """

    def __init__(self, rate: float) -> None:
        self.rate = self._reported = rate
        self.by_step = False

    def take_rate_change(self, step: int) -> RateChange | None:
        """Return the rate of a segment, once, if it is another one than before.

        Args:
            step: Of the whole run, after which the segment began.
        """
        if self.rate == self._reported:
            return None
        self._reported = self.rate
        return RateChange(step, self.rate)
