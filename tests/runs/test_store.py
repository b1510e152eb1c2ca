import errno
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mnist_demo.errors import DamagedRun, HomeUnusable, NotAllowed, UnknownRun
from mnist_demo.network.checkpoints import CheckpointRecorder
from mnist_demo.network.mlp import PRETRAINED_RUNS
from mnist_demo.runs.bin import MAX_KEPT_OF_A_VISITOR, NOTE, Bin
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.parts import run_checkpoints, run_detector
from mnist_demo.runs.room import make_room
from mnist_demo.runs.run import History, Run, RunConfig, RunStatus, finished_runs, run_identity
from mnist_demo.runs.store import RunStore
from mnist_demo.runs.unfinished import finish
from mnist_demo.runs.writer import write_run
from mnist_demo.texts.loading import languages, message
from tests.factories import DIGITS, MNIST, SMALL, make_run, random_network, save_run
from tests.mnist import REPOSITORY

ANA, LUIS = Owner("ana", "Ana"), Owner("luis", "Luis")

DAY_SECONDS = 24 * 3600


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of which nothing ships."""
    return RunStore(tmp_path, pretrained=tmp_path / "none")


@pytest.fixture
def full_store(tmp_path: Path) -> RunStore:
    """A store with the notebook's run."""
    return RunStore(tmp_path)


def run_program(body: str) -> str:
    """Run lines of Python in a process of its own, which may be short of everything; give what it prints."""
    imports = """
from pathlib import Path
from mnist_demo.runs.run import RunConfig
from mnist_demo.runs.store import RunStore
from tests.factories import make_run, random_network, save_run
"""
    command = [sys.executable, "-c", imports + textwrap.dedent(body)]
    return subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout.strip()


def put_run(store: RunStore, created: str, **changes: object) -> Run:
    """Put a run of a certain time into the store's folder, past the store."""
    folder = store.folder / created.translate(str.maketrans("", "", ":+."))
    run = make_run(folder=folder, created=created, **changes)
    folder.mkdir()
    write_run(run, folder)
    random_network(run.config.hidden).save(folder / "weights.npz")
    return run


def ids(store: RunStore) -> list[str]:
    """Names of the runs that are listed."""
    return [run.id for run in store.list()]


class TestSave:
    def test_saved_run_is_listed(self, store: RunStore):
        """What was kept is what is listed, with the network that was given."""
        kept = save_run(store)
        assert store.list() == (kept,)
        assert store.get(kept.id) == kept
        assert store.load_network(kept).hidden == SMALL

    def test_description_is_kept_and_folder_and_time_are_new(self, store: RunStore):
        """Everything but the place and the time is as it was given."""
        kept = save_run(store, name="Ana", training_version=4)
        assert kept == make_run(folder=kept.folder, created=kept.created, name="Ana", training_version=4)
        assert kept.folder.parent == store.folder

    def test_folder_holds_the_files_of_a_run(self, store: RunStore):
        """The model is written by the function that is given."""
        kept = store.save(
            make_run(), random_network(), lambda folder: (folder / "model.keras").write_bytes(b"k")
        )
        assert sorted(path.name for path in kept.folder.iterdir()) == [
            "config.json",
            "history.csv",
            "metrics.json",
            "model.keras",
            "steps.csv",
            "weights.npz",
        ]

    def test_run_without_snapshots_is_whole(self, store: RunStore):
        """Runs of older versions have none."""
        assert run_checkpoints(save_run(store)) is None

    def test_run_without_outlier_detector_is_whole(self, store: RunStore):
        """Runs of older versions have none, and abstain by their margin alone."""
        assert run_detector(save_run(store)) is None

    def test_damaged_snapshots_leave_the_run_where_it_is(self, store: RunStore):
        """Its network draws on; only its past cannot be shown."""
        taker = CheckpointRecorder(2)
        taker.add(2, random_network().layers)
        kept = store.save(make_run(), random_network(), checkpoints=taker.recorded())
        assert run_checkpoints(kept).epochs == (2,)
        (kept.folder / "snapshots.npz").write_bytes(b"PK")
        with pytest.raises(DamagedRun, match="checkpoints_changed"):
            run_checkpoints(kept)
        assert RunStore(store.folder.parent, store.folder / "none").list() == (kept,)

    def test_failed_run_without_network_is_listed(self, store: RunStore):
        """It can be looked at, but not drawn for."""
        kept = store.save(make_run(status=RunStatus.FAILED, history=History()), None)
        assert not kept.has_weights
        assert store.list() == (kept,)
        assert not (kept.folder / "weights.npz").exists()

    def test_equal_runs_are_kept_apart(self, store: RunStore):
        """Training the same again replaces nothing."""
        assert len({save_run(store).id for _ in range(5)}) == 5
        assert len(store.list()) == 5

    @pytest.mark.parametrize("error", [OSError("full"), MemoryError(), KeyboardInterrupt()], ids=repr)
    def test_error_while_the_model_is_written_leaves_nothing(self, store: RunStore, error: BaseException):
        """Whatever goes wrong in the middle: no half run, and no unfinished folder that fills the disk."""

        def fail(folder: Path) -> None:
            (folder / "model.keras").write_bytes(b"half of it")
            raise error

        with pytest.raises(type(error)):
            store.save(make_run(), random_network(), fail)
        assert list(store.folder.iterdir()) == []
        assert store.list() == ()
        assert store.damaged == ()

    def test_full_disk_leaves_nothing(self, tmp_path: Path):
        """Files of more than 20 kB fail in a process of its own, as all do on a disk without room."""
        program = f"""
            import resource, signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
            store = RunStore(Path({str(tmp_path)!r}))
            run = make_run(config=RunConfig(2, hidden=(128, 64)))
            try:
                store.save(run, random_network((128, 64)))
            except OSError as error:
                print(error.errno)
        """
        assert run_program(program) == str(errno.EFBIG)
        assert list((tmp_path / "runs").iterdir()) == []

    def test_process_that_ends_while_it_saves_leaves_no_run(self, store: RunStore, tmp_path: Path):
        """All of it or nothing, however the process ends."""
        program = (
            "import os, pathlib\n"
            "from mnist_demo.runs.store import RunStore\n"
            "from tests.factories import make_run, random_network\n"
            f"store = RunStore(pathlib.Path({str(tmp_path)!r}))\n"
            "store.save(make_run(), random_network(), lambda folder: os._exit(7))\n"
        )
        ended = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, check=False)
        assert ended.returncode == 7
        assert any(store.folder.iterdir())
        assert store.list() == ()
        assert store.damaged == ()
        assert RunStore(tmp_path, tmp_path / "none").list() == ()
        assert list(store.folder.iterdir()) == []


