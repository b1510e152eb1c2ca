import pytest

from mnist_demo.texts.loading import load_texts
from mnist_demo.texts.numbers import NumberTexts

NBSP = "\N{NO-BREAK SPACE}"


class TestNumbers:
    @pytest.fixture
    def english(self) -> NumberTexts:
        """How English writes numbers."""
        return load_texts("en").numbers

    @pytest.fixture
    def spanish(self) -> NumberTexts:
        """How Spanish writes numbers."""
        return load_texts("es").numbers

    @pytest.mark.parametrize(
        ("value", "digits", "en", "es"),
        [
            (1234567.891, 2, "1,234,567.89", "1\u00a0234\u00a0567,89"),
            (0.08644, 4, "0.0864", "0,0864"),
            (-0.5, 1, "−0.5", "−0,5"),
            (10000, 0, "10,000", "10\u00a0000"),
            (999.96, 1, "1,000.0", "1000,0"),
        ],
    )
    def test_marks_are_the_languages(
        self, english: NumberTexts, spanish: NumberTexts, value: float, digits: int, en: str, es: str
    ):
        """Point and comma change places in Spanish."""
        assert english.number(value, digits) == en
        assert spanish.number(value, digits) == es

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
    def test_overflowed_number_is_a_dash(self, english: NumberTexts, value: float):
        """Nobody reads "nan" on a projector."""
        assert english.number(value, 4) == "–"

    def test_whole_number_has_no_fraction(self, english: NumberTexts):
        """It is rounded to the nearest."""
        assert english.whole(59999.6) == "60,000"

    @pytest.mark.parametrize(
        ("value", "en", "es"),
        [
            (0.00001, "0.00001", "0,00001"),
            (0.001, "0.001", "0,001"),
            (0.3, "0.3", "0,3"),
            (1.0, "1", "1"),
            (100, "100", "100"),
            (0, "0", "0"),
            (0.1 + 0.2, "0.30000000000000004", "0,30000000000000004"),
        ],
    )
    def test_shortest_form_has_no_idle_zeros(
        self, english: NumberTexts, spanish: NumberTexts, value: float, en: str, es: str
    ):
        """A learning rate is written with the digits that it has, never as 1e-05."""
        assert english.shortest(value) == en
        assert spanish.shortest(value) == es

    @pytest.mark.parametrize(
        ("share", "en", "es"),
        [
            (0.2, "20%", "20\u00a0%"),
            (0.29, "29%", "29\u00a0%"),
            (0.125, "12.5%", "12,5\u00a0%"),
            (1, "100%", "100\u00a0%"),
        ],
    )
    def test_shortest_share_has_no_idle_zeros(
        self, english: NumberTexts, spanish: NumberTexts, share: float, en: str, es: str
    ):
        """And no digits that only a binary fraction has."""
        assert english.shortest_percent(share) == en
        assert spanish.shortest_percent(share) == es

    @pytest.mark.parametrize(
        ("share", "digits", "en"),
        [
            (0.9783, 1, "97.8%"),
            (0.5, 1, "50.0%"),
            (0.29, 0, "29%"),
            (0.2, 0, "20%"),
            (0, 1, "0.0%"),
            (1, 1, "100.0%"),
            (1, 0, "100%"),
            (0.9994, 1, "99.9%"),
            (0.99999, 1, "99.9%"),
            (0.99999, 2, "99.99%"),
            (0.99999, 0, "99%"),
            (0.995, 0, "99%"),
            (0.0123, 1, "1.2%"),
        ],
    )
    def test_share_is_written_as_per_cent(self, english: NumberTexts, share: float, digits: int, en: str):
        """9,999 of 10,000 is not all of them, so it is not rounded to 100."""
        assert english.percent(share, digits) == en

    def test_spanish_per_cent_stands_apart_and_is_not_torn(self, spanish: NumberTexts):
        """A blank before the sign, at which no line breaks."""
        assert spanish.percent(0.9783) == f"97,8{NBSP}%"
        assert spanish.percent(1, 0) == f"100{NBSP}%"

    @pytest.mark.parametrize(
        ("probability", "en"), [(1.0, "99.9%"), (0.99999, "99.9%"), (0.5, "50.0%"), (0.0, "0.0%")]
    )
    def test_network_is_never_certain(self, english: NumberTexts, probability: float, en: str):
        """Softmax reaches 1 only because float32 rounds."""
        assert english.chance(probability) == en
