import gzip
import hashlib
import pickle
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_demo.data.files import IDX_NAMES
from mnist_demo.data.mnist import BUNDLED_IMAGES, MNIST, Dataset, load_mnist
from mnist_demo.errors import DatasetUnavailable
from mnist_demo.settings import Settings
from mnist_demo.texts.loading import languages, message
from tests.mnist import arrays_of

MNIST_MD5 = {
    "x_train": "6bbc9ace898e44ae57da46a324031adb",
    "y_train": "a25bea736e30d166cdddb491f175f624",
    "x_test": "2646ac647ad5339dbf082846283269ea",
    "y_test": "27ae3e4e09519cfbb04c329615203637",
}


def small_arrays() -> dict[str, NDArray]:
    """Three images to train and two to test, as MNIST has them."""
    random = np.random.default_rng(7)
    return {
        "x_train": random.integers(0, 256, (3, 28, 28), np.uint8),
        "y_train": np.array([5, 0, 4], np.uint8),
        "x_test": random.integers(0, 256, (2, 28, 28), np.uint8),
        "y_test": np.array([7, 9], np.uint8),
    }


def write_npz(path: Path, **changes: NDArray | None) -> Path:
    """Write an mnist.npz; a change replaces an array, None leaves it out."""
    arrays = {name: array for name, array in (small_arrays() | changes).items() if array is not None}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)
    return path


def idx_bytes(array: NDArray) -> bytes:
    """Encode an array of bytes the way the original files do."""
    return struct.pack(f">{1 + array.ndim}I", 2048 + array.ndim, *array.shape) + array.tobytes()


def write_idx(folder: Path, arrays: dict[str, NDArray] | None = None) -> Path:
    """Write the four original files, plain."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in (arrays or small_arrays()).items():
        (folder / IDX_NAMES[name]).write_bytes(idx_bytes(array))
    return folder


def load_from(path: Path) -> Dataset:
    """Load what MNIST_DEMO_DATA would name."""
    return load_mnist(Settings(home=path, data=path))


def problem_of(path: Path, file: Path | None = None) -> DatasetUnavailable:
    """Give the error of a path, whose sentence has to name the file in each language."""
    with pytest.raises(DatasetUnavailable) as caught:
        load_from(path)
    for language in languages():
        assert str(file or path) in message(caught.value, language)
    return caught.value


def assert_small_arrays(dataset: Dataset) -> None:
    """Hold a data set against `small_arrays`."""
    for name, array in small_arrays().items():
        loaded = getattr(dataset, name)
        assert loaded.dtype == np.uint8
        np.testing.assert_array_equal(loaded, array)


class TestMnistDemoData:
    def test_npz_is_read(self, tmp_path: Path):
        """An mnist.npz with Keras's names gives its four arrays and says where they came from."""
        path = write_npz(tmp_path / "mnist.npz")
        dataset = load_from(path)
        assert_small_arrays(dataset)
        assert dataset.origin == path

    def test_plain_idx_folder_is_read(self, tmp_path: Path):
        """The four original files give the same arrays."""
        folder = write_idx(tmp_path / "idx")
        dataset = load_from(folder)
        assert_small_arrays(dataset)
        assert dataset.origin == folder

    def test_gzipped_idx_folder_is_read(self, tmp_path: Path):
        """The four files may be packed, as they are offered for download."""
        for file in write_idx(tmp_path).iterdir():
            file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
            file.unlink()
        assert_small_arrays(load_from(tmp_path))

    def test_idx_names_with_a_dot_are_read(self, tmp_path: Path):
        """Some copies are called train-images.idx3-ubyte."""
        for file in write_idx(tmp_path).iterdir():
            file.rename(file.with_name(file.name.replace("-idx", ".idx")))
        assert_small_arrays(load_from(tmp_path))

    def test_unpacked_file_that_kept_its_gz_name_is_read(self, tmp_path: Path):
        """Browsers unpack a download and leave its name."""
        for file in write_idx(tmp_path).iterdir():
            file.rename(file.with_name(f"{file.name}.gz"))
        assert_small_arrays(load_from(tmp_path))

    def test_it_is_read_from_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        """Called without arguments, the environment decides."""
        path = write_npz(tmp_path / "mnist.npz")
        monkeypatch.setenv("MNIST_DEMO_DATA", str(path))
        assert load_mnist().origin == path

    def test_without_it_the_images_inside_are_loaded(self, monkeypatch: pytest.MonkeyPatch):
        """No internet, no file of anybody's: MNIST is there."""
        monkeypatch.delenv("MNIST_DEMO_DATA", raising=False)
        dataset = load_mnist()
        assert dataset.origin == BUNDLED_IMAGES
        assert dataset.info.is_mnist

    def test_images_inside_never_stand_in_for_a_file_that_was_asked_for(self, tmp_path: Path):
        """Whoever asked for a file would take their figures for those of the file."""
        with pytest.raises(DatasetUnavailable, match=r"absent\.npz"):
            load_from(tmp_path / "absent.npz")

    def test_fortran_order_gives_the_same_images(self, tmp_path: Path):
        """The order in which an array was saved changes neither the images nor the fingerprint."""
        by_column = np.asfortranarray(small_arrays()["x_train"])
        other = load_from(write_npz(tmp_path / "f.npz", x_train=by_column))
        assert_small_arrays(other)
        assert other.info == load_from(write_npz(tmp_path / "c.npz")).info


