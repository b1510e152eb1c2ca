"""A flipped bit and a swapped file are noticed when the file is used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mnist_demo.errors import DamagedRun
from mnist_demo.network.checkpoints import CheckpointRecorder
from mnist_demo.runs.checksums import file_checksum
from mnist_demo.runs.owner import TEACHER
from mnist_demo.runs.parts import run_checkpoints, run_model
from mnist_demo.runs.run import Run
from mnist_demo.runs.store import RunStore
from mnist_demo.texts.loading import languages, message
from tests.factories import make_run, random_network, save_run

READ_AT_ONCE = ("config.json", "history.csv", "steps.csv", "weights.npz")
READ_LATER = {"model.keras": run_model, "snapshots.npz": run_checkpoints}


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of which nothing ships."""
    return RunStore(tmp_path, pretrained=tmp_path / "none")


def keep(store: RunStore, seed: int) -> Run:
    """Keep a run with all files, other ones for another seed."""
    network, taker = random_network(seed=seed), CheckpointRecorder(2)
    taker.add(2, network.layers)
    run = make_run(test_loss=seed / 8, history=make_run().history)

    def save_model(folder: Path) -> None:
        shutil.make_archive(str(folder / "model"), "zip", root_dir=folder, base_dir=".")
        (folder / "model.zip").rename(folder / "model.keras")

    return store.save(run, network, save_model, taker.recorded())


def flip(path: Path, place: int) -> None:
    """Flip one bit."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def read_anew(store: RunStore) -> RunStore:
    """Open the store as the next start does."""
    return RunStore(store.folder.parent, store.folder / "none")


class TestFlippedBit:
    @pytest.mark.parametrize("file", READ_LATER)
    def test_it_is_noticed_wherever_it_is(self, store: RunStore, file: str):
        """In one sentence that names the file; the run stays."""
        run = keep(store, 1)
        content = (run.folder / file).read_bytes()
        for place in range(0, len(content), max(1, len(content) // 50)):
            flip(run.folder / file, place)
            with pytest.raises(DamagedRun) as caught:
                READ_LATER[file](run)
            assert all(file in message(caught.value, language) for language in languages())
            (run.folder / file).write_bytes(content)
        assert READ_LATER[file](run)
        assert store.list() == (run,)

    def test_weights_are_noticed_when_they_are_used(self, store: RunStore):
        """After the run was listed; it is set aside."""
        run = keep(store, 1)
        assert store.list() == (run,)
        flip(run.folder / "weights.npz", -200)
        with pytest.raises(DamagedRun, match="run_changed"):
            store.load_network(run)
        assert store.list() == ()

    def test_changed_figure_is_noticed(self, store: RunStore):
        """A history that is as plausible as before."""
        run = keep(store, 1)
        history = run.folder / "history.csv"
        history.write_text(history.read_text().replace("0.5,", "0.4,", 1))
        store = read_anew(store)
        assert store.list() == ()
        assert [problem.code for problem in store.damaged] == ["run_changed"]


class TestSwap:
    @pytest.mark.parametrize("file", ["config.json", "weights.npz", "metrics.json"])
    def test_files_swapped_between_runs_are_noticed_at_the_start(self, store: RunStore, file: str):
        """Both runs are whole, each with a file of the other."""
        first, second = keep(store, 1), keep(store, 2)
        between = store.folder.parent / "between"
        (first.folder / file).replace(between)
        (second.folder / file).replace(first.folder / file)
        between.replace(second.folder / file)
        store = read_anew(store)
        assert store.list() == ()
        assert {problem.code for problem in store.damaged} == {"run_changed"}

    @pytest.mark.parametrize("file", READ_LATER)
    def test_others_when_they_are_used(self, store: RunStore, file: str):
        """A model of another run is not given out as this one's."""
        first, second = keep(store, 1), keep(store, 2)
        shutil.copy(first.folder / file, second.folder / file)
        (run,) = (run for run in read_anew(store).list() if run.id == second.id)
        with pytest.raises(DamagedRun):
            READ_LATER[file](run)


class TestNoFault:
    def test_every_file_has_a_checksum(self, store: RunStore):
        """But the one that holds them."""
        run = keep(store, 1)
        names = {path.name for path in run.folder.iterdir()} - {"metrics.json"}
        assert names == set(run.checksums) == set(store.get(run.id).checksums)
        assert set(READ_AT_ONCE) <= names

    def test_old_run_without_checksums_is_whole(self, store: RunStore):
        """Whatever its files are."""
        run = keep(store, 1)
        metrics = json.loads((run.folder / "metrics.json").read_text())
        del metrics["checksums"]
        (run.folder / "metrics.json").write_text(json.dumps(metrics))
        random_network(seed=3).save(run.folder / "weights.npz")
        assert read_anew(store).list() == (run,)

    def test_new_name_is_no_damage(self, store: RunStore):
        """Nor is what the owner of the run does with it."""
        run = save_run(store)
        store.rename(run.id, "Ana's", TEACHER)
        assert read_anew(store).get(run.id).name == "Ana's"

    def test_line_ends_of_windows_are_no_damage(self, tmp_path: Path):
        """Version control may write tables with them."""
        (tmp_path / "unix.csv").write_bytes(b"a\nb\n")
        (tmp_path / "windows.csv").write_bytes(b"a\r\nb\r\n")
        assert file_checksum(tmp_path / "unix.csv") == file_checksum(tmp_path / "windows.csv")

    @pytest.mark.parametrize("value", [[], "x", {"weights.npz": 3}])
    def test_what_is_no_checksum_is_damage(self, store: RunStore, value: object):
        """A run that says such a thing was not written by the app."""
        run = keep(store, 1)
        metrics = json.loads((run.folder / "metrics.json").read_text())
        (run.folder / "metrics.json").write_text(json.dumps(metrics | {"checksums": value}))
        store = read_anew(store)
        assert store.list() == ()
