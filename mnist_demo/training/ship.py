"""Trains the run that ships with the app: `python -m mnist_demo.training.ship`.

It is the notebook's configuration on full MNIST, trained, evaluated and kept by the code that the page uses.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from mnist_demo.data import load_mnist
from mnist_demo.run_store import RunStore
from mnist_demo.runs import RunConfig
from mnist_demo.settings import SHIPPED_RUNS
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.worker import train_run

NOTEBOOK_RUN = "notebook"


def main() -> None:
    """Train the notebook's configuration and put the run where the app finds it."""
    dataset = load_mnist()
    if not dataset.info.is_mnist:
        raise SystemExit("The run that ships is trained on MNIST: set MNIST_DEMO_DATA to an mnist.npz.")
    session = TrainingSession(dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test)
    with tempfile.TemporaryDirectory() as home:
        run = train_run(session, RunConfig(), dataset.info, RunStore(Path(home)))
        target = SHIPPED_RUNS / NOTEBOOK_RUN
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(run.folder, target)
    print(f"{target}: test accuracy {run.test_accuracy:.4f}, test loss {run.test_loss:.4f}")


if __name__ == "__main__":
    main()
