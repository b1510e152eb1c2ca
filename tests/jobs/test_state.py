from dataclasses import replace

import pytest

from mnist_demo.errors import DemoError
from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone
from mnist_demo.jobs.job import Job, JobPhase, advance
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.network.calibration import Calibration
from mnist_demo.runs.run import History, RunConfig, StepRecord
from mnist_demo.texts.loading import message
from tests.factories import FIRST_EPOCH, MNIST

STEP = StepDone(1, 300, 1500, 0.5, 0.8, 0.4, 0.9, 50000.0)
CALIBRATION = Calibration(1.5, 0.25)
RUNNING = Job("a1", RunConfig(), JobPhase.TRAINING)
SECOND = Job("b2", RunConfig(seed=2))
THIRD = Job("c3", RunConfig(seed=3))
OVER = (JobPhase.ENDED, JobPhase.FAILED)
EARLIER = Job("e0", RunConfig(seed=4), JobPhase.ENDED, run="20260102-030405-abcdef")
BUSY = TrainerState(
    (Worker(WorkerPhase.READY, RUNNING),), dataset=MNIST, queue=(SECOND, THIRD), ended=(EARLIER,)
)

FOUND = [("a1", RUNNING), ("b2", SECOND), ("c3", THIRD), ("e0", EARLIER), ("d4", None)]


class TestPhase:
    @pytest.mark.parametrize("phase", JobPhase)
    def test_job_is_over_when_it_ended_or_failed(self, phase: JobPhase):
        """After any other phase more will come."""
        assert phase.is_over == (phase in OVER)


class TestAdvance:
    def test_step_is_remembered_and_recorded(self):
        """For the bar, and its figures for the curve: 300 of 1,500 steps are a fifth of an epoch."""
        job = advance(RUNNING, STEP, "")
        assert job.step == STEP
        assert job.history == History(steps=(StepRecord(0.2, 0.4, 0.9),))
        assert job.weights == ""

    def test_report_that_is_no_point_is_remembered_all_the_same(self):
        """The bar moves on, the curve does not."""
        report = replace(STEP, is_point=False)
        job = advance(RUNNING, report, "/live/a1-7.npz")
        assert (job.step, job.weights, job.history) == (report, "/live/a1-7.npz", History())

    def test_epoch_brings_weights_that_belong_to_its_figures(self):
        """With how far they can be trusted; the last step stays for the bar."""
        job = advance(replace(RUNNING, step=STEP), EpochDone(FIRST_EPOCH), "/live/a1-7.npz", CALIBRATION)
        assert job.history == History((FIRST_EPOCH,))
        assert (job.weights, job.epoch_weights, job.step) == ("/live/a1-7.npz", "/live/a1-7.npz", STEP)
        assert job.calibration == CALIBRATION

    @pytest.mark.parametrize("event", [Started(), STEP])
    def test_every_report_brings_the_newest_weights(self, event: Event):
        """Those of the last epoch, and their calibration, stay until the next epoch is done."""
        known = replace(RUNNING, weights="/live/a1-6.npz", epoch_weights="/live/a1-5.npz")
        job = advance(replace(known, calibration=CALIBRATION), event, "/live/a1-7.npz")
        assert (job.weights, job.epoch_weights) == ("/live/a1-7.npz", "/live/a1-5.npz")
        assert job.calibration == CALIBRATION

    @pytest.mark.parametrize("event", [Compiling(), Started(), STEP])
    def test_event_without_weights_leaves_the_newest(self, event: Event):
        """Not every report writes a file."""
        assert advance(replace(RUNNING, weights="/live/a1-6.npz"), event, "").weights == "/live/a1-6.npz"

    def test_epoch_whose_network_could_not_be_written_has_none(self):
        """That of the epoch before does not belong to these figures, and it may be gone."""
        known = replace(RUNNING, weights="/live/a1-6.npz", epoch_weights="/live/a1-5.npz")
        job = advance(replace(known, calibration=CALIBRATION), EpochDone(FIRST_EPOCH), "", None)
        assert (job.weights, job.epoch_weights, job.calibration) == ("/live/a1-6.npz", "", None)

    @pytest.mark.parametrize("event", [Started(), STEP])
    def test_compiling_is_a_phase_that_the_next_event_ends(self, event: Event):
        """The page says why nothing moves, and then that it moves."""
        compiling = advance(RUNNING, Compiling(), "")
        assert (compiling.phase, compiling.history) == (JobPhase.COMPILING, History())
        assert advance(compiling, event, "").phase is JobPhase.TRAINING

    @pytest.mark.parametrize("event", [Compiling(), Started(), STEP, EpochDone(FIRST_EPOCH)])
    def test_stopping_goes_on_until_the_end(self, event: Event):
        """What the trainer still reports does not make the page say that it trains."""
        stopping = replace(RUNNING, phase=JobPhase.STOPPING)
        assert advance(stopping, event, "").phase is JobPhase.STOPPING

    def test_job_before_the_event_stays_as_it_was(self):
        """Another thread may be showing it."""
        job = Job("a1", RunConfig(), JobPhase.TRAINING)
        advance(job, STEP, "")
        assert (job.step, job.history) == (None, History())


class TestState:
    def test_idle_trainer_has_no_job_in_training(self):
        """Neither before the first job nor after one."""
        assert TrainerState().training == ()
        assert replace(BUSY, workers=(Worker(WorkerPhase.READY),)).training == ()

    def test_job_is_in_training(self):
        """Until it is over, also while it compiles or stops."""
        for phase in set(JobPhase) - set(OVER):
            job = replace(RUNNING, phase=phase)
            assert replace(BUSY, workers=(Worker(WorkerPhase.READY, job),)).training == (job,)

    @pytest.mark.parametrize(
        ("job", "place"), [("b2", 1), ("c3", 2), ("a1", None), ("e0", None), ("d4", None)]
    )
    def test_place_in_the_queue_counts_from_one(self, job: str, place: int | None):
        """Neither the job in training nor one that has ended waits, and an unknown one is nowhere."""
        assert BUSY.place_in_queue(job) == place

    @pytest.mark.parametrize(("job", "found"), FOUND)
    def test_job_is_found_where_it_is(self, job: str, found: Job | None):
        """In the queue, in training, or ended while another one trains; a browser comes back with its id."""
        assert BUSY.find(job) == found

    def test_nothing_is_found_in_an_empty_trainer(self):
        """Before the first job there is none."""
        assert TrainerState().find("a1") is None


def test_job_that_failed_says_why():
    """The problem is an error, so that each visitor reads it in the own language."""
    job = replace(RUNNING, phase=JobPhase.FAILED, problem=DemoError("run_not_kept", reason="sin sitio"))
    assert "sin sitio" in message(job.problem, "es")
    assert "sin sitio" in message(job.problem, "en")
