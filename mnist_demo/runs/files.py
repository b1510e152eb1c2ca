"""What lies in the folder of a run, and how it is read, every file checked; `writer` writes it.

A run's folder holds `config.json` (settings, data, version, name), `metrics.json` (how it ended, test
figures), `history.csv` (a line an epoch), `steps.csv` (points within epochs), `weights.npz`, `model.keras`,
`outliers.npz` (tells what is no digit), `snapshots.npz` (weights after some epochs, checked when they are
looked at). Older runs lack the last two.
"""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import MISSING, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from mnist_demo.data import DatasetInfo
from mnist_demo.errors import DamagedRun, InvalidConfig
from mnist_demo.network import (
    OUTLIERS_FILE,
    WEIGHTS_FILE,
    Network,
    load_detector,
    read_calibration,
    reading,
)
from mnist_demo.runs.checks import check_plausible
from mnist_demo.runs.checksums import (
    check_checksum,
    check_description,
    read_checksums,
)
from mnist_demo.runs.config import RunConfig
from mnist_demo.runs.names import clean_name
from mnist_demo.runs.owner import read_owner
from mnist_demo.runs.rates import read_rates
from mnist_demo.runs.run import EpochRecord, History, Run, RunStatus, StepRecord
from mnist_demo.runs.taught import Taught

CONFIG_FILE, METRICS_FILE = "config.json", "metrics.json"
MODEL_FILE = "model.keras"
CHECKPOINTS_FILE = "snapshots.npz"
RUN_FILES = frozenset(
    {
        CONFIG_FILE,
        METRICS_FILE,
        "history.csv",
        "steps.csv",
        WEIGHTS_FILE,
        OUTLIERS_FILE,
        MODEL_FILE,
        CHECKPOINTS_FILE,
    }
)
CHECKED_FILES = RUN_FILES - {CONFIG_FILE, METRICS_FILE}
"""Those whose every byte is checked; of `config.json` all but the name."""
MAX_TEXT_BYTES = 2**24
Record = TypeVar("Record")
OS_JUNK_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def read_run(folder: Path, *, pretrained: bool = False) -> Run:
    """Read and check a run's folder, weights included.

    Raises:
        DamagedRun: The folder is not a whole run; the error names the file and what is wrong with it.
        UnknownRun: It is gone, or cannot be read just now.
    """
    with reading(folder):
        _check_names(folder)
        description, metrics = _read_json(folder / CONFIG_FILE), _read_json(folder / METRICS_FILE)
        history = History(
            _read_records(folder / "history.csv", EpochRecord),
            _read_records(folder / "steps.csv", StepRecord),
        )
        run = _build_run(folder, description, metrics, history, pretrained)
        check_plausible(run)
        _check_texts(run, description)
        if run.has_weights:
            _check_weights(run)
        _check_detector(run)
        if (folder / MODEL_FILE).exists():
            _check_model(folder / MODEL_FILE)
    return run


def _check_texts(run: Run, description: dict[str, Any]) -> None:
    check_description(run.folder / CONFIG_FILE, description, run.checksums)
    for name in ("history.csv", "steps.csv"):
        check_checksum(run.folder / name, run.checksums)


def _check_names(folder: Path) -> None:
    if not folder.is_dir() or not folder.name.isprintable():
        raise DamagedRun("run_foreign", folder=folder.parent, file=folder.name)
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")} - OS_JUNK_FILES
    if foreign := sorted(names - RUN_FILES):
        raise DamagedRun("run_foreign", folder=folder, file=foreign[0])


def _read_text(path: Path) -> str:
    if not path.is_file():
        raise DamagedRun("run_missing_file", folder=path.parent, file=path.name)
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise ValueError(f"> {MAX_TEXT_BYTES} bytes")
    return path.read_text(encoding="utf-8")


def _read_json(path: Path) -> dict[str, Any]:
    with reading(path):
        values = json.loads(_read_text(path))
        if not isinstance(values, dict):
            raise TypeError("{…}?")
        return values