class TestList:
    def test_newest_run_comes_first(self, store: RunStore):
        """Sorted by when they ended, not by name."""
        put_run(store, "2026-03-01T10:00:00.000+00:00")
        put_run(store, "2026-03-02T10:00:00.000+00:00")
        put_run(store, "2026-02-28T10:00:00.000+00:00")
        assert [run.created[5:10] for run in store.list()] == ["03-02", "03-01", "02-28"]

    def test_own_copy_of_the_shipped_run_hides_behind_it(self, full_store: RunStore):
        """Two runs of one id would be one entry of a list twice."""
        shutil.copytree(PRETRAINED_RUNS / "notebook", full_store.folder / "notebook")
        assert ids(full_store) == ["notebook", "robust"]
        assert full_store.get("notebook").pretrained

    def test_shipped_runs_come_last(self, full_store: RunStore):
        """The notebook's run stands below those that were trained here."""
        kept = save_run(full_store)
        assert ids(full_store) == [kept.id, "notebook", "robust"]
        assert [run.pretrained for run in full_store.list()] == [False, True, True]

    def test_new_store_has_no_run(self, store: RunStore):
        """Nothing has been trained yet, and nothing is wrong."""
        assert store.list() == ()
        assert store.damaged == ()

    @pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "desktop.ini", "_scratch"])
    def test_what_systems_leave_is_passed_over(self, store: RunStore, name: str):
        """It is neither a run nor damage, and stays where it is."""
        (store.folder / name).write_text("")
        assert store.list() == ()
        assert store.damaged == ()
        assert (store.folder / name).exists()

    def test_weights_are_read_once(self, store: RunStore):
        """Listing again looks at the description alone, even where the weights have changed since."""
        kept = save_run(store)
        store.list()
        (kept.folder / "weights.npz").write_bytes(b"no weights any more")
        assert store.list() == (kept,)
        assert store.damaged == ()

    def test_unknown_id_is_refused(self, full_store: RunStore):
        """The error names what was asked for."""
        with pytest.raises(UnknownRun, match="nobody"):
            full_store.get("nobody")


