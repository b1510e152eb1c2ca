"""Trains what each hint warns of, and again with its remedy: the hint is there, then it is gone.

Run as `python -m benchmarks.hints [NAME …]`; some minutes for all of them on two cores.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from mnist_demo.data import load_mnist
from mnist_demo.jobs import EpochDone, StepDone, extend_history
from mnist_demo.runs import History, RunConfig, find_hint
from mnist_demo.training.loop import TrainingSession

USUAL = RunConfig()
TRIED = {
    "nothing": USUAL,
    "exploded": replace(
        USUAL,
        epochs=2,
        optimizer="sgd",
        learning_rate=1.0,
        batch_size=8,
        hidden=(1024, 1024),
        train_images=4000,
    ),
    "not_learning": replace(USUAL, epochs=2, learning_rate=0.3),
    "jumping": replace(USUAL, epochs=8, learning_rate=0.03, batch_size=8, train_images=2000),
    "dead_neurons": replace(USUAL, epochs=5, learning_rate=0.01),
    "too_slow": replace(USUAL, epochs=3, learning_rate=0.00001),
    "too_few_images": replace(USUAL, epochs=20, train_images=100),
    "overfitting": replace(USUAL, epochs=30),
    "underfitting": replace(USUAL, epochs=5, hidden=(4, 4)),
    "lucky_validation": replace(USUAL, epochs=5, validation_split=0.05, learning_rate=0.0001),
}
"""Of each hint settings that should bring it; of "nothing" those that should bring none."""


def train(session: TrainingSession, config: RunConfig) -> History:
    """Train a run, and return what was measured."""
    history = History()
    for event in session.train(config):
        if isinstance(event, (StepDone, EpochDone)):
            history = extend_history(history, event)
    return history


def describe(history: History) -> str:
    """Write the figures of the last epoch."""
    last = history.epochs[-1]
    return (
        f"loss {last.loss:.3f}, accuracy {last.accuracy:.3f}, "
        f"validation {last.val_loss:.3f}, {last.val_accuracy:.3f}, dead {last.dead:.3f}"
    )


def main() -> None:
    """Print, for each hint, what was seen before and after."""
    dataset = load_mnist()
    session = TrainingSession(dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test)
    for name in sys.argv[1:] or TRIED:
        config = TRIED[name]
        history = train(session, config)
        hint = find_hint(history, config)
        print(f"{name}: {hint.name if hint else '-'}; {describe(history)}", flush=True)
        if hint:
            after = train(session, hint.remedy)
            again = find_hint(after, hint.remedy)
            print(f"    after the remedy: {again.name if again else '-'}; {describe(after)}", flush=True)


if __name__ == "__main__":
    main()
