import json
import math
from dataclasses import replace
from typing import Any

import pytest

from mnist_demo.charts.axes import axis_ranges
from mnist_demo.errors import TrainingFailed
from mnist_demo.jobs.controls import Controls
from mnist_demo.jobs.events import StepDone
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.runs.rates import RateChange
from mnist_demo.runs.run import EpochRecord, History, RunConfig, RunStatus, StepRecord
from mnist_demo.texts import Texts
from mnist_demo.texts.loading import load_texts, message
from mnist_demo.ui.train.interest import Interest, page_state_key
from mnist_demo.ui.train.live import (
    empty_view,
    job_view,
    live_view,
    run_view,
    validation_note,
    worker_line,
)
from mnist_demo.ui.train.log import keras_line
from tests.factories import FIRST_EPOCH, HISTORY, MNIST, make_run

EN, ES = load_texts("en"), load_texts("es")
NBSP = "\N{NO-BREAK SPACE}"
CONFIG = RunConfig(epochs=4)
OWN = Interest.in_jobs("job7", None)
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
    over = (job,) if job and job.phase.is_over else ()
    worker = Worker(WorkerPhase.READY, None if over else job)
    return TrainerState((worker,), dataset=MNIST, ended=over, version=5)


def view_of(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of Job
    """Show such a job in English."""
    job = make_job(**changes)
    return job_view(make_state(job), job, EN)


def news_of(state: TrainerState, epochs: int = 0, steps: int = 0) -> dict[str, Any]:
    """Ask for what follows so many points, in English and as the page of whoever started the job."""
    return live_view(state, EN, OWN, epochs, steps)


class TestLiveView:
    def test_idle_trainer_tells_only_how_it_is(self):
        """A page that follows it learns whether it has to run again, and nothing more is sent."""
        state = make_state()
        assert news_of(state) == {
            "live": False,
            "page_state_key": page_state_key(state, OWN),
            "version": 5,
            "worker": "",
            "progress": None,
            "detail": "",
            "note": "",
            "other": "",
            "watch": "Watch",
        }

    @pytest.mark.parametrize("phase", [JobPhase.ENDED, JobPhase.FAILED])
    def test_job_that_is_over_is_idleness(self, phase: JobPhase):
        """The page itself shows what came of it."""
        assert news_of(make_state(make_job(phase=phase))).keys() == news_of(make_state()).keys()

    def test_job_in_training_is_told_as_on_the_page(self):
        """The same words; of the curves only the points."""
        job = make_job()
        news, view = news_of(make_state(job)), job_view(make_state(job), job, EN)
        same = {"live", "version", "worker", "progress", "detail", "status", "tone", "log", "note"}
        assert {name: news[name] for name in same} == {name: view[name] for name in same}
        for measure, chart in news["charts"].items():
            shown = view["charts"][measure]
            assert chart["points"] == [{"x": line["x"], "y": line["y"]} for line in shown["figure"]["data"]]
            assert chart["alt"] == shown["alt"]
            assert chart["ranges"] == shown["ranges"]
            assert chart["ranges"]["linear"] == shown["figure"]["layout"]["yaxis"]["range"]

    def test_only_what_follows_is_sent(self):
        """A page that has the first epoch gets the second one, and a page that has both nothing."""
        state = make_state(make_job(history=HISTORY))
        news = news_of(state, epochs=1, steps=1)
        assert [line["x"] for line in news["charts"]["loss"]["points"]] == [[1.5], [2], [2]]
        assert [line["y"] for line in news["charts"]["accuracy"]["points"]] == [[90], [93.75], [90]]
        assert len(news["log"]) == 1
        assert news["log"][0].startswith("Epoch 2/4")
        nothing = news_of(state, epochs=2, steps=2)
        assert [line["x"] for line in nothing["charts"]["loss"]["points"]] == [[], [], []]
        assert nothing["log"] == []
        assert "alt" not in nothing["charts"]["loss"]

    def test_chart_in_words_tells_the_whole_run(self):
        """Though only its last epoch is new."""
        state = make_state(make_job(history=HISTORY))
        assert "After epoch 2 of 4" in news_of(state, epochs=1, steps=2)["charts"]["loss"]["alt"]

    def test_axis_is_that_of_the_whole_run(self):
        """A page that has all points gets the range that encloses them all."""
        news = news_of(make_state(make_job(history=HISTORY)), epochs=2, steps=2)
        assert news["charts"]["loss"]["ranges"] == axis_ranges(HISTORY, "loss")
        assert news["charts"]["accuracy"]["ranges"] == axis_ranges(HISTORY, "accuracy")

    def test_rate_that_was_changed_is_marked_on_both_charts(self):
        """A page that has all points gets the line too: the rate is chosen while training stands still."""
        history = replace(HISTORY, rates=(RateChange(2250, 0.003),))
        state = make_state(make_job(history=history))
        for view in (news_of(state, epochs=2, steps=2), job_view(state, state.training[0], EN)):
            for chart in view["charts"].values():
                (mark,) = chart["marks"]
                assert (mark["x0"], mark["label"]["text"]) == (1.5, "0.003")
        assert "0.003 after 1.50 epochs" in view["charts"]["loss"]["alt"]
        assert view_of()["charts"]["loss"]["marks"] == []

    def test_page_of_another_job_gets_what_does_no_harm(self):
        """It has more points than there are; it sees by the key that they are not its own."""
        assert news_of(make_state(make_job()), epochs=30, steps=900)["charts"]["loss"]["points"][1]["x"] == []

    def test_answer_does_not_grow_with_the_run(self):
        """A late epoch costs no more than an early one."""

        def answer(epochs: int) -> str:
            record = replace(FIRST_EPOCH, loss=1 / 3, val_loss=2 / 3)
            history = History((record,) * epochs, (StepRecord(epochs - 1 / 3, 1 / 3, 2 / 3),) * 20 * epochs)
            job = make_job(history=history, config=RunConfig(epochs=100))
            return json.dumps(news_of(make_state(job), epochs, 20 * epochs - 1))

        assert len(answer(99)) < len(answer(10)) + 20 < 1000

    def test_words_are_the_languages(self):
        """Each visitor is answered in the own language."""
        assert live_view(make_state(make_job()), ES, OWN, 0, 0)["status"] == (
            f"Época 2 de 4: exactitud de entrenamiento 93,1{NBSP}%"
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
        assert view_of()["detail"] == "step 500/1,500 · 48,300 images/s · 4 s left"

    def test_time_left_in_the_first_epoch_comes_from_the_speed(self):
        """5,000 steps are left, of 32 images, at 32,000 images a second: 5 s."""
        step = replace(STEP, epoch=1, step=1000, images_per_second=32_000.0)
        detail = view_of(step=step, history=History())["detail"]
        assert detail == "step 1,000/1,500 · 32,000 images/s · 5 s left"

    def test_paused_run_says_so_and_how_long_it_takes_is_nobodys_guess(self):
        """With the rate that it goes on with; until the trainer stands still it is not paused."""
        paused = {"controls": Controls("pause", rate=0.01, presses=1), "is_still": True}
        view = view_of(**paused)
        assert view["status"] == "Paused in epoch 2 of 4: training accuracy 93.1%"
        assert view["detail"] == "step 500/1,500 · learning rate 0.01"
        assert view_of(**paused | {"is_still": False})["status"].startswith("Epoch 2 of 4")
        assert view_of(**paused | {"step": None})["status"] == "Paused before the first step"

    def test_nothing_is_left_of_a_run_that_is_being_stopped(self):
        """Nobody waits for the rest of it."""
        for held in ({}, {"controls": Controls("pause", presses=1), "is_still": True}):
            view = view_of(**held | {"phase": JobPhase.STOPPING})
            assert (view["status"], view["detail"]) == ("Stopping…", "")

    def test_nothing_is_left_at_the_end(self):
        """The last step of the last epoch."""
        assert view_of(step=replace(STEP, epoch=4, step=1500))["detail"].endswith(" · 0 s left")

    def test_status_tells_epoch_and_accuracy(self):
        """As a sentence for the last row."""
        assert view_of()["status"] == "Epoch 2 of 4: training accuracy 93.1%"

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
        assert (view["tone"], view["live"], view["progress"]) == ("bad", False, None)
        assert (view["tone"], view["live"], view["progress"]) == ("bad", False, None)

    @pytest.mark.parametrize(
        ("texts", "detail"),
        [
            (EN, "Failed during epoch 2 (1 completed)."),
            (ES, "Interrumpida por un error durante la época 2 (completó 1)."),
        ],
    )
    def test_failed_job_says_how_far_it_came(self, texts: Texts, detail: str):
        """The chart ends with the first epoch, though the second had begun."""
        history = History((FIRST_EPOCH,), (StepRecord(1.5, 0.2, 0.9),))
        job = make_job(phase=JobPhase.FAILED, problem=TrainingFailed("trainer_died"), history=history)
        assert job_view(make_state(job), job, texts)["detail"] == detail

    def test_job_that_failed_before_its_first_step_has_come_nowhere(self):
        """There is no epoch to tell of."""
        view = view_of(phase=JobPhase.FAILED, problem=TrainingFailed("trainer_died"), history=History())
        assert view["detail"] == ""

    def test_zoom_belongs_to_the_job(self):
        """Charts keep their zoom while the job trains, and lose it for the next."""
        (revision,) = {chart["figure"]["layout"]["uirevision"] for chart in view_of()["charts"].values()}
        later = view_of(history=HISTORY)["charts"]["loss"]["figure"]["layout"]["uirevision"]
        assert later == revision
        assert view_of(id="job8")["charts"]["loss"]["figure"]["layout"]["uirevision"] != revision

    def test_charts_end_at_the_last_epoch(self):
        """The axis shows how far there is to go."""
        assert view_of()["charts"]["loss"]["figure"]["layout"]["xaxis"]["range"][1] == pytest.approx(4.12)

    def test_charts_are_told_in_words(self):
        """For whoever cannot see them: the figures after the last whole epoch."""
        charts = view_of()["charts"]
        assert charts["loss"]["alt"] == (
            "Loss (lower is better). After epoch 1 of 4: training 0.500, validation 0.250."
        )
        assert charts["accuracy"]["title"] == "Accuracy (higher is better)"

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
        assert view["charts"]["loss"]["alt"].endswith("training –, validation –.")


class TestNote:
    BETTER, WORSE = History((FIRST_EPOCH,)), HISTORY
    """Validation is better after the first epoch, and no longer after the second."""

    def test_validation_that_is_better_than_training_is_explained(self):
        """After the last whole epoch only, and in the page's language."""
        assert validation_note(self.BETTER, CONFIG, EN) == EN.training.validation_ahead
        assert validation_note(self.BETTER, CONFIG, ES) == ES.training.validation_ahead
        assert validation_note(self.WORSE, CONFIG, EN) == validation_note(History(), CONFIG, EN) == ""

    def test_equal_figures_need_no_explanation(self):
        """Nobody wonders."""
        same = replace(FIRST_EPOCH, val_accuracy=FIRST_EPOCH.accuracy)
        assert validation_note(History((same,)), CONFIG, EN) == ""

    def test_of_guessing_it_would_not_be_true(self):
        """Such a network has not learned within the epoch: validation is ahead by chance."""
        guesses = replace(FIRST_EPOCH, accuracy=0.098, val_accuracy=0.106)
        assert validation_note(History((guesses,)), CONFIG, EN) == ""

    def test_deformed_images_are_another_reason(self):
        """With augmentation, training is on harder images than validation."""
        note = validation_note(self.BETTER, replace(CONFIG, augment=True), EN)
        assert note == EN.training.validation_ahead_changed
        assert "harder" in note
        assert "harder" not in EN.training.validation_ahead

    def test_note_is_in_every_view_of_a_history(self):
        """While a network is trained, in the page's later looks, and afterwards."""
        job = make_job(history=self.BETTER)
        note = EN.training.validation_ahead
        assert view_of(history=self.BETTER)["note"] == news_of(make_state(job))["note"] == note
        assert run_view(make_state(), make_run(history=self.BETTER), EN)["note"] == note
        assert run_view(make_state(), make_run(history=self.WORSE), EN)["note"] == ""

    @pytest.mark.parametrize("augment", [False, True])
    def test_words_that_may_come_are_known_from_the_start(self, augment: bool):
        """They keep the note's room, so that nothing moves when it comes."""
        config = replace(CONFIG, augment=augment)
        words = view_of(config=config, history=History())["words"]
        assert words["note"] == validation_note(self.BETTER, config, EN)


class TestWorkerLine:
    @pytest.mark.parametrize("phase", [WorkerPhase.STARTING, WorkerPhase.LOADING])
    def test_trainer_that_warms_up_is_told(self, phase: WorkerPhase):
        """Whoever waits for it knows that it comes, in every view."""
        state = replace(make_state(), workers=(Worker(phase),))
        assert worker_line(state, EN) == EN.worker.warming
        assert (
            live_view(state, ES, OWN, 0, 0)["worker"] == empty_view(state, ES)["worker"] == ES.worker.warming
        )
        assert run_view(state, make_run(), EN)["worker"] == EN.worker.warming

    @pytest.mark.parametrize("phase", [WorkerPhase.READY, WorkerPhase.NO_DATA, WorkerPhase.BROKEN])
    def test_trainer_that_is_ready_or_broken_has_no_line(self, phase: WorkerPhase):
        """There is nothing to wait for; what is wrong is said elsewhere."""
        assert worker_line(replace(make_state(), workers=(Worker(phase),)), EN) == ""


class TestOtherViews:
    def test_finished_run_is_shown_in_a_good_tone(self):
        """With its outcome, its curves and its log, and nothing that moves."""
        view = run_view(make_state(), make_run(name="Ana"), EN)
        assert view["status"].startswith("Ana (finished): test accuracy 97.5%")
        assert (view["tone"], view["live"], view["progress"], view["detail"]) == ("good", False, None, "")
        assert len(view["log"]) == 2
        assert view["charts"]["loss"]["figure"]["data"][1]["y"] == [0.5, 0.125]

    def test_stopped_run_is_shown_in_a_plain_tone(self):
        """It did not reach what it was to reach."""
        view = run_view(make_state(), make_run(status=RunStatus.STOPPED), EN)
        assert view["tone"] == "info"

    @pytest.mark.parametrize(
        ("texts", "said"),
        [(EN, "stopped during epoch 2 (1 completed)"), (ES, "detenida durante la época 2 (completó 1)")],
    )
    def test_stopped_run_says_how_far_it_came(self, texts: Texts, said: str):
        """In both languages."""
        history = History((FIRST_EPOCH,), (StepRecord(1.5, 0.2, 0.9),))
        run = make_run(status=RunStatus.STOPPED, history=history)
        assert said in run_view(make_state(), run, texts)["status"]

    @pytest.mark.parametrize("status", [RunStatus.FINISHED, RunStatus.STOPPED])
    def test_network_that_only_guesses_is_no_success(self, status: RunStatus):
        """In the colour of a warning, in plain words, with what to do."""
        config = RunConfig(epochs=2, batch_size=8, learning_rate=1)
        run = make_run(status=status, config=config, test_accuracy=0.098, test_loss=2.35)
        view = run_view(make_state(), run, EN)
        assert view["tone"] == "warn"
        assert view["status"].endswith(
            "It has learned nothing: with an accuracy of 9.8% it only guesses. Try a smaller learning rate."
        )

    def test_nothing_trained_yet_is_shown_with_empty_charts(self):
        """With what to do about it."""
        view = empty_view(make_state(), EN)
        assert view["status"] == EN.app.no_run
        assert [trace["y"] for trace in view["charts"]["loss"]["figure"]["data"]] == [[], [], []]

    def test_all_views_have_the_same_entries(self):
        """The component in the browser reads each of them."""
        keys = view_of().keys()
        assert run_view(make_state(), make_run(), EN).keys() == keys
        assert empty_view(make_state(), EN).keys() == keys
        assert keys == {*news_of(make_state(make_job())).keys(), "words"} - {"page_state_key"}

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
