"""From settings to a run that is kept: trained, tested, calibrated, written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_demo.data import DatasetInfo
from mnist_demo.jobs import EpochDone, Event, StepDone, extend_history
from mnist_demo.network import (
    Calibration,
    CheckpointRecorder,
    Network,
    OutlierDetector,
    calibrate,
    calibrate_on,
    fit_detector,
)
from mnist_demo.runs import MODEL_FILE, TEACHER, History, Owner, Run, RunConfig, RunStatus, RunStore
from mnist_demo.training.control import RunControl

if TYPE_CHECKING:
    import keras

    from mnist_demo.training.class_lesson import ClassLesson
    from mnist_demo.training.loop import TrainingSession

MAX_LIVE_CALIBRATION_IMAGES = 500
"""Evenly spaced; a thousand would take more than the five milliseconds that an epoch should lose by it."""


def calibrate_in_training(session: TrainingSession, config: RunConfig, event: Event) -> Calibration | None:
    """Calibrate the network as it is after an epoch, in a few milliseconds; None within one.

    After the last epoch it is calibrated as the run will be, so that its answers stay the same from then on,
    unless an earlier epoch is kept; only the outlier detector comes with the run.
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
    history, status, checkpoints = _follow(session, config, report, control, lesson)
    if not history.steps or (lesson and status is RunStatus.STOPPED):
        return None
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


def _follow(
    session: TrainingSession,
    config: RunConfig,
    report: Callable[[Event], bool],
    control: RunControl | None,
    lesson: ClassLesson | None,
) -> tuple[History, RunStatus, CheckpointRecorder]:
    """Train to the end, or until a report says so; the session has the network that is to be kept then."""
    from mnist_demo.training.best import BestEpoch  # noqa: PLC0415 - as in `worker.serve`

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
    best.restore(session.network)
    return history, status, checkpoints


def fit_calibration(
    session: TrainingSession, network: Network, config: RunConfig, lesson: ClassLesson | None = None
) -> tuple[OutlierDetector | None, Calibration | None]:
    """Fit what tells how far a trained network can be trusted; None, twice, where its weights overflowed."""
    detector = fit_detector(network, *session.detector_data(config, lesson))
    calibration = calibrate(network, *session.calibration_data(config), detector)
    return (detector, calibration) if calibration else (None, None)


def save_for_keras(trained: keras.Sequential, config: RunConfig, path: Path) -> None:
    """Write the network as a Keras file."""
    from mnist_demo.training.model import save_network  # noqa: PLC0415 - as in `worker.serve`

    save_network(trained.get_weights(), config, path)
