"""A whole run as one zip: packed to be taken home, and read again from a file that nobody vouches for.

Only settings, figures and weights travel. A `model.keras` is never taken from an upload, since loading one
can run code, and no array is ever unpickled. What is announced (names, sizes, shapes) is checked before
anything is unpacked, and what is unpacked is read by the checks of `run_files`, like every run on the disk.
"""

from __future__ import annotations

import io
import math
import re
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import IO

import numpy as np

from mnist_demo.data import MNIST, DatasetInfo
from mnist_demo.errors import DamagedRun, UploadRefused
from mnist_demo.network import (
    CLASSES,
    INPUT_SIZE,
    TEMPERATURES,
    WEIGHTS_FILE,
    Calibration,
    Network,
    array_names,
)
from mnist_demo.runs.archives import open_archive, read_member
from mnist_demo.runs.config import MAX_NEURONS, TRAINING_VERSION
from mnist_demo.runs.files import read_run
from mnist_demo.runs.run import History, Run

UPLOAD_MEGABYTES = 8
"""Enough for layers of 1024 and 1024 neurons, whose weights fill 7.1; Streamlit's setting says the same."""
UPLOAD_BYTES = UPLOAD_MEGABYTES * 2**20
MAX_UPLOADS = 100
"""So many uploaded runs, at most 800 MB, lie in a store at a time."""
MEMBER_BYTES = {
    "config.json": 2**14,
    "metrics.json": 2**14,
    "history.csv": 2**16,
    "steps.csv": 2**20,
    WEIGHTS_FILE: UPLOAD_BYTES,
}
"""The files of an uploaded run, all of them, and how large each may be when it is unpacked."""
NPY_HEADER_BYTES = 1024
MAX_NAME_LENGTH = 60
MAX_IMAGES = 10_000_000
MAX_STEPS = 20_000
MAX_FLOAT32 = float(np.finfo(np.float32).max)


