import numpy as np
import pytest

from mnist_demo.data.spoiling import choose_rows, give_labels
from tests.mnist import whole_mnist

DIGITS = whole_mnist().y_train


class TestLabels:
    @pytest.mark.parametrize("share", [0.0, 0.05, 0.3, 1.0])
    def test_as_many_are_wrong_as_was_asked_for(self, share: float):
        """By lot, so up to some tenths of a per cent; all and none are all and none."""
        wrong = (give_labels(DIGITS, share, seed=1) != DIGITS).mean()
        assert wrong == pytest.approx(share, abs=0 if share in (0, 1) else 0.005)

    def test_every_other_digit_is_as_likely(self):
        """A wrong 4 is each of the nine others about as often."""
        given = give_labels(DIGITS, 1.0, seed=1)[DIGITS == 4]
        counts = np.bincount(given, minlength=10)
        assert counts[4] == 0
        assert np.delete(counts, 4) == pytest.approx(np.full(9, len(given) / 9), rel=0.2)

    def test_same_seed_gives_the_same_labels(self):
        """Another one others; what is wrong for a small share stays so for a larger one."""
        some = give_labels(DIGITS, 0.1, seed=1)
        assert (give_labels(DIGITS, 0.1, seed=1) == some).all()
        assert (give_labels(DIGITS, 0.1, seed=2) != some).any()
        wrong = some != DIGITS
        assert (give_labels(DIGITS, 0.4, seed=1)[wrong] == some[wrong]).all()

    def test_labels_stay_what_they_were(self):
        """Computed once: others would be another training, under the identity of the runs that are kept."""
        labels = give_labels(np.arange(10, dtype=np.uint8), 0.5, seed=1)
        assert labels.tolist() == [
            4,
            1,
            2,
            7,
            4,
            6,
            6,
            7,
            8,
            9,
        ]


class TestRows:
    def test_missing_digit_is_nowhere(self):
        """In its place others stand twice, and whatever stays keeps its place."""
        rows = choose_rows(DIGITS, 7, None, seed=1)
        assert len(rows) == len(DIGITS)
        assert 7 not in DIGITS[rows]
        stays = DIGITS != 7
        assert (rows[stays] == np.flatnonzero(stays)).all()
        assert len(np.unique(rows)) == stays.sum()

    def test_rare_digit_is_one_in_a_hundred_of_before(self):
        """By lot."""
        rows = choose_rows(DIGITS, None, 7, seed=1)
        left = np.unique(rows[DIGITS[rows] == 7])
        assert len(left) == pytest.approx(0.01 * (DIGITS == 7).sum(), rel=0.3)
        assert (DIGITS[rows] == 7).sum() < 2 * len(left)

    def test_same_seed_chooses_the_same_rows(self):
        """Another one others."""
        rows = choose_rows(DIGITS, 7, 4, seed=1)
        assert (choose_rows(DIGITS, 7, 4, seed=1) == rows).all()
        assert (choose_rows(DIGITS, 7, 4, seed=2) != rows).any()

    def test_rows_stay_what_they_were(self):
        """As the labels."""
        rows = choose_rows(np.arange(10, dtype=np.uint8), 3, None, seed=1)
        assert rows.tolist() == [
            0,
            1,
            2,
            4,
            4,
            5,
            6,
            7,
            8,
            9,
        ]

    def test_nothing_left_is_said(self):
        """There is no other image that could take their place."""
        with pytest.raises(ValueError, match="No image is left"):
            choose_rows(np.full(5, 7, np.uint8), 7, None, seed=1)