class TestFind:
    def test_newest_finished_run_is_found(self, store: RunStore):
        """Of three that compute the same, the latest."""
        put_run(store, "2026-03-01T10:00:00.000+00:00")
        newest = put_run(store, "2026-03-03T10:00:00.000+00:00")
        put_run(store, "2026-03-02T10:00:00.000+00:00")
        assert store.find(newest.identity) == newest

    @pytest.mark.parametrize("status", [RunStatus.STOPPED, RunStatus.FAILED])
    def test_unfinished_run_is_not_offered(self, store: RunStore, status: RunStatus):
        """A newer run that was stopped or failed does not stand for one that was finished."""
        finished = put_run(store, "2026-03-01T10:00:00.000+00:00")
        put_run(store, "2026-03-02T10:00:00.000+00:00", status=status)
        assert store.find(finished.identity) == finished

    def test_other_settings_are_not_found(self, store: RunStore):
        """Neither another seed, nor other images, nor another version of the training code."""
        kept = save_run(store)
        for identity in (
            run_identity(RunConfig(epochs=2, hidden=SMALL, seed=2), MNIST),
            run_identity(kept.config, DIGITS),
            run_identity(kept.config, MNIST, training_version=99),
        ):
            assert store.find(identity) is None

    def test_index_holds_the_newest_finished_run_of_each_identity(self, store: RunStore):
        """Stopped and uploaded ones are not in it."""
        put_run(store, "2026-03-01T10:00:00.000+00:00")
        newest = put_run(store, "2026-03-02T10:00:00.000+00:00")
        put_run(store, "2026-03-03T10:00:00.000+00:00", uploaded=True)
        other = put_run(store, "2026-03-04T10:00:00.000+00:00", dataset=DIGITS)
        put_run(store, "2026-03-05T10:00:00.000+00:00", status=RunStatus.STOPPED)
        assert finished_runs(store.list()) == {newest.identity: newest, other.identity: other}

    def test_shipped_run_is_found(self, full_store: RunStore):
        """The notebook's settings on MNIST need no training."""
        notebook = full_store.get("notebook")
        assert full_store.find(run_identity(RunConfig(), notebook.dataset)) == notebook


class TestRename:
    def test_new_name_is_kept(self, store: RunStore, tmp_path: Path):
        """It is in the list at once and after a restart, and everything else stays."""
        kept = save_run(store)
        renamed = store.rename(kept.id, "Clase 3.º B", TEACHER)
        assert renamed == make_run(folder=kept.folder, created=kept.created, name="Clase 3.º B")
        assert store.list() == (renamed,)
        assert RunStore(tmp_path, tmp_path / "none").list() == (renamed,)

    def test_blanks_are_tidied(self, store: RunStore):
        """Blanks and line ends around and between words become single blanks."""
        assert store.rename(save_run(store).id, "  my \n\t first   run ", TEACHER).name == "my first run"

    @pytest.mark.parametrize("name", ["", "   ", "\n"])
    def test_blank_name_brings_back_the_automatic_one(self, store: RunStore, name: str):
        """Nothing to read is no name."""
        kept = save_run(store, name="Ana")
        assert store.rename(kept.id, name, TEACHER).name == ""
        assert store.get(kept.id).name == ""

    def test_name_is_cleaned(self, store: RunStore):
        """By the rule that uploads follow, too."""
        assert store.rename(save_run(store).id, "a\u202eb" + "x" * 61, TEACHER).name == "ab" + "x" * 58

    def test_rename_within_one_tick_of_the_clock_is_seen(self, store: RunStore):
        """A file system that counts in seconds gives the new description the time of the old one."""
        kept = save_run(store)
        store.list()
        description = kept.folder / "config.json"
        before = description.stat().st_mtime_ns
        store.rename(kept.id, "Ana", TEACHER)
        os.utime(description, ns=(before, before))
        assert store.get(kept.id).name == "Ana"

    def test_run_that_cannot_be_written_keeps_its_name(
        self, store: RunStore, monkeypatch: pytest.MonkeyPatch
    ):
        """A full disk is said in a sentence that names run and reason, and leaves no unfinished file."""
        kept = save_run(store, name="Ana")
        monkeypatch.setattr("mnist_demo.runs.writer.write_text", refuse_to_write)
        with pytest.raises(UnknownRun, match="No space left") as caught:
            store.rename(kept.id, "Luis", TEACHER)
        assert (caught.value.code, caught.value.details["name"]) == ("run_locked", kept.id)
        assert store.get(kept.id).name == "Ana"
        assert [path.name for path in store.folder.iterdir()] == [kept.id]

    def test_unknown_run_cannot_be_renamed(self, store: RunStore):
        """The error names it."""
        with pytest.raises(UnknownRun, match="nobody"):
            store.rename("nobody", "Ana", TEACHER)

    def test_shipped_run_keeps_its_name(self, full_store: RunStore):
        """It came with the app, and an update would bring the old name back."""
        before = (PRETRAINED_RUNS / "notebook" / "config.json").read_bytes()
        with pytest.raises(UnknownRun, match="run_pretrained"):
            full_store.rename("notebook", "mine", TEACHER)
        assert (PRETRAINED_RUNS / "notebook" / "config.json").read_bytes() == before


def make_older(folder: Path, days: float) -> None:
    """Let a run have been deleted so many days earlier."""
    note = json.loads((folder / NOTE).read_text())
    note["at"] = (datetime.fromisoformat(note["at"]) - timedelta(days=days)).isoformat()
    (folder / NOTE).write_text(json.dumps(note))


