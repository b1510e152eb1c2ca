"""What a class may do next, and everything that it may not."""

from __future__ import annotations

import pytest

from mnist_demo.classroom import Kind, add_vote, check_open, check_seat, digest_of, join
from mnist_demo.classroom.arrivals import MAX_DRAWINGS_PER_ROUND
from mnist_demo.classroom.drawing import Held
from mnist_demo.classroom.learning import begin_training, end_training
from mnist_demo.classroom.seats import SeatStatus
from mnist_demo.classroom.state import ClassState, Phase
from mnist_demo.classroom.transitions import MAX_PHONES
from mnist_demo.errors import InvalidRequest, NotAllowed, NotFound, NotNow, TooMuch
from tests.classroom.classes import LOBBY, QUESTION, drawn, in_phase, joined, opened, told

RUNNING = set(Phase) - {Phase.ENDED}
ALLOWED = {
    "open": ({"digit": 4}, {Phase.LOBBY, Phase.REVEALED, Phase.COMPARED}),
    "close": ({}, {Phase.OPEN}),
    "reveal": ({}, {Phase.CLOSED}),
    "next": ({}, {Phase.REVEALED, Phase.COMPARED}),
    "redo": ({}, {Phase.OPEN, Phase.CLOSED, Phase.REVEALED, Phase.COMPARED}),
    "use": ({"run": "notebook"}, {Phase.LOBBY}),
    "pause": ({}, RUNNING),
    "blank": ({}, RUNNING),
    "lock": ({}, RUNNING),
    "resume": ({}, set()),
    "unblank": ({}, set()),
    "unlock": ({}, set()),
    "unblock": ({}, set()),
    "remove": ({"seat": 2}, RUNNING),
    "block": ({"seat": 2}, RUNNING),
    "end": ({}, RUNNING),
}
LEADS_TO = {
    "open": Phase.OPEN,
    "close": Phase.CLOSED,
    "reveal": Phase.REVEALED,
    "next": Phase.LOBBY,
    "redo": Phase.OPEN,
    "end": Phase.ENDED,
}
PAIRS = [(command, phase) for command in ALLOWED for phase in Phase]


@pytest.mark.parametrize(
    ("command", "phase"), [pair for pair in PAIRS if pair[1] in ALLOWED[pair[0]][1]], ids=str
)
def test_allowed_command_makes_the_next_version(command: str, phase: Phase):
    """And leaves the state that it was told to as it was."""
    before = in_phase(phase)
    copy = ClassState(**vars_of(before))
    after = told(before, command, **ALLOWED[command][0])
    assert after.version > before.version
    assert after.phase == LEADS_TO.get(command, phase)
    assert before == copy


@pytest.mark.parametrize(
    ("command", "phase"), [pair for pair in PAIRS if pair[1] not in ALLOWED[pair[0]][1]], ids=str
)
def test_every_other_command_is_refused(command: str, phase: Phase):
    """In every phase of the class."""
    with pytest.raises(NotNow):
        told(in_phase(phase), command, **ALLOWED[command][0])


def vars_of(state: ClassState) -> dict[str, object]:
    """The fields of a state."""
    return {name: getattr(state, name) for name in ClassState.__dataclass_fields__}


@pytest.mark.parametrize("phase", Phase)
def test_training_begins_after_a_reveal_only(phase: Phase):
    """And can be begun again where before and after are compared."""
    state = in_phase(phase)
    if phase in {Phase.REVEALED, Phase.COMPARED}:
        assert begin_training(state).phase is Phase.TRAINING
    else:
        with pytest.raises(NotNow):
            begin_training(state)


@pytest.mark.parametrize("phase", Phase)
def test_training_ends_where_it_was_begun(phase: Phase):
    """One that has failed leaves the class where it was before."""
    state = in_phase(phase)
    if phase is Phase.TRAINING:
        assert end_training(state, "new").phase is Phase.COMPARED
        assert end_training(state).phase is Phase.REVEALED
    else:
        with pytest.raises(NotNow):
            end_training(state, "new")


@pytest.mark.parametrize("phase", sorted(RUNNING))
def test_new_phone_joins_at_any_time(phase: Phase):
    """Late ones, too."""
    _, seat = join(in_phase(phase), digest_of("late"))
    assert seat.number == 4


def test_ended_class_takes_nobody():
    """Nor does a locked one; who is there stays."""
    for state in (in_phase(Phase.ENDED), told(opened(), "lock")):
        with pytest.raises(NotNow):
            join(state, digest_of("late"))
        assert check_seat(state, digest_of("1")).number == 1


def test_full_class_takes_nobody_until_somebody_is_removed():
    """A phone that is blocked has given its place up, too."""
    state = joined(LOBBY, MAX_PHONES)
    with pytest.raises(TooMuch):
        join(state, digest_of("late"))
    _, seat = join(told(state, "remove", seat=7), digest_of("late"))
    assert seat.number == MAX_PHONES + 1
    blocked = told(state, "block", seat=7)
    full, _ = join(blocked, digest_of("late"))
    with pytest.raises(TooMuch):
        told(full, "unblock", seat=7)


def test_removed_phone_joins_again_and_a_blocked_one_does_not():
    """The first is unknown, the second is told that it is blocked."""
    removed, blocked = told(opened(), "remove", seat=2), told(opened(), "block", seat=2)
    with pytest.raises(NotFound):
        check_seat(removed, digest_of("2"))
    with pytest.raises(NotAllowed):
        check_seat(blocked, digest_of("2"))
    with pytest.raises(NotFound):
        told(removed, "block", seat=2)
    assert check_seat(told(blocked, "unblock"), digest_of("2")).number == 2
    assert check_seat(told(blocked, "unblock", seat=2), digest_of("2")).number == 2


