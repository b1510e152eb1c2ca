"""One visitor's choices: which run is in use, and what is said when it is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState, Worker
from mnist_demo.runs.run import NOTEBOOK_RUN, ROBUST_RUN, RunConfig
from mnist_demo.ui.session import Comparison, Session
from tests.factories import make_run

NOTEBOOK = make_run(folder=Path(NOTEBOOK_RUN), pretrained=True)
ROBUST = make_run(folder=Path(ROBUST_RUN), pretrained=True)
MINE = make_run(folder=Path("mine"))
RUNS = (MINE, NOTEBOOK, ROBUST)
IDLE = TrainerState()


class TestRunInUse:
    def test_new_visitor_has_the_robust_network(self):
        """Nothing was lost, so nothing is said."""
        session = Session()
        assert session.settle_run(RUNS) is ROBUST
        assert not session.run_is_lost

    def test_chosen_run_stays_in_use_under_another_name(self):
        """A run is its id, whatever it is called."""
        session = Session()
        session.choose_run(MINE.id, IDLE)
        renamed = replace(MINE, name="Ana")
        assert session.settle_run((renamed, NOTEBOOK, ROBUST)) is renamed
        assert not session.run_is_lost

    def test_deleted_run_gives_way_and_that_is_said(self):
        """Until the visitor has read it or has chosen another one; it is said once."""
        session = Session()
        session.choose_run(MINE.id, IDLE)
        assert session.settle_run(RUNS[1:]) is ROBUST
        assert session.run_is_lost
        assert session.run_id == ROBUST.id
        session.forget_loss()
        assert session.settle_run(RUNS[1:]) is ROBUST
        assert not session.run_is_lost

    def test_run_that_comes_back_is_not_used_again_by_itself(self):
        """No network takes another's place without a word."""
        session = Session()
        session.choose_run(MINE.id, IDLE)
        session.settle_run(RUNS[1:])
        assert session.settle_run(RUNS) is ROBUST

    @pytest.mark.parametrize("gone", [(), (make_run(has_weights=False),)])
    def test_without_any_network_none_is_in_use(self, gone: tuple):
        """Nor is a run without one."""
        session = Session(run_id="mine")
        assert session.settle_run(gone) is None

    def test_choice_ends_what_was_said(self):
        """Of the lost run and of the new one."""
        session = Session(run_id="gone")
        session.settle_run(RUNS)
        session.choose_run(NOTEBOOK.id, IDLE)
        assert not session.run_is_lost
        session.take_result(MINE.id)
        assert session.new_run_id == MINE.id
        session.choose_run(NOTEBOOK.id, IDLE)
        assert session.new_run_id is None

    def test_picker_is_built_anew_unless_it_made_the_choice(self):
        """Else the keyboard would lose its place after each choice."""
        session = Session()
        session.choose_run(MINE.id, IDLE, in_picker=True)
        assert session.run_revision == 0
        session.choose_run(NOTEBOOK.id, IDLE)
        session.take_result(MINE.id)
        assert session.run_revision == 2


class TestJobs:
    MINE = Job("mine", RunConfig(), JobPhase.TRAINING)

    def test_own_job_is_followed_while_it_trains(self):
        """Not while it waits, and not after its end."""
        session = Session(job_id="mine")
        assert session.interest.followed(TrainerState((Worker(job=self.MINE),))) is self.MINE
        assert session.interest.followed(TrainerState(queue=(self.MINE,))) is None
        ended = replace(self.MINE, phase=JobPhase.ENDED)
        assert session.interest.followed(TrainerState(ended=(ended,))) is None

    def test_somebody_elses_job_is_followed_by_whoever_watches_it(self):
        """And by nobody else."""
        state = TrainerState((Worker(job=self.MINE),))
        assert Session().interest.followed(state) is None
        assert Session(watched_job_id="mine").interest.followed(state) is self.MINE

    def test_choice_turns_away_from_a_failure_but_not_from_a_training(self):
        """What goes on is not forgotten because somebody draws with another network meanwhile."""
        session = Session(job_id="mine")
        session.choose_run(NOTEBOOK.id, TrainerState((Worker(job=self.MINE),)))
        assert session.job_id == "mine"
        session.choose_run(NOTEBOOK.id, TrainerState(ended=(replace(self.MINE, phase=JobPhase.FAILED),)))
        assert session.job_id is None

    def test_equal_run_is_named_until_the_next_choice(self):
        """Once its result is looked at, it need not be offered."""
        session = Session()
        session.await_job("mine", same_run_id=MINE.id)
        assert session.same_run_id == MINE.id
        session.choose_run(MINE.id, IDLE)
        assert session.same_run_id is None


def test_coming_to_a_page_canvas_and_settings_begin_as_they_were():
    """The browser builds them anew; while one stays, it does not."""
    session = Session()
    session.turn_to("draw")
    session.latest_config = RunConfig(epochs=3)
    revision = session.settings_revision
    session.turn_to("draw")
    assert session.settings_revision == revision
    session.turn_to("runs")
    assert session.first_config == RunConfig(epochs=3)
    assert session.settings_revision > revision


def test_comparison_lets_go_of_deleted_runs_once():
    """So that it can be said once."""
    comparison = Comparison()
    assert not comparison.has_lost(["a"])
    comparison.choose(("a", "b"))
    assert not comparison.has_lost(["a", "b", "c"])
    assert comparison.has_lost(["a", "c"])
    assert comparison.latest == ("a",)
    assert not comparison.has_lost(["a", "c"])