class TestDelete:
    def test_deleted_run_is_gone(self, store: RunStore):
        """From the list and from the disk; the others stay."""
        gone, stays = save_run(store), save_run(store)
        store.delete(gone.id, TEACHER)
        assert store.list() == (stays,)
        assert [path.name for path in store.folder.iterdir()] == [stays.id]

    def test_run_that_somebody_has_open_is_not_deleted(
        self, store: RunStore, monkeypatch: pytest.MonkeyPatch
    ):
        """Windows does not rename a folder of which a file is open: the run stays, and the reason is said."""
        kept = save_run(store)
        monkeypatch.setattr(Path, "rename", refuse_to_write)
        with pytest.raises(UnknownRun, match="No space left") as caught:
            store.delete(kept.id, TEACHER)
        assert caught.value.code == "run_locked"
        assert ids(store) == [kept.id]

    def test_run_that_is_not_removed_from_the_disk_at_once_is_deleted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        """Something holds a file of it when its days are over: the next start removes the rest."""
        store = RunStore(tmp_path, tmp_path / "none")
        kept = save_run(store)
        with monkeypatch.context() as patched:
            patched.setattr(shutil, "rmtree", refuse_to_write)
            store.delete(kept.id, TEACHER)
            make_older(tmp_path / "bin" / kept.id, days=8)
            store.remove_leftovers()
        assert store.deleted(TEACHER) == ()
        assert any(store.folder.iterdir())
        del store
        RunStore(tmp_path, tmp_path / "none")
        assert not any((tmp_path / "runs").iterdir())

    def test_unknown_run_cannot_be_deleted(self, store: RunStore):
        """Somebody else was quicker: the error names the run."""
        gone = save_run(store).id
        store.delete(gone, TEACHER)
        with pytest.raises(UnknownRun, match=gone):
            store.delete(gone, TEACHER)

    def test_several_go_at_once_or_none(self, store: RunStore):
        """One of somebody else's among them keeps all."""
        mine, too, other = (save_run(store, owner=owner) for owner in (ANA, ANA, LUIS))
        with pytest.raises(NotAllowed):
            store.delete_all([mine.id, too.id, other.id], ANA)
        assert len(store.list()) == 3
        store.delete_all([mine.id, too.id], ANA)
        assert ids(store) == [other.id]

    def test_shipped_run_cannot_be_deleted(self, full_store: RunStore):
        """It is still there afterwards, whole."""
        with pytest.raises(UnknownRun, match="run_pretrained"):
            full_store.delete("notebook", TEACHER)
        assert ids(full_store) == ["notebook", "robust"]
        assert RunStore(full_store.folder.parent).get("notebook").has_weights

    @pytest.mark.parametrize("name", ["..", "../runs", ".", ""])
    def test_path_is_no_id(self, store: RunStore, name: str):
        """Only what is listed can be deleted, so that no path leads out of the folder."""
        save_run(store)
        with pytest.raises(UnknownRun):
            store.delete(name, TEACHER)
        assert len(store.list()) == 1


class TestOwner:
    def test_owner_is_kept(self, store: RunStore, tmp_path: Path):
        """In the description; a run that names none is the teacher's."""
        hers, nobodys = save_run(store, owner=ANA), save_run(store)
        again = RunStore(tmp_path, tmp_path / "none")
        assert (again.get(hers.id).owner, again.get(nobodys.id).owner) == (ANA, TEACHER)
        assert "owner" not in json.loads((nobodys.folder / "config.json").read_text())

    @pytest.mark.parametrize("owner", [LUIS, TEACHER], ids=["another visitor's", "the teacher's"])
    def test_visitor_changes_only_what_is_theirs(self, store: RunStore, owner: Owner):
        """The refusal is one sentence in each language."""
        kept = save_run(store, owner=owner, name="Mine")
        for change in (lambda: store.rename(kept.id, "Hers", ANA), lambda: store.delete(kept.id, ANA)):
            with pytest.raises(NotAllowed) as caught:
                change()
            assert all(message(caught.value, language) for language in languages())
        assert store.list() == (kept,)

    def test_owner_and_teacher_may_change_a_run(self, store: RunStore):
        """It stays the visitor's, whoever renames it."""
        kept = save_run(store, owner=ANA)
        assert store.rename(kept.id, "Hers", ANA).name == "Hers"
        assert store.rename(kept.id, "Ours", TEACHER).owner == ANA
        store.delete(kept.id, ANA)
        assert store.list() == ()