def pack_run(folder: Path) -> bytes:
    """Pack the settings, figures and weights of a run's folder into a zip that `read_upload` takes.

    Raises:
        OSError: The run was deleted meanwhile.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in MEMBER_BYTES:
            archive.writestr(name, (folder / name).read_bytes())
    return packed.getvalue()


def check_room(runs: Iterable[Run]) -> None:
    """Check that a store with these runs can take another upload.

    Raises:
        UploadRefused: There are too many already.
    """
    if sum(run.uploaded for run in runs) >= MAX_UPLOADS:
        raise UploadRefused("upload_no_room", limit=MAX_UPLOADS)


def read_upload(data: bytes) -> tuple[Run, Network]:
    """Read and check a zip that somebody uploaded; nothing of it stays on the disk.

    Args:
        data: The bytes of the file, whatever they are.

    Returns:
        The run, marked as uploaded, for `RunStore.save`, which gives it folder and date; and its network.

    Raises:
        UploadRefused: It is not a whole and plausible run; the error says what is wrong.
    """
    if len(data) > UPLOAD_BYTES:
        raise UploadRefused("upload_too_large", limit=UPLOAD_MEGABYTES)
    members = _unpack(data)
    _check_arrays(members[WEIGHTS_FILE])
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "run"
        folder.mkdir()
        for name, content in members.items():
            (folder / name).write_bytes(content)
        try:
            run, network = read_run(folder), Network.load(folder / WEIGHTS_FILE)
        except DamagedRun as error:
            raise _refusal(error) from error
    if not all(np.isfinite(array).all() for layer in network.layers for array in layer):
        raise UploadRefused("upload_not_finite")
    _check_plausible(run)
    name = " ".join(run.name.split())[:MAX_NAME_LENGTH].rstrip()
    return replace(run, name=name, uploaded=True), network


def _unpack(data: bytes) -> dict[str, bytes]:
    try:
        with open_archive(io.BytesIO(data), MEMBER_BYTES) as archive:
            return {name: read_member(archive, name) for name in MEMBER_BYTES}
    except UploadRefused:
        raise
    except Exception as error:  # changed bytes make zipfile raise nearly anything
        raise UploadRefused("upload_no_zip") from error


def _check_arrays(content: bytes) -> None:
    """Check what `weights.npz` announces, before NumPy makes room for it.

    Raises:
        UploadRefused: These are no float32 arrays that fill their files, or they are too large.
    """
    most = MAX_NEURONS
    sizes = (INPUT_SIZE * most, most, most * most, most, most * CLASSES, CLASSES)
    limits = {
        f"{name}.npy": 4 * size + NPY_HEADER_BYTES for name, size in zip(array_names(), sizes, strict=True)
    }
    try:
        with open_archive(io.BytesIO(content), limits) as archive:
            for name in limits:
                with archive.open(name) as file:
                    _check_header(file, name, archive.getinfo(name).file_size)
    except UploadRefused as error:
        raise _damaged(WEIGHTS_FILE, error.details.get("found") or error.details["file"]) from error
    except Exception as error:  # as above
        raise _damaged(WEIGHTS_FILE, error) from error


def _check_header(file: IO[bytes], name: str, file_bytes: int) -> None:
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError(name)
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    if dtype.hasobject or dtype != np.float32 or file.tell() + 4 * math.prod(shape) != file_bytes:
        raise ValueError(f"{name}: {dtype} {shape}")


def _refusal(error: DamagedRun) -> UploadRefused:
    """Say of an upload what `read_run` says of a folder that is set aside."""
    if error.code == "run_newer":
        return UploadRefused("upload_newer")
    details = error.details
    reason = details.get("reason") or f"{details.get('found')} ≠ {details.get('expected')}"
    return _damaged(Path(details["file"]).name, reason)


def _damaged(file: str, reason: object) -> UploadRefused:
    text = "".join(sign if sign.isprintable() else " " for sign in str(reason))
    return UploadRefused("upload_damaged", file=file, reason=text[:100] + ("…" if len(text) > 100 else ""))


def _check_plausible(run: Run) -> None:
    """Check what the files of a run trained here never say, so that no page has to be ready for it."""
    if run.training_version > TRAINING_VERSION:
        raise UploadRefused("upload_newer")
    if run.training_version < 1:
        raise _damaged("config.json", run.training_version)
    if not "".join(
        run.name.split()
    ).isprintable():  # half a character, or one that turns the page's text around
        raise _damaged("config.json", ascii(run.name))
    if len(run.history.steps) > MAX_STEPS:
        raise _damaged("steps.csv", len(run.history.steps))
    if not _is_plausible_dataset(run.dataset):
        raise _damaged("config.json", run.dataset.name)
    measured = [(run.test_loss, run.test_accuracy)] if run.test_accuracy is not None else []
    if (run.test_loss is None) != (run.test_accuracy is None) or not all(map(_is_measure, measured)):
        raise _damaged("metrics.json", f"{run.test_loss}, {run.test_accuracy}")
    if run.calibration and not _is_plausible_calibration(run.calibration):
        raise _damaged("metrics.json", "calibration")
    _check_history(run.history, run.config.epochs)


def _is_plausible_dataset(dataset: DatasetInfo) -> bool:
    counts_fit = all(1 <= count <= MAX_IMAGES for count in (dataset.n_train, dataset.n_test))
    if dataset.is_mnist:
        counts_fit = (dataset.n_train, dataset.n_test) == (60_000, 10_000)
    named = dataset.name in {"mnist", "digits8x8", "other"}
    honest = dataset.is_mnist == (dataset.fingerprint == MNIST.fingerprint)
    return counts_fit and named and honest and bool(re.fullmatch("[0-9a-f]{64}", dataset.fingerprint))


def _is_plausible_calibration(found: Calibration) -> bool:
    shares = (found.error_before, found.error_after, found.abstention_rate)
    low, high = TEMPERATURES
    measured = all(0 <= share <= 1 for share in shares) and abs(found.min_logit_margin) < 1e3
    return measured and low <= found.temperature <= high


def _is_measure(pair: tuple[float | None, float | None]) -> bool:
    """Whether these can be a loss, which may have overflowed, and an accuracy."""
    loss, accuracy = pair
    if loss is None or accuracy is None:
        return False
    overflown = not math.isfinite(loss)
    return (overflown or 0 <= loss <= MAX_FLOAT32) and 0 <= accuracy <= 1


def _check_history(history: History, epochs: int) -> None:
    numbers = [record.epoch for record in history.epochs]
    measures = [(r.loss, r.accuracy) for r in history.epochs]
    measures += [(r.val_loss, r.val_accuracy) for r in history.epochs]
    seconds_fit = all(0 <= record.seconds < 1e6 for record in history.epochs)
    in_order = numbers == list(range(1, len(numbers) + 1)) and len(numbers) <= epochs
    if not (in_order and seconds_fit and all(map(_is_measure, measures))):
        raise _damaged("history.csv", numbers)
    positions = [0.0, *(record.epochs for record in history.steps)]
    rising = all(before < after <= epochs for before, after in pairwise(positions))
    if not (rising and all(_is_measure((r.loss, r.accuracy)) for r in history.steps)):
        raise _damaged("steps.csv", "0 < … ≤ " + str(epochs))
