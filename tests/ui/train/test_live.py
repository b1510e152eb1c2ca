import json
import math
from dataclasses import replace
from typing import Any

import pytest

from mnist_demo.errors import TrainingFailed
from mnist_demo.jobs.events import StepDone
from mnist_demo.jobs.state import Job, JobPhase, TrainerState, WorkerPhase
from mnist_demo.runs.run import EpochRecord, History, RunConfig, RunStatus, StepRecord
from mnist_demo.texts.loading import load_texts, message
from mnist_demo.ui.train.live import (
    empty_view,
    job_view,
    keras_line,
    live_view,
    run_view,
    worker_line,
)
from tests.factories import FIRST_EPOCH, MNIST, make_run

EN, ES = load_texts("en"), load_texts("es")
NBSP = "\N{NO-BREAK SPACE}"
CONFIG = RunConfig(epochs=4)
STEP = StepDone(2, 500, 1500, 0.25, 0.9312, 0.2, 0.95, 48_251.0)
"""A third of the second of four epochs is done."""


def make_job(**changes: Any) -> Job:  # noqa: ANN401 - any field of Job
    """Build a job in its second epoch of four."""
    fields = {
        "id": "job7",
        "config": CONFIG,
        "phase": JobPhase.TRAINING,
        "history": History((FIRST_EPOCH,)),
        "step": STEP,
    }
    return Job(**(fields | changes))


def make_state(job: Job | None = None) -> TrainerState:
    """Build the state of a trainer that is ready, with its job."""
    return TrainerState(WorkerPhase.READY, dataset=MNIST, current=job, version=5)