class TestBin:
    def test_deleted_run_comes_back_as_it_was(self, store: RunStore):
        """With its network, and without the note of its deletion."""
        kept = save_run(store, owner=ANA, name="Hers")
        files = {path.name for path in kept.folder.iterdir()}
        store.delete(kept.id, ANA)
        (deleted,) = store.deleted(ANA)
        assert (deleted.run.id, deleted.by) == (kept.id, ANA)
        store.restore(kept.id, ANA)
        assert store.list() == (kept,)
        assert {path.name for path in kept.folder.iterdir()} == files
        assert store.deleted(ANA) == ()

    def test_only_who_deleted_it_brings_it_back(self, store: RunStore):
        """And the teacher; what the teacher has deleted nobody else."""
        by_her, by_teacher = save_run(store, owner=ANA), save_run(store, owner=ANA)
        store.delete(by_her.id, ANA)
        store.delete(by_teacher.id, TEACHER)
        assert store.deleted(LUIS) == ()
        for run, person in ((by_her, LUIS), (by_teacher, ANA)):
            with pytest.raises(NotAllowed):
                store.restore(run.id, person)
        store.restore(by_her.id, TEACHER)
        store.restore(by_teacher.id, TEACHER)
        assert set(ids(store)) == {by_her.id, by_teacher.id}

    @pytest.mark.parametrize("name", ["..", "../runs", ".", "", "nobody"])
    def test_path_is_no_id(self, store: RunStore, name: str):
        """Only what lies in the bin can come back."""
        store.delete(save_run(store).id, TEACHER)
        with pytest.raises(UnknownRun):
            store.restore(name, TEACHER)

    def test_run_is_removed_for_good_after_seven_days(self, store: RunStore, tmp_path: Path):
        """At the next start, or when something is deleted; not before."""
        old, young = save_run(store), save_run(store)
        for run, days in ((old, 7.1), (young, 6.9)):
            store.delete(run.id, TEACHER)
            make_older(tmp_path / "bin" / run.id, days)
        RunStore(tmp_path, tmp_path / "none")
        assert [path.name for path in (tmp_path / "bin").iterdir()] == [young.id]
        make_older(tmp_path / "bin" / young.id, days=1)
        last = save_run(store)
        store.delete(last.id, TEACHER)
        assert [path.name for path in (tmp_path / "bin").iterdir()] == [last.id]

    def test_visitor_fills_no_disk_by_deleting(self, store: RunStore):
        """Of theirs only the latest are kept; others' stay."""
        others = save_run(store)
        store.delete(others.id, TEACHER)
        runs = [save_run(store, owner=ANA).id for _ in range(MAX_KEPT_OF_A_VISITOR + 1)]
        for run in runs:
            store.delete(run, ANA)
        assert [entry.run.id for entry in store.deleted(TEACHER)] == [*reversed(runs[1:]), others.id]

    def test_oldest_go_when_all_together_take_too_much(
        self, store: RunStore, monkeypatch: pytest.MonkeyPatch
    ):
        """Many visitors fill no disk either, and the teacher none."""
        runs = [save_run(store) for _ in range(3)]
        monkeypatch.setattr(Bin.empty, "__defaults__", (2.5 * store.usage().bytes / 3,))
        for run in runs:
            store.delete(run.id, TEACHER)
        assert [entry.run.id for entry in store.deleted(TEACHER)] == [runs[2].id, runs[1].id]

    def test_deleted_runs_make_room_for_new_ones(self, store: RunStore):
        """As many as it takes, and none where that does not help."""
        runs = [save_run(store) for _ in range(4)]
        one = store.usage().gigabytes / 4
        store.delete_all([run.id for run in runs[1:]], TEACHER)
        assert make_room(store, 9 * one).bytes_deleted > 0
        assert len(store.deleted(TEACHER)) == 3
        make_room(store, 0.9 * one)
        assert len(store.deleted(TEACHER)) == 3
        assert make_room(store, 3.5 * one).gigabytes < 3.5 * one
        assert [entry.run.id for entry in store.deleted(TEACHER)] == [runs[3].id, runs[2].id]

    def test_bin_that_cannot_be_read_stops_nothing(self, store: RunStore, tmp_path: Path):
        """Neither the start, nor the supervisor's thread; the log says so, and a deletion in a sentence."""
        (tmp_path / "bin").write_text("no folder")
        kept = save_run(store)
        store.remove_leftovers()
        assert RunStore(tmp_path, tmp_path / "none").list() == (kept,)
        assert store.usage().runs == 1
        with pytest.raises(UnknownRun, match="run_locked"):
            store.delete(kept.id, TEACHER)
        assert store.list() == (kept,)

    def test_notes_are_read_once(self, store: RunStore, monkeypatch: pytest.MonkeyPatch):
        """The page asks at each rerun; who deletes a run anew writes a new one."""
        kept = save_run(store, owner=ANA)
        store.delete(kept.id, ANA)
        (first,) = store.deleted(TEACHER)
        with monkeypatch.context() as patch:
            patch.setattr("mnist_demo.runs.bin._read_note", lambda _: pytest.fail("read again"))
            assert store.deleted(TEACHER) == (first,)
        store.restore(kept.id, ANA)
        store.delete(kept.id, TEACHER)
        assert store.deleted(ANA) == ()
        assert store.deleted(TEACHER)[0].by == TEACHER

    def test_run_without_a_note_is_the_teachers_to_bring_back(self, store: RunStore, tmp_path: Path):
        """Somebody removed or spoiled the note by hand."""
        kept = save_run(store, owner=ANA)
        store.delete(kept.id, ANA)
        (tmp_path / "bin" / kept.id / NOTE).write_text("{}")
        assert store.deleted(ANA) == ()
        (deleted,) = store.deleted(TEACHER)
        assert abs(datetime.now(deleted.at.tzinfo) - deleted.at) < timedelta(hours=1)


