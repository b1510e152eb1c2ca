import json
import math
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from mnist_demo.errors import DamagedRun
from mnist_demo.network.mlp import PRETRAINED_RUNS
from mnist_demo.runs.files import CHECKPOINTS_FILE, RUN_FILES, read_run
from mnist_demo.runs.rates import MAX_RATE_CHANGES, RateChange
from mnist_demo.runs.run import EpochRecord, History, Run, RunConfig, RunStatus, StepRecord
from mnist_demo.runs.writer import write_description, write_run
from mnist_demo.texts.loading import languages, message
from tests.factories import HISTORY, MNIST, SMALL, make_run, random_network

CONFIG = """{
  "config": {
    "epochs": 2,
    "batch_size": 32,
    "learning_rate": 0.001,
    "validation_split": 0.2,
    "hidden": [
      3,
      2
    ],
    "optimizer": "adam",
    "seed": 1,
    "augment": false,
    "train_images": null,
    "schedule": "constant"
  },
  "dataset": {
    "name": "mnist",
    "fingerprint": "25c98f992c005963b7428e1f38418b233c9b286cc403519287eb8063f0bcfe07",
    "n_train": 60000,
    "n_test": 10000
  },
  "training_version": 1,
  "created": "2026-01-02T03:04:05.678+00:00",
  "name": "Año 1"
}
"""
METRICS = """{
  "status": "finished",
  "test_loss": 0.25,
  "test_accuracy": 0.975
}
"""
HISTORY_LINES = """epoch,loss,accuracy,val_loss,val_accuracy,seconds
1,0.5,0.75,0.25,0.875,1.5
2,0.125,0.9375,0.375,0.9,3.0
"""
STEP_LINES = """epochs,loss,accuracy
0.5,0.75,0.5
1.5,0.2,0.9
"""
WRONG_RATES: list[object] = [
    *([], {}, "x", [[1]], [[1, 2]], [[1.0, 0.1]], [[1, 7.5]], [[-1, 0.1]], [[5, 0.1], [5, 0.2]]),
    *([[3000, 0.1]], [[step, 0.1] for step in range(MAX_RATE_CHANGES + 1)]),
]
"""Two epochs of MNIST have 3,000 steps."""
TEXTS = {
    "config.json": CONFIG,
    "metrics.json": METRICS,
    "history.csv": HISTORY_LINES,
    "steps.csv": STEP_LINES,
}
"""The files of `make_run(name="Año 1")`, written by hand."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole run on the disk, its texts written by hand."""
    run = tmp_path / "20260102-030405-abcdef"
    run.mkdir()
    for name, text in TEXTS.items():
        (run / name).write_bytes(text.encode())
    random_network().save(run / "weights.npz")
    return run


def written(tmp_path: Path, **changes: object) -> Run:
    """Write a run with its weights and read it back."""
    run = make_run(**changes)
    write_run(run, tmp_path)
    if run.has_weights:
        random_network(run.config.hidden).save(tmp_path / "weights.npz")
    return read_run(tmp_path)


def problem_of(folder: Path, file: str) -> DamagedRun:
    """Give the error of a damaged run, whose sentence has to name the file in each language."""
    with pytest.raises(DamagedRun) as caught:
        read_run(folder)
    for language in languages():
        assert file in message(caught.value, language)
        assert folder.name in message(caught.value, language)
    return caught.value


def change_json(path: Path, change: Callable[[dict], object]) -> None:
    """Change what a JSON file says."""
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


