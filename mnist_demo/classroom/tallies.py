"""What came of a round: how many were read rightly, how sure that is, and what was mistaken for what."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from mnist_demo.classroom.drawing import Verdict, counted_drawings
from mnist_demo.classroom.state import ClassState

WILSON_Z = 1.959964
"""Of a 95 % interval: the quantile 0.975 of the normal distribution."""
MAX_CONFUSIONS = 3


@dataclass(frozen=True)
class Tallies:
    """The figures of a round. Of everybody who is there, the last drawing counts, if everybody may see it.

    What the teacher has hidden does not count. What waits for the teacher does not count either until it is
    shown; a round may be revealed without that, and the stage says how many wait. So a class whose teacher
    shows nothing of what waits seems better than it is: most of it is what the network was not sure of.
    Phones and exports tell by the same rule what counts (`counted_drawings`).

    Attributes:
        right: How many drawings the network read rightly.
        unsure: On how many it named no digit.
        wrong: How many it took for another digit.
        interval: Wilson's 95 % interval of right by all.
        confusions: The commonest mistakes: asked, read, how often.
        predicted_right: How many people foretold whether it would read their drawing rightly, and were right.
        predicted_of: How many have said something.
        votes: For each choice of a question.
    """

    right: int
    unsure: int
    wrong: int
    interval: tuple[float, float]
    confusions: tuple[tuple[int, int, int], ...]
    predicted_right: int
    predicted_of: int
    votes: tuple[int, ...] = ()

    @property
    def of(self) -> int:
        """How many drawings there are."""
        return self.right + self.unsure + self.wrong


def wilson_interval(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, from 0 to 1; all of it where nothing was counted.

    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (Journal of the
    American Statistical Association 1927).
    """
    if not of:
        return 0.0, 1.0
    share, z2 = right / of, WILSON_Z**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = WILSON_Z / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def tally(state: ClassState) -> Tallies:
    """Count a round."""
    drawings = counted_drawings(state.drawings.values(), state.present_numbers)
    verdicts = Counter(drawing.verdict for drawing in drawings)
    mistaken = Counter(
        (drawing.asked, drawing.reading.read) for drawing in drawings if drawing.verdict is Verdict.WRONG
    )
    guessed = [drawing for drawing in drawings if drawing.guess is not None]
    common = sorted(mistaken.items(), key=lambda found: (-found[1], found[0]))[:MAX_CONFUSIONS]
    return Tallies(
        verdicts[Verdict.RIGHT],
        verdicts[Verdict.UNSURE],
        verdicts[Verdict.WRONG],
        wilson_interval(verdicts[Verdict.RIGHT], len(drawings)),
        tuple((asked, read, count) for (asked, read), count in common),
        sum(bool(drawing.is_foretold) for drawing in guessed),
        len(guessed),
        count_votes(state),
    )


def count_votes(state: ClassState) -> tuple[int, ...]:
    """Count the votes for each choice; none without a question."""
    if not state.round or not state.round.question:
        return ()
    votes = Counter(choice for seat, choice in state.votes.items() if seat in state.present_numbers)
    return tuple(votes[place] for place in range(len(state.round.question.choices)))