@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.CLOSED])
def test_drawing_that_came_in_time_is_taken_until_reveal(phase: Phase):
    """The teacher may close while it is being read."""
    assert len(drawn(in_phase(phase), 2).tiles) == 2


@pytest.mark.parametrize("phase", sorted(set(Phase) - {Phase.OPEN, Phase.CLOSED}))
def test_drawing_is_taken_at_no_other_time(phase: Phase):
    """Also not before the first round."""
    with pytest.raises(NotNow):
        drawn(in_phase(phase), 2)


def test_drawing_is_taken_once():
    """The same again is no change; a later one takes its place; an earlier one that is late does not."""
    once = drawn(opened(), 2, read=3, sequence=5)
    assert drawn(once, 2, read=8, sequence=5) is once
    assert [tile.reading.read for tile in drawn(once, 2, read=8, sequence=6).tiles] == [8]
    assert [tile.reading.read for tile in drawn(once, 2, read=8, sequence=4).tiles] == [3]


def test_phone_sends_only_so_many_in_a_round():
    """Others still do."""
    state = opened()
    for sequence in range(MAX_DRAWINGS_PER_ROUND):
        state = drawn(state, 2, sequence=sequence)
    with pytest.raises(TooMuch):
        drawn(state, 2, sequence=999)
    assert len(drawn(state, 1).tiles) == 2


@pytest.mark.parametrize("phase", Phase)
def test_round_is_open_when_it_is(phase: Phase):
    """For drawings of its number."""
    state = in_phase(phase)
    if phase is Phase.OPEN:
        assert check_open(state, 1, {Kind.DIGIT}).digit == 3
        for number, kind in ((2, Kind.DIGIT), (1, Kind.QUESTION)):
            with pytest.raises(NotNow):
                check_open(state, number, {kind})
    else:
        with pytest.raises(NotNow):
            check_open(state, state.round_number, {Kind.DIGIT})


def test_next_round_begins_empty():
    """With the next number, whichever way it is begun."""
    revealed = in_phase(Phase.REVEALED)
    for after in (told(revealed, "open", digit=4), told(told(revealed, "next"), "open", digit=4)):
        assert (after.round_number, after.round.digit, after.tiles) == (2, 4, ())
    again = told(revealed, "redo")
    assert (again.round_number, again.round.digit, again.tiles) == (2, 3, ())


def test_first_vote_counts():
    """The same again is no change, another one is refused."""
    state = opened(kind="question", question=QUESTION)
    once = add_vote(state, 1, 1, 2)
    assert once.votes == {1: 2}
    assert add_vote(once, 1, 1, 2) is once
    with pytest.raises(NotNow):
        add_vote(once, 1, 1, 0)
    for choice in (-1, 3):
        with pytest.raises(InvalidRequest):
            add_vote(state, 1, 1, choice)
    for other in (opened(), told(state, "close")):
        with pytest.raises(NotNow):
            add_vote(other, 2, 1, 0)
    assert add_vote(told(once, "close"), 1, 1, 2)  # a phone that has not heard the answer asks again


def test_tile_is_hidden_and_shown():
    """One that is held is released by showing it."""
    state = drawn(drawn(opened(), 1), 2, held=Held.NO_DIGIT)
    plain, held = (tile.id for tile in state.tiles)
    assert [tile.is_visible for tile in state.tiles] == [True, False]
    hidden = told(state, "hide", tile=plain)
    assert [tile.is_visible for tile in hidden.tiles] == [False, False]
    shown = told(told(hidden, "show", tile=plain), "show", tile=held)
    assert [tile.is_visible for tile in shown.tiles] == [True, True]
    assert [tile.is_held for tile in told(state, "hide", tile=held).tiles] == [False, False]
    for command, now in (("hide", hidden), ("show", state)):
        with pytest.raises(NotNow):
            told(now, command, tile=plain)
    with pytest.raises(NotFound):
        told(state, "hide", tile="1-3-1")


def test_phone_that_is_removed_leaves_the_wall():
    """And the counts."""
    state = drawn(drawn(opened(), 1), 2)
    for command in ("remove", "block"):
        assert [tile.seat for tile in told(state, command, seat=1).tiles] == [2]


UNDOABLE = {
    "close": {},
    "pause": {},
    "blank": {},
    "lock": {},
    "hide": {"tile": "1-1-1"},
    "remove": {"seat": 1},
    "block": {"seat": 1},
}


@pytest.mark.parametrize("command", sorted(UNDOABLE))
def test_command_is_undone(command: str):
    """What phones send meanwhile stays."""
    before = drawn(opened(), 1)
    after = told(drawn(told(before, command, **UNDOABLE[command]), 2), "undo")
    assert (after.phase, after.switches) == (before.phase, before.switches)
    assert [(tile.seat, tile.is_visible) for tile in after.tiles] == [(1, True), (2, True)]
    assert check_seat(after, digest_of("1")).status is SeatStatus.PRESENT
    assert after.version > before.version
    with pytest.raises(NotNow):
        told(after, "undo")


@pytest.mark.parametrize("phase", sorted(set(Phase) - {Phase.CLOSED}))
def test_nothing_is_undone_where_nothing_was_done(phase: Phase):
    """A reveal, above all."""
    with pytest.raises(NotNow):
        told(in_phase(phase), "undo")


def test_phones_are_told_of_what_concerns_them_only():
    """Each drawing would send the same to everybody again."""
    state = opened()
    same = told(told(joined(drawn(state, 1), 1), "hide", tile="1-1-1"), "blank")
    assert (same.told, same.version - state.version) == (state.told, 4)
    for command in ("pause", "lock", "close"):
        assert told(state, command).told > state.told