def refuse_to_write(*_arguments: object) -> None:
    """Stand in for any function that changes the disk."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


DAMAGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "truncated weights": ("weights.npz", truncate),
    "truncated description": ("config.json", truncate),
    "truncated history": ("history.csv", truncate),
    "missing figures": ("metrics.json", Path.unlink),
    "missing weights": ("weights.npz", Path.unlink),
    "wrong shape": ("weights.npz", lambda path: random_network((9, 9)).save(path)),
    "wrong header": ("history.csv", lambda path: path.write_text("epoch,loss\n1,0.5\n")),
    "foreign file": ("notes.txt", lambda path: path.write_text("mine")),
}


class TestDamagedRuns:
    @pytest.mark.parametrize(("file", "damage"), DAMAGES.values(), ids=DAMAGES.keys())
    def test_damaged_run_is_set_aside(
        self, store: RunStore, tmp_path: Path, file: str, damage: Callable[[Path], object]
    ):
        """The others still list, the message names the file, and what is left is kept elsewhere."""
        before, broken, after = (save_run(store) for _ in range(3))
        damage(broken.folder / file)
        files = {path.name for path in broken.folder.iterdir()}
        reopened = RunStore(tmp_path, tmp_path / "none")
        assert set(reopened.list()) == {before, after}
        (problem,) = reopened.damaged
        for language in languages():
            assert file in message(problem, language)
            assert broken.id in message(problem, language)
        (aside,) = reopened.set_aside.iterdir()
        assert aside.name.startswith(broken.id)
        assert {path.name for path in aside.iterdir()} == files
        assert not broken.folder.exists()

    def test_file_in_place_of_a_run_is_set_aside(self, store: RunStore):
        """A file among the runs is moved away and named; the runs still list."""
        kept = save_run(store)
        (store.folder / "notes.txt").write_text("mine")
        assert store.list() == (kept,)
        (problem,) = store.damaged
        assert "notes.txt" in str(problem)
        (aside,) = store.set_aside.iterdir()
        assert aside.read_text() == "mine"

    def test_empty_folder_is_set_aside(self, store: RunStore):
        """A folder that somebody made there is no run; the first file that it lacks is named."""
        (store.folder / "new folder").mkdir()
        assert store.list() == ()
        assert "config.json" in str(store.damaged[0])

    def test_damage_is_reported_once(self, store: RunStore):
        """Listing again, as every page does, repeats nothing."""
        kept = save_run(store)
        (kept.folder / "notes.txt").write_text("")
        for _ in range(3):
            assert store.list() == ()
        assert len(store.damaged) == 1

    def test_run_of_a_newer_version_is_left_in_peace(self, store: RunStore):
        """A setting that this version does not know is reported, and the run waits for the update."""
        newer, known = save_run(store), save_run(store)
        description = newer.folder / "config.json"
        values = json.loads(description.read_text(encoding="utf-8"))
        values["config"]["momentum"] = 0.9
        description.write_text(json.dumps(values), encoding="utf-8")
        for _ in range(2):
            assert store.list() == (known,)
        assert [problem.code for problem in store.damaged] == ["run_newer"]
        assert str(description) in message(store.damaged[0], "es")
        assert description.is_file()
        assert not store.set_aside.exists()

    def test_damaged_run_that_cannot_be_moved_is_passed_over(
        self, store: RunStore, monkeypatch: pytest.MonkeyPatch
    ):
        """Where there is no right to write, the others list all the same, and it is said once."""
        broken, whole = save_run(store), save_run(store)
        truncate(broken.folder / "weights.npz")
        monkeypatch.setattr(shutil, "move", refuse_to_write)
        for _ in range(2):
            assert store.list() == (whole,)
        assert len(store.damaged) == 1

    def test_two_of_one_name_are_both_kept_aside(self, store: RunStore):
        """What is set aside later does not overwrite what lies there."""
        for text in ("first", "second"):
            (store.folder / "notes.txt").write_text(text)
            store.list()
        assert {path.read_text() for path in store.set_aside.iterdir()} == {"first", "second"}

    def test_damaged_shipped_run_stays_in_the_app(self, tmp_path: Path):
        """It is reported, but the app's own files are not moved."""
        pretrained = tmp_path / "models"
        shutil.copytree(PRETRAINED_RUNS / "notebook", pretrained / "notebook")
        truncate(pretrained / "notebook" / "weights.npz")
        store = RunStore(tmp_path, pretrained)
        for _ in range(2):
            assert store.list() == ()
        assert len(store.damaged) == 1
        assert (pretrained / "notebook").is_dir()
        assert not store.set_aside.exists()

    @pytest.mark.parametrize("damage", [truncate, Path.unlink, lambda path: path.write_bytes(b"")])
    def test_run_damaged_after_listing_is_set_aside_when_it_is_used(
        self, store: RunStore, damage: Callable[[Path], object]
    ):
        """Whoever wants to draw for it learns why that is not possible; the list no longer has it."""
        broken, whole = save_run(store), save_run(store)
        store.list()
        damage(broken.folder / "weights.npz")
        with pytest.raises(DamagedRun, match=r"weights\.npz"):
            store.load_network(broken)
        assert store.list() == (whole,)
        assert len(store.damaged) == 1
        assert len(list(store.set_aside.iterdir())) == 1

    def test_run_without_network_is_not_damaged(self, store: RunStore):
        """A run that failed in its first epoch has no network to load, and stays in the list."""
        failed = store.save(make_run(status=RunStatus.FAILED, history=History()), None)
        with pytest.raises(UnknownRun, match=failed.id):
            store.load_network(failed)
        assert store.list() == (failed,)
        assert store.damaged == ()

    def test_run_deleted_after_listing_is_unknown(self, store: RunStore):
        """A run that somebody else has deleted is not called damaged."""
        kept = save_run(store)
        store.list()
        shutil.rmtree(kept.folder)
        with pytest.raises(UnknownRun, match=kept.id):
            store.load_network(kept)
        assert store.list() == ()
        assert store.damaged == ()


