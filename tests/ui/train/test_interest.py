"""Which jobs concern a page, and when it runs again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from mnist_demo.data.mnist import DatasetInfo
from mnist_demo.errors import TrainingFailed
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.job import Job, JobPhase, advance
from mnist_demo.jobs.state import Worker, WorkerPhase
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.run import RunConfig
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.train.interest import Interest, hold_line, other_line, page_state_key, queue_line
from mnist_demo.ui.train.live import job_view, live_view
from tests.ui.train.test_live import STEP, make_job, make_state

EN, ES = load_texts("en"), load_texts("es")
OWN, WAITING, NOBODYS = (Interest.in_jobs(job, None) for job in ("job7", "mine", None))


def with_jobs(*jobs: Job) -> dict[str, Any]:
    """Let as many trainers have these jobs; without any, one idles."""
    return {"workers": tuple(Worker(WorkerPhase.READY, job) for job in jobs) or (Worker(WorkerPhase.READY),)}


WAITS, LATER = Job("mine", RunConfig(seed=2)), Job("third", RunConfig(seed=3))
BUSY = replace(make_state(make_job()), queue=(WAITS, LATER))


def test_numbers_leave_the_page_as_it_is():
    """While only figures change, pages need not run again."""
    moved = replace(
        BUSY, workers=(Worker(WorkerPhase.READY, advance(make_job(), STEP, "")),), version=9, ended=(LATER,)
    )
    assert page_state_key(moved, WAITING) == page_state_key(BUSY, WAITING)


@pytest.mark.parametrize("phase", [JobPhase.COMPILING, JobPhase.STOPPING])
def test_what_the_trainer_does_meanwhile_leaves_the_page_as_it_is(phase: JobPhase):
    """The view tells it."""
    other = make_state(make_job(phase=phase))
    assert page_state_key(other, OWN) == page_state_key(make_state(make_job()), OWN)


@pytest.mark.parametrize(
    "queue", [(WAITS,), (WAITS, LATER, LATER), (WAITS, Job("d4", RunConfig())), (LATER, WAITS)]
)
@pytest.mark.parametrize("interest", [WAITING, OWN, NOBODYS])
def test_others_in_the_queue_leave_the_page_as_it_is(queue: tuple[Job, ...], interest: Interest):
    """Of thirty who press Train, each has one page that runs again, though they all move up with each end."""
    assert page_state_key(replace(BUSY, queue=queue), interest) == page_state_key(BUSY, interest)


@pytest.mark.parametrize("queue", [(LATER,), ()])
def test_leaving_the_queue_changes_the_page(queue: tuple[Job, ...]):
    """There is a button less, or a training more."""
    assert page_state_key(replace(BUSY, queue=queue), WAITING) != page_state_key(BUSY, WAITING)


def test_own_place_in_the_queue_is_told_without_the_page():
    """In the view that it fetches every second."""
    for queue, place in (((WAITS, LATER), 1), ((LATER, WAITS), 2)):
        state = replace(BUSY, queue=queue)
        assert queue_line(state, WAITING, EN) == EN.training.queued.format(place=place)
        assert live_view(state, EN, WAITING, 0, 0)["worker"] == queue_line(state, WAITING, EN)
        assert queue_line(state, OWN, EN) == queue_line(state, NOBODYS, EN) == ""
    idle = replace(BUSY, workers=(Worker(WorkerPhase.LOADING),))
    assert live_view(idle, EN, WAITING, 0, 0)["worker"] == EN.training.waiting


@pytest.mark.parametrize(
    "changes",
    [
        {"problem": TrainingFailed("trainer_broken")},
        {"dataset": None},
        {"dataset": DatasetInfo("mnist", "cd" * 32, 60000, 10000)},
        with_jobs(),
        with_jobs(make_job(id="z9")),
        with_jobs() | {"ended": (make_job(phase=JobPhase.ENDED),)},
        with_jobs() | {"ended": (make_job(phase=JobPhase.FAILED),)},
    ],
)
def test_what_the_script_draws_changes_the_page(changes: dict):
    """The end of one's own job, a problem, other images: buttons, words and curves are others."""
    assert page_state_key(replace(BUSY, **changes), OWN) != page_state_key(BUSY, OWN)


@pytest.mark.parametrize(
    "changes",
    [
        {"workers": (Worker(WorkerPhase.STARTING),)},
        with_jobs(),
        with_jobs(make_job(id="z9")),
        with_jobs() | {"ended": (make_job(phase=JobPhase.ENDED),)},
        with_jobs(make_job(), make_job(id="z9")),
    ],
)
@pytest.mark.parametrize("interest", [NOBODYS, WAITING])
def test_what_others_train_leaves_the_page_as_it_is(changes: dict, interest: Interest):
    """And so does the trainer's own state, which the view tells."""
    assert page_state_key(replace(BUSY, **changes), interest) == page_state_key(BUSY, interest)