class TestWhatIsWrong:
    def test_missing_file_is_named(self, tmp_path: Path):
        """A path at which there is nothing is named."""
        assert problem_of(tmp_path / "absent.npz").code == "dataset_missing"

    def test_path_below_a_file_is_named(self, tmp_path: Path):
        """A path that leads through a file is missing, too."""
        path = write_npz(tmp_path / "mnist.npz") / "inside.npz"
        assert problem_of(path).code == "dataset_missing"

    @pytest.mark.parametrize("name", IDX_NAMES.values())
    def test_missing_idx_file_is_named(self, tmp_path: Path, name: str):
        """Of four files, the one that is not there is named."""
        (write_idx(tmp_path) / name).unlink()
        assert problem_of(tmp_path, tmp_path / name).code == "dataset_missing"

    @pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
    def test_unreadable_file_is_named_with_the_system_s_reason(self, tmp_path: Path):
        """What the operating system has against a file is part of the sentence."""
        path = tmp_path / "mnist.npz"
        path.symlink_to(path)
        error = problem_of(path)
        assert error.code == "dataset_unreadable"
        assert "symbolic links" in error.details["reason"]

    def test_file_that_announces_more_than_memory_is_named(self, tmp_path: Path):
        """An array larger than any memory is an error of the file, not a crash."""
        path = write_npz(tmp_path / "mnist.npz", x_train=None)
        header = {"descr": "|u1", "fortran_order": False, "shape": (10**12, 28, 28)}
        with ZipFile(path, "a") as archive, archive.open("x_train.npy", "w") as member:
            np.lib.format.write_array_header_1_0(member, header)
        assert problem_of(path).code == "dataset_unreadable"

    @pytest.mark.parametrize("content", [b"", b"Sign in to the school's network", pickle.dumps({"a": 1})])
    def test_file_that_is_no_npz_is_named(self, tmp_path: Path, content: bytes):
        """An empty file, a web page and a pickle are no archives."""
        path = tmp_path / "mnist.npz"
        path.write_bytes(content)
        assert problem_of(path).code == "dataset_not_npz"

    def test_single_array_file_is_no_npz(self, tmp_path: Path):
        """A lone .npy array is no archive of four."""
        path = tmp_path / "mnist.npy"
        np.save(path, small_arrays()["x_train"])
        assert problem_of(path).code == "dataset_not_npz"

    def test_truncated_npz_is_named(self, tmp_path: Path):
        """A copy that was cut short has lost the archive's table of contents."""
        path = write_npz(tmp_path / "mnist.npz")
        path.write_bytes(path.read_bytes()[:-100])
        assert problem_of(path).code == "dataset_not_npz"

    def test_npz_with_flipped_bits_is_named(self, tmp_path: Path):
        """Damage inside the packed images is found by its checksum."""
        path = write_npz(tmp_path / "mnist.npz")
        content = bytearray(path.read_bytes())
        content[1000] ^= 255
        path.write_bytes(content)
        assert problem_of(path).code == "dataset_damaged"

    def test_npz_that_looks_encrypted_is_named(self, tmp_path: Path):
        """Damage that the archive's reader takes for encryption is damage."""
        path = write_npz(tmp_path / "mnist.npz")
        content = bytearray(path.read_bytes())
        content[content.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(content)
        assert problem_of(path).code == "dataset_damaged"

    @pytest.mark.parametrize("name", IDX_NAMES)
    def test_missing_key_is_named(self, tmp_path: Path, name: str):
        """Each of the four arrays has to be there."""
        error = problem_of(write_npz(tmp_path / "mnist.npz", **{name: None}))
        assert error.code == "dataset_missing_key"
        assert error.details["key"] == name

    def test_array_of_objects_is_refused(self, tmp_path: Path):
        """Pickled objects could run code: they are refused, not loaded."""
        error = problem_of(write_npz(tmp_path / "mnist.npz", y_test=np.array([7, "nine"], object)))
        assert error.code == "dataset_not_array"
        assert error.details["key"] == "y_test"

    def test_member_that_is_no_array_is_named(self, tmp_path: Path):
        """An archive with the right names can still hold something else."""
        path = write_npz(tmp_path / "mnist.npz", y_test=None)
        with ZipFile(path, "a") as archive:
            archive.writestr("y_test", b"seven, nine")
        error = problem_of(path)
        assert error.code == "dataset_not_array"
        assert error.details["key"] == "y_test"

    @pytest.mark.parametrize("shape", [(3, 32, 32), (3, 784), (28, 28), (0, 28, 28), ()])
    def test_images_of_another_shape_are_named(self, tmp_path: Path, shape: tuple[int, ...]):
        """Images have to be 28 by 28 pixels, and at least one."""
        error = problem_of(write_npz(tmp_path / "mnist.npz", x_train=np.zeros(shape, np.uint8)))
        assert error.code == "dataset_wrong_shape"
        assert (error.details["key"], error.details["shape"]) == ("x_train", str(shape))

    @pytest.mark.parametrize("name", IDX_NAMES)
    def test_arrays_of_another_type_are_named(self, tmp_path: Path, name: str):
        """Pixels and labels have to be bytes, or 0 to 1 would be taken for 0 to 255."""
        changed = small_arrays()[name].astype(np.float32)
        error = problem_of(write_npz(tmp_path / "mnist.npz", **{name: changed}))
        assert error.code == "dataset_wrong_shape"
        assert (error.details["key"], error.details["dtype"]) == (name, "float32")

    def test_labels_that_do_not_match_the_images_are_named(self, tmp_path: Path):
        """There has to be one label an image."""
        error = problem_of(write_npz(tmp_path / "mnist.npz", y_test=np.array([7, 9, 1], np.uint8)))
        assert error.code == "dataset_wrong_shape"
        assert (error.details["shape"], error.details["expected"]) == ("(3,)", "(2,) uint8")

    def test_labels_outside_0_to_9_are_named(self, tmp_path: Path):
        """Letters, as in EMNIST, are no digits."""
        error = problem_of(write_npz(tmp_path / "mnist.npz", y_test=np.array([7, 10], np.uint8)))
        assert error.code == "dataset_wrong_labels"

    def test_idx_labels_outside_0_to_9_are_named_with_their_own_file(self, tmp_path: Path):
        """In a folder, the file of the labels is named."""
        write_idx(tmp_path, small_arrays() | {"y_train": np.array([1, 2, 47], np.uint8)})
        assert problem_of(tmp_path, tmp_path / IDX_NAMES["y_train"]).code == "dataset_wrong_labels"

    def test_swapped_idx_files_are_named(self, tmp_path: Path):
        """The magic number tells images from labels."""
        file = write_idx(tmp_path) / IDX_NAMES["x_test"]
        file.write_bytes(idx_bytes(small_arrays()["y_train"]) + b"12345678")
        error = problem_of(tmp_path, file)
        assert error.code == "dataset_wrong_magic"
        assert (error.details["magic"], error.details["expected"]) == ("2049", "2051")

    def test_truncated_idx_file_is_named(self, tmp_path: Path):
        """A file with fewer pixels than it announces is cut short."""
        file = write_idx(tmp_path) / IDX_NAMES["x_train"]
        file.write_bytes(file.read_bytes()[:-1])
        error = problem_of(tmp_path, file)
        assert error.code == "dataset_truncated"
        assert (error.details["size"], error.details["expected"]) == ("2367", "2368")

    @pytest.mark.parametrize("size", [0, 3, 15])
    def test_idx_file_that_ends_in_its_header_is_named(self, tmp_path: Path, size: int):
        """A file can be cut short within its first 16 bytes."""
        file = write_idx(tmp_path) / IDX_NAMES["x_train"]
        file.write_bytes(file.read_bytes()[:size])
        assert problem_of(tmp_path, file).code == "dataset_truncated"

    def test_idx_file_that_is_too_long_is_named(self, tmp_path: Path):
        """Bytes after the last pixel mean that the header is wrong."""
        file = write_idx(tmp_path) / IDX_NAMES["y_test"]
        file.write_bytes(file.read_bytes() + b"\0")
        assert problem_of(tmp_path, file).code == "dataset_too_long"

    def test_idx_images_of_another_size_are_named(self, tmp_path: Path):
        """Images of 32 by 32 pixels are refused in the original format, too."""
        write_idx(tmp_path, small_arrays() | {"x_test": np.zeros((2, 32, 32), np.uint8)})
        assert problem_of(tmp_path, tmp_path / IDX_NAMES["x_test"]).code == "dataset_wrong_shape"

    @pytest.mark.parametrize("damage", [lambda packed: packed[:-20], lambda packed: packed[:-8] + b"\0" * 8])
    def test_damaged_gzip_file_is_named(self, tmp_path: Path, damage: Callable[[bytes], bytes]):
        """A packed file that was cut short or whose checksum is wrong is damaged."""
        file = write_idx(tmp_path) / IDX_NAMES["x_train"]
        file.write_bytes(damage(gzip.compress(file.read_bytes())))
        assert problem_of(tmp_path, file).code == "dataset_damaged"


class TestTooLittleToLearnFrom:
    @pytest.mark.parametrize(("images", "digits"), [(1, [5]), (2, [5, 5]), (40, [3] * 40)])
    def test_training_images_of_one_digit_are_refused(self, tmp_path: Path, images: int, digits: list[int]):
        """There is nothing to tell apart, and a single image could not even be held back."""
        x_train, y_train = np.zeros((images, 28, 28), np.uint8), np.array(digits, np.uint8)
        error = problem_of(write_npz(tmp_path / "mnist.npz", x_train=x_train, y_train=y_train))
        assert error.code == "dataset_one_digit"
        assert error.details["images"] == str(images)

    def test_one_digit_in_idx_files_is_told_with_the_labels_file(self, tmp_path: Path):
        """In a folder, the file that says so is named."""
        write_idx(tmp_path, small_arrays() | {"y_train": np.array([4, 4, 4], np.uint8)})
        assert problem_of(tmp_path, tmp_path / IDX_NAMES["y_train"]).code == "dataset_one_digit"

    def test_two_images_of_two_digits_are_enough(self, tmp_path: Path):
        """One to learn from and one to hold back; a single image will do for the test."""
        arrays = {name: array[: 1 + name.endswith("train")] for name, array in small_arrays().items()}
        info = load_from(write_npz(tmp_path / "mnist.npz", **arrays)).info
        assert (info.n_train, info.n_test) == (2, 1)


class TestDataset:
    def test_info_says_what_a_run_was_trained_on(self, tmp_path: Path):
        """The numbers of images go into a run's description, and images of one's own are not called MNIST."""
        info = load_from(write_npz(tmp_path / "mnist.npz")).info
        assert (info.name, info.n_train, info.n_test) == ("other", 3, 2)
        assert not info.is_mnist

    def test_fingerprint_changes_with_one_pixel(self, tmp_path: Path):
        """Any change to the images gives another fingerprint."""
        images = small_arrays()["x_test"]
        images[1, 14, 14] ^= 1
        changed = load_from(write_npz(tmp_path / "changed.npz", x_test=images))
        assert changed.info.fingerprint != load_from(write_npz(tmp_path / "mnist.npz")).info.fingerprint

    def test_fingerprint_changes_with_the_split(self):
        """The same bytes, shared out in another way between training and test, are another data set."""
        blank, origin = np.zeros((3, 28, 28), np.uint8), Path()
        labels = np.zeros(3, np.uint8)
        one = Dataset(blank[:1], labels[:1], blank[1:], labels[1:], origin)
        two = Dataset(blank[:2], labels[:2], blank[2:], labels[2:], origin)
        assert one.info.fingerprint != two.info.fingerprint

    def test_fingerprint_is_computed_once(self, tmp_path: Path):
        """Hashing 55 MB at every rerun of a page would be felt."""
        dataset = load_from(write_npz(tmp_path / "mnist.npz"))
        assert dataset.info is dataset.info

    @pytest.mark.parametrize("name", IDX_NAMES)
    @pytest.mark.parametrize("write", [lambda path: write_npz(path / "a.npz"), write_idx])
    def test_arrays_are_read_only(self, tmp_path: Path, name: str, write: Callable[[Path], Path]):
        """Arrays that all visitors share cannot be changed by one."""
        with pytest.raises(ValueError, match="read-only"):
            getattr(load_from(write(tmp_path)), name)[0] = 1


class TestMnistInside:
    @pytest.mark.parametrize("name", IDX_NAMES)
    def test_arrays_have_the_published_checksums(self, mnist: Dataset, name: str):
        """Encoded as an original file, each array is that file to the byte."""
        assert hashlib.md5(idx_bytes(getattr(mnist, name))).hexdigest() == MNIST_MD5[name]

    def test_mnist_is_known_by_its_images_whichever_files_they_came_from(
        self, mnist: Dataset, tmp_path: Path
    ):
        """Runs know their images by this fingerprint, and the pages before anybody has read a file."""
        assert mnist.info == MNIST
        assert load_from(write_idx(tmp_path / "idx", arrays_of(mnist))).info == MNIST
        assert load_from(write_npz(tmp_path / "renamed.npz", **arrays_of(mnist))).info == MNIST

    def test_its_makers_and_licence_are_named_beside_the_file(self):
        """The licence asks for it."""
        readme = BUNDLED_IMAGES.with_name("README.md").read_text(encoding="utf-8")
        for name in ("LeCun", "Cortes", "Burges", "Attribution-ShareAlike 3.0", "creativecommons.org"):
            assert name in readme
