"""A run that was packed comes back as it was; whatever else is uploaded is refused in one sentence."""

from __future__ import annotations

import io
import json
import shutil
import struct
import tracemalloc
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import numpy as np
import pytest

from mnist_demo.data.mnist import MNIST, DatasetInfo
from mnist_demo.errors import UploadRefused
from mnist_demo.network.evaluation import HeldOutImages, evaluate
from mnist_demo.network.mlp import PRETRAINED_RUNS, Network, array_names
from mnist_demo.network.outliers import OutlierDetector
from mnist_demo.runs.labels import run_label
from mnist_demo.runs.owner import TEACHER, Owner
from mnist_demo.runs.packing import pack_run
from mnist_demo.runs.parts import run_detector
from mnist_demo.runs.run import Run, RunConfig
from mnist_demo.runs.store import RunStore
from mnist_demo.runs.upload import UPLOAD_BYTES, keep_upload, read_upload
from mnist_demo.texts.loading import languages, load_texts, message
from tests.factories import random_network, save_run
from tests.mnist import REPOSITORY

REAL = MNIST
Members = dict[str, bytes]


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path, pretrained=tmp_path / "none")


@pytest.fixture
def run(store: RunStore) -> Run:
    return save_run(store, dataset=REAL, name="Año 1")


@pytest.fixture
def members(run: Run) -> Members:
    """The files of a good zip, to be spoiled one at a time."""
    with ZipFile(io.BytesIO(pack_run(run.folder))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    metrics = json.loads(members["metrics.json"])
    del metrics["checksums"]  # so that it is other checks that find what is wrong
    return members | {"metrics.json": json.dumps(metrics).encode()}


def zipped(members: Members | list[tuple[str, bytes]], method: int = ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that comes twice
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)
    return packed.getvalue()


def refusal(data: bytes) -> UploadRefused:
    """Give the error of an upload, whose sentence has to be one and short in each language."""
    with pytest.raises(UploadRefused) as caught:
        read_upload(data)
    for language in languages():
        said = message(caught.value, language)
        assert len(said) < 500
        assert said.isprintable()
        assert "/tmp" not in said
    return caught.value


def arrays_of(members: Members) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(members["weights.npz"])) as archive:
        return dict(archive)


