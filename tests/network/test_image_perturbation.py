import numpy as np
import pytest
from numpy.typing import NDArray

from mnist_demo.network.image_perturbation import (
    DEGREES,
    MAPS,
    NOISES,
    SHIFTS,
    THICKNESSES,
    ImagePerturbation,
    add_noise,
    perturb_image,
    perturb_images,
    perturbation_grid,
    predict_digits,
    recenter,
    rotate,
    shift,
    thicken,
)
from tests.factories import random_network


@pytest.fixture
def frame() -> NDArray[np.float32]:
    """An upright bar, 4 pixels wide and 20 high, in the middle."""
    picture = np.zeros((28, 28), np.float32)
    picture[4:24, 12:16] = 1
    return picture


@pytest.fixture
def corner() -> NDArray[np.float32]:
    """One white pixel, left of the middle and above it."""
    picture = np.zeros((28, 28), np.float32)
    picture[10, 5] = 1
    return picture


class TestShift:
    @pytest.mark.parametrize(("right", "down"), [(0, 0), (3, 0), (0, 4), (-5, -6), (6, -2)])
    def test_picture_moves_by_whole_pixels(self, corner: NDArray[np.float32], right: int, down: int):
        """To the right and down where positive."""
        moved = shift(corner, right, down)
        assert np.argwhere(moved).tolist() == [[10 + down, 5 + right]]

    def test_what_leaves_the_frame_does_not_come_back(self, corner: NDArray[np.float32]):
        """It does not enter on the other side either."""
        assert not shift(corner, -6, 0).any()


class TestTurn:
    def test_quarter_turn_is_clockwise(self, corner: NDArray[np.float32]):
        """What was on the left comes to the top."""
        row, column = np.unravel_index(rotate(corner, 90).argmax(), (28, 28))
        assert (row, column) == (5, 17)

    def test_no_turn_changes_nothing(self, frame: NDArray[np.float32]):
        """Not by a rounding."""
        assert np.array_equal(rotate(frame, 0), frame)


class TestThicken:
    @pytest.mark.parametrize("pixels", [-2, -1, 1, 2, 4])
    def test_stroke_changes_its_width_by_so_many_pixels(self, frame: NDArray[np.float32], pixels: int):
        """Measured across the bar."""
        assert thicken(frame, pixels)[14].sum() - frame[14].sum() == pytest.approx(pixels, abs=0.3)

    def test_picture_stays_in_its_place(self, frame: NDArray[np.float32]):
        """Both edges move, so the bar's middle stays."""
        middle = thicken(frame, 3).sum(axis=0) @ np.arange(28) / thicken(frame, 3).sum()
        assert middle == pytest.approx(13.5, abs=0.05)

    def test_thin_stroke_vanishes(self, corner: NDArray[np.float32]):
        """There is nothing left to be thinner."""
        assert thicken(corner, -2).max() < 0.05


class TestNoise:
    def test_same_seed_gives_the_same_noise(self, frame: NDArray[np.float32]):
        """A class can talk about one picture."""
        assert np.array_equal(add_noise(frame, 40, 3), add_noise(frame, 40, 3))
        assert not np.array_equal(add_noise(frame, 40, 3), add_noise(frame, 40, 4))

    def test_noise_has_the_strength_that_was_asked_for(self):
        """Per cent of full white, as standard deviation."""
        grey = np.full((28, 28), 0.5, np.float32)
        assert (add_noise(grey, 10, 1) - grey).std() == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize(
    "damage",
    [
        ImagePerturbation(),
        ImagePerturbation(right=6, down=-6),
        ImagePerturbation(degrees=45, thickness=4),
        ImagePerturbation(thickness=-2, noise=100, seed=9),
    ],
)
def test_damaged_picture_is_one_that_the_network_reads(frame: NDArray[np.float32], damage: ImagePerturbation):
    """28 by 28 float32, from 0 to 1."""
    picture = perturb_image(frame, damage)
    assert picture.shape == (28, 28)
    assert picture.dtype == np.float32
    assert 0 <= picture.min() <= picture.max() <= 1


def test_no_damage_changes_nothing(frame: NDArray[np.float32]):
    """Sliders at rest show the drawing as it is."""
    assert np.array_equal(perturb_image(frame, ImagePerturbation()), frame)


def test_picture_that_was_given_stays_as_it_is(frame: NDArray[np.float32]):
    """It belongs to the visitor."""
    before = frame.copy()
    perturb_image(frame, ImagePerturbation(1, 1, 15, 1, 10))
    assert np.array_equal(frame, before)


class TestMaps:
    @pytest.mark.parametrize("name", MAPS)
    def test_rest_of_the_sliders_has_its_cell(self, name: str):
        """Every map shows the place where its two sliders stand, from the start."""
        across, downward = MAPS[name]
        rest = ImagePerturbation()
        assert getattr(rest, across.field) in across.values
        assert getattr(rest, downward.field) in downward.values
        assert rest in perturbation_grid(rest, across, downward)

    @pytest.mark.parametrize("values", [SHIFTS, DEGREES, THICKNESSES, NOISES])
    def test_sliders_begin_at_no_damage(self, values: tuple[int, ...]):
        """They stand at 0 at first; the cells of a map are evenly spaced."""
        assert 0 in values
        assert len(set(np.diff(values))) == 1

    def test_two_damages_vary_and_the_others_stay(self):
        """Cells come row by row."""
        cells = perturbation_grid(ImagePerturbation(right=2, down=3, noise=10), *MAPS["shift"])
        assert [(cell.right, cell.down) for cell in cells[:2]] == [(-6, -6), (-5, -6)]
        assert {cell.noise for cell in cells} == {10}
        assert len({(cell.right, cell.down) for cell in cells}) == len(cells) == 169

    @pytest.mark.parametrize("name", MAPS)
    def test_cell_is_what_the_sliders_show(self, frame: NDArray[np.float32], name: str):
        """Sharing work among cells changes none of them."""
        cells = perturbation_grid(ImagePerturbation(right=1, degrees=15, noise=10), *MAPS[name])
        together = perturb_images(frame, cells)
        for place in (0, len(cells) // 2, len(cells) - 1):
            assert np.array_equal(together[place], perturb_image(frame, cells[place]))


class TestFrameAgain:
    def test_shift_is_healed(self, frame: NDArray[np.float32]):
        """Wherever the digit stood, it comes to the same place."""
        moved = np.stack([shift(frame, right, down) for right, down in ((0, 0), (4, 3), (-4, 2))])
        again = recenter(moved)
        assert np.array_equal(again[1], again[0])
        assert np.array_equal(again[2], again[0])

    def test_picture_without_ink_stays_black(self):
        """The network may still be asked about it."""
        again = recenter(np.zeros((1, 28, 28), np.float32))
        assert again.shape == (1, 28, 28)
        assert not again.any()


def test_answers_are_the_most_probable_digits(frame: NDArray[np.float32]):
    """With their probabilities, for all pictures at once."""
    network = random_network()
    pictures = np.stack([frame, shift(frame, 3, 0)])
    digits, shares = predict_digits(network, pictures)
    probabilities = network.predict(pictures.reshape(2, 784))
    assert digits.tolist() == probabilities.argmax(axis=1).tolist()
    assert shares.tolist() == probabilities.max(axis=1).tolist()