def _read_records(path: Path, kind: type[Record]) -> tuple[Record, ...]:
    """Read what `writer` wrote of one kind; a column that older versions did not have may be missing."""
    known = fields(kind)  # type: ignore[arg-type]
    converters = [int if field.type == "int" else float for field in known]
    least = sum(field.default is MISSING for field in known)
    with reading(path):
        text = _read_text(path)
        header, *rows = csv.reader(text.splitlines())
        if len(header) < least or header != [field.name for field in known][: len(header)]:
            raise ValueError(",".join(header))
        converters = converters[: len(header)]
        if not text.endswith("\n"):  # its last number may have lost digits
            raise ValueError(f"{text[-20:]}…")
        return tuple(kind(*(read(text) for read, text in zip(converters, row, strict=True))) for row in rows)


def _build_run(
    folder: Path, description: dict[str, Any], metrics: dict[str, Any], history: History, pretrained: bool
) -> Run:
    with reading(folder / METRICS_FILE):
        status = RunStatus(metrics["status"])
        test_loss, test_accuracy = (_number_or_none(metrics[name]) for name in ("test_loss", "test_accuracy"))
        calibration = read_calibration(metrics.get("calibration"))
        checksums = read_checksums(metrics.get("checksums"))
    with reading(folder / CONFIG_FILE):
        _check_types(description, created=str, name=str, training_version=int)
        _check_types(description["dataset"], name=str, fingerprint=str, n_train=int, n_test=int)
        datetime.fromisoformat(description["created"])
        return Run(
            folder=folder,
            config=_read_config(description["config"], folder / CONFIG_FILE),
            dataset=DatasetInfo(**description["dataset"]),
            status=status,
            history=replace(history, rates=read_rates(description.get("rates"))),
            created=description["created"],
            name=clean_name(description["name"]),
            test_loss=test_loss,
            test_accuracy=test_accuracy,
            training_version=description["training_version"],
            calibration=calibration,
            has_weights=status is not RunStatus.FAILED or (folder / WEIGHTS_FILE).exists(),
            uploaded=description.get("uploaded") is True,
            is_measured_here=description.get("measured_here") is True,
            owner=read_owner(description.get("owner")),
            taught=Taught.read(description.get("taught")),
            pretrained=pretrained,
            checksums=checksums,
        )


def _read_config(values: Any, path: Path) -> RunConfig:  # noqa: ANN401 - whatever JSON holds
    try:
        return RunConfig.from_json(values)
    except InvalidConfig as error:
        if error.code == "config_settings":
            raise DamagedRun("run_newer", file=path) from error
        raise DamagedRun("run_unreadable", file=path, reason=error) from error


def _check_types(values: dict[str, Any], **kinds: type) -> None:
    for name, kind in kinds.items():
        if type(values[name]) is not kind:
            raise TypeError(f"{name}: {values[name]!r}")


def _number_or_none(value: object) -> float | None:
    if value is None or isinstance(value, float):
        return value
    raise TypeError(f"{value!r}")


def _check_weights(run: Run) -> None:
    path = run.folder / WEIGHTS_FILE
    if not path.is_file():
        raise DamagedRun("run_missing_file", folder=run.folder, file=WEIGHTS_FILE)
    check_checksum(path, run.checksums)
    network, config = Network.load(path), run.config
    if network.hidden != config.hidden:
        raise DamagedRun("run_wrong_shape", file=path, found=network.hidden, expected=config.hidden)
    if network.activation != config.activation:
        reason = f"{network.activation} ≠ {config.activation}"
        raise DamagedRun("run_unreadable", file=path, reason=reason)


def _check_detector(run: Run) -> None:
    if (run.folder / OUTLIERS_FILE).is_file():
        check_checksum(run.folder / OUTLIERS_FILE, run.checksums)
    if load_detector(run.folder, run.config.hidden) and not run.calibration:
        raise DamagedRun("run_unreadable", file=run.folder / OUTLIERS_FILE, reason="calibration: None")


def _check_model(path: Path) -> None:
    # Opened here: given a path, `is_zipfile` would call a file that cannot be opened now no archive.
    with reading(path), path.open("rb") as file:
        if not zipfile.is_zipfile(file):
            raise zipfile.BadZipFile("zip")