class TestFormat:
    def test_hand_written_run_is_read(self, folder: Path):
        """Every value stands where the format says."""
        assert read_run(folder) == make_run(folder=folder, name="Año 1")

    @pytest.mark.parametrize("name", TEXTS)
    def test_run_is_written_like_by_hand(self, tmp_path: Path, name: str):
        """Files look the same on every system: UTF-8, line feeds, readable without a program."""
        write_run(make_run(name="Año 1"), tmp_path)
        written = (tmp_path / name).read_bytes()
        if name == "metrics.json":
            written = re.sub(rb',\n  "checksums": \{[^}]+\}', b"", written)
        assert written == TEXTS[name].encode()

    def test_nothing_but_the_texts_is_written(self, tmp_path: Path):
        """Weights and model are written by others."""
        write_run(make_run(), tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == set(TEXTS)

    def test_new_description_replaces_the_old_one(self, folder: Path):
        """Renaming a run changes its description and leaves everything else."""
        write_description(make_run(name="Clase B"), folder / "config.json")
        assert read_run(folder) == make_run(folder=folder, name="Clase B")
        assert {path.name for path in folder.iterdir()} == {*TEXTS, "weights.npz"}

    def test_shipped_run_is_whole(self):
        """The notebook's run has all its files (snapshots may be missing), ten epochs, and its flag."""
        run = read_run(PRETRAINED_RUNS / "notebook", pretrained=True)
        assert run.pretrained
        assert run.config == RunConfig()
        assert run.history.reached_epoch == 10
        assert {path.name for path in run.folder.iterdir()} | {CHECKPOINTS_FILE} == RUN_FILES

    def test_own_run_is_not_shipped(self, folder: Path):
        """Only the caller knows which runs came with the app."""
        assert not read_run(folder).pretrained


class TestRoundTrip:
    def test_run_comes_back_as_it_was(self, tmp_path: Path):
        """Settings that are not the notebook's survive."""
        config = RunConfig(2, 1024, 0.3, 0.05, (4, 5), "rmsprop", 2147483647)
        run = written(tmp_path, config=config, name="2.º intento – «bien»", uploaded=True)
        assert run == make_run(folder=tmp_path, config=config, name="2.º intento – «bien»", uploaded=True)

    def test_changed_learning_rates_come_back(self, tmp_path: Path):
        """With the run; one without any has no word of them."""
        rates = (RateChange(0, 0.1), RateChange(2999, 1 / 3))
        run = written(tmp_path, history=replace(HISTORY, rates=rates))
        assert read_run(run.folder).history.rates == rates

    def test_floats_survive_to_the_last_digit(self, tmp_path: Path):
        """0.1 + 0.2 is not 0.3 afterwards either, and the smallest double stays."""
        record = EpochRecord(1, 0.1 + 0.2, 1 / 3, 5e-324, 0.9999999999999999, 1e-9)
        history = History((record, replace(record, epoch=2)), (StepRecord(2 / 3, 0.1 + 0.2, 1e-300),))
        run = written(tmp_path, history=history, test_loss=0.1 + 0.2, test_accuracy=2 / 3)
        assert run.history == history
        assert (run.test_loss, run.test_accuracy) == (0.30000000000000004, 0.6666666666666666)

    def test_dead_neurons_survive_where_they_were_measured(self, tmp_path: Path):
        """The file of a run without them is as it always was."""
        for name, dead in (("old", None), ("new", 0.25)):
            history = replace(HISTORY, epochs=tuple(replace(record, dead=dead) for record in HISTORY.epochs))
            (tmp_path / name).mkdir()
            run = written(tmp_path / name, history=history)
            assert run.history == history
            header = (tmp_path / name / "history.csv").read_text(encoding="utf-8").splitlines()[0]
            assert header.endswith("seconds" if dead is None else "seconds,dead")

    def test_overflowed_losses_survive(self, tmp_path: Path):
        """A loss that is not a number, or infinite, is what it was; the run still lists."""
        record = EpochRecord(1, math.nan, 0.1, math.inf, 0.1, 1.0)
        history = History((record, replace(record, epoch=2)), (StepRecord(0.5, math.nan, 0.1),))
        run = written(tmp_path, history=history, test_loss=math.nan)
        assert repr(run.history) == repr(history)
        assert math.isnan(run.test_loss)

    def test_run_that_was_not_evaluated_has_no_figures(self, tmp_path: Path):
        """None comes back as None."""
        run = written(tmp_path, status=RunStatus.FAILED, test_loss=None, test_accuracy=None)
        assert (run.test_loss, run.test_accuracy) == (None, None)

    @pytest.mark.parametrize("status", [RunStatus.STOPPED, RunStatus.FAILED])
    def test_run_that_ended_early_has_the_epochs_it_reached(self, tmp_path: Path, status: RunStatus):
        """Ten epochs were wanted and two are there, which is right for a run that was cut short."""
        run = written(tmp_path, status=status, config=RunConfig(epochs=10, hidden=SMALL))
        assert (run.status, run.history) == (status, HISTORY)
        assert run.has_weights

    def test_failed_run_may_have_no_weights(self, tmp_path: Path):
        """A trainer that died in its first epoch leaves settings, and no network."""
        run = written(tmp_path, status=RunStatus.FAILED, history=History(), has_weights=False)
        assert not run.has_weights
        assert run.history == History()


class TestDamage:
    @pytest.mark.parametrize("name", [*TEXTS, "weights.npz"])
    def test_missing_file_is_named(self, folder: Path, name: str):
        """Each file belongs to a run."""
        (folder / name).unlink()
        problem_of(folder, name)

    @pytest.mark.parametrize("name", [*TEXTS, "weights.npz"])
    @pytest.mark.parametrize("share", [0, 0.3, 0.6, 0.95])
    def test_truncated_file_is_named(self, folder: Path, name: str, share: float):
        """A file that was cut, anywhere, is no longer what was written."""
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: int(share * len(content))])
        problem_of(folder, name)

    def test_history_cut_between_lines_is_noticed(self, folder: Path):
        """A finished run has all of its epochs."""
        (folder / "history.csv").write_text("".join(HISTORY_LINES.splitlines(keepends=True)[:2]))
        problem_of(folder, "history.csv")

    @pytest.mark.parametrize("name", ["history.csv", "steps.csv"])
    def test_last_number_cut_short_is_noticed(self, folder: Path, name: str):
        """3.0 without its last digit is still a number, but the line has not ended."""
        (folder / name).write_text(TEXTS[name][:-2])
        problem_of(folder, name)

    @pytest.mark.parametrize("name", TEXTS)
    @pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"null\n", b"[1, 2]\n", b"<html>\n"])
    def test_other_content_is_named(self, folder: Path, name: str, content: bytes):
        """Bytes that are no UTF-8, or no text of this kind."""
        (folder / name).write_bytes(content)
        problem_of(folder, name)

    @pytest.mark.parametrize("name", [*TEXTS, "weights.npz"])
    def test_folder_in_place_of_a_file_is_named(self, folder: Path, name: str):
        """A folder of that name cannot be read as the file."""
        (folder / name).unlink()
        (folder / name).mkdir()
        problem_of(folder, name)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("history.csv", HISTORY_LINES.replace("val_loss", "validation_loss")),
            ("history.csv", HISTORY_LINES.replace("loss,accuracy", "accuracy,loss", 1)),
            (
                "history.csv",
                HISTORY_LINES.removeprefix("epoch,loss,accuracy,val_loss,val_accuracy,seconds\n"),
            ),
            ("steps.csv", STEP_LINES.replace("epochs", "epoch")),
        ],
        ids=["renamed", "swapped", "missing", "steps"],
    )
    def test_wrong_header_is_named(self, folder: Path, name: str, text: str):
        """Columns in another order would be read as other figures."""
        (folder / name).write_text(text)
        problem_of(folder, name)

    @pytest.mark.parametrize(
        "line",
        ["3,0.1,0.2,0.3,0.4", "3,0.1,0.2,0.3,0.4,0.5,0.6", "3.5,0,0,0,0,0", "x,0,0,0,0,0", "3,,0,0,0,0"],
    )
    def test_wrong_line_is_noticed(self, folder: Path, line: str):
        """Too few figures, too many, or no numbers."""
        (folder / "history.csv").write_text(f"{HISTORY_LINES}{line}\n")
        problem_of(folder, "history.csv")

    @pytest.mark.parametrize("key", ["config", "dataset", "training_version", "created", "name"])
    def test_missing_entry_of_the_description_is_noticed(self, folder: Path, key: str):
        """The error names file and entry."""
        change_json(folder / "config.json", lambda values: values.pop(key))
        assert key in str(problem_of(folder, "config.json"))

    @pytest.mark.parametrize("key", ["status", "test_loss", "test_accuracy"])
    def test_missing_figure_is_noticed(self, folder: Path, key: str):
        """The error names the file in which it is missing."""
        change_json(folder / "metrics.json", lambda values: values.pop(key))
        assert key in str(problem_of(folder, "metrics.json"))

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("status", "sleeping"),
            ("status", None),
            ("status", []),
            ("test_loss", "low"),
            ("test_accuracy", True),
        ],
    )
    def test_wrong_figure_is_noticed(self, folder: Path, key: str, value: object):
        """What is no way to end, or no number, is in `metrics.json`, and the error says so."""
        change_json(folder / "metrics.json", lambda values: values.update({key: value}))
        problem_of(folder, "metrics.json")

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("created", "yesterday"),
            ("created", None),
            ("name", None),
            ("name", 7),
            ("training_version", "x"),
            ("training_version", None),
            ("dataset", None),
            ("dataset", {}),
            ("config", []),
            *(("rates", rates) for rates in WRONG_RATES),
        ],
    )
    def test_wrong_description_is_noticed(self, folder: Path, key: str, value: object):
        """A page would fail over it much later, when it writes the date or the name."""
        change_json(folder / "config.json", lambda values: values.update({key: value}))
        problem_of(folder, "config.json")

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("name", None),
            ("fingerprint", 5),
            ("n_train", "60000"),
            ("n_test", None),
            ("n_test", True),
            ("year", 1998),
        ],
    )
    def test_wrong_images_are_noticed(self, folder: Path, key: str, value: object):
        """The same for what the run says of its images."""
        change_json(folder / "config.json", lambda values: values["dataset"].update({key: value}))
        problem_of(folder, "config.json")

    @pytest.mark.parametrize(
        ("key", "value"), [("epochs", 0), ("hidden", [3] * 5), ("optimizer", "magic"), ("seed", 0.5)]
    )
    def test_wrong_setting_is_noticed(self, folder: Path, key: str, value: object):
        """Settings are held to their ranges; the sentence of the setting is the reason."""
        change_json(folder / "config.json", lambda values: values["config"].update({key: value}))
        assert problem_of(folder, "config.json").code == "run_unreadable"

    def test_unknown_setting_is_a_newer_versions(self, folder: Path):
        """What this version does not know is no damage: the sentence says to update the app."""
        change_json(folder / "config.json", lambda values: values["config"].update(momentum=0.9))
        assert problem_of(folder, "config.json").code == "run_newer"

    def test_missing_setting_takes_its_default(self, folder: Path):
        """A run of an older version, which had no choice of optimizer, is read."""
        change_json(folder / "config.json", lambda values: values["config"].pop("optimizer"))
        assert read_run(folder).config.optimizer == "adam"

    def test_weights_of_another_shape_are_noticed(self, folder: Path):
        """The settings say 3 and 2 neurons, the weights are of 5 and 4."""
        random_network((5, 4)).save(folder / "weights.npz")
        problem = str(problem_of(folder, "weights.npz"))
        assert "(5, 4)" in problem
        assert "(3, 2)" in problem

    def test_weights_that_do_not_fit_together_are_noticed(self, folder: Path):
        """Layers that cannot be chained are no network."""
        names = ("w1", "b1", "w2", "b2", "w3", "b3")
        np.savez(folder / "weights.npz", **dict.fromkeys(names, np.zeros((3, 3), np.float32)))
        problem_of(folder, "weights.npz")

    def test_failed_run_with_damaged_weights_is_damaged(self, folder: Path):
        """Weights may be missing after a failure, but not be something else."""
        change_json(folder / "metrics.json", lambda values: values.update(status="failed"))
        (folder / "weights.npz").write_bytes(b"PK")
        problem_of(folder, "weights.npz")


