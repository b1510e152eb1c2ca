"""What a run has beside its network and is whole without, each file checked when it is used."""

from __future__ import annotations

from pathlib import Path

from mnist_demo.errors import DamagedRun
from mnist_demo.network import (
    OUTLIERS_FILE,
    Checkpoints,
    OutlierDetector,
    load_checkpoints,
    load_detector,
    reading,
)
from mnist_demo.runs.checksums import changed_file
from mnist_demo.runs.files import CHECKPOINTS_FILE, MODEL_FILE
from mnist_demo.runs.run import Run


def run_checkpoints(run: Run) -> Checkpoints | None:
    """Load how a run's network was after its epochs; None where nobody kept that.

    Raises:
        DamagedRun: They are not what was saved. The run stays.
        UnknownRun: They cannot be read just now.
    """
    path = _checked(run, CHECKPOINTS_FILE, problem="checkpoints_changed")
    return load_checkpoints(path, run.config.hidden, run.config.activation) if path else None


def run_detector(run: Run) -> OutlierDetector | None:
    """Load what tells a run's network that an image is no digit; None for a run that has none.

    Raises:
        DamagedRun: It is not what was saved.
        UnknownRun: It cannot be read just now.
    """
    path = _checked(run, OUTLIERS_FILE, problem="detector_changed")
    return load_detector(path.parent, run.config.hidden) if path else None


def run_model(run: Run) -> Path | None:
    """Find the Keras file of a run; None where nobody wrote one.

    Raises:
        DamagedRun: It is not what was saved. The run stays.
        UnknownRun: It cannot be read just now.
    """
    return _checked(run, MODEL_FILE, problem="model_changed")


def _checked(run: Run, name: str, *, problem: str) -> Path | None:
    """Return a file of a run that is as it was saved; None where there is none."""
    path = run.folder / name
    if not path.is_file():
        return None
    with reading(path):
        if changed := changed_file(path, run.checksums):
            raise DamagedRun(problem, file=path, found=changed.found, expected=changed.expected)
    return path
