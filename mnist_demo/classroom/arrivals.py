"""What phones bring to a class: themselves, drawings, votes; what `transitions` are for the teacher."""

from __future__ import annotations

from collections.abc import Collection

from mnist_demo.classroom.drawing import Drawing
from mnist_demo.classroom.seats import Seat, SeatStatus
from mnist_demo.classroom.state import ClassState, Kind, Phase, Round
from mnist_demo.classroom.transitions import check_room, check_running, step
from mnist_demo.errors import InvalidRequest, NotAllowed, NotFound, NotNow, TooMuch

MAX_DRAWINGS_PER_ROUND = 40
"""Of one phone: so many corrections nobody needs, and so many nobody can look at."""


def join(state: ClassState, digest: bytes) -> tuple[ClassState, Seat]:
    """Give a new phone a seat, at any time.

    Raises:
        NotNow: The class is locked, or has ended.
        TooMuch: It is full.
    """
    check_running(state)
    if state.switches.locked:
        raise NotNow("class_locked")
    check_room(state)
    seat = Seat(len(state.seats) + 1, digest)
    return step(state, seats={**state.seats, seat.number: seat}, is_told=False), seat


def check_seat(state: ClassState, digest: bytes) -> Seat:
    """Return who has a token.

    Raises:
        NotFound: Nobody has, or no longer.
        NotAllowed: Their phone is blocked.
    """
    seat = state.find_seat(digest)
    if not seat or seat.status is SeatStatus.REMOVED:
        raise NotFound("class_seat_unknown")
    if seat.status is SeatStatus.BLOCKED:
        raise NotAllowed("class_blocked")
    return seat


def check_open(state: ClassState, number: int, kinds: Collection[Kind]) -> Round:
    """Return the round that is open.

    Raises:
        NotNow: None of that number and of one of these kinds is.
    """
    if state.phase is not Phase.OPEN or not state.round or state.round.number != number:
        raise NotNow("class_round_closed")
    if state.round.kind not in kinds:
        raise NotNow("class_other_kind")
    return state.round


def add_drawing(state: ClassState, drawing: Drawing) -> ClassState:
    """Take a drawing that came while its round was open, see `check_open`; it may be closed by now.

    The same seat and sequence again changes nothing.

    Raises:
        NotNow: The round has been revealed, or is another one.
        TooMuch: The phone has sent too many.
    """
    if (drawing.seat, drawing.sequence) in state.drawings and drawing.round == state.round_number:
        return state
    if state.phase not in {Phase.OPEN, Phase.CLOSED} or drawing.round != state.round_number:
        raise NotNow("class_round_closed")
    if sum(seat == drawing.seat for seat, _ in state.drawings) >= MAX_DRAWINGS_PER_ROUND:
        raise TooMuch("class_many_drawings")
    drawings = {**state.drawings, (drawing.seat, drawing.sequence): drawing}
    return step(state, drawings=drawings, is_told=False)


def add_vote(state: ClassState, seat: int, number: int, choice: int) -> ClassState:
    """Take a vote; the first one of a phone counts, and the same again changes nothing.

    Raises:
        NotNow: The round is not open, or the phone has voted otherwise.
        InvalidRequest: There is no such choice.
    """
    if number == state.round_number and state.votes.get(seat) == choice:
        return state
    asked = check_open(state, number, {Kind.QUESTION})
    if not asked.question or not 0 <= choice < len(asked.question.choices):
        raise InvalidRequest("class_choice_unknown")
    if seat in state.votes:
        raise NotNow("class_voted")
    return step(state, votes={**state.votes, seat: choice}, is_told=False)
