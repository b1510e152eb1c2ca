"""What the training panel shows, as plain values: for a page, and for every later look at the trainer.

A page gets the whole view of a job once. From then on it says how many points it has, and gets the ones that
follow; nothing is kept here of any page, so reloads, other tabs and lost answers need no care.
"""

from __future__ import annotations

from typing import Any

from mnist_demo.charts import (
    Measure,
    axis_ranges,
    curve_points,
    curves_alt,
    curves_figure,
    rate_marks,
    rate_shapes,
    rates_alt,
)
from mnist_demo.data import DatasetInfo
from mnist_demo.jobs import Job, JobPhase, TrainerState, WorkerPhase
from mnist_demo.runs import (
    GUESSES_BELOW,
    History,
    Run,
    RunConfig,
    RunStatus,
    ending_label,
    has_learned,
    rate_places,
    run_outcome,
)
from mnist_demo.texts import Texts
from mnist_demo.ui.train.hint import hint_note
from mnist_demo.ui.train.interest import (
    Interest,
    hold_line,
    job_alias,
    other_line,
    page_state_key,
    queue_line,
)
from mnist_demo.ui.train.log import count_steps, log_lines
from mnist_demo.ui.train.status import job_detail, job_status

View = dict[str, Any]
MEASURES: tuple[Measure, ...] = ("loss", "accuracy")


def live_view(state: TrainerState, texts: Texts, interest: Interest, epochs: int, steps: int) -> View:
    """Show how the followed job has gone on; without one, only what tells a page to run again.

    Args:
        state: The trainer's state.
        texts: The words.
        interest: The jobs that concern the page.
        epochs: How many epochs' points the page has.
        steps: How many points within epochs it has.
    """
    view = _base_view(state, texts) | interest_view(state, interest, texts)
    job = interest.followed(state)
    if not job:
        return view
    news = job.history.since(epochs, steps)
    charts: dict[Measure, View] = {
        measure: {
            "points": curve_points(news, measure),
            "ranges": axis_ranges(job.history, measure),
            "marks": _marks(job.history, measure, job.config, state.dataset, texts),
        }
        for measure in MEASURES
    }
    if news.epochs:
        for measure, chart in charts.items():
            chart["alt"] = _alt(job.history, measure, job.config, state.dataset, texts)
    return (
        view
        | _progress_view(job, texts)
        | {"charts": charts, "log": log_lines(news, job.config, state.dataset)}
    )


def interest_view(state: TrainerState, interest: Interest, texts: Texts) -> View:
    """Show what a page is told besides the job or run that it shows: of its place, of others, of itself."""
    return {
        "page_state_key": page_state_key(state, interest),
        "worker": queue_line(state, interest, texts)
        or hold_line(state, interest, texts)
        or worker_line(state, texts),
        "other": other_line(state, interest, texts),
    }


def job_view(state: TrainerState, job: Job, texts: Texts) -> View:
    """Show a job that is being trained, or that failed."""
    curves = _curves_view(job.history, job.config, state.dataset, texts, job_alias(job.id))
    log = log_lines(job.history, job.config, state.dataset)
    return _base_view(state, texts) | curves | _progress_view(job, texts) | {"log": log}


def run_view(state: TrainerState, run: Run, texts: Texts) -> View:
    """Show a run from the store."""
    return (
        _base_view(state, texts)
        | _curves_view(run.history, run.config, run.dataset, texts, run.id)
        | {
            "status": run_outcome(run, texts),
            "tone": _run_tone(run),
            "note": curves_note(run.history, run.config, texts),
            "log": log_lines(run.history, run.config, run.dataset),
        }
    )


def empty_view(state: TrainerState, texts: Texts) -> View:
    """Show that nothing has been trained yet."""
    curves = _curves_view(History(), RunConfig(), None, texts, "empty")
    return _base_view(state, texts) | curves | {"status": texts.app.no_run, "tone": "info", "log": []}