class TestHealthyRuns:
    """A computer that is short of something says nothing of its runs: they stay, and come back."""

    def test_run_for_which_memory_is_too_short_stays(self, tmp_path: Path):
        """A real shortage: the process may take hardly any memory more, then all that it wants."""
        program = f"""
            import resource
            store = RunStore(Path({str(tmp_path)!r}), Path("/nowhere"))
            kept = save_run(store, config=RunConfig(2, hidden=(1024, 1024)))
            taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (taken + 2**20, resource.RLIM_INFINITY))
            print(store.list() == (), [problem.code for problem in store.damaged])
            resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            print(store.list() == (kept,), store.damaged, store.set_aside.exists())
        """
        assert run_program(program).splitlines() == ["True ['run_not_readable']", "True () False"]

    def test_run_for_which_files_cannot_be_opened_stays(self, tmp_path: Path):
        """Too many files are open: those that are known are listed, the others later."""
        program = f"""
            import os, resource
            store = RunStore(Path({str(tmp_path)!r}), Path({str(tmp_path)!r}) / "none")
            known = save_run(store)
            assert store.list() == (known,)
            kept = save_run(store)
            resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) - 1, 4096))
            print(store.list() == (known,), {{problem.code for problem in store.damaged}})
            try:
                store.load_network(known)
            except Exception as error:
                print(error.code)
            resource.setrlimit(resource.RLIMIT_NOFILE, (1000, 4096))
            print(store.list() == (kept, known), store.damaged, store.set_aside.exists())
        """
        told = run_program(program).splitlines()
        assert told == ["True {'run_not_readable'}", "run_not_readable", "True () False"]

    def test_run_that_cannot_be_opened_stays_while_the_others_list(self, store: RunStore):
        """Its description is on a part of the disk that gives no bytes, as `mem` does."""
        whole, broken = save_run(store), save_run(store)
        description = broken.folder / "config.json"
        text = description.read_bytes()
        description.unlink()
        description.symlink_to("/proc/self/mem")
        for _ in range(2):
            assert store.list() == (whole,)
            assert [problem.code for problem in store.damaged] == ["run_not_readable"]
        description.unlink()
        description.write_bytes(text)
        assert set(store.list()) == {whole, broken}
        assert store.damaged == ()


class TestUnfinishedRuns:
    def test_unfinished_folder_is_not_listed(self, store: RunStore):
        """A run that is just being written is neither a run nor damage."""
        (store.folder / ".unfinished-0a1b2c3d").mkdir()
        assert store.list() == ()
        assert store.damaged == ()

    def test_leftover_of_a_killed_process_is_removed_at_the_start(self, store: RunStore, tmp_path: Path):
        """However young it is; another process that lives goes on writing what it writes."""
        (store.folder / ".unfinished-0a1b2c3d-4e5f").mkdir()
        (store.folder / ".unfinished-0a1b2c3d-6a7b").write_text("{")

        def look(unfinished: Path) -> None:
            RunStore(tmp_path, tmp_path / "none")
            assert list(store.folder.iterdir()) == [unfinished]

        kept = store.save(make_run(), random_network(), look)
        assert store.list() == (kept,)


