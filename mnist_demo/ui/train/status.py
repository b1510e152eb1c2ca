"""How far a job is, in words."""

from __future__ import annotations

from mnist_demo.jobs import Job, JobPhase
from mnist_demo.texts import Texts, message


def job_status(job: Job, texts: Texts) -> str:
    """Say in one sentence how far a job is."""
    words = texts.training
    if job.phase is JobPhase.FAILED and job.problem:
        return message(job.problem, texts.code)
    if job.phase is JobPhase.COMPILING:
        return words.compiling
    if job.phase is JobPhase.STOPPING:
        return words.stopping
    if not job.step:
        return texts.controls.paused_at_start if job.is_paused else words.preparing
    form = texts.controls.paused if job.is_paused else words.training
    return form.format(
        epoch=job.step.epoch, epochs=job.config.epochs, accuracy=texts.numbers.percent(job.step.accuracy)
    )


def job_detail(job: Job, texts: Texts) -> str:
    """Say which step is done, and how long the rest takes, or with which rate it goes on."""
    step = job.step
    if not step or job.phase is JobPhase.STOPPING:  # nothing of it is left to be trained
        return ""
    if job.is_held_back:  # how long it takes depends on who holds it
        return texts.controls.detail.format(
            step=texts.numbers.whole(step.step),
            steps=texts.numbers.whole(step.steps),
            rate=texts.numbers.shortest(job.rate),
        )
    left = (job.config.epochs - step.epoch) * step.steps + step.steps - step.step
    seconds = left * _seconds_per_step(job)
    return texts.training.detail.format(
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