def _base_view(state: TrainerState, texts: Texts) -> View:
    """What every view tells: the version of the state, how the trainer itself is, and that nothing moves."""
    return {
        "live": False,
        "version": state.version,
        "worker": worker_line(state, texts),
        "progress": None,
        "detail": "",
        "other": "",
        "watch": texts.training.watch,
        "note": "",
    }


def _run_tone(run: Run) -> str:
    """Return the colour of success only for a network that has finished and has learned something."""
    if not has_learned(run):
        return "warn"
    return "good" if run.status is RunStatus.FINISHED else "info"


def _progress_view(job: Job, texts: Texts) -> View:
    view: View = {
        "status": job_status(job, texts),
        "tone": "bad" if job.phase is JobPhase.FAILED else "info",
        "note": curves_note(job.history, job.config, texts),
    }
    if not job.phase.is_over:
        view |= {"live": True, "progress": job.share, "detail": job_detail(job, texts)}
    elif job.phase is JobPhase.FAILED and job.history.steps:
        ending = ending_label(RunStatus.FAILED, job.history, texts)
        view["detail"] = f"{ending[0].upper()}{ending[1:]}."
    return view


def curves_note(history: History, config: RunConfig, texts: Texts) -> str:
    """Say what one would point at in the curves: what is wrong with them, or else why validation is ahead."""
    return hint_note(history, config, texts) or validation_note(history, config, texts)


def validation_note(history: History, config: RunConfig, texts: Texts) -> str:
    """Say why validation was better than training in the last whole epoch; nothing where it was not.

    Of a network that guesses it would not be true: there, either figure is better by chance.
    """
    last = history.epochs[-1] if history.epochs else None
    if not last or last.val_accuracy <= last.accuracy or last.val_accuracy < GUESSES_BELOW:
        return ""
    return _why_validation_is_ahead(config, texts)


def _why_validation_is_ahead(config: RunConfig, texts: Texts) -> str:
    words = texts.training
    if config.dropout:
        return words.validation_ahead_dropout
    if config.wrong_labels:
        return words.validation_ahead_wrong_labels
    return words.validation_ahead_changed if config.changes_images else words.validation_ahead


def _curves_view(
    history: History, config: RunConfig, dataset: DatasetInfo | None, texts: Texts, revision: str
) -> View:
    words = texts.charts
    titles = {"loss": words.loss_title, "accuracy": words.accuracy_title}
    return {
        "charts": {
            measure: {
                "title": titles[measure],
                "alt": _alt(history, measure, config, dataset, texts),
                "figure": curves_figure(history, measure, config.epochs, words, texts.numbers, revision),
                "ranges": axis_ranges(history, measure),
                "marks": _marks(history, measure, config, dataset, texts),
            }
            for measure in MEASURES
        },
        "words": {
            "scale": texts.training.log_scale,
            "scale_name": texts.training.log_scale_name,
            "keras": texts.training.keras_prints,
            "note": _why_validation_is_ahead(config, texts),  # takes the note's room while there is none
        },
    }


def _alt(
    history: History, measure: Measure, config: RunConfig, dataset: DatasetInfo | None, texts: Texts
) -> str:
    places = rate_places(history.rates, count_steps(config, dataset))
    curves = curves_alt(history, measure, config.epochs, texts.charts, texts.numbers)
    return curves + rates_alt(places, texts.charts, texts.numbers)


def _marks(
    history: History, measure: Measure, config: RunConfig, dataset: DatasetInfo | None, texts: Texts
) -> list[View]:
    """Draw where another learning rate was chosen; apart from the figure, since more may follow."""
    places = rate_places(history.rates, count_steps(config, dataset))
    marks = rate_marks(places, (0, config.epochs), texts.numbers)
    return rate_shapes(marks, at_top=measure == "loss")


def worker_line(state: TrainerState, texts: Texts) -> str:
    """Say what the trainer does before it is ready; nothing once it is."""
    match state.worker:
        case WorkerPhase.STARTING | WorkerPhase.LOADING:
            return texts.worker.warming
    return ""
