"""What a class has drawn: who is held out, and what a file of it may hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnist_demo.data import PIXELS, ClassDrawings, is_held_out


def drawings(*people: int) -> ClassDrawings:
    """Drawings of nothing, by these people."""
    count = len(people)
    images = np.zeros((count, PIXELS), np.uint8)
    return ClassDrawings(images, np.arange(count).astype(np.uint8) % 10, np.array(people, np.int64))


def test_every_third_person_is_held_out_with_all_their_drawings():
    """Nobody is on both sides."""
    found = drawings(1, 2, 3, 3, 4, 6, 1)
    assert found.held_out.people.tolist() == [3, 3, 6]
    assert found.learned.people.tolist() == [1, 2, 4, 1]
    assert found.held_out.digits.tolist() == [2, 3, 5]
    assert (found.learned.count_people, found.held_out.count_people) == (3, 2)


def test_who_is_held_out_does_not_depend_on_who_has_drawn():
    """A second training of a class tests on the same people."""
    assert is_held_out(np.array([3, 4, 5, 6])).tolist() == [True, False, False, True]


@pytest.mark.parametrize(
    ("people", "enough"),
    [
        ((1, 2, 3) * 3, True),
        ((1, 2, 3) * 2 + (1, 2), False),  # eight drawings
        ((1, 3) * 5, False),  # two people
        ((1, 2, 4) * 3, False),  # nobody to test it on
        ((3, 6, 9) * 3, False),  # nobody to learn from
    ],
)
def test_enough_is_something_to_learn_and_somebody_to_test_on(people: tuple[int, ...], enough: bool):
    """Of nine drawings at least, by three people."""
    assert drawings(*people).are_enough is enough


def test_file_gives_back_what_was_saved(tmp_path: Path):
    """Every array, and the same digest."""
    found = drawings(1, 2, 3)
    found.save(tmp_path / "learning.npz")
    read = ClassDrawings.load(tmp_path / "learning.npz")
    assert read.digits.tolist() == found.digits.tolist()
    assert read.people.tolist() == found.people.tolist()
    assert read.digest == found.digest != drawings(1, 2, 4).digest


def test_other_files_are_refused(tmp_path: Path):
    """Cut off, of other shapes, of digits that there are not, of objects."""
    path = tmp_path / "learning.npz"
    found = drawings(1, 2, 3)
    found.save(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match="drawings"):
        ClassDrawings.load(path)
    for images, digits, people in (
        (found.images[:2], found.digits, found.people),
        (found.images, found.digits + 20, found.people),
        (found.images, found.digits, found.people.astype(np.float32)),
    ):
        np.savez(path, images=images, digits=digits.astype(np.uint8), people=people)
        with pytest.raises(ValueError, match="drawings"):
            ClassDrawings.load(path)
    with pytest.raises(FileNotFoundError):
        ClassDrawings.load(tmp_path / "none.npz")