@pytest.mark.parametrize(
    "changes",
    [
        {"controls": Controls("pause")},
        {"controls": Controls(slow=True)},
        {"controls": Controls(rate=0.1)},
        {"controls": Controls("step"), "is_still": True},
    ],
)
def test_bar_of_the_own_run_is_drawn_anew_and_that_of_others_is_not(changes: dict):
    """In another tab of whoever pressed, and where the trainer has come to stand still."""
    held = make_state(make_job(**changes))
    assert page_state_key(held, OWN) != page_state_key(make_state(make_job()), OWN)
    watched = Interest.in_jobs(None, "job7")
    assert page_state_key(held, watched) == page_state_key(make_state(make_job()), watched)


def test_who_holds_a_run_hears_that_others_wait_and_that_it_went_on():
    """Nobody else does; nor who stops it."""
    held = replace(make_state(make_job(controls=Controls("pause"))), queue=(LATER,))
    assert hold_line(held, OWN, EN).endswith("it goes on by itself within 3 minutes.")
    assert hold_line(replace(held, queue=()), OWN, EN) == ""
    assert hold_line(held, WAITING, EN) == ""
    assert hold_line(make_state(make_job(went_on=True)), OWN, EN) == EN.controls.went_on
    assert hold_line(make_state(make_job(went_on=True, phase=JobPhase.STOPPING)), OWN, EN) == ""


@pytest.mark.parametrize("controls", [Controls("pause"), Controls(slow=True)])
def test_who_waits_for_a_run_that_is_held_hears_it(controls: Controls):
    """And when it goes on by itself; no more once it does, or while another trainer has something to do."""
    held = replace(make_state(make_job(controls=controls)), queue=(WAITS,))
    said = live_view(held, ES, WAITING, 0, 0)["worker"]
    assert said.startswith(ES.training.queued.format(place=1))
    assert said.endswith("seguirá solo en 3 minutos como mucho.")
    goes_on = replace(held, **with_jobs(make_job()))
    assert queue_line(goes_on, WAITING, ES) == ES.training.queued.format(place=1)
    one_of_two = replace(held, **with_jobs(make_job(controls=controls), make_job(id="z9")))
    assert queue_line(one_of_two, WAITING, ES) == ES.training.queued.format(place=1)


def test_second_who_trains_the_same_changes_the_page():
    """Stop becomes Leave; a third changes nothing."""
    alone, two, three = (
        page_state_key(replace(BUSY, **with_jobs(make_job(owners=people))), OWN)
        for people in ((TEACHER,), (TEACHER, Owner("ana")), (TEACHER, Owner("ana"), Owner("ben")))
    )
    assert alone != two == three


def test_what_others_train_leaves_the_page_of_a_training_as_it_is():
    """Beside one's own network, another begins and ends."""
    both = replace(BUSY, **with_jobs(make_job(), make_job(id="z9")))
    assert page_state_key(both, OWN) == page_state_key(BUSY, OWN)


def test_nobody_learns_the_id_of_a_job():
    """Who has it can stop the job."""
    own = Interest.in_jobs("job7", "mine")
    views = live_view(BUSY, EN, own, 0, 0), job_view(BUSY, make_job(), EN), page_state_key(BUSY, own)
    told = json.dumps(views)
    assert not any(job in f"{told} {own}" for job in ("job7", "mine", "third"))


def test_own_or_watched_job_is_followed_while_it_trains():
    """By nobody else, and not while it waits."""
    assert OWN.followed(BUSY) is BUSY.training[0]
    assert Interest.in_jobs(None, "job7").followed(BUSY) is BUSY.training[0]
    assert WAITING.followed(BUSY) is None
    assert NOBODYS.followed(BUSY) is None


def test_others_hear_of_a_training_in_one_line():
    """With the epoch that it is in; whoever follows it has the curves."""
    assert other_line(BUSY, NOBODYS, EN) == "Another network is being trained: epoch 2 of 4."
    assert other_line(BUSY, OWN, EN) == ""
    assert other_line(make_state(), NOBODYS, EN) == ""


def test_others_hear_how_many_are_trained():
    """In the same line; whoever watches one hears of the others, and whoever trains of none."""
    three = replace(BUSY, **with_jobs(make_job(), *(make_job(id=f"z{number}") for number in (8, 9))))
    assert other_line(three, NOBODYS, EN) == "3 other networks are being trained."
    assert other_line(three, Interest.in_jobs("mine", "z8"), EN) == "2 other networks are being trained."
    assert other_line(three, OWN, EN) == ""


def test_watching_goes_round_all_the_others():
    """Each press of Watch leads to the next."""
    jobs = make_job(id="z1"), make_job(id="z2"), make_job(id="z3")
    state, watched = replace(BUSY, **with_jobs(*jobs)), None
    seen = []
    for _ in range(4):
        watched = Interest.in_jobs(None, watched).others(state)[0].id
        seen.append(watched)
    assert seen == ["z1", "z2", "z3", "z1"]
