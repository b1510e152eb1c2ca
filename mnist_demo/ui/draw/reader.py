"""Who reads the drawing: the network of a run, or the one in training as it is at this moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnist_demo.errors import UnknownRun
from mnist_demo.jobs import Job
from mnist_demo.network import (
    MAX_SHOWN,
    AbstentionRule,
    Network,
    Shown,
    apply_temperature,
    shown_neurons,
)
from mnist_demo.runs import Run
from mnist_demo.ui import services
from mnist_demo.ui.train.interest import find_training, job_alias

LIVE = "live"
"""Stands for a run's id where a network in training is meant."""


class NotBegun(UnknownRun):
    """The network in training has no weights yet."""


@dataclass(frozen=True)
class Reader:
    """A network that reads drawings.

    Attributes:
        name: Id of its run, or `LIVE`.
        version: Changes when its weights do.
        network: The network, its temperature applied.
        rule: When it abstains; None before the first whole epoch, and where it overflowed.
        shown: The neurons that have a place in its picture.
        file: Where its weights are, of one in training.
        epoch: Which epoch it is in, 0 before the first batch; None where it learns no more.
    """

    name: str
    version: str
    network: Network
    rule: AbstentionRule | None
    shown: Shown
    file: str = ""
    epoch: int | None = None


def live_name(job: Job) -> str:
    """Name a job in training for the addresses that answer drawings, without telling its id."""
    return f"{LIVE}-{job_alias(job.id)}"


def run_reader(run: Run) -> Reader:
    """Let the network of a run read; raises what `services.run_network` does."""
    network = services.calibrated_network(run)
    return Reader(run.id, run.id, network, services.abstention_rule(run), shown_neurons(network))


def live_reader(job: Job) -> Reader:
    """Let the network in training read, as it was a tenth of a second ago.

    The first neurons of a large layer are shown, since which ones matter changes while it learns.

    Raises:
        NotBegun: It has no weights yet.
        UnknownRun: It has just ended.
    """
    if not job.weights:
        raise NotBegun("no_training")
    network, rule = services.live_network(job.weights), None
    if job.calibration:
        rule = AbstentionRule(job.calibration)
        network = apply_temperature(network, job.calibration.temperature)
    version = f"{hash(job.weights):x}"  # tells nobody the id of the job
    epoch = job.step.epoch if job.step else 0
    return Reader(LIVE, version, network, rule, first_neurons(network), job.weights, epoch)


def first_neurons(network: Network) -> Shown:
    """Choose the first neurons of both hidden layers, which keep their places while the network learns."""
    first, second = (np.arange(min(size, most)) for size, most in zip(network.hidden, MAX_SHOWN, strict=True))
    return first, second


def find_reader(name: str) -> Reader:
    """Find who reads, by a run's id or a `live_name`.

    Raises:
        UnknownRun: There is no such run, or it is not being trained.
        DamagedRun: Its weights cannot be read any more.
    """
    kind, _, alias = name.partition("-")
    if kind != LIVE:
        return run_reader(services.store().get(name))
    job = find_training(services.trainer().state, alias)
    if not job:
        raise UnknownRun("no_training")
    return live_reader(job)
