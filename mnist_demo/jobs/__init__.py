"""The queue of trainings and the process behind it: all that the web server knows of training."""

from mnist_demo.jobs.client import Trainer
from mnist_demo.jobs.controls import Controls, Goal
from mnist_demo.jobs.events import Compiling, EpochDone, Event, Started, StepDone, extend_history
from mnist_demo.jobs.experiments import EXPERIMENTS, Experiment, Progress, follow_experiment
from mnist_demo.jobs.holding import HOLD_SECONDS, is_held_up
from mnist_demo.jobs.job import Job, JobPhase
from mnist_demo.jobs.state import TrainerState, Worker, WorkerPhase
from mnist_demo.jobs.teaching import Teaching, class_config

__all__ = [
    "EXPERIMENTS",
    "HOLD_SECONDS",
    "Compiling",
    "Controls",
    "EpochDone",
    "Event",
    "Experiment",
    "Goal",
    "Job",
    "JobPhase",
    "Progress",
    "Started",
    "StepDone",
    "Teaching",
    "Trainer",
    "TrainerState",
    "Worker",
    "WorkerPhase",
    "class_config",
    "extend_history",
    "follow_experiment",
    "is_held_up",
]
