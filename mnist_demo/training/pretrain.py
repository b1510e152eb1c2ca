"""Trains the runs that come with the app: `python -m mnist_demo.training.pretrain [notebook] [robust]`.

With `--calibrate`, their weights stay, and only the calibration and the outlier detector are fitted anew.

"notebook" is the notebook's configuration; "robust" is the same network trained on augmented images with
European digits among them, for many epochs and with a learning rate that falls to almost nothing. Both learn
from MNIST alone, and are trained, evaluated and kept by the code that the page uses.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from mnist_demo.data import DatasetInfo, load_mnist
from mnist_demo.network import OUTLIERS_FILE, PRETRAINED_RUNS, Network
from mnist_demo.runs import NOTEBOOK_RUN, ROBUST_RUN, Run, RunConfig, RunStore, read_run, write_run
from mnist_demo.training.loop import TrainingSession
from mnist_demo.training.making import fit_calibration, train_run

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
    parser.add_argument("--calibrate", action="store_true", help="keep the weights, calibrate them anew")
    options = parser.parse_args()
    names = options.names or list(CONFIGS)
    if unknown := set(names) - set(CONFIGS):
        raise SystemExit(f"There is no run called {unknown.pop()}: choose {' or '.join(CONFIGS)}.")
    dataset = load_mnist()
    if not dataset.info.is_mnist:
        raise SystemExit("Pretrained runs are trained on MNIST: unset MNIST_DEMO_DATA.")
    session = TrainingSession(dataset.x_train, dataset.y_train, dataset.x_test, dataset.y_test)
    for name in names:
        target = PRETRAINED_RUNS / name
        if options.calibrate:
            run = calibrate_again(session, target)
        else:
            run = pretrain(session, CONFIGS[name], dataset.info, target)
        print(f"{target}: test accuracy {run.test_accuracy:.4f}, loss {run.test_loss:.4f}, {run.calibration}")


def pretrain(session: TrainingSession, config: RunConfig, dataset: DatasetInfo, target: Path) -> Run:
    """Train a run and put its folder where it is wanted, in place of what is there."""
    with tempfile.TemporaryDirectory() as home:
        run = train_run(session, config, dataset, RunStore(Path(home)))
        assert run, "a run that nobody stops is kept"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(run.folder, target)
    return run


def calibrate_again(session: TrainingSession, folder: Path) -> Run:
    """Fit calibration and outlier detector of a run to its weights, and keep them in its folder."""
    run, network = read_run(folder, pretrained=True), Network.load(folder)
    detector, calibration = fit_calibration(session, network, run.config)
    assert detector, "a pretrained network has finite weights"
    run = replace(run, calibration=calibration)
    detector.save(folder / OUTLIERS_FILE)
    write_run(run, folder)  # last, as it counts the checksums of the others
    return run


if __name__ == "__main__":
    main()
