"""The drawings of a class, as a network learns from them: two of three people, the third is its test."""

from __future__ import annotations

import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mnist_demo.data.shape import DIGITS, PIXELS

EVERY_THIRD = 3
MIN_DRAWINGS, MIN_PEOPLE = 9, 3
MAX_DRAWINGS = 100_000
_ARRAYS = ("images", "digits", "people")


@dataclass(frozen=True, eq=False)
class ClassDrawings:
    """Framed drawings with the digits that they should be.

    Attributes:
        images: (n, 784) uint8, 0 to 255, white on black.
        digits: (n,) uint8, 0 to 9, what was asked for.
        people: (n,) int64, the number of each one's seat, from 1.
    """

    images: NDArray[np.uint8]
    digits: NDArray[np.uint8]
    people: NDArray[np.int64]

    def __post_init__(self) -> None:
        count = len(self.images)
        shapes = (self.images.shape, self.digits.shape, self.people.shape)
        kinds = [array.dtype.name for array in (self.images, self.digits, self.people)]
        if shapes != ((count, PIXELS), (count,), (count,)) or kinds != ["uint8", "uint8", "int64"]:
            raise ValueError(f"drawings: {shapes}, {kinds}")
        if count > MAX_DRAWINGS or (self.digits >= DIGITS).any():
            raise ValueError(f"drawings: {count}, {self.digits.max(initial=0)}")

    def __len__(self) -> int:
        """Count the drawings."""
        return len(self.images)

    @property
    def learned(self) -> Self:
        """Those of the people that a network learns from."""
        return self._of(~is_held_out(self.people))

    @property
    def held_out(self) -> Self:
        """Those of every third person, which no network of this class learns from: its test."""
        return self._of(is_held_out(self.people))

    @property
    def count_people(self) -> int:
        """Count who has drawn them."""
        return len(np.unique(self.people))

    @property
    def are_enough(self) -> bool:
        """Whether there is something to learn from, and somebody to test it on."""
        enough = len(self) >= MIN_DRAWINGS and self.count_people >= MIN_PEOPLE
        return enough and len(self.learned) > 0 and len(self.held_out) > 0

    @property
    def digest(self) -> str:
        """Name these drawings: 16 hexadecimal digits of a SHA-256 over them all."""
        parts = (np.ascontiguousarray(getattr(self, name)).tobytes() for name in _ARRAYS)
        return hashlib.sha256(b"".join(parts)).hexdigest()[:16]

    def _of(self, chosen: NDArray[np.bool_]) -> Self:
        return type(self)(self.images[chosen], self.digits[chosen], self.people[chosen])

    def save(self, path: Path) -> None:
        """Write them through to the disk."""
        with path.open("wb") as file:
            np.savez(file, images=self.images, digits=self.digits, people=self.people)
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            OSError: The file is gone, or cannot be read.
            ValueError: It holds something else.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return cls(*(arrays[name] for name in _ARRAYS))
        except (KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"drawings: {error}") from error


def is_held_out(people: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which people are held out, by the numbers (n,) of their seats.

    By the number, not by who has drawn: so whoever is held out once is held out in every training of a class.
    """
    return people % EVERY_THIRD == 0
