"""How a run is written into a folder; see `files` for what lies there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Any

from mnist_demo.runs.checksums import description_checksum, folder_checksums
from mnist_demo.runs.files import CHECKED_FILES, CONFIG_FILE, METRICS_FILE
from mnist_demo.runs.rates import rate_pairs
from mnist_demo.runs.run import EpochRecord, Run, StepRecord


def write_run(run: Run, folder: Path) -> dict[str, str]:
    """Write the description of a run into an existing folder, which has its weights and model already.

    Returns:
        The checksums of all files, which `metrics.json` holds.
    """
    write_description(run, folder / CONFIG_FILE)
    _write_records(folder / "history.csv", EpochRecord, run.history.epochs)
    _write_records(folder / "steps.csv", StepRecord, run.history.steps)
    checksums = folder_checksums(folder, CHECKED_FILES)
    checksums[CONFIG_FILE] = description_checksum(_describe(run))
    metrics: dict[str, object] = {
        "status": run.status,
        "test_loss": run.test_loss,
        "test_accuracy": run.test_accuracy,
    }
    if run.calibration:
        metrics["calibration"] = asdict(run.calibration)
    metrics["checksums"] = checksums
    write_text(folder / METRICS_FILE, json.dumps(metrics, indent=2))
    return checksums


def write_description(run: Run, path: Path) -> None:
    """Write what `config.json` says of a run."""
    write_text(path, json.dumps(_describe(run), indent=2, ensure_ascii=False))


def _describe(run: Run) -> dict[str, Any]:
    description: dict[str, Any] = {
        "config": run.config.to_json(),
        "dataset": asdict(run.dataset),
        "training_version": run.training_version,
        "created": run.created,
        "name": run.name,
    }
    if run.history.rates:
        description["rates"] = rate_pairs(run.history.rates)
    if run.taught:
        description["taught"] = run.taught.to_json()
    if run.uploaded:
        description["uploaded"] = True
    if run.is_measured_here:
        description["measured_here"] = True
    if not run.owner.is_teacher:
        description["owner"] = asdict(run.owner)
    return description


def write_text(path: Path, text: str) -> None:
    """Write a text file through to the disk."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def _write_records(path: Path, kind: type, records: Iterable[Any]) -> None:
    """Write records in lines; a column that was not measured in every one of them is left out."""
    rows = [astuple(record) for record in records]
    names = [field.name for field in fields(kind)]
    columns = [place for place in range(len(names)) if all(row[place] is not None for row in rows)]
    lines = [",".join(names[place] for place in columns)]
    lines += [",".join(repr(row[place]) for place in columns) for row in rows]
    write_text(path, "\n".join(lines))
