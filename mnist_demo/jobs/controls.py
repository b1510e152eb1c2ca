"""What is pressed while a run trains: pause, one step more, one epoch more, slow motion, another rate.

None of it changes what is computed, except the rate. Who may press: the only one who waits for the run, and
the teacher. A run that several wait for is in the teacher's hand alone, since nobody may hold up the others,
or give them another network than they asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Goal = Literal["run", "pause", "step", "epoch"]


@dataclass(frozen=True)
class Controls:
    """How a run in training is held; the latest press counts.

    Attributes:
        goal: Train on, stand still, or train one step more, or to the end of the epoch, and then stand still.
        slow: Whether it trains ten steps a second, so that each can be seen.
        rate: The learning rate that was chosen; None: that of the settings.
        presses: How often a goal was chosen: two steps are two presses.
        rates: How often another rate was chosen.
    """

    goal: Goal = "run"
    slow: bool = False
    rate: float | None = None
    presses: int = 0
    rates: int = 0

    @property
    def holds_back(self) -> bool:
        """Whether the run does not train as fast as it can."""
        return self.slow or self.goal != "run"

    def press(self, goal: Goal) -> Controls:
        """Choose a goal; pausing what is paused, or letting go on what goes on, is no press."""
        if goal == self.goal and goal in {"run", "pause"}:
            return self
        return replace(self, goal=goal, presses=self.presses + 1)

    def choose_rate(self, rate: float) -> Controls:
        """Choose a learning rate; the one that there is changes nothing."""
        return self if rate == self.rate else replace(self, rate=rate, rates=self.rates + 1)

    def let_go(self) -> Controls:
        """Train on as fast as possible."""
        return replace(self.press("run"), slow=False)
