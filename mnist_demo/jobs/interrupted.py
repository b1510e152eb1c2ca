"""What becomes of a job whose trainer has died or hangs: a failed run, with all that is known of it."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from mnist_demo.data import DatasetInfo
from mnist_demo.errors import DemoError, TrainingFailed
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.network import Network
from mnist_demo.runs import Run, RunStatus, RunStore

LOG = logging.getLogger(__name__)


def keep_interrupted(job: Job, dataset: DatasetInfo | None, store: RunStore, *, hung: bool) -> Job:
    """Keep the history of an interrupted job, and its network after the last whole epoch, if there is one.

    Args:
        job: As it was when its trainer was lost.
        dataset: What it was trained on; None: the trainer never told, and nothing can be kept.
        store: Keeps the run.
        hung: Whether the trainer was ended because it no longer answered.

    Returns:
        The job, failed. Its problem says why, and if even that could not be kept.
    """
    network = None if job.teaching else _last_network(job)
    code = "trainer_hung" if hung else "trainer_died" if network else "trainer_died_early"
    failed = replace(job, phase=JobPhase.FAILED, problem=TrainingFailed(code))
    if not dataset or job.teaching:  # half of what a class has taught is no run
        return failed
    try:
        run = Run(Path(), job.config, dataset, RunStatus.FAILED, job.history, created="", owner=job.owners[0])
        return replace(failed, run=store.save(run, network).id)
    except (OSError, MemoryError) as error:
        LOG.exception("The run of a lost trainer could not be kept")
        return replace(failed, problem=TrainingFailed("run_not_kept", reason=error))


def _last_network(job: Job) -> Network | None:
    try:
        return Network.load(job.epoch_weights) if job.epoch_weights else None
    except DemoError as error:
        LOG.warning("The last network of a lost trainer could not be read: %s", error)
        return None