def view_of(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of Job
    """Show such a job in English."""
    job = make_job(**changes)
    return job_view(make_state(job), job, EN)


class TestLiveView:
    def test_idle_trainer_shows_only_its_scene(self):
        """A page that follows it learns whether it has to run again, and nothing more is sent."""
        state = make_state()
        assert live_view(state, EN) == {
            "live": False,
            "page_state_key": state.page_state_key,
            "version": 5,
            "worker": "",
        }

    @pytest.mark.parametrize("phase", [JobPhase.ENDED, JobPhase.FAILED])
    def test_job_that_is_over_is_idleness(self, phase: JobPhase):
        """The page itself shows what came of it."""
        keys = live_view(make_state(make_job(phase=phase)), EN).keys()
        assert keys == {"live", "page_state_key", "version", "worker"}

    def test_job_in_training_is_shown(self):
        """The same view as on the page."""
        job = make_job()
        assert live_view(make_state(job), EN) == job_view(make_state(job), job, EN)
        assert live_view(make_state(job), EN)["live"]

    def test_words_are_the_languages(self):
        """Each visitor is answered in the own language."""
        assert live_view(make_state(make_job()), ES)["status"] == (
            f"Época 2 de 4: exactitud de entrenamiento del 93,1{NBSP}% hasta ahora"
        )


class TestJobView:
    def test_progress_is_the_share_of_all_steps(self):
        """One whole epoch and a third of four: (1 + 1/3) / 4 = 1/3."""
        assert view_of()["progress"] == pytest.approx(1 / 3)

    @pytest.mark.parametrize(("epoch", "step", "share"), [(1, 0, 0.0), (1, 750, 0.125), (4, 1500, 1.0)])
    def test_progress_runs_from_nothing_to_all(self, epoch: int, step: int, share: float):
        """0 at the start of the first epoch, 1 at the end of the last."""
        assert view_of(step=replace(STEP, epoch=epoch, step=step))["progress"] == share

    def test_there_is_no_progress_before_the_first_step(self):
        """The bar is there and empty."""
        view = view_of(step=None, history=History())
        assert view["progress"] == 0
        assert view["detail"] == ""
        assert view["status"] == "Preparing…"

    def test_time_left_comes_from_the_last_epoch(self):
        """4,000 steps are left, at 1.5 s for 1,500 of them: 4 s. Speed is rounded to hundreds."""
        assert view_of()["detail"] == "Epoch 2/4 · step 500/1,500 · 48,300 images/s · 4 s left"

    def test_time_left_in_the_first_epoch_comes_from_the_speed(self):
        """5,000 steps are left, of 32 images, at 32,000 images a second: 5 s."""
        step = replace(STEP, epoch=1, step=1000, images_per_second=32_000.0)
        detail = view_of(step=step, history=History())["detail"]
        assert detail == "Epoch 1/4 · step 1,000/1,500 · 32,000 images/s · 5 s left"

    def test_nothing_is_left_at_the_end(self):
        """The last step of the last epoch."""
        assert view_of(step=replace(STEP, epoch=4, step=1500))["detail"].endswith(" · 0 s left")

    def test_status_tells_epoch_and_accuracy(self):
        """As a sentence for the last row."""
        assert view_of()["status"] == "Epoch 2 of 4: training accuracy so far 93.1%"

    @pytest.mark.parametrize(
        ("phase", "status"),
        [(JobPhase.COMPILING, "Compiling the network for these settings…"), (JobPhase.STOPPING, "Stopping…")],
    )
    def test_status_tells_what_the_trainer_does(self, phase: JobPhase, status: str):
        """While no number moves, words say why."""
        view = view_of(phase=phase)
        assert (view["status"], view["tone"], view["live"]) == (status, "info", True)

    def test_failed_job_says_why(self):
        """In the tone of an error, without a bar that would never move."""
        view = view_of(phase=JobPhase.FAILED, problem=TrainingFailed("trainer_died"))
        assert view["status"] == message(TrainingFailed("trainer_died"), "en")
        assert (view["tone"], view["live"], view["progress"], view["detail"]) == ("bad", False, None, "")

    def test_zoom_belongs_to_the_job(self):
        """Charts keep their zoom while the job trains, and lose it for the next."""
        assert view_of()["loss"]["layout"]["uirevision"] == "job7"
        assert view_of()["accuracy"]["layout"]["uirevision"] == "job7"

    def test_charts_end_at_the_last_epoch(self):
        """The axis shows how far there is to go."""
        assert view_of()["loss"]["layout"]["xaxis"]["range"][1] == pytest.approx(4.12)

    def test_charts_are_told_in_words(self):
        """For whoever cannot see them: the figures after the last whole epoch."""
        view = view_of()
        assert view["loss_alt"] == (
            "Loss (lower is better). After epoch 1 of 4: training 0.500, validation 0.250."
        )
        assert view["accuracy_alt"] == (
            "Accuracy (higher is better). After epoch 1 of 4: training 75.0%, validation 87.5%."
        )

    def test_charts_without_an_epoch_have_their_titles(self):
        """There is nothing to tell yet."""
        view = view_of(history=History())
        assert view["loss_alt"] == view["loss-title"] == "Loss (lower is better)"
        assert view["accuracy_alt"] == view["accuracy-title"] == "Accuracy (higher is better)"

    def test_log_is_keras_own(self):
        """A line for each whole epoch; 48,000 images in batches of 32 make 1,500 steps."""
        assert view_of()["log"] == [
            "Epoch 1/4 1500/1500 2s 1ms/step - accuracy: 0.7500 - loss: 0.5000"
            " - val_accuracy: 0.8750 - val_loss: 0.2500"
        ]

    def test_overflowed_numbers_can_be_sent(self):
        """A loss that is no longer a number must not stop the page from following."""
        record = EpochRecord(1, math.nan, 0.1, math.inf, 0.1, 1.0)
        history = History((record,), (StepRecord(0.5, math.nan, 0.1),))
        step = replace(STEP, loss=math.nan, segment_loss=math.nan)
        view = view_of(history=history, step=step)
        assert json.loads(json.dumps(view, allow_nan=False)) == view
        assert view["loss_alt"].endswith("training –, validation –.")


class TestWorkerLine:
    @pytest.mark.parametrize("phase", [WorkerPhase.STARTING, WorkerPhase.LOADING])
    def test_trainer_that_warms_up_is_told(self, phase: WorkerPhase):
        """Whoever waits for it knows that it comes, in every view."""
        state = replace(make_state(), worker=phase)
        assert worker_line(state, EN) == EN.worker.warming
        assert live_view(state, ES)["worker"] == empty_view(state, ES)["worker"] == ES.worker.warming
        assert run_view(state, make_run(), EN)["worker"] == EN.worker.warming

    @pytest.mark.parametrize("phase", [WorkerPhase.READY, WorkerPhase.NO_DATA, WorkerPhase.BROKEN])
    def test_trainer_that_is_ready_or_broken_has_no_line(self, phase: WorkerPhase):
        """There is nothing to wait for; what is wrong is said elsewhere."""
        assert worker_line(replace(make_state(), worker=phase), EN) == ""


class TestOtherViews:
    def test_finished_run_is_shown_in_a_good_tone(self):
        """With its outcome, its curves and its log, and nothing that moves."""
        view = run_view(make_state(), make_run(name="Ana"), EN)
        assert view["status"].startswith("Ana (finished): test accuracy 97.5%")
        assert (view["tone"], view["live"], view["progress"], view["detail"]) == ("good", False, None, "")
        assert len(view["log"]) == 2
        assert view["loss"]["data"][1]["y"] == [0.5, 0.125]

    def test_stopped_run_is_shown_in_a_plain_tone(self):
        """It did not reach what it was to reach."""
        view = run_view(make_state(), make_run(status=RunStatus.STOPPED), EN)
        assert view["tone"] == "info"

    def test_nothing_trained_yet_is_shown_with_empty_charts(self):
        """With what to do about it."""
        view = empty_view(make_state(), EN)
        assert view["status"] == EN.app.no_run
        assert [trace["y"] for trace in view["loss"]["data"]] == [[], [], []]

    def test_all_views_have_the_same_entries(self):
        """The component in the browser reads each of them."""
        keys = view_of().keys()
        assert run_view(make_state(), make_run(), EN).keys() == keys
        assert empty_view(make_state(), EN).keys() == keys
        assert keys >= {
            "live",
            "page_state_key",
            "version",
            "worker",
            "status",
            "tone",
            "progress",
            "detail",
            "log",
        }

    @pytest.mark.parametrize(
        "view", [view_of(), empty_view(make_state(), ES), run_view(make_state(), make_run(), ES)]
    )
    def test_views_are_plain_json(self, view: dict[str, Any]):
        """They go to the browser as they are."""
        assert json.loads(json.dumps(view, allow_nan=False)) == view


class TestKerasLine:
    def test_epoch_is_written_as_keras_does(self):
        """Seconds, milliseconds a step, then the four figures in Keras's order."""
        record = EpochRecord(3, 0.08109, 0.97519, 0.09618, 0.97142, 1.8)
        assert keras_line(record, 10, 1500) == (
            "Epoch 3/10 1500/1500 2s 1.2ms/step - accuracy: 0.9752 - loss: 0.0811"
            " - val_accuracy: 0.9714 - val_loss: 0.0962"
        )

    @pytest.mark.parametrize(("seconds", "steps"), [(6.0, 47), (30.0, 20)])
    def test_speed_of_slow_steps_is_no_power_of_ten(self, seconds: float, steps: int):
        """128 or 1,500 milliseconds a step, as large layers take them, are written out as Keras does."""
        assert "e+" not in keras_line(EpochRecord(1, 0.1, 0.9, 0.1, 0.9, seconds), 1, steps)

    def test_unknown_number_of_steps_divides_nothing(self):
        """Without the images, the steps are not known."""
        assert "0/0" in keras_line(FIRST_EPOCH, 2, 0)
