"""Ready-made comparisons that a teacher starts.

To add one, add an entry to `EXPERIMENTS`, and its texts to the catalogue: `NAME`, its title, and `NAME_seen`,
what there is to see when it is done; and what is asked before, see `ui.common.predictions`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState
from mnist_demo.runs import History, Run, RunConfig, RunStatus


@dataclass(frozen=True)
class Experiment:
    """Runs that differ in one setting; `name` is an entry of the catalogue's `experiments`."""

    name: str
    configs: tuple[RunConfig, ...]


# Few epochs, so that none takes longer than about ten seconds on two processors.
EXPERIMENTS = (
    Experiment("batch_size", (RunConfig(epochs=5, batch_size=8), RunConfig(epochs=5, batch_size=1024))),
    Experiment(
        "learning_rate",
        (
            RunConfig(epochs=5, learning_rate=0.00001),
            RunConfig(epochs=5),
            RunConfig(epochs=5, learning_rate=0.1),
        ),
    ),
    Experiment("neurons", (RunConfig(epochs=5, hidden=(4, 64)), RunConfig(epochs=5, hidden=(512, 64)))),
    # Twenty epochs, since an epoch of 100 images has only four steps.
    Experiment("train_images", (RunConfig(epochs=20, train_images=100), RunConfig(epochs=20))),
    Experiment(
        "depth",
        (
            RunConfig(epochs=5, hidden=()),
            RunConfig(epochs=5, hidden=(128,)),
            RunConfig(epochs=5, hidden=(128, 64, 64, 32)),
        ),
    ),
    # Of few images, which a network learns by heart unless something keeps it from that.
    Experiment(
        "dropout",
        (RunConfig(epochs=40, train_images=1000), RunConfig(epochs=40, train_images=1000, dropout=0.5)),
    ),
    Experiment("missing_digit", (RunConfig(epochs=5), RunConfig(epochs=5, missing_digit=7))),
    Experiment("rare_digit", (RunConfig(epochs=5), RunConfig(epochs=5, rare_digit=7))),
    Experiment(
        "wrong_labels",
        (RunConfig(epochs=5), RunConfig(epochs=5, wrong_labels=0.3), RunConfig(epochs=5, wrong_labels=0.8)),
    ),
)


@dataclass(frozen=True)
class Progress:
    """How far an experiment is; each tuple has an entry for each of its configurations.

    Attributes:
        experiment: Which one.
        runs: The finished run, None until there is one.
        jobs: The job that waits or is trained, None where there is none.
        failed: The job that failed last, None where none has.
    """

    experiment: Experiment
    runs: tuple[Run | None, ...]
    jobs: tuple[Job | None, ...]
    failed: Job | None = None

    @property
    def trained(self) -> int:
        """Count the runs that are there."""
        return len(self.run_ids)

    @property
    def run_ids(self) -> tuple[str, ...]:
        """Ids of the runs that are there."""
        return tuple(run.id for run in self.runs if run)

    @property
    def is_done(self) -> bool:
        """Whether every run is there."""
        return None not in self.runs

    @property
    def job(self) -> Job | None:
        """The job that is trained, or else the first that waits; None: it is not under way.

        That one of its runs is trained for another experiment, or by somebody, does not set it going.
        """
        if self.missing:
            return None
        return next((job for job in self.jobs if job and job.phase is not JobPhase.QUEUED), None) or next(
            (job for job in self.jobs if job), None
        )

    @property
    def missing(self) -> tuple[RunConfig, ...]:
        """What still has to be given to the trainer."""
        parts = zip(self.experiment.configs, self.runs, self.jobs, strict=True)
        return tuple(config for config, run, job in parts if not run and not job)

    def runs_so_far(self, state: TrainerState) -> tuple[Run, ...]:
        """Return all its runs, those that wait or are in training with what was measured so far."""
        if not state.dataset:
            return ()
        parts = zip(self.experiment.configs, self.runs, self.jobs, strict=True)
        return tuple(
            run
            or Run(Path(), config, state.dataset, RunStatus.FINISHED, job.history if job else History(), "")
            for config, run, job in parts
        )

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        parts = zip(self.runs, self.jobs, strict=True)
        done = sum(1.0 if run else job.share if job else 0.0 for run, job in parts)
        return done / len(self.runs)


def follow_experiment(
    experiment: Experiment, find: Callable[[RunConfig], Run | None], state: TrainerState
) -> Progress:
    """Return how far an experiment is, whoever started it.

    Args:
        experiment: Which one.
        find: Finds the finished run of a configuration.
        state: The trainer's.
    """
    runs = tuple(find(config) for config in experiment.configs)
    jobs = tuple(
        None if run else _find_job(state.pending, config)
        for config, run in zip(experiment.configs, runs, strict=True)
    )
    unfinished = [config for config, run in zip(experiment.configs, runs, strict=True) if not run]
    failed = [
        job for job in reversed(state.ended) if job.phase is JobPhase.FAILED and job.config in unfinished
    ]
    return Progress(experiment, runs, jobs, next(iter(failed), None))


def _find_job(jobs: Sequence[Job], config: RunConfig) -> Job | None:
    return next((job for job in jobs if job.trains(config)), None)
