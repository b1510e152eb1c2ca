"""Trains the runs that come with the app: `python -m mnist_demo.training.pretrain [notebook] [robust]`.

"notebook" is the notebook's configuration; "robust" is the same network trained on augmented images with
European digits among them, for many epochs and with a learning rate that falls to almost nothing. Both learn
from MNIST alone, and are trained, evaluated and kept by the code that the page uses.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from mnist_demo.data import load_mnist
from mnist_demo.network import PRETRAINED_RUNS
from mnist_demo.runs import NOTEBOOK_RUN, ROBUST_RUN, RunConfig, RunStore
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.worker import train_run

CONFIGS = {
    NOTEBOOK_RUN: RunConfig(),
    ROBUST_RUN: RunConfig(
        epochs=150,
        batch_size=64,
        learning_rate=0.002,
        validation_split=0.05,
        augment=True,
        european=True,
        schedule="cosine",
    ),
}


def main() -> None:
    """Train the runs that are asked for and put them where the app finds them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{' or '.join(CONFIGS)}; both, if none is named"
    )
    names = parser.parse_args().names or list(CONFIGS)
    if unknown := set(names) - set(CONFIGS):
        raise SystemExit(f"There is no run called {unknown.pop()}: choose {' or '.join(CONFIGS)}.")
    dataset = load_mnist()
    if not dataset.info.is_mnist:
        raise SystemExit("Pretrained runs are trained on MNIST: unset MNIST_DEMO_DATA.")
    session = TrainingSession(dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test)
    for name in names:
        config = CONFIGS[name]
        with tempfile.TemporaryDirectory() as home:
            run = train_run(session, config, dataset.info, RunStore(Path(home)))
            assert run, "a run that nobody stops is kept"
            target = PRETRAINED_RUNS / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(run.folder, target)
        print(f"{target}: test accuracy {run.test_accuracy:.4f}, loss {run.test_loss:.4f}, {run.calibration}")


if __name__ == "__main__":
    main()
