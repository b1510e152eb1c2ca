from dataclasses import replace

import pytest

from mnist_demo.jobs.events import StepDone
from mnist_demo.jobs.experiments import EXPERIMENTS, Experiment, Progress, follow_experiment
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState, Worker
from mnist_demo.runs.comparison import differing_settings
from mnist_demo.runs.run import Run, RunConfig
from tests.factories import HISTORY, MNIST, make_run

SMALL, LARGE = RunConfig(epochs=2, batch_size=8), RunConfig(epochs=2, batch_size=1024)
PAIR = Experiment("pair", (SMALL, LARGE))
HALF_WAY = StepDone(2, 3, 6, 0.5, 0.5, 0.5, 0.5, 1000.0)  # of two epochs three quarters, of the pair 3/8


def follow(state: TrainerState, *trained: RunConfig) -> Progress:
    """Follow the pair, with finished runs of some configurations in the store."""

    def find(config: RunConfig) -> Run | None:
        return make_run(config=config) if config in trained else None

    return follow_experiment(PAIR, find, replace(state, dataset=MNIST))


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda experiment: experiment.name)
def test_experiment_changes_one_thing(experiment: Experiment):
    """Otherwise nobody knows what made the difference."""
    assert len(differing_settings(experiment.configs)) == 1
    assert len(set(experiment.configs)) == len(experiment.configs) > 1


def test_nothing_is_under_way_at_first():
    """All of it is missing."""
    progress = follow(TrainerState())
    assert (progress.trained, progress.job, progress.is_done, progress.share) == (0, None, False, 0.0)
    assert progress.missing == (SMALL, LARGE)


def test_run_in_the_store_is_not_trained_again():
    """Only the other one is missing."""
    progress = follow(TrainerState(), SMALL)
    assert (progress.trained, progress.missing, progress.share) == (1, (LARGE,), 0.5)
    assert not progress.is_done


def test_jobs_under_way_are_not_missing():
    """Whoever started them, and whatever other visitors have put between them."""
    first = Job("1", SMALL, JobPhase.TRAINING, step=HALF_WAY, history=HISTORY)
    other, second = Job("2", RunConfig()), Job("3", LARGE)
    progress = follow(TrainerState((Worker(job=first),), queue=(other, second)))
    assert progress.jobs == (first, second)
    assert progress.missing == ()
    assert progress.job == first
    assert progress.share == 3 / 8


def test_waiting_job_is_the_one_to_speak_of_when_none_is_trained():
    """The first of those in the queue."""
    first, second = Job("1", SMALL), Job("2", LARGE)
    assert follow(TrainerState(queue=(first, second))).job == first


def test_run_that_another_experiment_trains_starts_none():
    """They share the notebook's run: nobody has started this one, and nobody here could stop it."""
    progress = follow(TrainerState(queue=(Job("1", SMALL),)))
    assert (progress.job, progress.missing) == (None, (LARGE,))


def test_job_that_has_ended_is_no_longer_under_way():
    """A stopped run leaves the experiment unfinished, to be started again."""
    ended = Job("1", SMALL, JobPhase.ENDED, run="r")
    assert follow(TrainerState(ended=(ended,))).missing == (SMALL, LARGE)


def test_failed_job_is_told_until_its_run_is_there():
    """The page says why, and Start tries again."""
    failed = Job("1", SMALL, JobPhase.FAILED)
    assert follow(TrainerState((Worker(job=Job("2", LARGE)),), ended=(failed,))).failed == failed
    assert follow(TrainerState(ended=(failed,)), SMALL).failed is None


def test_done_experiment_has_all_its_runs():
    """Their ids are what is compared."""
    progress = follow(TrainerState(), SMALL, LARGE)
    assert progress.is_done
    assert progress.share == 1.0
    assert progress.run_ids == (make_run().id, make_run().id)


def test_curves_grow_while_it_is_trained():
    """What is finished, what was measured so far, and what has not begun, in the experiment's order."""
    state = TrainerState((Worker(job=Job("1", LARGE, JobPhase.TRAINING, history=HISTORY)),), dataset=MNIST)
    runs = follow(state).runs_so_far(state)
    assert [run.config for run in runs] == [SMALL, LARGE]
    assert [run.history.reached_epoch for run in runs] == [0, 2]
    assert follow(state).runs_so_far(TrainerState()) == ()
