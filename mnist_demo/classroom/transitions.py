"""How a class goes on: each function returns the next state, or raises where the rules do not allow it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from mnist_demo.classroom.seats import SeatStatus
from mnist_demo.classroom.state import ClassState, Kind, Moment, Phase, Question, Round, Switches
from mnist_demo.errors import NotFound, NotNow, TooMuch

MAX_PHONES = 200
MAX_UNDO = 20
BEFORE_A_ROUND = {Phase.LOBBY, Phase.REVEALED, Phase.COMPARED}


def step(state: ClassState, *, is_told: bool = True, **changes: Any) -> ClassState:  # noqa: ANN401 - fields
    """Make the next state; `is_told` says whether phones learn of it."""
    version = state.version + 1
    return replace(state, version=version, told=version if is_told else state.told, **changes)


def check_phase(state: ClassState, phases: Collection[Phase]) -> None:
    """Check that a command can be done in this phase.

    Raises:
        NotNow: It cannot.
    """
    if state.phase not in phases:
        raise NotNow("class_not_now")


def open_round(
    state: ClassState, kind: Kind, digit: int | None = None, question: Question | None = None
) -> ClassState:
    """Open the next round.

    Raises:
        NotNow: A round is going on.
    """
    check_phase(state, BEFORE_A_ROUND)
    return _begin(state, Round(state.round_number + 1, kind, digit, question))


def redo_round(state: ClassState) -> ClassState:
    """Ask for the same again, as a new round; what was drawn stays in the file.

    Raises:
        NotNow: There is no round to be done again.
    """
    check_phase(state, {Phase.OPEN, Phase.CLOSED, Phase.REVEALED, Phase.COMPARED})
    if not state.round:
        raise NotNow("class_not_now")
    return _begin(state, replace(state.round, number=state.round.number + 1))


def _begin(state: ClassState, opened: Round) -> ClassState:
    return step(state, phase=Phase.OPEN, round=opened, drawings={}, votes={}, earlier=(), failed=False)


def close_round(state: ClassState) -> ClassState:
    """Take no more drawings.

    Raises:
        NotNow: No round is open.
    """
    check_phase(state, {Phase.OPEN})
    return step(_remember(state), phase=Phase.CLOSED)


def reveal(state: ClassState) -> ClassState:
    """Let everybody know what the network has read; that cannot be undone.

    Raises:
        NotNow: The round is not closed.
    """
    check_phase(state, {Phase.CLOSED})
    return step(state, phase=Phase.REVEALED, earlier=())


def go_on(state: ClassState) -> ClassState:
    """Leave the round behind.

    Raises:
        NotNow: It has not been revealed.
    """
    check_phase(state, {Phase.REVEALED, Phase.COMPARED})
    return step(state, phase=Phase.LOBBY, drawings={}, votes={}, earlier=(), failed=False)


def use_run(state: ClassState, run: str) -> ClassState:
    """Let another run's network read from the next round on.

    What is on the wall was read by the one before, whose accuracy and reasons stand beside it: so not until
    the round is left behind.

    Raises:
        NotNow: A round is going on, or still on the wall.
    """
    check_phase(state, {Phase.LOBBY})
    return step(state, run=run, is_told=False)


def end_class(state: ClassState) -> ClassState:
    """End the class, and forget what was drawn.

    Raises:
        NotNow: It has ended.
    """
    check_running(state)
    return step(state, phase=Phase.ENDED, drawings={}, votes={}, earlier=())


def check_running(state: ClassState) -> None:
    """Check that a class goes on.

    Raises:
        NotNow: It has ended.
    """
    check_phase(state, set(Phase) - {Phase.ENDED})


def switch(state: ClassState, name: str, *, on: bool) -> ClassState:
    """Switch one of `Switches` on or off.

    Raises:
        NotNow: It is so already, or the class has ended.
    """
    check_running(state)
    if getattr(state.switches, name) is on:
        raise NotNow("class_not_now")
    switches: Switches = replace(state.switches, **{name: on})
    return step(_remember(state), switches=switches, is_told=name != "blank")


def show_tile(state: ClassState, tile: str, *, shown: bool) -> ClassState:
    """Let everybody see a drawing, or nobody.

    Raises:
        NotFound: It is not on the wall.
        NotNow: It is so already, or the class has ended.
    """
    check_running(state)
    drawing = state.find_tile(tile)
    if not drawing:
        raise NotFound("class_tile_unknown")
    if (drawing.is_visible and shown) or drawing.shown is shown:
        raise NotNow("class_not_now")
    drawings = {**state.drawings, (drawing.seat, drawing.sequence): replace(drawing, shown=shown)}
    return step(_remember(state), drawings=drawings, is_told=False)


def set_status(state: ClassState, number: int, status: SeatStatus) -> ClassState:
    """Remove or block a phone, or let a blocked one in.

    Raises:
        NotFound: There is no such seat.
        NotNow: It is so already, or the class has ended.
        TooMuch: There are as many phones as may be.
    """
    check_running(state)
    seat = state.seats.get(number)
    if not seat or seat.status is SeatStatus.REMOVED:
        raise NotFound("class_seat_unknown")
    if seat.status is status:
        raise NotNow("class_not_now")
    if status is SeatStatus.PRESENT:
        check_room(state)
    seats = {**state.seats, number: replace(seat, status=status)}
    return step(_remember(state), seats=seats, is_told=False)


def unblock_all(state: ClassState) -> ClassState:
    """Let all blocked phones in again.

    Raises:
        NotNow: None is blocked, or the class has ended.
        TooMuch: There are as many phones as may be.
    """
    check_running(state)
    blocked = [seat.number for seat in state.seats.values() if seat.status is SeatStatus.BLOCKED]
    if not blocked:
        raise NotNow("class_not_now")
    earlier = _remember(state).earlier
    for number in blocked:
        state = set_status(state, number, SeatStatus.PRESENT)
    return replace(state, earlier=earlier)


def _remember(state: ClassState) -> ClassState:
    """Keep this moment, so that what follows can be undone."""
    moment = Moment(
        state.phase,
        state.switches,
        {number: seat.status for number, seat in state.seats.items()},
        {drawing.id: drawing.shown for drawing in state.drawings.values()},
    )
    return replace(state, earlier=(*state.earlier, moment)[-MAX_UNDO:])


def undo(state: ClassState) -> ClassState:
    """Take the last command back; what phones have sent since then stays.

    Raises:
        NotNow: There is none, or it cannot be undone.
    """
    if not state.earlier:
        raise NotNow("class_not_now")
    *earlier, moment = state.earlier
    seats = {
        number: replace(seat, status=moment.statuses.get(number, seat.status))
        for number, seat in state.seats.items()
    }
    drawings = {
        key: replace(drawing, shown=moment.shown.get(drawing.id, drawing.shown))
        for key, drawing in state.drawings.items()
    }
    before: dict[str, Any] = {"phase": moment.phase, "switches": moment.switches, "earlier": tuple(earlier)}
    return step(state, seats=seats, drawings=drawings, **before)


def check_room(state: ClassState) -> None:
    """Check that another phone fits in.

    Raises:
        TooMuch: There are as many as may be.
    """
    if len(state.present) >= MAX_PHONES:
        raise TooMuch("class_full", limit=MAX_PHONES)
