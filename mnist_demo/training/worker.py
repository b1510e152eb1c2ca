"""The trainer process: loads the data, imports TensorFlow once, and trains one run at a time.

Started by `jobs.client` as `python -m mnist_demo.training.worker`. It reads commands from standard input
and writes events to standard output (`jobs.messages`). When standard input closes, the server ends or is
gone: the trainer keeps what the run in training has learned, and ends.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from mnist_demo.data import Dataset, DatasetInfo, load_mnist
from mnist_demo.errors import DamagedRun, DatasetUnavailable, HomeUnusable, TrainingFailed, UnknownRun
from mnist_demo.jobs import Event
from mnist_demo.jobs.messages import DataReady, Ended, Problem, Progress, Ready, Train
from mnist_demo.runs import Owner, RunConfig, RunStore, check_room
from mnist_demo.settings import Settings
from mnist_demo.training.channel import Channel, claim_stdout, end_when_asked
from mnist_demo.training.live import LiveNetwork
from mnist_demo.training.making import calibrate_in_training, train_run
from mnist_demo.training.steering import Steering

if TYPE_CHECKING:
    from mnist_demo.training.class_lesson import ClassLesson
    from mnist_demo.training.loop import TrainingSession

LOG = logging.getLogger(__name__)
NICENESS = 10
EXIT_UNUSABLE = 3
MAX_COMPILATIONS_PER_PROCESS = 50
"""TensorFlow keeps the memory of every function it has compiled, about 7 MB each: a class that tries out many
sizes would fill the computer. Between two runs, the process then makes room for a fresh one."""


def main() -> None:
    """Serve the web server until it closes the pipe."""
    with Channel(sys.stdin, claim_stdout()) as channel:
        end_when_asked(channel)
        yield_to_the_pages()
        serve(channel)


def serve(channel: Channel) -> None:
    """Load the images and TensorFlow, and train what the server asks for."""
    settings = Settings.from_environment()
    try:
        store, dataset = RunStore(settings.home), load_data(settings, channel)
    except (DatasetUnavailable, HomeUnusable) as error:
        channel.send(Problem.of(error))
        sys.exit(EXIT_UNUSABLE)

    from mnist_demo.training.loop import TrainingSession  # noqa: PLC0415 - takes seconds; the data is told first

    session = TrainingSession(dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test)
    session.warm_up(RunConfig())
    leave_samples(session, dataset.info, store)
    channel.serves = True
    channel.send(Ready())
    session.prepare_detector()  # no page waits for it
    while session.compilations < MAX_COMPILATIONS_PER_PROCESS and (order := channel.jobs.get()):
        train_job(order, session, dataset, store, channel)


def leave_samples(session: TrainingSession, dataset: DatasetInfo, store: RunStore) -> None:
    """Leave some changed images for the pages; a disk that is full costs the picture only."""
    if store.live.load_samples(dataset) is None:
        try:
            store.live.save_samples(dataset, session.changed_samples())
        except OSError as error:
            LOG.warning("No picture of changed images could be kept: %s", error)


def yield_to_the_pages() -> None:
    """Let the web server go first when both want the processor: drawing stays fluent while a run trains.

    On Windows the client lowers the priority when it starts this process.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def load_data(settings: Settings, channel: Channel) -> Dataset:
    """Load the images and tell which.

    Raises:
        DatasetUnavailable: Those that were asked for cannot be read.
    """
    dataset = load_mnist(settings)
    channel.send(DataReady(dataset.info))
    return dataset


def train_job(
    order: Train, session: TrainingSession, dataset: Dataset, store: RunStore, channel: Channel
) -> None:
    """Train one run for the server; Stop keeps what was trained so far.

    The server always knows the network as it is, and as it was after the last epoch: older files go when it
    has been told. A disk that is full costs those files only, and at the end the run, but never the trainer.
    """
    live = LiveNetwork(order.job, session, store, order.config.activation)
    steering = Steering(order.job, order.config, channel)

    def report(event: Event) -> bool:
        calibration = calibrate_in_training(session, order.config, event)
        stands = steering.stands_after(event)
        channel.send(Progress(order.job, event, live.leave(event, stands=stands), calibration, stands))
        live.tidy()
        steering.wait(event)
        return not channel.is_stopped(order.job)

    def owner() -> Owner:
        return channel.owners.get(order.job, order.owner)

    run, problem = None, None
    try:
        check_room(store.folder, order.config)
        lesson = prepare_lesson(order, session, dataset, store, channel)
        run = train_run(session, order.config, dataset.info, store, report, owner, steering.control, lesson)
    except (TrainingFailed, UnknownRun, DamagedRun) as error:
        LOG.error("Nothing was trained: %s", error)
        problem = Problem.of(error)
    except OSError as error:
        LOG.error("The run could not be kept: %s", error)
        problem = Problem.of(TrainingFailed("run_not_kept", reason=error))
    recycles = channel.ends or session.compilations >= MAX_COMPILATIONS_PER_PROCESS
    channel.send(Ended(order.job, run.id if run else "", recycles, problem, run.owner if run else None))
    store.live.delete_weights(order.job)


def prepare_lesson(
    order: Train, session: TrainingSession, dataset: Dataset, store: RunStore, channel: Channel
) -> ClassLesson | None:
    """Prepare what a class teaches, see `prepare_class_lesson`; None where no class does."""
    from mnist_demo.training.class_lesson import prepare_class_lesson  # noqa: PLC0415 - as in `serve`

    if not order.teaching:
        return None
    return prepare_class_lesson(
        order.teaching, order.config, session, dataset, store, lambda: channel.is_stopped(order.job)
    )


if __name__ == "__main__":
    main()
