"""A drawing that a phone has sent, and what the network makes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Held(StrEnum):
    """Why a drawing waits for the teacher before others see it."""

    UNSURE = "unsure"
    NO_DIGIT = "no_digit"
    SEVERAL = "several"
    INK = "ink"
    """There is far too much of it, or hardly any."""


class Verdict(StrEnum):
    """What came of a drawing."""

    RIGHT = "right"
    UNSURE = "unsure"
    WRONG = "wrong"


@dataclass(frozen=True)
class Reading:
    """What the network makes of a drawing.

    Attributes:
        image: The framed drawing, 784 bytes row by row.
        probabilities: Of the ten digits.
        held: Why the teacher has to look at it first; None: everybody may see it.
    """

    image: bytes
    probabilities: tuple[float, ...]
    held: Held | None = None

    @property
    def read(self) -> int:
        """The likeliest digit."""
        return max(range(len(self.probabilities)), key=self.probabilities.__getitem__)

    @property
    def probability(self) -> float:
        """Of the likeliest digit."""
        return max(self.probabilities)


@dataclass(frozen=True)
class Drawing:
    """A drawing that a phone has sent.

    Attributes:
        seat: Whose it is.
        round: In which round.
        sequence: The phone's own count; a later drawing of a round takes the place of an earlier one.
        asked: The digit that it should be.
        reading: What the network makes of it.
        strokes: As it was sent, compressed JSON.
        guess: Whether the person thinks that the network will read it rightly; None: they said nothing.
        shown: What the teacher has decided: True, everybody sees it; False, nobody; None, nothing.
    """

    seat: int
    round: int
    sequence: int
    asked: int
    reading: Reading
    strokes: bytes = field(repr=False)
    guess: bool | None = None
    shown: bool | None = None

    @property
    def id(self) -> str:
        """Name of its tile on the wall."""
        return f"{self.round}-{self.seat}-{self.sequence}"

    @property
    def is_held(self) -> bool:
        """Whether it waits for the teacher."""
        return self.reading.held is not None and self.shown is None

    @property
    def is_visible(self) -> bool:
        """Whether everybody may see it, so that it counts."""
        return self.reading.held is None if self.shown is None else self.shown

    @property
    def guess_word(self) -> str | None:
        """The guess as phones say it, "yes" or "no"."""
        return None if self.guess is None else "yes" if self.guess else "no"

    @property
    def is_foretold(self) -> bool | None:
        """Whether the person knew what would come of it; None: they said nothing."""
        return None if self.guess is None else self.guess is (self.verdict is Verdict.RIGHT)

    @property
    def verdict(self) -> Verdict:
        """What came of it: a network that is not sure has not read it."""
        if self.reading.held in {Held.UNSURE, Held.NO_DIGIT, Held.SEVERAL}:
            return Verdict.UNSURE
        return Verdict.RIGHT if self.reading.read == self.asked else Verdict.WRONG


def counted_drawings(drawings: Iterable[Drawing], present: Collection[int]) -> list[Drawing]:
    """List the drawings that count: what everybody may see of the latest ones.

    Args:
        drawings: Of any rounds.
        present: Numbers of the seats that take part.
    """
    latest = latest_drawings(drawings).values()
    return [drawing for drawing in latest if drawing.is_visible and drawing.seat in present]


def latest_drawings(drawings: Iterable[Drawing]) -> dict[tuple[int, int], Drawing]:
    """Find the drawing that counts of each round and seat: the one with the highest sequence."""
    found: dict[tuple[int, int], Drawing] = {}
    for drawing in drawings:
        key = drawing.round, drawing.seat
        if key not in found or drawing.sequence > found[key].sequence:
            found[key] = drawing
    return found
