"""What a run is told to have learned from a class, and what came of it, on people it has not learned from."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Self

MAX_COUNT = 10_000_000
MAX_ID_LENGTH = 100
DIGEST = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class Score:
    """How many of some images a network recognises: their likeliest digit is the one that was asked for.

    Raises:
        ValueError: There cannot be so many.
    """

    right: int
    of: int

    def __post_init__(self) -> None:
        _check_counts(self.right, self.of)
        if self.right > self.of or not self.of:
            raise ValueError(f"{self.right} / {self.of}")


@dataclass(frozen=True)
class Comparison:
    """How a network did on some images.

    Attributes:
        before: The network that it started from.
        after: The network that has learned from the class.
        control: One that made as many steps without the class's digits.

    Raises:
        ValueError: They were not tested on equally many images.
    """

    before: Score
    after: Score
    control: Score

    def __post_init__(self) -> None:
        if not self.before.of == self.after.of == self.control.of:
            raise ValueError(f"{self}")

    @classmethod
    def read(cls, value: object) -> Self:
        """Read what `asdict` made of it; raises what `Taught.read` does."""
        if not isinstance(value, dict):
            raise TypeError(f"taught: {value!r}")
        return cls(**{name: Score(**score) for name, score in value.items()})


@dataclass(frozen=True)
class Taught:
    """What a run learned from a class besides the images of its data set.

    Attributes:
        base: Id of the run whose network it started from.
        drawings: How many it learned from.
        people: Who drew them.
        held_people: Who was held out.
        digest: Names the drawings, see `data.ClassDrawings`.
        on_class: Measured on the drawings of the people held out.
        on_test: Measured on the test images of its data set.

    Raises:
        ValueError: It cannot be so.
    """

    base: str
    drawings: int
    people: int
    held_people: int
    digest: str
    on_class: Comparison
    on_test: Comparison

    def __post_init__(self) -> None:
        _check_counts(self.drawings, self.people, self.held_people)
        fits = 0 < self.people <= self.drawings and 0 < self.held_people <= self.on_class.after.of
        if not fits or not DIGEST.fullmatch(self.digest):
            raise ValueError(f"{self.people}, {self.drawings}, {self.held_people}, {self.digest}")
        if not (self.base.isprintable() and 0 < len(self.base) <= MAX_ID_LENGTH):
            raise ValueError(f"{self.base!r}")

    @property
    def all_people(self) -> int:
        """How many people the class had, with those held out."""
        return self.people + self.held_people

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    @classmethod
    def read(cls, value: object) -> Self | None:
        """Read what `to_json` wrote; None stays None.

        Raises:
            KeyError, TypeError, ValueError: It says what cannot be.
        """
        if value is None:
            return None
        if not isinstance(value, dict) or not isinstance(value["base"], str):
            raise TypeError(f"taught: {value!r}")
        tested = {name: Comparison.read(value[name]) for name in ("on_class", "on_test")}
        return cls(**(value | tested))


def _check_counts(*counts: int) -> None:
    for count in counts:
        if type(count) is not int or not 0 <= count <= MAX_COUNT:
            raise ValueError(f"{count!r}")
