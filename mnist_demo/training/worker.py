"""The trainer process: loads the data, imports TensorFlow once, and trains one run at a time.

Started by `jobs.client` as `python -m mnist_demo.training.worker`. It reads commands from standard input
and writes events to standard output (`jobs.messages`). When standard input closes, the server ends or is
gone: the trainer keeps what the run in training has learned, and ends.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_demo.data import Dataset, DatasetInfo, load_mnist
from mnist_demo.errors import DamagedRun, DatasetUnavailable, HomeUnusable, TrainingFailed, UnknownRun
from mnist_demo.jobs import EpochDone, Event, StepDone, extend_history
from mnist_demo.jobs.messages import DataReady, Ended, Problem, Progress, Ready, Train
from mnist_demo.network import (
    Calibration,
    CheckpointRecorder,
    Network,
    OutlierDetector,
    calibrate,
    calibrate_on,
    fit_detector,
)
from mnist_demo.runs import (
    MODEL_FILE,
    TEACHER,
    History,
    Owner,
    Run,
    RunConfig,
    RunStatus,
    RunStore,
    check_room,
)
from mnist_demo.settings import Settings
from mnist_demo.training.channel import Channel, claim_stdout, end_when_asked
from mnist_demo.training.control import RunControl
from mnist_demo.training.live import LiveNetwork
from mnist_demo.training.steering import Steering

if TYPE_CHECKING:
    import keras

    from mnist_demo.training.class_lesson import ClassLesson
    from mnist_demo.training.loop import TrainingSession

LOG = logging.getLogger(__name__)
NICENESS = 10
EXIT_UNUSABLE = 3
MAX_LIVE_CALIBRATION_IMAGES = 500
"""Evenly spaced; a thousand would take more than the five milliseconds that an epoch should lose by it."""
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
        lesson = prepare_lesson(order, session, dataset, store)
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
    order: Train, session: TrainingSession, dataset: Dataset, store: RunStore
) -> ClassLesson | None:
    """Prepare what a class teaches, see `prepare_class_lesson`; None where no class does."""
    from mnist_demo.training.class_lesson import prepare_class_lesson  # noqa: PLC0415 - as in `main`

    if not order.teaching:
        return None
    return prepare_class_lesson(order.teaching, order.config, session, dataset, store)


def calibrate_in_training(session: TrainingSession, config: RunConfig, event: Event) -> Calibration | None:
    """Calibrate the network as it is after an epoch, in a few milliseconds; None within one.

    After the last epoch it is calibrated as the run will be, so that its answers stay the same from then on;
    only the outlier detector comes with the run.
    """
    if not isinstance(event, EpochDone):
        return None
    most = None if event.record.epoch == config.epochs else MAX_LIVE_CALIBRATION_IMAGES
    network = Network(tuple(session.weights()), config.activation)
    return calibrate_on(network, *session.validation_examples(config, most))


def train_run(
    session: TrainingSession,
    config: RunConfig,
    dataset: DatasetInfo,
    store: RunStore,
    report: Callable[[Event], bool] = lambda _event: True,
    owner: Callable[[], Owner] = lambda: TEACHER,
    control: RunControl | None = None,
    lesson: ClassLesson | None = None,
) -> Run | None:
    """Train, evaluate and keep a run.

    One that was stopped before its first step is not kept, nor half of what a class has taught.

    Args:
        session: Holds the images.
        config: What to train.
        dataset: Which images they are.
        store: Keeps the run.
        report: Hears of every event; training ends early when it answers False.
        owner: Tells at the end whose the run is.
        control: What `report` changes of it.
        lesson: What a class teaches; None: no class does.
    """
    from mnist_demo.training.best import BestEpoch  # noqa: PLC0415 - as in `main`

    history, status, best = History(), RunStatus.FINISHED, BestEpoch()
    checkpoints = CheckpointRecorder(config.epochs, config.activation)
    for event in session.train(config, control, lesson):
        ends = not report(event)
        # Where training was stopped, its history ends, too: the notebook trains up to there.
        last = replace(event, is_point=True) if ends and isinstance(event, StepDone) else event
        history = extend_history(history, last)
        if isinstance(event, EpochDone):
            checkpoints.add(event.record.epoch, session.weights())
            if config.keep_best:
                best.see(event.record.val_loss, session.network)
        if ends:
            status = RunStatus.STOPPED
            break
    if not history.steps or (lesson and status is RunStatus.STOPPED):
        return None
    best.restore(session.network)
    test_loss, test_accuracy = session.evaluate()
    network = Network(tuple(session.weights()), config.activation)
    detector, calibration = fit_calibration(session, network, config, lesson)
    run = Run(
        folder=Path(),
        config=config,
        dataset=dataset,
        status=status,
        history=history,
        created="",
        test_loss=test_loss,
        test_accuracy=test_accuracy,
        calibration=calibration,
        owner=owner(),
        taught=lesson.measure(network) if lesson else None,
    )
    return store.save(
        run,
        network,
        lambda folder: save_for_keras(session.network, config, folder / MODEL_FILE),
        checkpoints.recorded(),
        detector,
    )


def fit_calibration(
    session: TrainingSession, network: Network, config: RunConfig, lesson: ClassLesson | None = None
) -> tuple[OutlierDetector | None, Calibration | None]:
    """Fit what tells how far a trained network can be trusted; None, twice, where its weights overflowed."""
    detector = fit_detector(network, *session.detector_data(config, lesson))
    calibration = calibrate(network, *session.calibration_data(config), detector)
    return (detector, calibration) if calibration else (None, None)


def save_for_keras(trained: keras.Sequential, config: RunConfig, path: Path) -> None:
    """Write the network as a Keras file."""
    from mnist_demo.training.model import save_network  # noqa: PLC0415 - as in `main`

    save_network(trained.get_weights(), config, path)


if __name__ == "__main__":
    main()
