"""When the page that compares runs has to run again as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.experiments import EXPERIMENTS
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.run import RunConfig
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.compare.experiments import cards_state_key, follow, status
from mnist_demo.ui.session import Session
from mnist_demo.ui.view import View
from tests.factories import MNIST

ANA = Owner("ana")
MINE, OTHER = (Job(owner.id, RunConfig(), owners=(owner,)) for owner in (ANA, TEACHER))
IDLE = TrainerState((Worker(WorkerPhase.READY),), dataset=MNIST)


def key(state: TrainerState) -> str:
    """Return the key of Ana's page."""
    return cards_state_key(View(Session(), state, (), None, load_texts("en"), {}, ANA))


def training(job: Job) -> TrainerState:
    """Let the trainer have a job."""
    return replace(IDLE, workers=(Worker(WorkerPhase.READY, replace(job, phase=JobPhase.TRAINING)),))


@pytest.mark.parametrize("state", [IDLE, replace(IDLE, queue=(MINE,)), training(MINE)])
def test_what_others_do_leaves_the_page_as_it_is(state: TrainerState):
    """Their press, and their end."""
    assert key(replace(state, queue=(*state.queue, OTHER), ended=(OTHER,))) == key(state)
    assert key(training(OTHER)) == key(IDLE)


def test_end_of_ones_own_training_changes_the_page():
    """Its run can be compared, whether it is one of an experiment or not."""
    assert key(IDLE) != key(training(MINE)) == key(replace(IDLE, queue=(MINE,)))


def test_what_the_page_cannot_do_without_changes_it():
    """Images, and a trainer that can train."""
    assert len({key(IDLE), key(replace(IDLE, dataset=None)), key(TrainerState(dataset=MNIST))}) == 3


def test_experiment_that_waits_for_a_run_that_is_held_says_so():
    """Whoever pauses a run and then starts an experiment is told what it waits for."""
    experiment = EXPERIMENTS[0]
    waits = tuple(Job(f"waits {number}", config) for number, config in enumerate(experiment.configs))
    held = replace(
        training(replace(OTHER, config=RunConfig(seed=9), controls=Controls("pause"))), queue=waits
    )
    texts = load_texts("en")

    def said(state: TrainerState) -> str:
        view = View(Session(), state, (), None, texts, {}, TEACHER)
        return status(view, follow(experiment, state, ()))

    assert said(held).endswith(texts.compare.queued_behind_held.format(place=1))
    let_go = replace(held, workers=training(OTHER).workers)
    assert said(let_go).endswith(texts.compare.queued.format(place=1))
