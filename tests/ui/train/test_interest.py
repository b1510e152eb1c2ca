"""Which jobs concern a page, and when it runs again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mnist_demo.data.mnist import DatasetInfo
from mnist_demo.errors import TrainingFailed
from mnist_demo.jobs.state import Job, JobPhase, WorkerPhase, advance
from mnist_demo.runs.run import RunConfig
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.train.interest import Interest, other_line, page_state_key
from mnist_demo.ui.train.live import job_view, live_view
from tests.ui.train.test_live import STEP, make_job, make_state

EN = load_texts("en")
OWN, WAITING, NOBODYS = (Interest.in_jobs(job, None) for job in ("job7", "mine", None))


WAITS, LATER = Job("mine", RunConfig(seed=2)), Job("third", RunConfig(seed=3))
BUSY = replace(make_state(make_job()), queue=(WAITS, LATER))


def test_numbers_leave_the_page_as_it_is():
    """While only figures change, pages need not run again."""
    moved = replace(BUSY, current=advance(make_job(), STEP, ""), version=9, ended=(LATER,))
    assert page_state_key(moved, WAITING) == page_state_key(BUSY, WAITING)


@pytest.mark.parametrize("phase", [JobPhase.COMPILING, JobPhase.STOPPING])
def test_what_the_trainer_does_meanwhile_leaves_the_page_as_it_is(phase: JobPhase):
    """The view tells it."""
    other = make_state(make_job(phase=phase))
    assert page_state_key(other, OWN) == page_state_key(make_state(make_job()), OWN)


@pytest.mark.parametrize("queue", [(WAITS,), (WAITS, LATER, LATER), (WAITS, Job("d4", RunConfig()))])
@pytest.mark.parametrize("interest", [WAITING, OWN, NOBODYS])
def test_others_in_the_queue_leave_the_page_as_it_is(queue: tuple[Job, ...], interest: Interest):
    """Of thirty who press Train, each has one page that runs again."""
    assert page_state_key(replace(BUSY, queue=queue), interest) == page_state_key(BUSY, interest)


@pytest.mark.parametrize("queue", [(LATER, WAITS), (LATER,), ()])
def test_own_place_in_the_queue_changes_the_page(queue: tuple[Job, ...]):
    """It is told there; out of the queue is a place, too."""
    assert page_state_key(replace(BUSY, queue=queue), WAITING) != page_state_key(BUSY, WAITING)


@pytest.mark.parametrize(
    "changes",
    [
        {"problem": TrainingFailed("trainer_broken")},
        {"dataset": None},
        {"dataset": DatasetInfo("mnist", "cd" * 32, 60000, 10000)},
        {"current": None},
        {"current": make_job(id="z9")},
        {"current": make_job(phase=JobPhase.ENDED)},
        {"current": make_job(phase=JobPhase.FAILED)},
    ],
)
def test_what_the_script_draws_changes_the_page(changes: dict):
    """The end of one's own job, a problem, other images: buttons, words and curves are others."""
    assert page_state_key(replace(BUSY, **changes), OWN) != page_state_key(BUSY, OWN)


@pytest.mark.parametrize(
    "changes",
    [
        {"worker": WorkerPhase.STARTING},
        {"current": None},
        {"current": make_job(id="z9")},
        {"current": make_job(phase=JobPhase.ENDED)},
    ],
)
def test_what_others_train_leaves_the_page_as_it_is(changes: dict):
    """And so does the trainer's own state, which the view tells."""
    assert page_state_key(replace(BUSY, **changes), NOBODYS) == page_state_key(BUSY, NOBODYS)


def test_nobody_learns_the_id_of_a_job():
    """Who has it can stop the job."""
    own = Interest.in_jobs("job7", "mine")
    views = live_view(BUSY, EN, own, 0, 0), job_view(BUSY, make_job(), EN), page_state_key(BUSY, own)
    told = json.dumps(views)
    assert not any(job in f"{told} {own}" for job in ("job7", "mine", "third"))


def test_own_or_watched_job_is_followed_while_it_trains():
    """By nobody else, and not while it waits."""
    assert OWN.followed(BUSY) is BUSY.current
    assert Interest.in_jobs(None, "job7").followed(BUSY) is BUSY.current
    assert WAITING.followed(BUSY) is None
    assert NOBODYS.followed(BUSY) is None


def test_others_hear_of_a_training_in_one_line():
    """With the epoch that it is in; whoever follows it has the curves."""
    assert other_line(BUSY, NOBODYS, EN) == "Another network is being trained: epoch 2 of 4."
    assert other_line(BUSY, OWN, EN) == ""
    assert other_line(make_state(), NOBODYS, EN) == ""
