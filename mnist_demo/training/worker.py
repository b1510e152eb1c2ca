"""The trainer process: loads the data, imports TensorFlow once, and trains one run at a time.

Started by `training.client` as `python -m mnist_demo.training.worker`. It reads commands from standard input
and writes events to standard output (`training.messages`). When standard input closes, the server is gone:
the trainer keeps what the run in training has learned, and ends.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, TextIO

from mnist_demo.data import Dataset, DatasetInfo, load_mnist
from mnist_demo.errors import DatasetUnavailable
from mnist_demo.jobs import EpochDone, Event, extend_history
from mnist_demo.jobs.messages import (
    DataReady,
    Ended,
    Message,
    Problem,
    Progress,
    Ready,
    Stop,
    Train,
    decode,
    encode,
)
from mnist_demo.network import CheckpointRecorder, Network, calibrate
from mnist_demo.runs import MODEL_FILE, History, Run, RunConfig, RunStatus, RunStore
from mnist_demo.settings import Settings

if TYPE_CHECKING:
    import keras

    from mnist_demo.training.loop import TrainingSession

NICENESS = 10
EXIT_NO_DATA = 3
MAX_COMPILATIONS_PER_PROCESS = 50
"""TensorFlow keeps the memory of every function it has compiled, about 7 MB each: a class that tries out many
sizes would fill the computer. After so many the process makes room for a fresh one, between two runs."""


class Channel:
    """The worker's end of the two pipes."""

    def __init__(self, commands: TextIO, events: TextIO) -> None:
        self.jobs: SimpleQueue[Train | None] = SimpleQueue()
        self.serves = False
        self._server_is_gone = False
        self._commands, self._events = commands, events
        self._stopped: set[str] = set()

    def listen(self) -> None:
        """Read commands in the background, so that Stop is heard while a run trains."""
        threading.Thread(target=self._read, name="commands", daemon=True).start()

    def send(self, message: Message) -> None:
        """Send an event; a server that is gone needs none."""
        try:
            self._events.write(encode(message))
            self._events.flush()
        except OSError:
            self._server_is_gone = True

    def is_stopped(self, job: str) -> bool:
        """Whether Stop was pressed for a job, or its server is gone: what it has learned is kept."""
        return self._server_is_gone or job in self._stopped

    def _read(self) -> None:
        for line in self._commands:
            message = decode(line)
            if isinstance(message, Train):
                self.jobs.put(message)
            elif isinstance(message, Stop):
                self._stopped.add(message.job)
        self._server_is_gone = True
        if not self.serves:
            os._exit(0)  # nothing has begun that would have to be kept
        self.jobs.put(None)


def main() -> None:
    """Serve the web server until it closes the pipe."""
    channel = Channel(sys.stdin, claim_stdout())
    channel.listen()
    yield_to_the_pages()
    settings = Settings.from_environment()
    dataset = load_data(settings, channel)

    from mnist_demo.training.loop import TrainingSession  # noqa: PLC0415 - takes seconds; the data is told first

    session = TrainingSession(dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test)
    session.warm_up(RunConfig())
    store = RunStore(settings.home)
    leave_augmented_samples(session, dataset.info, store)
    channel.send(Ready())
    channel.serves = True
    while session.compilations < MAX_COMPILATIONS_PER_PROCESS and (order := channel.jobs.get()):
        train_job(order, session, dataset, store, channel)


def leave_augmented_samples(session: TrainingSession, dataset: DatasetInfo, store: RunStore) -> None:
    """Leave some deformed images for the pages; a disk that is full costs the picture only, and is told."""
    if store.load_augmented_samples(dataset) is None:
        try:
            store.keep_augmented_samples(dataset, session.augmented_samples())
        except OSError as error:
            print(f"No picture of deformed images could be kept: {error}", file=sys.stderr)


def claim_stdout() -> TextIO:
    """Keep the pipe of events to ourselves: whatever a library prints goes to the log."""
    events = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return events


def yield_to_the_pages() -> None:
    """Let the web server go first when both want the processor: drawing stays fluent while a run trains.

    On Windows the client lowers the priority when it starts this process.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def load_data(settings: Settings, channel: Channel) -> Dataset:
    """Load the images and tell which; images that cannot be read end the trainer."""
    try:
        dataset = load_mnist(settings)
    except DatasetUnavailable as error:
        channel.send(Problem.of(error))
        sys.exit(EXIT_NO_DATA)
    channel.send(DataReady(dataset.info))
    return dataset


def train_job(
    order: Train, session: TrainingSession, dataset: Dataset, store: RunStore, channel: Channel
) -> None:
    """Train one run for the server; Stop keeps what was trained so far."""

    def report(event: Event) -> bool:
        weights = ""
        if isinstance(event, EpochDone):
            path = store.live_weights(order.job, event.record.epoch)
            Network(tuple(session.weights())).save(path, durable=False)
            store.delete_live_weights(order.job, but=path)
            weights = str(path)
        channel.send(Progress(order.job, event, weights))
        return not channel.is_stopped(order.job)

    kept = train_run(session, order.config, dataset.info, store, report)
    recycles = session.compilations >= MAX_COMPILATIONS_PER_PROCESS
    channel.send(Ended(order.job, kept.id if kept else "", recycles))
    store.delete_live_weights(order.job)


def train_run(
    session: TrainingSession,
    config: RunConfig,
    dataset: DatasetInfo,
    store: RunStore,
    report: Callable[[Event], bool] = lambda _event: True,
) -> Run | None:
    """Train, evaluate and keep a run; one that was stopped before its first step is not kept.

    Args:
        session: Holds the images.
        config: What to train.
        dataset: Which images they are.
        store: Keeps the run.
        report: Hears of every event; training ends early when it answers False.
    """
    history, status, checkpoints = History(), RunStatus.FINISHED, CheckpointRecorder(config.epochs)
    for event in session.train(config):
        history = extend_history(history, event)
        if isinstance(event, EpochDone):
            checkpoints.add(event.record.epoch, session.weights())
        if not report(event):
            status = RunStatus.STOPPED
            break
    if not history.steps:
        return None
    test_loss, test_accuracy = session.evaluate()
    network = Network(tuple(session.weights()))
    run = Run(
        folder=Path(),
        config=config,
        dataset=dataset,
        status=status,
        history=history,
        created="",
        test_loss=test_loss,
        test_accuracy=test_accuracy,
        calibration=calibrate(network, *session.calibration_data(config)),
    )
    return store.save(
        run,
        network,
        lambda folder: save_for_keras(session.network, config, folder / MODEL_FILE),
        checkpoints.recorded(),
    )


def save_for_keras(trained: keras.Sequential, config: RunConfig, path: Path) -> None:
    """Write the network as a Keras file."""
    from mnist_demo.training.model import save_network  # noqa: PLC0415 - as in `main`

    save_network(trained.get_weights(), config, path)


if __name__ == "__main__":
    main()
