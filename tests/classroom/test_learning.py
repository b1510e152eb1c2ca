"""What a network may learn from a class, and what the wall tells of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mnist_demo.classroom import ClassState, class_drawings, wall_view
from mnist_demo.classroom.drawing import Held
from mnist_demo.classroom.learning import begin_training, end_training, start_training
from mnist_demo.classroom.state import Phase
from mnist_demo.errors import NotNow
from tests.classroom.classes import drawn, in_phase, opened, told
from tests.runs.test_taught import TAUGHT


def full_class(people: int = 10) -> ClassState:
    """A class in which everybody has drawn a 3, and the first one has been held."""
    state = opened(people)
    for seat in range(1, people + 1):
        state = drawn(state, seat, held=Held.UNSURE if seat == 1 else None)
    return state


def learned_people(state: ClassState) -> list[int]:
    """Give the people of a class's drawings."""
    return class_drawings(state.drawings.values(), state).people.tolist()


def test_all_that_counts_is_learned_from_with_what_was_asked_for():
    """Also what is held."""
    state = full_class()
    found = class_drawings(state.drawings.values(), state)
    assert found.people.tolist() == list(range(1, 11))
    assert set(found.digits.tolist()) == {3}
    assert found.images[0].tobytes() == state.tiles[0].reading.image


def test_what_is_hidden_and_who_was_sent_away_is_left_out():
    """So mischief teaches nothing."""
    state = told(full_class(12), "hide", tile="1-2-1")
    state = told(told(state, "remove", seat=4), "block", seat=5)
    assert learned_people(state) == [1, 3, 6, 7, 8, 9, 10, 11, 12]


def test_the_last_drawing_of_a_round_is_the_one_that_counts():
    """In any order, and one for each round."""
    state = drawn(full_class(), 2, sequence=2)
    again = replace(state.latest[2], round=2, asked=7)
    found = class_drawings([*reversed(state.drawings.values()), again], state)
    assert sorted(found.people.tolist()).count(2) == 2
    assert len(found) == 11


@pytest.mark.parametrize("people", [0, 2, 8])
def test_too_few_are_refused_in_a_sentence(people: int):
    """That says how many it takes, and how many there are."""
    state = full_class(people)
    with pytest.raises(NotNow) as refused:
        class_drawings(state.drawings.values(), state)
    assert refused.value.code == "class_too_few"
    assert refused.value.details == {"drawings": "9", "people": "3", "found": str(people)}


def test_wall_says_whether_it_waits_and_whether_it_came_to_nothing():
    """And forgets both with the next round."""
    state = begin_training(in_phase(Phase.REVEALED), waits=True)
    assert wall_view(state, None)["waits"] is True
    assert start_training(state).waits is False
    with pytest.raises(NotNow):
        start_training(in_phase(Phase.REVEALED))
    assert wall_view(in_phase(Phase.COMPARED), None)["failed"] is False
    failed = replace(in_phase(Phase.REVEALED), failed=True)
    assert told(failed, "next").failed is told(failed, "open", digit=1).failed is False


@pytest.mark.parametrize("run", ["new", ""])
def test_nothing_leads_back_to_a_training_that_is_over(run: str):
    """A class that waited for it would wait for ever."""
    meanwhile = told(in_phase(Phase.TRAINING), "pause")
    with pytest.raises(NotNow):
        told(end_training(meanwhile, run), "undo")
    assert told(meanwhile, "undo").phase is Phase.TRAINING


def test_class_reads_with_the_new_network_after_training():
    """From the next round on."""
    assert in_phase(Phase.COMPARED).run == "new"


def test_wall_tells_before_after_and_control_with_intervals_and_the_flips():
    """In both directions; people who are held out are marked."""
    state = replace(full_class(4), phase=Phase.COMPARED)
    state = drawn(replace(state, phase=Phase.OPEN), 2, read=8, sequence=2)
    state = replace(state, phase=Phase.COMPARED)
    wall = wall_view(state, None, TAUGHT, {"1-1-1": 3, "1-2-2": 3, "1-3-1": 5})
    tiles = {tile["seat"]: tile for tile in wall["tiles"]}
    assert [tiles[seat].get("flip") for seat in (1, 2, 3, 4)] == ["", "won", "lost", None]
    assert [tiles[seat].get("held_out") for seat in (1, 2, 3)] == [False, False, True]
    assert tiles[3]["after"] == 5
    compared = wall["compared"]
    assert (compared["drawings"], compared["people"], compared["held_people"]) == (54, 18, 9)
    before = compared["on_class"]["before"]
    assert (before["right"], before["of"]) == (14, 27)
    assert before["interval"][0] < 14 / 27 < before["interval"][1]
    assert compared["on_test"]["after"]["right"] < compared["on_test"]["before"]["right"]
    assert wall_view(in_phase(Phase.REVEALED), None)["compared"] is None
