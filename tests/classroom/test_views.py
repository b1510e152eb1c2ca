"""What each screen may know: nothing of results before they are revealed."""

from __future__ import annotations

import base64
import json
from functools import reduce
from typing import Any

import pytest

from mnist_demo.classroom import add_vote, own_view, phone_view, wall_view
from mnist_demo.classroom.drawing import Held
from mnist_demo.classroom.state import ClassState, Phase
from tests.classroom.classes import IMAGE, LOBBY, QUESTION, drawn, in_phase, joined, opened, told

RESULTS = {"read", "probability", "probabilities", "verdict", "guess_right", "answer", "counts"}


def keys(value: Any) -> set[str]:  # noqa: ANN401 - whatever JSON holds
    """All names in a value."""
    if isinstance(value, dict):
        return value.keys() | set().union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list | tuple) else set()


def all_views(state: ClassState) -> list[dict[str, Any]]:
    """Everything that anybody is told, as JSON brings it."""
    views = [phone_view(state), wall_view(state, 0.98), *(own_view(state, seat) for seat in state.present)]
    return json.loads(json.dumps(views))


def played(held: Held | None = None) -> list[ClassState]:
    """A round before it is revealed: open, closed."""
    state = drawn(drawn(opened(), 1, 8, guess=True), 2, held=held)
    return [state, told(state, "close")]


@pytest.mark.parametrize("held", [None, Held.NO_DIGIT])
def test_no_result_is_told_before_reveal(held: Held | None):
    """Neither to the phones nor to the wall."""
    for state in played(held):
        views = all_views(state)
        assert not keys(views) & RESULTS
        assert wall_view(state, 0.98)["tallies"] is None


def test_no_vote_and_no_answer_is_told_before_reveal():
    """The page's source would tell it to whoever looks."""
    state = add_vote(opened(kind="question", question=QUESTION), 1, 1, 2)
    for hidden in (state, told(state, "close")):
        assert not keys(all_views(hidden)) & (RESULTS | {"votes"})
    shown = reduce(told, ("close", "reveal"), state)
    assert phone_view(shown)["question"]["answer"] == 1
    assert wall_view(shown, None)["tallies"]["votes"] == (0, 0, 1)


def test_everything_is_told_after_reveal():
    """To one's own phone what concerns it, to the wall all."""
    state = told(played()[1], "reveal")
    own = own_view(state, state.seats[1])
    assert (own["read"], own["verdict"], own["guess_right"], own["guess"]) == (8, "wrong", False, "yes")
    wall = wall_view(state, 0.98)
    assert [tile["read"] for tile in wall["tiles"]] == [8, 3]
    assert base64.b64decode(wall["tiles"][0]["image"]) == IMAGE
    tallies = wall["tallies"]
    assert (tallies["right"], tallies["of"], tallies["mnist"], tallies["predicted_of"]) == (1, 2, 0.98, 1)


def test_held_drawing_is_shown_to_the_teacher_with_why():
    """And no other one is, before reveal."""
    plain, held = wall_view(played(Held.SEVERAL)[0], None)["tiles"]
    assert "image" not in plain
    assert (held["held"], held["reason"], len(base64.b64decode(held["image"]))) == (True, "several", 784)


def test_wall_counts_who_is_there_and_who_has_sent():
    """Those who were removed or blocked do not count."""
    state = drawn(drawn(opened(4), 1), 2, held=Held.INK)
    wall = wall_view(state, None)
    assert (wall["joined"], wall["sent"], wall["held"]) == (4, 2, 1)
    fewer = wall_view(told(told(state, "block", seat=1), "remove", seat=4), None)
    assert (fewer["joined"], fewer["sent"], fewer["held"]) == (2, 1, 1)
    assert [(seat["seat"], seat["blocked"]) for seat in fewer["seats"]] == [(1, True), (2, False), (3, False)]


def test_phone_knows_whether_it_has_sent():
    """In this round."""
    state = played()[0]
    assert [own_view(state, seat)["sent"] for seat in state.present] == [True, True, False]
    assert not own_view(told(state, "redo"), state.seats[1])["sent"]


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_can_be_told(phase: Phase):
    """With or without a round."""
    assert {view.get("state", phase) for view in all_views(in_phase(phase))} == {phase}


def test_no_token_is_told():
    """Nor what is kept of one."""
    state = joined(LOBBY, 2)
    assert state.seats[1].digest.hex() not in json.dumps(all_views(state))
