"""How far somebody is in the lesson, and what they have answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STEP_NAMES = (
    *("image", "label", "neuron", "layers", "softmax", "loss"),
    *("learning", "epochs", "overfitting", "evaluation", "hand", "checks"),
)
"""The steps in their order, for whoever links to one; `steps.STEPS` has what they are made of."""


@dataclass
class Progress:
    """One visitor's way through the lesson.

    Attributes:
        step: Number of the step on the screen, from 1.
        answers: The option, from 0, that was committed to, by the name of the question.
        presses: How many steps of learning each press has taken on the copy of the network.
        learns_from: What the copy learns from; another drawing or label begins with a fresh copy.
    """

    step: int = 1
    answers: dict[str, int] = field(default_factory=dict)
    presses: tuple[int, ...] = ()
    learns_from: str = ""

    def go_to(self, step: int, steps: int) -> None:
        """Turn to a step; outside of the lesson, to the nearest one."""
        self.step = min(max(step, 1), steps)

    def commit(self, question: str, answer: int) -> None:
        """Answer a question, once."""
        self.answers.setdefault(question, answer)

    def ask_again(self, question: str) -> None:
        """Take an answer back."""
        self.answers.pop(question, None)

    def learn(self, steps: int) -> None:
        """Let the copy take so many steps more."""
        self.presses += (steps,)

    def unlearn(self) -> None:
        """Take the last press back."""
        self.presses = self.presses[:-1]

    def begin_to_learn_from(self, token: str) -> None:
        """Begin with a fresh copy if what it learns from is another."""
        if token != self.learns_from:
            self.learns_from, self.presses = token, ()

    def save(self) -> SavedProgress:
        """Return what is kept over a reload."""
        return SavedProgress(self.step, tuple(sorted(self.answers.items())))

    def restore(self, saved: SavedProgress) -> None:
        """Take up what was kept."""
        self.step, self.answers = saved.step, dict(saved.answers)


@dataclass(frozen=True)
class SavedProgress:
    """What a reload keeps of the lesson, some hundred bytes."""

    step: int = 1
    answers: tuple[tuple[str, int], ...] = ()


UNBEGUN = SavedProgress()


def asked_step(parameters: Mapping[str, str], name: str) -> int | None:
    """Read the number of a step from an address; None where there is none."""
    text = parameters.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else None
