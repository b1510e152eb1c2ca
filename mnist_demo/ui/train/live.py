"""What the training panel shows, as plain values: for a page, and for every later look at the trainer."""

from __future__ import annotations

from typing import Any

from mnist_demo.charts import accuracy_figure, loss_figure
from mnist_demo.data import DatasetInfo
from mnist_demo.jobs import Job, JobPhase, TrainerState, WorkerPhase
from mnist_demo.runs import (
    EpochRecord,
    History,
    Run,
    RunConfig,
    RunStatus,
    run_outcome,
    steps_per_epoch,
)
from mnist_demo.texts import Texts, message

View = dict[str, Any]


def live_view(state: TrainerState, texts: Texts) -> View:
    """Show the job in training; without one, only the scene, which tells a page that it has to run again."""
    if state.active:
        return job_view(state, state.active, texts)
    return _base_view(state, texts)


def job_view(state: TrainerState, job: Job, texts: Texts) -> View:
    """Show a job that is being trained, or that failed."""
    view = _base_view(state, texts) | _charts_view(job.history, job.config, texts, revision=job.id)
    tone = "bad" if job.phase is JobPhase.FAILED else "info"
    progress = None if job.phase.is_over else job.share
    return view | {
        "live": not job.phase.is_over,
        "status": _job_status(job, texts),
        "tone": tone,
        "progress": progress,
        "detail": "" if job.phase.is_over else _detail(job, texts),
        "log": _log(job.history, job.config, state.dataset),
    }


def run_view(state: TrainerState, run: Run, texts: Texts) -> View:
    """Show a run from the store."""
    view = _base_view(state, texts) | _charts_view(run.history, run.config, texts, revision=run.id)
    return view | {
        "status": run_outcome(run, texts),
        "tone": "good" if run.status is RunStatus.FINISHED else "info",
        "progress": None,
        "detail": "",
        "log": _log(run.history, run.config, run.dataset),
    }


def empty_view(state: TrainerState, texts: Texts) -> View:
    """Show that nothing has been trained yet."""
    view = _base_view(state, texts) | _charts_view(History(), RunConfig(), texts, revision="empty")
    return view | {"status": texts.app.no_run, "tone": "info", "progress": None, "detail": "", "log": []}


def _base_view(state: TrainerState, texts: Texts) -> View:
    """What every view tells: the scene, the version of the state, and how the trainer itself is."""
    return {
        "live": False,
        "page_state_key": state.page_state_key,
        "version": state.version,
        "worker": worker_line(state, texts),
    }


def worker_line(state: TrainerState, texts: Texts) -> str:
    """Say what the trainer does before it is ready; nothing once it is."""
    match state.worker:
        case WorkerPhase.STARTING | WorkerPhase.LOADING:
            return texts.worker.warming
    return ""


def keras_line(record: EpochRecord, epochs: int, steps: int) -> str:
    """Write an epoch in one line, as Keras prints it."""
    milliseconds = 1000 * record.seconds / max(steps, 1)
    form = ".0f" if milliseconds >= 10 else ".2g"
    speed = f"{record.seconds:.0f}s {milliseconds:{form}}ms/step"
    names = ("accuracy", "loss", "val_accuracy", "val_loss")
    figures = " - ".join(f"{name}: {_keras_number(getattr(record, name))}" for name in names)
    return f"Epoch {record.epoch}/{epochs} {steps}/{steps} {speed} - {figures}"


def _keras_number(value: float) -> str:
    """Write a figure as Keras's progress bar does: with an exponent where four digits would say little."""
    return f"{value:.4f}" if abs(value) > 0.001 else f"{value:.4e}"


def _charts_view(history: History, config: RunConfig, texts: Texts, revision: str) -> View:
    charts, numbers = texts.charts, texts.numbers
    last = history.epochs[-1] if history.epochs else None
    figures = {
        "loss": loss_figure(history, config.epochs, charts, numbers, revision),
        "accuracy": accuracy_figure(history, config.epochs, charts, numbers, revision),
        "loss-title": charts.loss_title,
        "accuracy-title": charts.accuracy_title,
        "loss_alt": charts.loss_title,
        "accuracy_alt": charts.accuracy_title,
    }
    if last:
        values = {"epoch": last.epoch, "epochs": config.epochs}
        loss = values | {
            "training": numbers.number(last.loss, 3),
            "validation": numbers.number(last.val_loss, 3),
        }
        accuracy = values | {
            "training": numbers.percent(last.accuracy),
            "validation": numbers.percent(last.val_accuracy),
        }
        figures["loss_alt"] = charts.curve_alt.format(title=charts.loss_title, **loss)
        figures["accuracy_alt"] = charts.curve_alt.format(title=charts.accuracy_title, **accuracy)
    return figures


def _job_status(job: Job, texts: Texts) -> str:
    words = texts.training
    if job.phase is JobPhase.FAILED and job.problem:
        return message(job.problem, texts.code)
    if job.phase is JobPhase.COMPILING:
        return words.compiling
    if job.phase is JobPhase.STOPPING:
        return words.stopping
    if not job.step:
        return words.preparing
    return words.training.format(
        epoch=job.step.epoch, epochs=job.config.epochs, accuracy=texts.numbers.percent(job.step.accuracy)
    )


def _detail(job: Job, texts: Texts) -> str:
    step = job.step
    if not step:
        return ""
    left = (job.config.epochs - step.epoch) * step.steps + step.steps - step.step
    seconds = left * _seconds_per_step(job)
    return texts.training.detail.format(
        epoch=step.epoch,
        epochs=job.config.epochs,
        step=texts.numbers.whole(step.step),
        steps=texts.numbers.whole(step.steps),
        speed=texts.numbers.whole(round(step.images_per_second, -2)),
        left=texts.numbers.number(seconds, 0),
    )


def _seconds_per_step(job: Job) -> float:
    """Seconds a step: from the last whole epoch, validation included, or from the speed within the first."""
    assert job.step
    if job.history.epochs:
        return job.history.epochs[-1].seconds / job.step.steps
    return job.config.batch_size / max(job.step.images_per_second, 1.0)


def _log(history: History, config: RunConfig, dataset: DatasetInfo | None) -> list[str]:
    steps = steps_per_epoch(config, dataset.n_train) if dataset else 0
    return [keras_line(record, config.epochs, steps) for record in history.epochs]