class TestImplausible:
    """A local run is held to what an upload is held to: no page has to be ready for anything else."""

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("steps.csv", "\n0.5,", "\nnan,"),
            ("steps.csv", "\n1.5,", "\ninf,"),
            ("steps.csv", "\n1.5,", "\n0.25,"),
            ("steps.csv", ",0.9\n", ",nan\n"),
            ("history.csv", "0.75", "7.5"),
            ("history.csv", "\n2,", "\n3,"),
            ("history.csv", ",1.5\n", ",inf\n"),
            ("history.csv", "0.25", "-0.25"),
            ("metrics.json", "0.975", "NaN"),
            ("metrics.json", "0.975", "1.5"),
            ("metrics.json", "0.25", "null"),
            ("config.json", "2026-01-02", "0001-01-01"),
            ("config.json", "60000", "59999"),
            ("config.json", '"mnist"', '"<b>other</b>"'),
        ],
    )
    def test_figure_that_training_never_gives_is_damage(self, folder: Path, name: str, old: str, new: str):
        """The error names the file."""
        assert old in TEXTS[name]
        (folder / name).write_text(TEXTS[name].replace(old, new, 1))
        assert problem_of(folder, name).code == "run_unreadable"

    def test_text_that_is_too_large_is_not_read(self, folder: Path):
        """A terabyte in which nothing is written takes no room on the disk, but would in memory."""
        with (folder / "steps.csv").open("wb") as file:
            file.truncate(2**40)
        problem_of(folder, "steps.csv")

    def test_run_of_a_newer_training_code_waits_for_the_update(self, folder: Path):
        """It is whole, but this app cannot know what it means."""
        change_json(folder / "config.json", lambda values: values.update(training_version=99))
        assert problem_of(folder, "config.json").code == "run_newer"

    @pytest.mark.parametrize(
        ("name", "kept"), [("half \ud800", "half"), ("\u202eAna", "Ana"), ("x" * 99, "x" * 60)]
    )
    def test_name_is_cleaned(self, folder: Path, name: str, kept: str):
        """It was good enough when it was given, and harms nobody now."""
        change_json(folder / "config.json", lambda values: values.update(name=name))
        assert read_run(folder).name == kept

    @pytest.mark.parametrize("place", ["in the folder", "the folder"])
    def test_file_name_that_is_no_text_is_told_in_one_that_is(self, folder: Path, place: str):
        """Names of files are bytes; no page can show half a character."""
        name = os.fsdecode(b"bad \xff\n name")
        try:
            if place == "the folder":
                folder = folder.rename(folder.with_name(name))
            else:
                (folder / name).write_text("")
        except OSError:
            pytest.skip("this disk takes no such name")
        with pytest.raises(DamagedRun) as caught:
            read_run(folder)
        for language in languages():
            told = message(caught.value, language)
            assert "bad \ufffd  name" in told
            assert told.encode()
            assert told.isprintable()


