"""What a class is at one moment: one frozen value; `transitions` makes the next one of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from mnist_demo.classroom.drawing import Drawing, latest_drawings
from mnist_demo.classroom.seats import Seat, SeatStatus, is_digest

Words = str | Mapping[str, str]
"""One text, or one for each language by its code."""


class Phase(StrEnum):
    """What the class is doing."""

    LOBBY = "lobby"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"
    TRAINING = "training"
    COMPARED = "compared"
    ENDED = "ended"


class Kind(StrEnum):
    """What a round asks for."""

    DIGIT = "digit"
    ANY = "any"
    QUESTION = "question"


@dataclass(frozen=True)
class Question:
    """A question with choices.

    Attributes:
        id: Its name.
        text: What is asked.
        choices: What can be answered.
        answer: Place of the right one among the choices; None where there is none.
    """

    id: str
    text: Words
    choices: tuple[Words, ...]
    answer: int | None = None


@dataclass(frozen=True)
class Round:
    """What everybody draws, or answers, at a time.

    Attributes:
        number: From 1.
        kind: What it asks for.
        digit: The digit to draw, where it is one for all.
        question: The question, where it is one.
    """

    number: int
    kind: Kind
    digit: int | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Switches:
    """What the teacher has switched on.

    Attributes:
        paused: Everybody looks up.
        blank: The wall shows nothing.
        locked: Nobody new may join.
    """

    paused: bool = False
    blank: bool = False
    locked: bool = False


@dataclass(frozen=True)
class Moment:
    """What undoing brings back: all that a command may have changed, but nothing that phones have sent.

    Attributes:
        phase: What the class was doing.
        switches: What was switched on.
        statuses: Of each seat.
        shown: What was decided about each drawing, by its id.
    """

    phase: Phase
    switches: Switches
    statuses: Mapping[int, SeatStatus]
    shown: Mapping[str, bool | None]


@dataclass(frozen=True)
class ClassState:
    """A class at one moment.

    Attributes:
        code: By which phones find it.
        run: Id of the run whose network reads the drawings.
        seed: From which the seats' names come.
        version: Grows with every change.
        told: The version in which what phones are told changed last.
        phase: What it is doing.
        round: The round that was opened last; None before the first.
        switches: What the teacher has switched on.
        seats: By their numbers.
        drawings: Of this round, by seat and sequence, in the order in which they came.
        votes: Of this round, the choice of each seat.
        earlier: The moments to which one can go back, the latest last.
        waits: Whether the class waits for the trainer, which trains other networks first.
        failed: Whether the last training came to nothing.
    """

    code: str
    run: str
    seed: int = 0
    version: int = 1
    told: int = 1
    phase: Phase = Phase.LOBBY
    round: Round | None = None
    switches: Switches = Switches()
    seats: Mapping[int, Seat] = field(default_factory=dict)
    drawings: Mapping[tuple[int, int], Drawing] = field(default_factory=dict)
    votes: Mapping[int, int] = field(default_factory=dict)
    earlier: tuple[Moment, ...] = ()
    waits: bool = False
    failed: bool = False

    @cached_property
    def _by_digest(self) -> Mapping[bytes, Seat]:
        return {seat.digest: seat for seat in self.seats.values()}

    def find_seat(self, digest: bytes) -> Seat | None:
        """Find the seat of a token by its digest, that of one who was removed or blocked, too."""
        seat = self._by_digest.get(digest)
        return seat if seat and is_digest(seat.digest, digest) else None

    @cached_property
    def present(self) -> tuple[Seat, ...]:
        """The seats that take part."""
        return tuple(seat for seat in self.seats.values() if seat.status is SeatStatus.PRESENT)

    @cached_property
    def present_numbers(self) -> frozenset[int]:
        """The numbers of the seats that take part."""
        return frozenset(seat.number for seat in self.present)

    @cached_property
    def latest(self) -> Mapping[int, Drawing]:
        """The drawing of this round that counts for each seat, see `latest_drawings`."""
        return {seat: drawing for (_, seat), drawing in latest_drawings(self.drawings.values()).items()}

    @cached_property
    def tiles(self) -> tuple[Drawing, ...]:
        """The drawings of this round on the wall, by seats; none of who was removed or blocked."""
        return tuple(self.latest[seat.number] for seat in self.present if seat.number in self.latest)

    def find_tile(self, tile: str) -> Drawing | None:
        """Find a drawing on the wall by its id."""
        return next((drawing for drawing in self.tiles if drawing.id == tile), None)

    @property
    def is_revealed(self) -> bool:
        """Whether what the network has read may be known."""
        return self.phase in {Phase.REVEALED, Phase.TRAINING, Phase.COMPARED}

    @property
    def round_number(self) -> int:
        """The round's number, 0 before the first."""
        return self.round.number if self.round else 0