def saved(arrays: dict[str, np.ndarray]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


class TestRoundTrip:
    def test_run_comes_back_as_it_was(self, run: Run, store: RunStore):
        """Settings, figures, name and every weight; only date and folder are new, and where it came from."""
        back, network, detector = read_upload(pack_run(run.folder))
        kept = store.save(back, network)
        assert detector is None
        assert kept.uploaded
        for part in ("config", "dataset", "status", "history", "name", "test_loss", "test_accuracy"):
            assert getattr(kept, part) == getattr(run, part)
        for here, there in zip(network.layers, Network.load(run.folder).layers, strict=True):
            np.testing.assert_array_equal(here[0], there[0])
        assert store.get(kept.id).uploaded

    def test_uploaded_run_can_be_taken_home_again(self, run: Run, store: RunStore):
        """From computer to computer."""
        kept = keep_upload(pack_run(run.folder), store, TEACHER)
        assert read_upload(pack_run(kept.folder))[0].config == run.config

    def test_run_that_ships_can_be_taken_home(self):
        """Its model file stays behind: it is never taken from a zip."""
        packed = pack_run(PRETRAINED_RUNS / "notebook")
        with ZipFile(io.BytesIO(packed)) as archive:
            assert "model.keras" not in archive.namelist()
            assert "outliers.npz" in archive.namelist()
        assert read_upload(packed)[0].config == RunConfig()

    def test_what_is_no_digit_is_still_known_after_the_journey(self, store: RunStore):
        """The outlier detector is the same one, and the run abstains as before."""
        folder = PRETRAINED_RUNS / "notebook"
        kept = keep_upload(pack_run(folder), store, TEACHER)
        here, there = run_detector(kept), OutlierDetector.load(folder / "outliers.npz", (128, 64))
        assert here is not None
        np.testing.assert_array_equal(here.hidden[0], there.hidden[0])

    def test_detector_that_is_none_is_refused(self):
        """Too large a one before it is unpacked, and one of another network, of no numbers, or of no use."""
        with ZipFile(io.BytesIO(pack_run(PRETRAINED_RUNS / "notebook"))) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        with np.load(io.BytesIO(members["outliers.npz"])) as file:
            arrays = dict(file)
        for spoiled in (
            arrays | {"w1": arrays["w1"][:-1]},
            arrays | {"w2": arrays["w2"] * np.nan},
            arrays | {"b2": np.array([None])},
        ):
            error = refusal(zipped(members | {"outliers.npz": saved(spoiled)}))
            assert error.details["file"] == "outliers.npz"
        too_large = zipped(members | {"outliers.npz": bytes(2**19 + 1)})
        assert refusal(too_large).code == "upload_member_too_large"
        metrics = json.loads(members["metrics.json"])
        del metrics["calibration"]
        error = refusal(zipped(members | {"metrics.json": json.dumps(metrics).encode()}))
        assert error.details["file"] == "outliers.npz"

    def test_largest_network_fits(self, store: RunStore):
        """1024 and 1024 neurons of random weights, which hardly compress; the server lets so much in."""
        config = RunConfig(epochs=2, hidden=(1024,) * 4, activation="tanh")
        packed = pack_run(save_run(store, dataset=REAL, config=config).folder)
        assert len(packed) < UPLOAD_BYTES
        network = read_upload(packed)[1]
        assert (network.hidden, network.activation) == (config.hidden, "tanh")
        settings = (REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8")
        assert f"maxUploadSize = {UPLOAD_BYTES // 2**20}\n" in settings

    def test_upload_is_never_offered_for_training(self, run: Run, store: RunStore):
        """Anybody can write what he likes into a zip, so that Train must not take it for a result."""
        kept = keep_upload(pack_run(run.folder), store, TEACHER)
        assert store.find(kept.identity).id == run.id
        store.delete(run.id, TEACHER)
        assert store.find(kept.identity) is None

    def test_upload_is_kept(self, run: Run, store: RunStore):
        """As a run among the others."""
        kept = keep_upload(pack_run(run.folder), store, TEACHER)
        assert kept.uploaded
        assert set(store.list()) == {kept, run}

    def test_two_uploads_at_once_cannot_both_take_the_last_place(
        self, run: Run, store: RunStore, monkeypatch: pytest.MonkeyPatch
    ):
        """Who uploads again and again does not fill the disk, however many pages he opens."""
        monkeypatch.setattr("mnist_demo.runs.upload.MAX_UPLOADS", 2)
        packed = pack_run(run.folder)

        def upload(_number: int) -> str:
            try:
                return keep_upload(packed, store, TEACHER).id
            except UploadRefused as error:
                return error.code

        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(upload, range(8)))
        assert told.count("upload_no_room") == 6
        assert sum(kept.uploaded for kept in store.list()) == 2

    def test_full_disk_is_told(self, run: Run, store: RunStore):
        """What lies there is no folder, so nothing can be written into it."""
        packed = pack_run(run.folder)
        shutil.rmtree(store.folder)
        store.folder.write_text("")
        with pytest.raises(UploadRefused) as caught:
            keep_upload(packed, store, TEACHER)
        assert caught.value.code == "upload_not_kept"


def packed_again(members: Members, folder: str = "my run/") -> list[tuple[str, bytes]]:
    """Pack as Finder does: the folder itself, its files, and its own files beside them."""
    files = [(f"{folder}{name}", content) for name, content in members.items()]
    beside = [(f"__MACOSX/{folder}._{name}", b"\x00\x05\x16\x07") for name in members]
    return [(folder, b""), *files, (f"{folder}.DS_Store", b"Bud1"), *beside]


class TestPackedAgain:
    """Somebody unpacks the zip, looks, and packs the folder again."""

    @pytest.mark.parametrize("folder", ["my run/", "Año 1 – 7.º/", "mnist-20260102-030405-abcdef0123/"])
    def test_folder_packed_by_a_file_manager_is_taken(self, members: Members, folder: str):
        """With what the system leaves in every folder."""
        assert read_upload(zipped(packed_again(members, folder)))[0].config == RunConfig(2, hidden=(3, 2))

    def test_windows_folder_is_taken(self, members: Members):
        """Some programs there part names by backslashes, and there is a Thumbs.db."""
        files = [(f"run\\{name}", content) for name, content in members.items()]
        assert read_upload(zipped([*files, ("run\\Thumbs.db", b"")]))[0].name == "Año 1"

    def test_files_without_folder_and_with_junk_are_taken(self, members: Members):
        """Whoever marks the files instead of their folder."""
        assert read_upload(zipped([*members.items(), (".DS_Store", b"Bud1")]))[0].name == "Año 1"

    @pytest.mark.parametrize(
        "more",
        ["my run/model.keras", "my run/config.json", "other/config.json", "config.json", "my run/a/b"],
    )
    def test_anything_else_is_refused(self, members: Members, more: str):
        """A model, a file that comes twice, a second folder, a file beside the folder, a deeper one."""
        assert refusal(zipped([*packed_again(members), (more, b"{}")])).code == "upload_members"

    def test_folder_in_a_folder_is_refused(self, members: Members):
        """One folder is what a file manager adds."""
        assert refusal(zipped(packed_again(members, "a/b/"))).code == "upload_members"


class TestArchive:
    @pytest.mark.parametrize("data", [b"", b"nothing", b"PK\x05\x06", bytes(100), b"\x80\x04K\x01."])
    def test_what_is_no_zip_is_refused(self, data: bytes):
        """Empty, text, half a zip, zeros, a pickle."""
        assert refusal(data).code == "upload_no_zip"

    def test_zip_cut_short_is_refused(self, members: Members):
        """A download that broke off."""
        data = zipped(members)
        assert refusal(data[: len(data) // 2]).code == "upload_no_zip"

    def test_changed_byte_is_noticed(self, members: Members):
        """Each file has a checksum."""
        data = bytearray(zipped(members, ZIP_STORED))
        data[data.index(b"adam")] ^= 1
        assert refusal(bytes(data)).code == "upload_no_zip"

    def test_too_large_a_file_is_refused(self):
        """Before it is opened."""
        assert refusal(bytes(UPLOAD_BYTES + 1)).code == "upload_too_large"

    @pytest.mark.parametrize(
        "name",
        [
            "../config.json",
            "/etc/passwd",
            "..\\x",
            "model.keras",
            "run/config.json",
            "\x1b[2J" * 500,
            "config.json",
        ],
    )
    def test_file_too_many_is_refused(self, members: Members, name: str, tmp_path: Path):
        """A way out of the folder, a model, a folder, signs for a terminal, a name that comes twice."""
        before = set(tmp_path.rglob("*"))
        assert refusal(zipped([*members.items(), (name, b"{}")])).code == "upload_members"
        assert set(tmp_path.rglob("*")) == before

    def test_missing_file_is_named(self, members: Members):
        """The sentence lists what belongs into the zip."""
        del members["steps.csv"]
        error = refusal(zipped(members))
        assert error.code == "upload_members"
        assert "steps.csv" in error.details["expected"]

    def test_thousands_of_files_are_not_listed(self, members: Members):
        """Their directory is not even read."""
        many = [(f"{number}", b"") for number in range(3000)]
        assert refusal(zipped([*members.items(), *many])).details["found"] == "…"

    def test_second_directory_is_refused(self, members: Members):
        """Archives of the 64-bit kind have one, whose size nothing here would check."""
        data = zipped(members)
        locator = b"PK\x06\x07" + bytes(16)
        assert refusal(data[:-22] + locator + data[-22:]).code == refusal(b"nothing").code

    def test_bomb_is_not_unpacked(self, members: Members):
        """A file that says how large it becomes."""
        members["steps.csv"] = b"0" * 100_000_000
        data = zipped(members)
        tracemalloc.start()
        assert refusal(data).code == "upload_member_too_large"
        assert tracemalloc.get_traced_memory()[1] < 2 * UPLOAD_BYTES
        tracemalloc.stop()

    def test_bomb_that_lies_is_not_unpacked(self, members: Members):
        """One that says that it stays small: no more is unpacked than it said."""
        members["steps.csv"] = b"0" * 100_000_000
        size = struct.pack("<L", 100_000_000)
        data = zipped(members).replace(size, struct.pack("<L", 1000))
        tracemalloc.start()
        assert refusal(data).code == "upload_no_zip"
        assert tracemalloc.get_traced_memory()[1] < 2 * UPLOAD_BYTES
        tracemalloc.stop()

    def test_other_compression_is_refused(self, members: Members):
        """LZMA unpacks more than it is asked for."""
        assert refusal(zipped(members, ZIP_LZMA)).code == "upload_no_zip"


def without(key: str) -> Callable[[dict], object]:
    return lambda values: values.pop(key)


def changed(*path: str, to: object) -> Callable[[dict], object]:
    def change(values: dict) -> None:
        for key in path[:-1]:
            values = values[key]
        values[path[-1]] = to

    return change


DESCRIPTION_CHANGES = [
    without("config"),
    without("dataset"),
    changed("dataset", to="mnist"),
    changed("created", to=5),
    changed("created", to="yesterday"),
    changed("created", to="0001-01-01T00:00:00+00:00"),
    changed("name", to=None),
    changed("training_version", to=True),
    changed("training_version", to=0),
    changed("config", "epochs", to=201),
    changed("config", "epochs", to="2"),
    changed("config", "epochs", to=1e400),
    changed("config", "hidden", to=[3, 2, 1]),
    changed("config", "hidden", to=[3] * 10),
    changed("config", "hidden", to=[10**9, 10**9]),
    changed("config", "hidden", to=[]),
    changed("config", "activation", to="tanh"),
    changed("config", "activation", to="softmax"),
    changed("config", "dropout", to=1.0),
    changed("config", "l2", to=-1.0),
    changed("config", "keep_best", to="yes"),
    changed("config", "hidden", to=[4, 2]),
    changed("config", "optimizer", to=["adam"]),
    changed("config", "optimizer", to="x" * 10_000),
    changed("config", "seed", to=10**400),
    changed("config", "learning_rate", to=float("nan")),
    changed("dataset", "name", to="cifar"),
    changed("dataset", "fingerprint", to="ab" * 32),
    changed("dataset", "n_train", to=10**400),
    changed("dataset", "n_test", to=-1),
    changed("dataset", "n_test", to=9999),
    changed("dataset", "more", to=1),
]


class TestTexts:
    @pytest.mark.parametrize(
        "change",
        [
            {"temperature": 1e-300},
            {"temperature": 1e308},
            {"min_logit_margin": 1e300},
            {"abstention_rate": -5.0},
        ],
    )
    def test_implausible_calibration_is_refused(self, members: Members, change: dict[str, float]):
        """It would make the network sure of everything, or of nothing."""
        usual = {"temperature": 1.5, "min_logit_margin": 0.5, "error_before": 0.1, "error_after": 0.0}
        metrics = json.loads(members["metrics.json"]) | {
            "calibration": usual | {"abstention_rate": 0.0} | change
        }
        members["metrics.json"] = json.dumps(metrics).encode()
        assert refusal(zipped(members)).details["file"] == "metrics.json"

    @pytest.mark.parametrize("change", DESCRIPTION_CHANGES)
    def test_implausible_description_is_refused(self, members: Members, change: Callable[[dict], object]):
        """What a page would stumble over, or what claims to be MNIST and is not."""
        values = json.loads(members["config.json"])
        change(values)
        members["config.json"] = json.dumps(values).encode()
        error = refusal(zipped(members))
        assert error.code == "upload_damaged"
        assert error.details["file"] in {"config.json", "weights.npz"}

    @pytest.mark.parametrize("text", [b"", b"[]", b"null", b"{", b"[" * 16_000, b"\xff", b"9" * 5000])
    def test_what_is_no_json_object_is_refused(self, members: Members, text: bytes):
        """However deep."""
        members["config.json"] = text
        assert refusal(zipped(members)).details["file"] == "config.json"

    @pytest.mark.parametrize("change", [changed("training_version", to=99), changed("config", "tuned", to=1)])
    def test_run_of_a_newer_app_is_told_apart(self, members: Members, change: Callable[[dict], object]):
        """It is whole: only this app cannot know what it means."""
        values = json.loads(members["config.json"])
        change(values)
        members["config.json"] = json.dumps(values).encode()
        assert refusal(zipped(members)).code == "upload_newer"

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("status", "won"),
            ("status", ["finished"]),
            ("test_accuracy", 1.01),
            ("test_accuracy", float("nan")),
            ("test_accuracy", None),
            ("test_accuracy", "0.9"),
            ("test_loss", -0.1),
            ("test_loss", 1e300),
        ],
    )
    def test_implausible_figure_is_refused(self, members: Members, key: str, value: object):
        """An accuracy is a share, a loss is never negative."""
        metrics = json.loads(members["metrics.json"]) | {key: value}
        members["metrics.json"] = json.dumps(metrics).encode()
        assert refusal(zipped(members)).details["file"] == "metrics.json"

    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            ("history.csv", b"\n1,", b"\n2,"),
            ("history.csv", b"\n2,", b"\n2000000000,"),
            ("history.csv", b",1.5\n", b",inf\n"),
            ("history.csv", b"0.75", b"7.5"),
            ("history.csv", b"0.75", b'"0.75'),
            ("steps.csv", b"\n1.5,", b"\ninf,"),
            ("steps.csv", b"\n1.5,", b"\n1e300,"),
            ("steps.csv", b"\n1.5,", b"\n0.5,"),
            ("steps.csv", b"\n0.5,", b"\nnan,"),
            ("steps.csv", b"\n", b"\x00\n"),
        ],
    )
    def test_implausible_history_is_refused(self, members: Members, file: str, old: bytes, new: bytes):
        """Epochs count from 1 without a gap, and time goes forward."""
        assert old in members[file]
        members[file] = members[file].replace(old, new)
        assert refusal(zipped(members)).details["file"] == file

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("  a\n" + "b" * 100, "a " + "b" * 58),
            ("half \ud800", "half"),
            ("\u202eAna", "Ana"),
            ("👩‍🔬", "👩‍🔬"),
        ],
    )
    def test_name_is_cleaned(self, members: Members, name: str, kept: str):
        """As if it had been typed on the page."""
        values = json.loads(members["config.json"]) | {"name": name}
        members["config.json"] = json.dumps(values).encode()
        assert read_upload(zipped(members))[0].name == kept

    def test_name_that_may_be_given_may_come_back(self, run: Run, store: RunStore):
        """One rule for both, whatever somebody types."""
        for typed in ("👩‍🔬 می‌خواهم क्‍ष co\u00adop 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "a\u202eb\x00\n\ud800" + "x" * 99):
            named = store.rename(run.id, typed, TEACHER)
            assert keep_upload(pack_run(named.folder), store, TEACHER).name == named.name


class TestWeights:
    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    def test_weights_that_are_not_finite_are_refused(self, members: Members, value: float):
        """The network could not answer."""
        arrays = arrays_of(members)
        arrays["w2"][0, 0] = value
        members["weights.npz"] = saved(arrays)
        assert refusal(zipped(members)).code == "upload_not_finite"

    @pytest.mark.parametrize(
        "change",
        [
            {"w1": np.zeros((784, 4), np.float32)},
            {"w1": np.zeros((784, 3), np.float64)},
            {"w1": np.zeros((784, 3), ">f4")},
            {"b1": np.float32(1)},
            {"b1": np.zeros((0,), np.float32)},
            {"b3": np.array([{"pickled": 1}] * 10, dtype=object)},
            {"more": np.zeros(3, np.float32)},
        ],
        ids=str,
    )
    def test_other_arrays_are_refused(self, members: Members, change: dict[str, np.ndarray]):
        """Wrong shapes and types, pickled objects, an array too many."""
        members["weights.npz"] = saved(arrays_of(members) | change)
        error = refusal(zipped(members))
        assert error.code == "upload_damaged"
        assert error.details["file"] == "weights.npz"

    @pytest.mark.parametrize("shape", ["(10**12,)", f"({2**40}, 3)", "(" * 5000, "(-5,)"])
    def test_header_is_checked_before_room_is_made(self, members: Members, shape: str):
        """An array that announces terabytes costs nothing."""
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
        array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
        with ZipFile(io.BytesIO(members["weights.npz"])) as archive:
            inner = {name: archive.read(name) for name in archive.namelist()}
        members["weights.npz"] = zipped(inner | {"b1.npy": array})
        assert refusal(zipped(members)).details["file"] == "weights.npz"

    @pytest.mark.parametrize(
        "content", [b"", b"\x80\x04K\x01.", b"\x93NUMPY\x01\x00", zipped({"w1.npy": b""})]
    )
    def test_what_is_no_npz_is_refused(self, members: Members, content: bytes):
        """Nothing, a pickle, a single array, an archive of something else."""
        members["weights.npz"] = content
        assert refusal(zipped(members)).details["file"] == "weights.npz"

    def test_bomb_inside_is_not_unpacked(self, members: Members):
        """The arrays lie in an archive of their own."""
        inner = {f"{name}.npy": b"0" * 20_000_000 for name in array_names(3)}
        members["weights.npz"] = zipped(inner)
        tracemalloc.start()
        assert refusal(zipped(members)).details["file"] == "weights.npz"
        assert tracemalloc.get_traced_memory()[1] < 2 * UPLOAD_BYTES
        tracemalloc.stop()

    def test_weights_of_another_run_are_refused(self, members: Members, tmp_path: Path):
        """They are whole, but not of the size that the settings say."""
        random_network((5, 5)).save(tmp_path / "other.npz")
        members["weights.npz"] = (tmp_path / "other.npz").read_bytes()
        error = refusal(zipped(members))
        assert error.details == {"file": "weights.npz", "reason": "(5, 5) ≠ (3, 2)"}


class TestWhose:
    def test_upload_is_the_uploaders_whatever_it_says(self, store: RunStore):
        """A file that names somebody else, or the teacher, gives them nothing."""
        ana, luis = Owner("ana", "Ana"), Owner("luis", "Luis")
        packed = pack_run(save_run(store, owner=luis, dataset=REAL).folder)
        assert keep_upload(packed, store, ana).owner == ana
        kept = keep_upload(pack_run(save_run(store, dataset=REAL).folder), store, ana)
        assert store.get(kept.id).owner == ana

    def test_visitor_takes_not_all_places(self, store: RunStore, monkeypatch: pytest.MonkeyPatch):
        """Others still find one, and the teacher has no limit of that kind."""
        monkeypatch.setattr("mnist_demo.runs.upload.MAX_UPLOADS_OF_A_VISITOR", 1)
        packed = pack_run(save_run(store, dataset=REAL).folder)
        keep_upload(packed, store, Owner("ana"))
        with pytest.raises(UploadRefused, match="upload_no_room_own"):
            keep_upload(packed, store, Owner("ana"))
        for person in (Owner("luis"), TEACHER, TEACHER):
            keep_upload(packed, store, person)


class TestFigures:
    def held_out(self, info: DatasetInfo = REAL) -> HeldOutImages:
        """Some images that are no digits."""
        random = np.random.default_rng(1)
        images = random.integers(0, 256, (50, 28, 28), np.uint8)
        return HeldOutImages(images, random.integers(0, 10, 50, np.uint8), info)

    def test_they_are_measured_again_where_the_images_are_here(self, store: RunStore):
        """Whatever the file claims; the label no longer says that nobody has."""
        packed = pack_run(save_run(store, dataset=REAL, test_accuracy=0.9928, is_measured_here=True).folder)
        held_out = self.held_out()
        kept = keep_upload(packed, store, TEACHER, held_out)
        measured = evaluate(store.load_network(kept), held_out.images, held_out.labels)
        assert store.get(kept.id).test_accuracy == measured.accuracy != 0.9928
        assert store.get(kept.id).test_loss == measured.loss
        assert run_label(kept, load_texts("en")).endswith("· uploaded")

    def test_elsewhere_they_are_called_claimed(self, store: RunStore):
        """Of other images, and where none can be read; the file's word that they were measured is nothing."""
        other = DatasetInfo("other", "ab" * 32, 100, 50)
        packed = pack_run(save_run(store, dataset=other, is_measured_here=True, uploaded=True).folder)
        for held_out in (None, self.held_out()):
            kept = store.get(keep_upload(packed, store, TEACHER, held_out).id)
            assert kept.test_accuracy == 0.975
            assert run_label(kept, load_texts("en")).endswith("uploaded, figures not measured here")

    def test_file_that_was_changed_after_it_was_packed_is_refused(self, run: Run):
        """Its checksums travel with it."""
        with ZipFile(io.BytesIO(pack_run(run.folder))) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        members["history.csv"] = members["history.csv"].replace(b"0.5,", b"0.4,", 1)
        assert refusal(zipped(members)).details["file"] == "history.csv"