class TestForeign:
    def test_foreign_file_is_named(self, folder: Path):
        """Who put it there may miss it, so it is told by name."""
        (folder / "notes.txt").write_text("mine")
        assert problem_of(folder, "notes.txt").code == "run_foreign"

    def test_foreign_folder_is_named(self, folder: Path):
        """A folder does not belong there either."""
        (folder / "copies").mkdir()
        problem_of(folder, "copies")

    def test_file_in_place_of_a_run_is_named(self, tmp_path: Path):
        """Among the runs lies something that is no folder."""
        (tmp_path / "notes.txt").write_text("mine")
        with pytest.raises(DamagedRun, match=r"notes\.txt"):
            read_run(tmp_path / "notes.txt")

    def test_folder_that_does_not_exist_is_damaged(self, tmp_path: Path):
        """A run that was deleted meanwhile cannot be read."""
        with pytest.raises(DamagedRun, match="gone"):
            read_run(tmp_path / "gone")

    @pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini", ".config.json.123"])
    def test_what_systems_leave_is_no_damage(self, folder: Path, name: str):
        """File managers leave their files everywhere, and a rename may be under way."""
        (folder / name).write_text("")
        assert read_run(folder).dataset == MNIST

    def test_model_is_optional(self, folder: Path):
        """`model.keras` is for others to load: the app never reads what is in it."""
        assert not (folder / "model.keras").exists()
        assert read_run(folder).has_weights
        with ZipFile(folder / "model.keras", "w") as archive:
            archive.writestr("config.json", "{}")
        assert read_run(folder).has_weights

    @pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all"])
    def test_model_that_is_no_archive_is_damage(self, folder: Path, content: bytes):
        """A disk that was full while it was written leaves a file that nobody can load."""
        (folder / "model.keras").write_bytes(content)
        assert problem_of(folder, "model.keras").code == "run_unreadable"
