"""How often a network is right if it may be silent: fewer answers, and more of them right."""

from __future__ import annotations

from dataclasses import dataclass

from mnist_demo.network.evaluation import Evaluation


@dataclass(frozen=True)
class Coverage:
    """What a network says if it answers only where it is sure enough.

    Attributes:
        threshold: The least confidence with which it answers, 0 to 1.
        images: How many images it is shown.
        answered: How many of them it answers.
        correct: How many of its answers are right.
    """

    threshold: float
    images: int
    answered: int
    correct: int

    @property
    def share(self) -> float:
        """The share of the images that it answers."""
        return self.answered / self.images

    @property
    def accuracy(self) -> float | None:
        """The share of its answers that is right; None where it gives none."""
        return self.correct / self.answered if self.answered else None

    @property
    def mistakes(self) -> int:
        """How many of its answers are wrong."""
        return self.answered - self.correct


def answer_from(evaluation: Evaluation, threshold: float) -> Coverage:
    """Count what a network answers, and how often rightly, if it answers from a confidence on only.

    Source: El-Yaniv, Wiener, "On the Foundations of Noise-free Selective Classification" (JMLR 2010), who
    weigh the mistakes among the answers against the share that is answered.
    """
    answered = evaluation.confidences >= threshold
    correct = answered & (evaluation.predictions == evaluation.labels)
    return Coverage(threshold, evaluation.images, int(answered.sum()), int(correct.sum()))
