"""What the trainer leaves for the pages, and what becomes of it when the trainer is killed."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_demo.network.mlp import Network
from mnist_demo.runs.store import RunStore
from tests.factories import MNIST, random_network
from tests.mnist import REPOSITORY

Start = Callable[[str], subprocess.Popen]


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path, pretrained=tmp_path / "none")


def files(home: Path) -> list[str]:
    """Name the files in `live`, without the locks."""
    return sorted(p.name for p in (home / "live").rglob("*") if p.is_file() and p.suffix != ".lock")


class TestWeights:
    def test_network_comes_back_and_is_no_run(self, store: RunStore):
        """It lies beside the runs."""
        path = store.live.save_weights("job7", 3, random_network())
        assert path.name == "job7-3.npz"
        assert Network.load(path).hidden == random_network().hidden
        assert store.list() == ()
        assert store.damaged == ()

    def test_each_number_has_a_file_of_its_own(self, store: RunStore):
        """A page that is reading the last one is not disturbed by the next."""
        saved = {store.live.save_weights(job, number, random_network()) for job in "ab" for number in (1, 2)}
        assert len(saved) == 4

    def test_all_but_those_to_be_kept_are_deleted(self, store: RunStore, tmp_path: Path):
        """Few networks of a job are enough; those of other jobs are not touched."""
        saved = [
            store.live.save_weights(job, number, random_network())
            for job, number in (("a", 1), ("a", 2), ("b", 1), ("a", 9), ("a", 10))
        ]
        store.live.delete_weights("a", keep=saved[-2:])
        assert files(tmp_path) == ["a-10.npz", "a-9.npz", "b-1.npz"]
        store.live.delete_weights("a")
        assert files(tmp_path) == ["b-1.npz"]

    def test_deleting_before_the_first_epoch_is_no_error(self, store: RunStore):
        """A job that was stopped at once has no network, and there may not even be the folder."""
        store.live.delete_weights("a")

    def test_network_that_cannot_be_removed_stays_until_later(self, store: RunStore):
        """Windows does not let a file go that somebody is reading, and training goes on all the same."""
        stuck, free = (store.live.save_weights("a", number, random_network()) for number in (1, 2))
        stuck.unlink()
        stuck.mkdir()  # a folder cannot be unlinked, not even by root
        store.live.delete_weights("a")
        assert stuck.exists()
        assert not free.exists()


class TestSamples:
    def test_what_the_trainer_leaves_is_shown(self, store: RunStore):
        """For the images of one data set; before that, there is nothing."""
        images = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)
        assert store.live.load_samples(MNIST) is None
        store.live.save_samples(MNIST, images)
        assert np.array_equal(store.live.load_samples(MNIST), images)
        assert store.live.load_samples(replace(MNIST, fingerprint="cd" * 32)) is None

    def test_picture_that_was_cut_short_is_none(self, store: RunStore, tmp_path: Path):
        """The trainer makes it anew, and nothing stops for it."""
        store.live.save_samples(MNIST, np.zeros((2, 28, 28), np.uint8))
        (path,) = (tmp_path / "live").glob("changed-*.npy")
        path.write_bytes(path.read_bytes()[:40])
        assert store.live.load_samples(MNIST) is None
        path.write_bytes(b"")
        assert store.live.load_samples(MNIST) is None

    def test_samples_are_everybodys(self, store: RunStore, tmp_path: Path):
        """The next server shows them, too."""
        store.live.save_samples(MNIST, np.zeros((2, 28, 28), np.uint8))
        del store
        assert RunStore(tmp_path).live.load_samples(MNIST) is not None


PROCESS = """
import sys
from pathlib import Path
from mnist_demo.runs.store import RunStore
from tests.factories import make_run, random_network

store = RunStore(Path(sys.argv[1]), Path("/nowhere"))

def wait(*_arguments):
    print("ready", flush=True)
    sys.stdin.read()

"""


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start a process with a store of its own, and wait until it says that it waits."""
    started: list[subprocess.Popen] = []

    def start_one(body: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", PROCESS + textwrap.dedent(body), str(tmp_path)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        return process

    yield start_one
    for process in started:
        with process:
            process.kill()


WRITERS = {
    "a network in training": """
        path = store.live.save_weights("job", 1, random_network())
        wait()
    """,
    "half a network": """
        path = store.live.save_weights("job", 1, random_network())
        path.with_name(".job-2.npz.0a1b").write_bytes(b"half")
        path.with_name("job-3.npz").write_bytes(b"half")
        wait()
    """,
    "half a run": "store.save(make_run(), random_network(), wait)",
    "half a name": """
        import mnist_demo.runs.writer as files
        from mnist_demo.runs.owner import TEACHER
        kept = store.save(make_run(), random_network())
        files.os.fsync = wait
        store.rename(kept.id, "Ana", TEACHER)
    """,
}


class TestTwoProcesses:
    @pytest.mark.parametrize("body", WRITERS.values(), ids=WRITERS)
    def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_stays(
        self, start: Start, tmp_path: Path, body: str
    ):
        """By the next start on the same home, however young the files are."""
        process = start(body)
        unfinished = snapshot(tmp_path)
        assert unfinished
        RunStore(tmp_path, tmp_path / "none")
        assert snapshot(tmp_path) == unfinished
        process.kill()
        process.wait()
        RunStore(tmp_path, tmp_path / "none")
        assert snapshot(tmp_path) == []

    def test_process_that_ends_in_order_leaves_no_lock(self, start: Start, tmp_path: Path):
        """Nothing piles up over the weeks."""
        process = start("wait()")
        assert list((tmp_path / "live").iterdir())
        process.communicate("")
        assert list((tmp_path / "live").iterdir()) == []

    def test_networks_of_earlier_versions_are_removed(self, tmp_path: Path):
        """They lay in `live` itself, and nobody owns them."""
        (tmp_path / "live").mkdir()
        for name in (".job-2.npz.0a1b", "job-1.npz", "deformed-1-0a1b.npy"):
            (tmp_path / "live" / name).write_bytes(b"")
        RunStore(tmp_path, tmp_path / "none")
        assert files(tmp_path) == []


def snapshot(home: Path) -> list[str]:
    """Name what is unfinished."""
    runs = (path for path in (home / "runs").rglob("*") if path.relative_to(home / "runs").parts[0][0] == ".")
    return sorted(map(str, (*runs, *files(home))))