class TestHome:
    @pytest.mark.parametrize("taken", ["home", "home/runs", "home/live", "home/live/sub"])
    def test_file_in_place_of_a_folder_is_told(self, tmp_path: Path, taken: str):
        """The sentence names the setting, the path and the reason in every language."""
        path = tmp_path / taken
        home = tmp_path / "home" if taken != "home/live/sub" else path / "home"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        with pytest.raises(HomeUnusable) as caught:
            RunStore(home)
        for language in languages():
            told = message(caught.value, language)
            assert "MNIST_DEMO_HOME" in told
            assert str(path) in told

    def test_read_only_home_is_told(self, tmp_path: Path):
        """Also to the superuser, whom permissions do not stop."""
        home = tmp_path / "home"
        RunStore(home)
        try:
            mounted = subprocess.run(["mount", "--bind", "-o", "ro", home, home], check=False).returncode == 0
        except FileNotFoundError:
            mounted = False
        if not mounted:
            pytest.skip("only the superuser of a computer of its own may mount")
        try:
            with pytest.raises(HomeUnusable, match="Read-only"):
                RunStore(home)
        finally:
            subprocess.run(["umount", home], check=True)

    def test_home_that_was_deleted_is_made_again(self, store: RunStore, tmp_path: Path):
        """A run that ends later is kept all the same."""
        save_run(store)
        shutil.rmtree(tmp_path)
        assert store.list() == ()
        kept = save_run(store)
        assert store.list() == (kept,)
        path = store.live.save_weights("job", 1, random_network())
        assert path.is_file()


class TestTwoStores:
    def test_stores_see_each_others_runs(self, tmp_path: Path):
        """The trainer's process saves, the web server's lists, both ways."""
        web, trainer = RunStore(tmp_path, tmp_path / "none"), RunStore(tmp_path, tmp_path / "none")
        web.list()
        first = save_run(trainer)
        assert web.list() == (first,)
        second = save_run(web)
        assert set(trainer.list()) == {first, second}

    def test_stores_see_each_others_renames(self, tmp_path: Path):
        """A name given in one is the name in the other, though that one had listed the run before."""
        web, other = RunStore(tmp_path, tmp_path / "none"), RunStore(tmp_path, tmp_path / "none")
        run = save_run(web).id
        for name in ("Ana", "Luis", ""):
            assert other.list()
            web.rename(run, name, TEACHER)
            assert other.get(run).name == name

    def test_stores_see_each_others_deletions(self, tmp_path: Path):
        """A deleted run is gone everywhere, and not called damaged."""
        web, other = RunStore(tmp_path, tmp_path / "none"), RunStore(tmp_path, tmp_path / "none")
        run = save_run(web).id
        other.list()
        web.delete(run, TEACHER)
        assert other.list() == ()
        assert other.damaged == ()

    def test_runs_saved_and_deleted_at_once_are_no_damage(self, tmp_path: Path):
        """Four writers and a reader on one home: a run is there whole or not at all, whenever one looks."""
        reader = RunStore(tmp_path, tmp_path / "none")

        def save_five_and_delete_two(seed: int) -> list[str]:
            writer = RunStore(tmp_path, tmp_path / "none")
            config = RunConfig(2, hidden=SMALL, seed=seed)
            saved = [save_run(writer, config=config).id for _ in range(5)]
            for run in saved[3:]:
                writer.delete(run, TEACHER)
            return saved[:3]

        with ThreadPoolExecutor(4) as pool:
            writing = [pool.submit(save_five_and_delete_two, seed) for seed in range(4)]
            while not all(job.done() for job in writing):
                reader.list()
            kept = {run for job in writing for run in job.result()}
        assert len(kept) == 12
        assert set(ids(reader)) == kept
        assert reader.damaged == ()


def test_two_runs_of_one_id_are_both_kept(tmp_path: Path):
    """It happens among hundreds of uploads of the same settings: the later one gets another ending."""
    first, second = tmp_path / "one", tmp_path / "two"
    for folder in (first, second):
        folder.mkdir()
        (folder / "config.json").write_text(folder.name)
    wanted = tmp_path / "20260102-030405-abcdef0000"
    placed = [finish(first, wanted), finish(second, wanted)]
    assert [(folder / "config.json").read_text() for folder in placed] == ["one", "two"]
    assert placed[1].name.startswith("20260102-030405-abcdef")
