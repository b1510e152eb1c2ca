import csv
import io
import math

import pytest

from mnist_demo.export import build_history_spreadsheet, build_spreadsheet
from mnist_demo.texts import load_texts
from tests.factories import make_history

EN, ES = load_texts("en"), load_texts("es")


def read(file: bytes, delimiter: str) -> list[list[str]]:
    """Read a table as a spreadsheet program does that goes by the marks of its language."""
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=delimiter))


class TestBuildSpreadsheet:
    def test_spanish_has_decimal_commas_between_semicolons(self):
        """A Spanish spreadsheet takes a point for the mark of thousands."""
        file = build_spreadsheet(["Época", "Pérdida"], [(1, 0.25), (1000, 1e-5)], ES.numbers)
        assert read(file, ";") == [["Época", "Pérdida"], ["1", "0,25"], ["1000", "1e-05"]]

    def test_english_has_decimal_points_between_commas(self):
        """As programs write it, too."""
        file = build_spreadsheet(["Epoch", "Loss"], [(1, 0.25)], EN.numbers)
        assert read(file, ",") == [["Epoch", "Loss"], ["1", "0.25"]]

    def test_numbers_keep_all_their_digits(self):
        """Who computes with them decides what to round."""
        file = build_spreadsheet(["x"], [(0.2679513692855835,)], ES.numbers)
        assert read(file, ";")[1] == ["0,2679513692855835"]

    def test_excel_is_told_that_it_is_utf_8(self):
        """By the mark at the beginning; without it, it shows Ã‰poca."""
        assert build_spreadsheet(["Época"], [], ES.numbers) == "\ufeffÉpoca\r\n".encode()

    @pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
    def test_what_was_not_measured_is_an_empty_field(self, value: float | None):
        """No text that would make a text of the whole column."""
        assert read(build_spreadsheet(["x", "y"], [(value, 1)], EN.numbers), ",")[1] == ["", "1"]

    @pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", "\t=1"])
    def test_name_that_looks_like_a_formula_is_none(self, name: str):
        """Somebody in the class may have called a network so."""
        assert read(build_spreadsheet(["x"], [(name,)], ES.numbers), ";")[1] == [f"'{name}"]

    def test_marks_within_a_name_do_not_split_it(self):
        """Nor do line breaks."""
        name = 'a;b,"c"\nd'
        assert read(build_spreadsheet(["x"], [(name,)], ES.numbers), ";")[1] == [name]


def test_history_has_a_row_for_each_epoch_under_the_titles_of_the_report():
    """In the language of the page."""
    table = read(build_history_spreadsheet(make_history([0.5, 0.25]), ES), ";")
    assert table[0][:3] == ["Época", "Pérdida de entrenamiento", "Exactitud de entrenamiento"]
    assert [row[0] for row in table[1:]] == ["1", "2"]
    assert [row[3] for row in table[1:]] == ["0,5", "0,25"]
    assert {len(row) for row in table} == {7}
    assert {row[6] for row in table[1:]} == {""}  # older runs did not count the dead neurons
